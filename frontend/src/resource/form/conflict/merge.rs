//! Two people changed the same record: what each did, and what has to be chosen.

use conexao_domain::kernel::{
    field::{Field, Kind},
    record::Record,
    resource::Resource,
};
use serde_json::{Map, Value as Json};

/// A field with its value before, here and there.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    pub field: &'static Field,
    pub before: Json,
    pub mine: Json,
    pub theirs: Json,
}

/// What became of the changes of two people.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Merge {
    /// Both changed it, to different values.
    pub both: Vec<Difference>,
    /// Only the person here did.
    pub mine: Vec<Difference>,
    /// Only the other one did.
    pub theirs: Vec<Difference>,
}

/// Sorts the changes. `mine` are the values that were to be saved; lines that
/// came back with other ids but the same content did not change.
pub fn merge(resource: &'static Resource, before: &Record, mine: &Map<String, Json>, theirs: &Record) -> Merge {
    let mut merge = Merge::default();
    for field in resource.fields {
        let was = before.get(field.name);
        let yours = theirs.get(field.name);
        let ours = mine.get(field.name).unwrap_or(was);
        let difference = || Difference { field, before: was.clone(), mine: ours.clone(), theirs: yours.clone() };
        let changed_by_us = mine.contains_key(field.name) && !same(field.kind, was, ours);
        let changed_by_them = !same(field.kind, was, yours);
        match (changed_by_us, changed_by_them) {
            (true, true) if !same(field.kind, ours, yours) => merge.both.push(difference()),
            (true, false) => merge.mine.push(difference()),
            (_, true) => merge.theirs.push(difference()),
            (false, false) => {}
        }
    }
    merge
}

fn same(kind: Kind, a: &Json, b: &Json) -> bool {
    match kind {
        Kind::Lines(lines) => rows(lines.fields, a) == rows(lines.fields, b),
        Kind::Tags => empty_as_null(a) == empty_as_null(b),
        _ => a == b,
    }
}

fn empty_as_null(value: &Json) -> &Json {
    if value.as_array().is_some_and(Vec::is_empty) { &Json::Null } else { value }
}

/// The content of lines, without ids, names and what the system works out.
fn rows(fields: &[Field], value: &Json) -> Vec<Vec<Json>> {
    let people = fields.iter().filter(|field| field.writer != conexao_domain::kernel::field::Writer::System);
    let row = |row: &Json| people.clone().map(|field| row.get(field.name).cloned().unwrap_or_default()).collect();
    value.as_array().into_iter().flatten().map(row).collect()
}

/// Both texts in one: what each added to the common beginning, else one after
/// the other.
pub fn join(before: &str, mine: &str, theirs: &str) -> String {
    match (mine.strip_prefix(before), theirs.strip_prefix(before)) {
        (Some(mine), Some(theirs)) if !before.is_empty() => {
            let gap =
                if theirs.ends_with(char::is_whitespace) || mine.starts_with(char::is_whitespace) { "" } else { " " };
            format!("{before}{theirs}{gap}{mine}")
        }
        _ => format!("{theirs}\n{mine}"),
    }
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

    fn names(list: &[Difference]) -> Vec<&str> {
        list.iter().map(|d| d.field.name).collect()
    }

    #[test]
    fn sorts_what_each_changed() {
        let customer = registry::by_name("customer").unwrap();
        let before = record(json!({"name": "Ana", "trade_name": "A", "notes": "x", "tags": [], "status": "active"}));
        let theirs = record(json!({"name": "Ana Lima", "trade_name": "A", "notes": "y", "status": "blocked"}));
        let mine = record(json!({"name": "Ana Luz", "trade_name": "B", "notes": "y"})).0;
        let merge = merge(customer, &before, &mine, &theirs);
        assert_eq!(names(&merge.both), ["name"]);
        assert_eq!(names(&merge.mine), ["trade_name"]);
        // The same value on both sides is no conflict.
        assert_eq!(names(&merge.theirs), ["status", "notes"]);
    }

    #[test]
    fn lines_are_compared_by_content() {
        let warranty = registry::by_name("warranty").unwrap();
        let line = |id: &str, sku: &str| json!({"items": [{"id": id, "sku": sku, "total": 5, "quantity": 1000}]});
        let before = record(line("a", "X"));
        let mine = record(line("a", "Y")).0;
        let merge = merge(warranty, &before, &mine, &record(line("b", "X")));
        assert_eq!(names(&merge.mine), ["items"]);
        assert!(merge.both.is_empty() && merge.theirs.is_empty());
    }

    #[test]
    fn joins_texts() {
        assert_eq!(
            join("Ligar.", "Ligar. Depois das 14h.", "Ligar. Confirmado."),
            "Ligar. Confirmado. Depois das 14h."
        );
        assert_eq!(join("", "um", "dois"), "dois\num");
        assert_eq!(join("a", "b", "c"), "c\nb");
    }
}
