//! What the records of reference filters are called: an address holds only ids.

use std::collections::HashMap;

use conexao_domain::{
    kernel::field::{Field, Kind},
    registry,
};
use leptos::{prelude::*, task::spawn_local};

use super::cell::name_of;
use crate::api::records;

thread_local! {
    // Of no component: a list that goes takes its own signals with it.
    static NAMES: ArcRwSignal<HashMap<String, String>> = ArcRwSignal::new(HashMap::new());
}

fn names() -> ArcRwSignal<HashMap<String, String>> {
    NAMES.with(Clone::clone)
}

/// Keeps the name of a record that was just chosen.
pub fn learn(id: &str, name: &str) {
    names().update(|names| drop(names.insert(id.to_owned(), name.to_owned())));
}

/// The name of the record a filter holds; asks the server once when it is not known. Tracked.
pub fn of(field: &Field, id: &str) -> String {
    if let Some(name) = names().read().get(id) {
        return name.clone();
    }
    let target = match field.kind {
        Kind::Reference(name) => registry::by_name(name),
        Kind::User => registry::by_name("user"),
        _ => None,
    };
    if let Some(resource) = target {
        let id = id.to_owned();
        spawn_local(async move {
            let name = records::get(resource, &id).await.map(|record| name_of(resource, &record));
            // Without the right to read it, its id stays shortened.
            learn(&id, &name.unwrap_or_else(|_| id.chars().take(8).collect()));
        });
    }
    "…".to_owned()
}
