//! How two records of one resource become one. Pure, like the plan: a preview
//! and the merge itself cannot differ.

use serde_json::Value as Json;

use super::{
    field::{Field, Kind, Lines, Writer},
    record::Record,
    resource::Resource,
    value::fold,
};

/// What a resource says about uniting two of its records.
#[derive(Debug, Clone, Copy)]
pub struct Merge {
    /// Lines field → the columns that make two lines the same. Lines of a
    /// field that is not named are the same when everything in them is.
    pub same: &'static [(&'static str, &'static [&'static str])],
    /// The last word on the united record, given the one that stays and the
    /// one that goes.
    pub settle: fn(&mut Record, &Record, &Record),
}

/// What `kept` becomes when `other` is folded into it: what it lacks is filled,
/// lines and tags are united without duplicates. Fields that nobody may write
/// now stay as they are; `id`, version and stamps are those of `kept`.
pub fn unite(resource: &Resource, kept: &Record, other: &Record) -> Record {
    let state = kept.text("status").unwrap_or_default();
    let mut united = kept.clone();
    for field in resource.fields.iter().filter(|f| writable(f, state)) {
        match field.kind {
            Kind::Lines(lines) => united.set(field.name, unite_lines(resource, field, lines, kept, other)),
            Kind::Tags => united.set(field.name, unite_tags(kept.get(field.name), other.get(field.name))),
            _ => fill(field, &mut united, other),
        }
        // Neither may end up referring to itself.
        let itself = united.text(field.name).is_some_and(|id| id == kept.id() || id == other.id());
        if itself && field.kind == Kind::Reference(resource.name) {
            united.set(field.name, Json::Null);
        }
    }
    if let Some(merge) = resource.merge {
        (merge.settle)(&mut united, kept, other);
    }
    united
}

fn writable(field: &Field, state: &str) -> bool {
    match field.writer {
        Writer::Anyone => true,
        Writer::While(states) => states.contains(&state),
        Writer::System => false,
    }
}

/// Takes the other's value where there is none, or only the one every new
/// record starts with. A required default is a statement and stays.
fn fill(field: &Field, record: &mut Record, other: &Record) {
    let value = record.get(field.name);
    let default = field.default.and_then(|text| field.kind.canonical(&text.into()).ok());
    let untouched = !field.required && default.as_ref() == Some(value);
    if (value.is_null() || untouched) && !other.get(field.name).is_null() {
        record.set(field.name, other.get(field.name).clone());
    }
}

fn unite_lines(resource: &Resource, field: &Field, lines: &Lines, kept: &Record, other: &Record) -> Vec<Json> {
    let declared = resource.merge.and_then(|m| m.same.iter().find(|(name, _)| *name == field.name));
    let columns: Vec<&str> =
        declared.map_or_else(|| lines.fields.iter().map(|f| f.name).collect(), |(_, columns)| columns.to_vec());
    let mut united = kept.lines(field.name);
    for mut line in other.lines(field.name) {
        line.0.remove("id");
        match united.iter_mut().find(|mine| same(&columns, mine, &line)) {
            Some(mine) => lines.fields.iter().for_each(|field| fill(field, mine, &line)),
            None => united.push(line),
        }
    }
    united.into_iter().map(|line| Json::Object(line.0)).collect()
}

/// Whether two lines hold the same in these columns, as people compare text.
pub fn same(columns: &[&str], a: &Record, b: &Record) -> bool {
    let compared = |value: &Json| value.as_str().map_or_else(|| value.clone(), |text| fold(text).into());
    columns.iter().all(|column| compared(a.get(column)) == compared(b.get(column)))
}

