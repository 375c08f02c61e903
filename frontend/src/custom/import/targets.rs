//! Where a column of a file can go.

use conexao_domain::kernel::{
    field::{Field, Kind, Lines, Writer},
    resource::Resource,
};

use crate::i18n;

/// A place for a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What the mapping says: `name`, `contacts.phone`, `addresses.cep`.
    pub name: String,
    pub label: String,
    pub required: bool,
}

/// Targets under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub label: String,
    pub targets: Vec<Target>,
}

/// Everything a file may fill in.
pub fn groups(resource: &Resource) -> Vec<Group> {
    let plain = resource.fields.iter().filter(|field| !matches!(field.kind, Kind::Lines(_)));
    let plain = plain.filter(|field| field.key || field.writer != Writer::System);
    let own = plain.map(|field| Target {
        name: field.name.to_owned(),
        label: i18n::field(resource.name, field),
        required: field.required && field.default.is_none(),
    });
    let mut groups = vec![Group { label: i18n::resource(resource), targets: own.collect() }];
    for (field, lines) in resource.lines() {
        let targets = of_lines(field, lines);
        if !targets.is_empty() {
            groups.push(Group { label: i18n::field(resource.name, field), targets });
        }
    }
    groups
}

fn named<'a>(lines: &'a Lines, name: &str) -> Option<&'a Field> {
    lines.fields.iter().find(|field| field.name == name)
}

fn of_lines(field: &Field, lines: &'static Lines) -> Vec<Target> {
    let target = |name: &str, label: String, required: bool| Target { name: format!("{}.{name}", field.name), label, required };
    // A contact is a value of a channel: the channels are the places.
    if let (Some(Kind::Choice(channels)), Some(_)) = (named(lines, "channel").map(|f| f.kind), named(lines, "value")) {
        return channels.iter().map(|word| target(word, i18n::choice(lines.table, "channel", word), false)).collect();
    }
    // A code of another system goes by the system's name, which the column says.
    if named(lines, "source").is_some() && named(lines, "external_id").is_some() {
        return Vec::new();
    }
    let people = lines.fields.iter().filter(|f| f.writer != Writer::System);
    let needed = |f: &Field| field.required && f.required && f.default.is_none();
    people.map(|f| target(f.name, i18n::field(lines.table, f), needed(f))).collect()
}

/// The place for a code of another system, named after the column.
pub fn external(resource: &Resource, column: &str) -> Option<Target> {
    let (field, _) = resource.lines().find(|(_, lines)| named(lines, "external_id").is_some())?;
    let source: String = column.trim().to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).take(40).collect();
    let label = format!("{}: {}", i18n::field(resource.name, field), column.trim());
    (!source.is_empty()).then(|| Target { name: format!("{}.{source}", field.name), label, required: false })
}

/// What people call a place.
pub fn label(resource: &Resource, name: &str) -> String {
    let all = groups(resource);
    let known = all.iter().find_map(|group| {
        let target = group.targets.iter().find(|target| target.name == name)?;
        // Beside the record's own fields, the heading tells two "Número" apart.
        let own = !name.contains('.');
        Some(if own { target.label.clone() } else { format!("{}: {}", group.label, target.label) })
    });
    known.unwrap_or_else(|| name.to_owned())
}

/// Labels of the required places that no column goes to.
pub fn missing(resource: &Resource, mapped: &[&str]) -> Vec<String> {
    let all = groups(resource).into_iter().flat_map(|group| group.targets);
    all.filter(|target| target.required && !mapped.contains(&target.name.as_str())).map(|target| target.label).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::registry;

    use super::*;

    fn names(resource: &Resource) -> Vec<String> {
        groups(resource).into_iter().flat_map(|group| group.targets).map(|target| target.name).collect()
    }

    #[test]
    fn customers_have_places_for_contacts_and_addresses() {
        let customer = registry::by_name("customer").unwrap();
        let names = names(customer);
        for wanted in ["name", "document", "contacts.whatsapp", "contacts.email", "addresses.street"] {
            assert!(names.contains(&wanted.to_owned()), "{wanted}");
        }
        // What the system works out is not filled in.
        assert!(!names.contains(&"phone".to_owned()) && !names.contains(&"status".to_owned()));
        assert_eq!(missing(customer, &["document"]), ["Nome ou razão social"]);
        assert!(missing(customer, &["name"]).is_empty());
    }

    #[test]
    fn codes_of_other_systems_go_by_their_column() {
        let customer = registry::by_name("customer").unwrap();
        assert_eq!(external(customer, "COD EXT").unwrap().name, "external_ids.cod_ext");
        assert_eq!(external(customer, " "), None);
        assert_eq!(external(registry::by_name("warranty").unwrap(), "X"), None);
    }

    #[test]
    fn items_are_needed_where_the_record_needs_them() {
        let warranty = registry::by_name("warranty").unwrap();
        assert!(missing(warranty, &[]).contains(&"SKU".to_owned()));
    }
}
