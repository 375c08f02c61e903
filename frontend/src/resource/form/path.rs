//! Where a value is: its path in problems (`items.1.sku`), the id of its
//! control in the page (`f-items-3-sku`) and its name for people.

use conexao_domain::kernel::{field::Kind, resource::Resource};
use leptos::prelude::*;

use super::model::Model;
use crate::{i18n, t};

/// The field of the record a path is in.
pub fn top(path: &str) -> &str {
    path.split('.').next().unwrap_or_default()
}

/// The place of a value: field, then line and field of the line.
fn parts(path: &str) -> (&str, Option<(usize, &str)>) {
    let mut parts = path.splitn(3, '.');
    let field = parts.next().unwrap_or_default();
    let line = parts.next().and_then(|at| at.parse().ok());
    (field, line.map(|at| (at, parts.next().unwrap_or_default())))
}

/// The id of a control in the form of a page.
pub fn field_id(field: &str) -> String {
    id_in(PAGE, field)
}

/// What ids of controls begin with: in the form of a page, and in one that lies over it.
pub const PAGE: &str = "f";
pub const OVER: &str = "q";

/// The id of a control in the form whose ids begin so.
pub fn id_in(place: &str, field: &str) -> String {
    format!("{place}-{field}")
}

/// The id of a control in a line.
pub fn line_id(place: &str, field: &str, key: u32, name: &str) -> String {
    format!("{place}-{field}-{key}-{name}")
}

/// The control that holds the value at a path.
pub fn id_of(model: Model, path: &str) -> String {
    let (field, line) = parts(path);
    let key = |at: usize| model.block(field)?.rows.with_untracked(|rows| rows.get(at).map(|row| row.key));
    match line.and_then(|(at, name)| Some((key(at)?, name))) {
        Some((key, name)) if !name.is_empty() => line_id(model.place, field, key, name),
        _ => id_in(model.place, field),
    }
}

/// What people call the value at a path: `Itens, linha 2: Nº de série`.
pub fn label(resource: &Resource, path: &str) -> String {
    let (name, line) = parts(path);
    let Some(field) = resource.field(name) else { return path.to_owned() };
    let whole = i18n::field(resource.name, field);
    match (field.kind, line) {
        (Kind::Lines(lines), Some((at, name))) => {
            let inner = lines.fields.iter().find(|f| f.name == name);
            let inner = inner.map(|f| i18n::field(lines.table, f)).unwrap_or_default();
            t!("form.line_field", lines = whole, n = at + 1, field = inner)
        }
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::registry;

    use super::*;

    #[test]
    fn paths_have_names() {
        let warranty = registry::by_name("warranty").unwrap();
        assert_eq!(label(warranty, "deadline"), "Prazo");
        assert_eq!(label(warranty, "items.1.serial"), "Itens, linha 2: Nº de série");
        assert_eq!(label(warranty, "nada"), "nada");
        assert_eq!(top("items.1.serial"), "items");
        assert_eq!(parts("items.1.serial"), ("items", Some((1, "serial"))));
        assert_eq!(parts("items"), ("items", None));
    }
}