fn unite_tags(kept: &Json, other: &Json) -> Vec<Json> {
    let mut tags: Vec<Json> = kept.as_array().cloned().unwrap_or_default();
    for tag in other.as_array().into_iter().flatten() {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::customers::customer::CUSTOMER;

    fn record(value: Json) -> Record {
        match value {
            Json::Object(fields) => Record(fields),
            _ => Record::default(),
        }
    }

    fn contact(channel: &str, value: &str, more: Json) -> Json {
        let mut line = record(json!({ "channel": channel, "value": value, "main": false, "consent": "unknown" }));
        line.0.extend(record(more).0);
        Json::Object(line.0)
    }

    #[test]
    fn what_is_empty_is_filled_and_what_is_there_stays() {
        let kept = record(json!({ "id": "a", "name": "Ana", "trade_name": null, "notes": "dela" }));
        let other =
            record(json!({ "id": "b", "name": "Ana Maria", "trade_name": "AM", "notes": "outra", "phone": "x" }));
        let united = unite(&CUSTOMER, &kept, &other);
        assert_eq!((united.id(), united.text("name"), united.text("notes")), ("a", Some("Ana"), Some("dela")));
        assert_eq!(united.text("trade_name"), Some("AM"));
        assert!(united.get("phone").is_null(), "derived fields are not taken over");
    }

    #[test]
    fn lines_are_united_by_what_makes_them_the_same() {
        let kept =
            record(json!({ "contacts": [contact("email", "ana@example.com", json!({ "id": "1", "main": true }))] }));
        let other = record(json!({ "contacts": [
            contact("email", "ANA@example.com", json!({ "id": "2", "label": "casa" })),
            contact("whatsapp", "+5511900000000", json!({ "id": "3", "main": true })),
            contact("email", "nova@example.com", json!({ "id": "4", "main": true })),
        ] }));
        let united = unite(&CUSTOMER, &kept, &other).lines("contacts");
        let seen: Vec<_> =
            united.iter().map(|l| (l.text("id"), l.text("value"), l.text("label"), l.flag("main"))).collect();
        assert_eq!(
            seen,
            [
                (Some("1"), Some("ana@example.com"), Some("casa"), true),
                (None, Some("+5511900000000"), None, true),
                (None, Some("nova@example.com"), None, false),
            ]
        );
    }

    #[test]
    fn addresses_are_compared_as_people_do_and_tags_once() {
        let address = |street: &str| json!({ "kind": "main", "cep": "01310100", "street": street, "number": "10" });
        let kept = record(json!({ "addresses": [address("Avenida  Paulista")], "tags": ["VIP"] }));
        let other = record(
            json!({ "addresses": [address("avenida paulista"), address("Rua Glória")], "tags": ["VIP", "Norte"] }),
        );
        let united = unite(&CUSTOMER, &kept, &other);
        let streets: Vec<_> =
            united.lines("addresses").iter().map(|l| l.text("street").unwrap_or_default().to_owned()).collect();
        assert_eq!(streets, ["Avenida  Paulista", "Rua Glória"]);
        assert_eq!(united.get("tags"), &json!(["VIP", "Norte"]));
    }

    #[test]
    fn a_refusal_survives_unless_a_later_consent_replaced_it() {
        let with = |consent: &str, at: Json| {
            let line = contact("email", "ana@example.com", json!({ "consent": consent, "consent_at": at }));
            record(json!({ "contacts": [line] }))
        };
        let after = |kept: &Record, other: &Record| {
            let line = unite(&CUSTOMER, kept, other).lines("contacts").remove(0);
            (line.text("consent").unwrap_or_default().to_owned(), line.get("consent_at").clone())
        };
        let (early, late) = (json!("2026-01-01T00:00:00.000Z"), json!("2026-02-01T00:00:00.000Z"));
        let (refused, agreed) = (with("opt_out", early.clone()), with("opt_in", late.clone()));
        assert_eq!(after(&refused, &agreed), ("opt_in".to_owned(), late.clone()));
        assert_eq!(after(&agreed, &refused), ("opt_in".to_owned(), late.clone()));
        let undated = with("opt_in", Json::Null);
        assert_eq!(after(&undated, &refused), ("opt_out".to_owned(), early.clone()));
        assert_eq!(after(&refused, &undated), ("opt_out".to_owned(), early.clone()));
        assert_eq!(after(&with("unknown", Json::Null), &refused), ("opt_out".to_owned(), early));
    }

    #[test]
    fn the_legal_basis_is_taken_with_its_date_and_note_or_not_at_all() {
        let kept = record(json!({ "consent_basis": "contract", "consent_at": null }));
        let other = record(json!({ "consent_basis": "consent", "consent_at": "2026-01-01", "consent_note": "loja" }));
        let united = unite(&CUSTOMER, &kept, &other);
        assert_eq!(united.text("consent_basis"), Some("contract"));
        assert!(united.get("consent_at").is_null() && united.get("consent_note").is_null());
        let united = unite(&CUSTOMER, &record(json!({ "consent_basis": "none" })), &other);
        assert_eq!(united.text("consent_basis"), Some("consent"));
        assert_eq!(united.text("consent_at"), Some("2026-01-01"));
    }
}
