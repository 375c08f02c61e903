//! Masks that come back: a form sends what it was shown, also where that was
//! the mask of a value and not the value.

use serde_json::{Map, Value as Json};

use super::{
    field::{Field, Kind},
    record::Record,
    resource::Resource,
};

/// `input` with the stored value in place of every mask of it. A mask of
/// anything else stays, and is refused like any other text.
pub fn unmasked(resource: &Resource, current: &Record, input: &Map<String, Json>) -> Map<String, Json> {
    let mut input = input.clone();
    restore(resource.fields, current, &mut input);
    for (field, lines) in resource.lines() {
        let known = current.lines(field.name);
        for line in input.get_mut(field.name).and_then(Json::as_array_mut).into_iter().flatten() {
            let Some(line) = line.as_object_mut() else { continue };
            let before = known.iter().find(|k| line.get("id").and_then(Json::as_str) == Some(k.id()));
            if let Some(before) = before {
                restore(lines.fields, before, line);
            }
        }
    }
    input
}

fn restore(fields: &[Field], current: &Record, input: &mut Map<String, Json>) {
    for field in fields.iter().filter(|f| f.personal && !matches!(f.kind, Kind::Lines(_) | Kind::Tags)) {
        let value = current.get(field.name);
        if let Some(sent) =
            input.get_mut(field.name).filter(|sent| !value.is_null() && **sent == field.kind.masked(value))
        {
            *sent = value.clone();
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::customers::customer::CUSTOMER;

    fn map(value: &Json) -> Map<String, Json> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn only_the_mask_of_the_same_value_is_undone() {
        let line = json!({ "id": "a", "channel": "phone", "value": "+5511987654321" });
        let current = Record(map(&json!({ "document": "52998224725", "contacts": [line] })));
        let mask = Kind::CpfCnpj.masked(&json!("52998224725"));
        let phone = "(11) •••••-4321";
        let sent = json!({ "document": mask, "contacts": [
            { "id": "a", "value": phone }, { "id": "b", "value": phone }, { "value": "•••" }
        ] });
        let undone = unmasked(&CUSTOMER, &current, &map(&sent));
        let expected = json!({ "document": "52998224725", "contacts": [
            { "id": "a", "value": "+5511987654321" }, { "id": "b", "value": phone }, { "value": "•••" }
        ] });
        assert_eq!(Json::Object(undone), expected);
        let empty = unmasked(&CUSTOMER, &Record::default(), &map(&sent));
        assert_eq!(empty, map(&sent));
    }
}
