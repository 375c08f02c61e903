//! A value of a record on the screen: named references, links, masks.

use conexao_domain::kernel::{
    field::{Field, Kind},
    record::Record,
};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::long;
use crate::{
    format,
    resource::form::mention::mention,
    screen::record_path,
    ui::{avatar::avatar_mute, chip},
};

/// One line of text for a value; empty for none.
pub fn plain(owner: &str, field: &Field, record: &Record) -> String {
    match field.kind {
        Kind::Reference(_) | Kind::User => {
            let known = mention(record, field.name).map(|mention| mention.title);
            known.unwrap_or_else(|| if record.get(field.name).is_null() { String::new() } else { "—".to_owned() })
        }
        Kind::Municipality => place(record).unwrap_or_else(|| format::value(owner, field, record.get(field.name))),
        _ => format::value(owner, field, record.get(field.name)),
    }
}

/// The municipality by the name that stands beside its code.
fn place(record: &Record) -> Option<String> {
    record.text("municipality")?;
    Some(format!("{}/{}", record.text("city")?, record.text("uf")?))
}

/// Whether there is anything to show.
pub fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(rows) => rows.is_empty(),
        _ => false,
    }
}

/// A value with its links.
pub fn show(owner: &str, field: &'static Field, record: &Record) -> AnyView {
    let text = plain(owner, field, record);
    match field.kind {
        Kind::Reference(resource) => reference(resource, record.text(field.name), text),
        Kind::User if !text.is_empty() => person(text),
        Kind::Email if !is_masked(&text) && !text.is_empty() => link(format!("mailto:{text}"), text),
        Kind::Phone if !is_masked(&text) && !text.is_empty() => {
            link(format!("tel:{}", record.text(field.name).unwrap_or_default()), text)
        }
        Kind::Tags => tags(record.get(field.name)),
        Kind::LongText { .. } => long::text(text),
        _ => view! { <span class=class(field.kind)>{text}</span> }.into_any(),
    }
}

/// Figures, dates and codes keep their width.
pub const fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer { .. }
        | Kind::Money
        | Kind::Rate
        | Kind::Quantity
        | Kind::Date
        | Kind::Instant
        | Kind::CpfCnpj
        | Kind::Phone
        | Kind::Cep => "num whitespace-nowrap",
        _ => "",
    }
}

fn is_masked(text: &str) -> bool {
    text.contains('•')
}

fn reference(resource: &str, id: Option<&str>, text: String) -> AnyView {
    match id.and_then(|id| record_path(resource, id)) {
        Some(path) => view! { <a class="lnk" href=path>{text}</a> }.into_any(),
        None => view! { <span>{text}</span> }.into_any(),
    }
}

/// A person of the team: initials and name.
pub fn person(name: String) -> AnyView {
    view! { <span class="inline-flex items-center gap-1.5">{avatar_mute(&name, "")}{name}</span> }.into_any()
}

fn link(href: String, text: String) -> AnyView {
    view! { <a class="lnk num" href=href rel="external">{text}</a> }.into_any()
}

fn tags(value: &Json) -> AnyView {
    let tags = value.as_array().into_iter().flatten().filter_map(Json::as_str);
    let tags = tags.map(|tag| chip::tag(tag.to_owned())).collect_view();
    view! { <span class="flex flex-wrap gap-1">{tags}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::registry;
    use serde_json::json;

    use super::*;

    #[test]
    fn references_go_by_name() {
        let warranty = registry::by_name("warranty").unwrap();
        let field = warranty.field("customer_id").unwrap();
        let record: Record = serde_json::from_value(json!({"customer_id": "1",
            "_refs": {"customer_id": {"id": "1", "resource": "customer", "title": "Ana"}}}))
        .unwrap();
        assert_eq!(plain("warranty", field, &record), "Ana");
        assert_eq!(plain("warranty", field, &Record::default()), "");
    }

    #[test]
    fn municipalities_go_by_the_city_beside_them() {
        let (_, addresses) =
            registry::by_name("customer").unwrap().lines().find(|(f, _)| f.name == "addresses").unwrap();
        let field = addresses.fields.iter().find(|f| f.name == "municipality").unwrap();
        let known: Record =
            serde_json::from_value(json!({"municipality": "3303302", "city": "Niterói", "uf": "RJ"})).unwrap();
        assert_eq!(plain("customer_address", field, &known), "Niterói/RJ");
        let bare: Record = serde_json::from_value(json!({"municipality": "3303302"})).unwrap();
        assert_eq!(plain("customer_address", field, &bare), "3303302");
    }
}
