//! One value in few words, for the drawer.

use conexao_domain::kernel::{
    field::{Field, Kind},
    record::Record,
    resource::Resource,
};
use leptos::prelude::*;

use crate::resource::{
    detail::value,
    list::{deadline, is_closed},
};

/// Whether a field has something to say. "No" is what most records answer.
pub fn told(field: &Field, record: &Record) -> bool {
    let value = record.get(field.name);
    let quiet = field.kind == Kind::Boolean && value == false;
    !quiet && !value::is_empty(value)
}

/// The value with its links; a deadline says how near it is.
pub fn show(resource: &'static Resource, field: &'static Field, record: &Record) -> AnyView {
    match field.kind {
        Kind::Date if field.name == "deadline" => {
            deadline(record.text(field.name).unwrap_or_default(), is_closed(resource, record))
        }
        Kind::LongText { .. } => {
            view! { <span class="line-clamp-3">{value::plain(resource.name, field, record)}</span> }.into_any()
        }
        _ => value::show(resource.name, field, record),
    }
}
