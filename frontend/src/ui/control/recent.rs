//! What a person chose last, per kind of record: most look-ups repeat one of them.
//!
//! Kept in this browser like drafts, and gone with them (`form::draft`).

use conexao_domain::kernel::resource::Resource;
use serde_json::{Value as Json, json};

use crate::{
    api::records::Mention,
    prefs::{recall, remember},
    resource::form::draft,
    state::app,
};

/// As many as are taken in at a glance.
const MOST: usize = 5;

fn key(resource: &Resource) -> String {
    format!("{}{}.{}", draft::RECENT, app().session.user_id(), resource.name)
}

/// The last choices, the newest first.
pub fn all(resource: &Resource) -> Vec<Mention> {
    recall(&key(resource)).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// Notes a choice.
pub fn note(resource: &Resource, mention: &Mention) {
    let rest = all(resource).into_iter().filter(|one| one.id != mention.id);
    let kept: Vec<Json> = std::iter::once(mention.clone()).chain(rest).take(MOST).map(|one| written(&one)).collect();
    remember(&key(resource), &Json::from(kept).to_string());
}

fn written(one: &Mention) -> Json {
    json!({ "id": one.id, "resource": one.resource, "title": one.title, "subtitle": one.subtitle })
}
