//! How a revert knows that a record still is as an import left it.

use std::borrow::Cow;

use conexao_domain::kernel::{
    field::{Field, Kind},
    record::Record,
    resource::Resource,
};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// Bytes kept of the hash: enough to compare a record with its own past.
const BYTES: usize = 8;

/// A mark of what the record says. It is the same again when somebody changed
/// the record and took the change back, which the version does not show.
pub(crate) fn of(resource: &Resource, record: &Record) -> String {
    let mut hash = Sha256::new();
    for field in resource.fields {
        hash.update(field.name);
        hash.update([0]);
        for (line, value) in values(field, record) {
            hash.update(line.to_be_bytes());
            hash.update(value.to_string());
            hash.update([0]);
        }
    }
    let whole: [u8; 32] = hash.finalize().into();
    hex::encode(whole.get(..BYTES).unwrap_or(&whole))
}

/// The values of a field, those of lines with the position of the line. Ids of
/// lines say nothing, and no value is as good as an empty list.
fn values<'a>(field: &Field, record: &'a Record) -> Vec<(usize, Cow<'a, Json>)> {
    match field.kind {
        Kind::Lines(lines) => {
            let rows = record.lines(field.name).into_iter().enumerate();
            let cells = |(at, row): (usize, Record)| {
                lines.fields.iter().map(move |f| (at, Cow::Owned(row.get(f.name).clone()))).collect::<Vec<_>>()
            };
            rows.flat_map(cells).collect()
        }
        Kind::Tags => {
            let mut tags: Vec<&Json> = record.get(field.name).as_array().into_iter().flatten().collect();
            tags.sort_by_key(|tag| tag.as_str());
            tags.into_iter().map(|tag| (0, Cow::Borrowed(tag))).collect()
        }
        _ => vec![(0, Cow::Borrowed(record.get(field.name)))],
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use conexao_domain::customers::customer::CUSTOMER;
    use serde_json::json;

    use super::*;

    #[test]
    fn marks_show_content_and_nothing_else() {
        let mark = |value: Json| of(&CUSTOMER, &Record(value.as_object().unwrap().clone()));
        let contact = |id: u8| json!({ "id": id, "channel": "email", "value": "a@b.com" });
        let plain = mark(json!({ "name": "Ana", "tags": ["a", "b"], "contacts": [contact(1)], "version": 1 }));
        assert_eq!(plain, mark(json!({ "name": "Ana", "tags": ["b", "a"], "contacts": [contact(2)], "version": 7 })));
        for other in [
            json!({ "name": "Bia", "tags": ["a", "b"], "contacts": [contact(1)] }),
            json!({ "name": "Ana", "tags": ["a"], "contacts": [contact(1)] }),
            json!({ "name": "Ana", "tags": ["a", "b"], "contacts": [contact(1), contact(1)] }),
            json!({ "name": "Ana", "tags": ["a", "b"] }),
        ] {
            assert_ne!(plain, mark(other));
        }
    }
}
