//! Conditions in words: what a filter chip says.

use conexao_domain::kernel::{
    field::{Field, Kind},
    query::Op,
    resource::Resource,
};
use serde_json::Value as Json;

use super::{names, query::Condition};
use crate::{format, t, td};

/// A usual choice of days: key of its text, and the conditions it stands for.
pub type Preset = (&'static str, &'static [(Op, &'static str)]);

/// For calendar days.
pub const DAYS: &[Preset] = &[
    ("today", &[(Op::Eq, "@today")]),
    ("late", &[(Op::Lt, "@today")]),
    ("next7", &[(Op::Gte, "@today"), (Op::Lte, "@today+7")]),
    ("last7", &[(Op::Gte, "@today-7"), (Op::Lte, "@today")]),
    ("last30", &[(Op::Gte, "@today-30"), (Op::Lte, "@today")]),
    ("month", &[(Op::Gte, "@month")]),
    ("none", &[(Op::Empty, "true")]),
];

/// For moments, which lie in the past.
pub const MOMENTS: &[Preset] = &[
    ("today", &[(Op::Gte, "@today")]),
    ("last7", &[(Op::Gte, "@today-7")]),
    ("last30", &[(Op::Gte, "@today-30")]),
    ("month", &[(Op::Gte, "@month")]),
];

/// The usual choices for a field.
pub fn presets(field: &Field) -> &'static [Preset] {
    match field.kind {
        Kind::Date => DAYS,
        Kind::Instant => MOMENTS,
        _ => &[],
    }
}

/// The usual choice these conditions are.
pub fn preset_of(field: &Field, conditions: &[Condition]) -> Option<&'static str> {
    let same = |wanted: &&Preset| {
        wanted.1.len() == conditions.len()
            && wanted.1.iter().all(|(op, value)| conditions.iter().any(|c| c.op == *op && c.value == *value))
    };
    presets(field).iter().find(same).map(|(key, _)| *key)
}

/// The value a chip shows for the conditions of one field.
pub fn describe(resource: &Resource, field: &'static Field, conditions: &[Condition]) -> String {
    if let Some(key) = preset_of(field, conditions) {
        return td!("preset.", key);
    }
    let value = |op: Op| conditions.iter().find(|c| c.op == op).map(|c| word(resource, field, &c.value));
    match (value(Op::Gte), value(Op::Lte)) {
        (Some(from), Some(to)) => return t!("filter.between", from = from, to = to),
        (Some(from), None) => return t!("filter.from", value = from),
        (None, Some(to)) => return t!("filter.to", value = to),
        (None, None) => {}
    }
    let parts = conditions.iter().map(|condition| one(resource, field, condition));
    parts.collect::<Vec<_>>().join(", ")
}

fn one(resource: &Resource, field: &'static Field, condition: &Condition) -> String {
    let value = &condition.value;
    let said = || word(resource, field, value);
    match condition.op {
        Op::In => several(&value.split(',').map(|part| word(resource, field, part)).collect::<Vec<_>>()),
        Op::Empty if value == "true" => t!("filter.is_empty"),
        Op::Empty => t!("filter.is_filled"),
        Op::Contains => t!("filter.contains", value = value),
        Op::Ne => t!("filter.is_not", value = said()),
        Op::Gt => t!("filter.after", value = said()),
        Op::Lt => t!("filter.before", value = said()),
        Op::Eq | Op::Gte | Op::Lte => said(),
    }
}

/// Two in full, of more the first and how many others.
fn several(words: &[String]) -> String {
    match words {
        [first, _, _, ..] => t!("filter.and_more", first = first, n = words.len() - 1),
        few => few.join(", "),
    }
}

fn word(resource: &Resource, field: &'static Field, value: &str) -> String {
    if let Some(relative) = value.strip_prefix('@') {
        return match relative {
            "me" => t!("filter.me"),
            "today" => t!("preset.today"),
            other => other.to_owned(),
        };
    }
    match field.kind {
        Kind::Reference(_) | Kind::User => names::of(field, value),
        Kind::Boolean => {
            if value == "true" {
                t!("yes")
            } else {
                t!("no")
            }
        }
        Kind::Integer { .. } | Kind::Money | Kind::Rate | Kind::Quantity => {
            value.parse::<i64>().map_or_else(|_| value.to_owned(), |n| format::value(resource.name, field, &n.into()))
        }
        // One label of several.
        Kind::Tags => value.to_owned(),
        // A moment is filtered by days.
        Kind::Instant => value.parse::<chrono::NaiveDate>().map_or_else(|_| value.to_owned(), format::date),
        _ => format::value(resource.name, field, &Json::from(value)),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::registry::by_name;

    use super::*;

    fn said(field: &str, conditions: &[(Op, &str)]) -> String {
        let resource = by_name("warranty").unwrap();
        let field = resource.field(field).unwrap();
        let conditions: Vec<_> = conditions.iter().map(|(op, value)| Condition::new(field, *op, *value)).collect();
        describe(resource, field, &conditions)
    }

    #[test]
    fn conditions_read_well() {
        assert_eq!(said("deadline", &[(Op::Gte, "@today-30"), (Op::Lte, "@today")]), "últimos 30 dias");
        assert_eq!(said("deadline", &[(Op::Gte, "2026-11-01"), (Op::Lte, "2026-11-30")]), "01/11/2026 a 30/11/2026");
        assert_eq!(said("total", &[(Op::Gte, "10000")]), "a partir de R$\u{a0}100,00");
        assert_eq!(said("owner_id", &[(Op::Eq, "@me")]), "sou eu");
        assert_eq!(said("order_number", &[(Op::Contains, "118")]), "contém “118”");
        assert_eq!(said("other_address", &[(Op::Eq, "true")]), "Sim");
        assert_eq!(said("return_code", &[(Op::Empty, "true")]), "vazio");
    }

    #[test]
    fn a_label_reads_as_it_is() {
        let customer = by_name("customer").unwrap();
        let tags = customer.field("tags").unwrap();
        assert_eq!(describe(customer, tags, &[Condition::new(tags, Op::Eq, "vip")]), "vip");
    }

    #[test]
    fn many_values_are_shortened() {
        assert_eq!(several(&["A".into(), "B".into()]), "A, B");
        assert_eq!(several(&["A".into(), "B".into(), "C".into()]), "A e mais 2");
    }
}
