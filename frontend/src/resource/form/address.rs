//! In a line with an address, a chosen municipality fills in city and state.

use leptos::prelude::*;
use serde_json::Value as Json;

use super::model::Row;
use crate::api::records::Mention;

/// Keeps the city and the state of a line in step with its municipality.
pub fn follow(row: Row) {
    let (Some(place), Some(city), Some(uf)) = (row.cell("municipality"), row.cell("city"), row.cell("uf")) else {
        return;
    };
    let known = untrack(|| (place.value.get(), city.value.get(), uf.value.get()));
    if let (Json::String(code), Json::String(city), Json::String(uf)) = known {
        // The code alone says nothing to people.
        place.mention.set(Some(Mention {
            id: code,
            resource: String::new(),
            title: format!("{city}/{uf}"),
            subtitle: None,
            field: None,
        }));
    }
    Effect::new(move |before: Option<()>| {
        let Some(chosen) = place.mention.get().filter(|_| before.is_some()) else { return };
        if let Some((name, state)) = chosen.title.rsplit_once('/') {
            city.value.set(name.into());
            uf.value.set(state.into());
        }
    });
}
