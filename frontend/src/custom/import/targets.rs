//! Where a column of a file can go: the places the server names, in groups.

use crate::{
    api::imports::{Import, Target},
    i18n,
};
use conexao_domain::kernel::resource::Resource;

/// Targets under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub label: String,
    /// Each with the label it has under that heading.
    pub targets: Vec<(Target, String)>,
}

/// The record's own fields first, then each kind of lines under its name.
pub fn groups(resource: &Resource, targets: &[Target]) -> Vec<Group> {
    let mut groups = vec![Group { label: i18n::resource(resource), targets: Vec::new() }];
    for target in targets {
        let parts = target.label.split_once(": ").filter(|_| target.field.contains('.'));
        let (heading, label) =
            parts.unwrap_or_else(|| (groups.first().map_or("", |g| g.label.as_str()), target.label.as_str()));
        let (heading, label) = (heading.to_owned(), label.to_owned());
        let row = (target.clone(), label);
        match groups.iter_mut().find(|group| group.label == heading) {
            Some(group) => group.targets.push(row),
            None => groups.push(Group { label: heading, targets: vec![row] }),
        }
    }
    groups
}

/// The place for a code of another system, named after the column.
pub fn external(resource: &Resource, column: &str) -> Option<Target> {
    let (field, _) =
        resource.lines().find(|(_, lines)| lines.fields.iter().any(|field| field.name == "external_id"))?;
    let low = column.trim().to_lowercase();
    let source: String = low.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).take(40).collect();
    let label = format!("{}: {}", i18n::field(resource.name, field), column.trim());
    (!source.is_empty()).then(|| Target {
        field: format!("{}.{source}", field.name),
        label,
        required: false,
        key: true,
    })
}

/// What people call a place.
pub fn label(import: &Import, name: &str) -> String {
    let known = import.targets.iter().find(|target| target.field == name);
    known.map_or_else(|| name.to_owned(), |target| target.label.clone())
}

/// Labels of the required places that no column goes to.
pub fn missing(import: &Import) -> Vec<String> {
    let mapped = |name: &str| import.mapping.iter().any(|m| m.field.as_deref() == Some(name));
    let open = import.targets.iter().filter(|target| target.required && !mapped(&target.field));
    open.map(|target| target.label.clone()).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::registry;
    use serde_json::json;

    use super::*;

    fn targets() -> Vec<Target> {
        serde_json::from_value(json!([
            {"field": "name", "label": "Nome", "required": true},
            {"field": "contacts.phone", "label": "Contatos: Telefone"},
            {"field": "contacts.email", "label": "Contatos: E-mail"},
        ]))
        .unwrap()
    }

    #[test]
    fn lines_stand_under_their_name() {
        let customer = registry::by_name("customer").unwrap();
        let groups = groups(customer, &targets());
        let shape: Vec<(String, Vec<String>)> =
            groups.into_iter().map(|g| (g.label, g.targets.into_iter().map(|(_, label)| label).collect())).collect();
        let expected = [("Cliente", vec!["Nome"]), ("Contatos", vec!["Telefone", "E-mail"])];
        let expected =
            expected.map(|(heading, rows)| (heading.to_owned(), rows.into_iter().map(str::to_owned).collect()));
        assert_eq!(shape, expected);
    }

    #[test]
    fn codes_of_other_systems_go_by_their_column() {
        let customer = registry::by_name("customer").unwrap();
        assert_eq!(external(customer, "COD EXT").unwrap().field, "external_ids.cod_ext");
        assert_eq!(external(customer, " "), None);
        assert_eq!(external(registry::by_name("warranty").unwrap(), "X"), None);
    }

    #[test]
    fn what_is_required_and_has_no_column_is_missing() {
        let mut import: Import =
            serde_json::from_value(json!({"id": "1", "resource": "customer", "file_name": "x", "size": 1,
            "state": "mapping", "mode": "create", "targets": [{"field": "name", "label": "Nome", "required": true}]}))
            .unwrap();
        assert_eq!(missing(&import), ["Nome"]);
        import.mapping = serde_json::from_value(json!([{"column": 0, "field": "name"}])).unwrap();
        assert!(missing(&import).is_empty());
        assert_eq!(label(&import, "name"), "Nome");
        assert_eq!(label(&import, "external_ids.erp"), "external_ids.erp");
    }
}
