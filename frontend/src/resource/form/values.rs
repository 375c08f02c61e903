//! What a form compares and sends: the writable part of a record, always in
//! the same shape.

use conexao_domain::kernel::{
    field::{Field, Kind, Lines, Writer},
    record::Record,
    resource::Resource,
};
use serde_json::{Map, Value as Json};

/// Fields that people fill in, in the order of the form.
pub fn fields(resource: &Resource) -> impl Iterator<Item = &'static Field> + use<> {
    resource.fields.iter().filter(|field| field.writer != Writer::System && field.section.is_some())
}

/// Fields of a line that people fill in.
pub fn line_fields(lines: &Lines) -> impl Iterator<Item = &'static Field> + use<> {
    lines.fields.iter().filter(|field| field.writer != Writer::System)
}

/// The record a new one starts as.
pub fn blank(resource: &Resource) -> Record {
    let mut record = Record::default();
    for field in fields(resource) {
        if let Some(default) = field.default {
            record.set(field.name, field.kind.canonical(&default.into()).unwrap_or_default());
        }
    }
    // Where a record needs lines, the first one is there to be filled in; lines
    // of a single value are chosen, not filled in.
    for (field, lines) in resource.lines().filter(|(_, lines)| lines.min > 0 && lines.fields.len() > 1) {
        record.set(field.name, vec![Json::Object(blank_line(lines).0)]);
    }
    record
}

/// A line with nothing but defaults.
pub fn blank_line(lines: &Lines) -> Record {
    let mut line = Record::default();
    for field in line_fields(lines) {
        let default = field.default.map_or(Json::Null, Json::from);
        line.set(field.name, field.kind.canonical(&default).unwrap_or_default());
    }
    line
}

/// What people may write of a record.
pub fn writable(resource: &Resource, record: &Record) -> Map<String, Json> {
    let pair = |field: &'static Field| {
        let value = match field.kind {
            Kind::Lines(lines) => record.lines(field.name).iter().map(|line| one_line(lines, line)).collect(),
            Kind::Tags => Json::from(record.get(field.name).as_array().cloned().unwrap_or_default()),
            _ => record.get(field.name).clone(),
        };
        (field.name.to_owned(), value)
    };
    fields(resource).map(pair).collect()
}

fn one_line(lines: &Lines, line: &Record) -> Json {
    let mut out = Map::new();
    if let Some(id) = line.text("id") {
        out.insert("id".to_owned(), id.into());
    }
    for field in line_fields(lines) {
        out.insert(field.name.to_owned(), line.get(field.name).clone());
    }
    Json::Object(out)
}

/// Values that are no longer what they were.
pub fn changes(before: &Map<String, Json>, now: &Map<String, Json>) -> Map<String, Json> {
    let differs = |(name, value): &(&String, &Json)| before.get(*name).unwrap_or(&Json::Null) != *value;
    now.iter().filter(differs).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// What a creation sends: everything filled in, and emptied defaults.
pub fn filled(resource: &Resource, now: &Map<String, Json>) -> Map<String, Json> {
    let has_default = |name: &str| resource.field(name).is_some_and(|field| field.default.is_some());
    let wanted = |(name, value): &(&String, &Json)| !is_empty(value) || has_default(name);
    now.iter().filter(wanted).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn is_empty(value: &Json) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::registry;
    use serde_json::json;

    use super::*;

    fn record(json: Json) -> Record {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn an_untouched_record_has_no_changes() {
        let warranty = registry::by_name("warranty").unwrap();
        let read = record(json!({"id": "1", "number": "GR-000001", "kind": "warranty", "total": 100, "_refs": {},
            "items": [{"id": "a", "sku": "X", "product": "Y", "reason": "Z", "quantity": 1000, "unit_price": 100, "total": 100}]}));
        let before = writable(warranty, &read);
        assert!(!before.contains_key("number") && !before.contains_key("total"));
        assert!(before["items"][0].get("total").is_none());
        assert_eq!(before["items"][0]["id"], "a");
        assert!(changes(&before, &before.clone()).is_empty());
    }

    #[test]
    fn only_what_changed_is_sent() {
        let customer = registry::by_name("customer").unwrap();
        let before = writable(customer, &record(json!({"name": "Ana", "tags": ["vip"]})));
        let now = writable(customer, &record(json!({"name": "Ana Souza", "tags": ["vip"]})));
        assert_eq!(json!(changes(&before, &now)), json!({"name": "Ana Souza"}));
    }

    #[test]
    fn a_creation_leaves_out_what_is_empty() {
        let customer = registry::by_name("customer").unwrap();
        let mut start = blank(customer);
        start.set("name", "Ana");
        start.set("consent_basis", Json::Null);
        let sent = filled(customer, &writable(customer, &start));
        assert_eq!(json!(sent), json!({"kind": "person", "name": "Ana", "consent_basis": null}));
    }

    #[test]
    fn a_blank_line_has_the_defaults() {
        let (_, items) = registry::by_name("warranty").unwrap().lines().next().unwrap();
        assert_eq!(json!(blank_line(items).0)["quantity"], json!(1000));
    }
}
