//! Where a generic screen asks whether a resource has something of its own.
//! Every exception is named here, and nowhere else.

use conexao_domain::{
    integration::delivery::DELIVERY,
    kernel::{field::Field, record::Record, resource::Resource},
};
use leptos::prelude::*;

use super::{absences, merge, messages, privacy, roles, seen_by, tokens, users, webhooks};
use crate::{
    api::Params,
    resource::{
        detail::page::{Over, Page},
        form::{model::Block, state::Form},
    },
    state::app,
    ui::popover::Item,
};

/// A better editor for some lines.
pub fn lines_editor(form: Form, block: Block) -> Option<AnyView> {
    match (form.resource().name, block.field.name) {
        ("role", "grants") | ("api_token", "scopes") => Some(roles::grants_editor(form, block)),
        ("user" | "api_token", "roles") => roles::roles_editor(form, block),
        ("webhook_subscription", "events") => Some(webhooks::events_editor(form, block)),
        _ => None,
    }
}

/// Whether some lines have a better editor.
pub fn has_lines_editor(resource: &Resource, field: &str) -> bool {
    matches!(
        (resource.name, field),
        ("role", "grants") | ("api_token", "scopes" | "roles") | ("user", "roles") | ("webhook_subscription", "events")
    )
}

/// What stands below the list.
pub fn below_list(resource: &'static Resource) -> Option<AnyView> {
    match resource.name {
        "role" | "api_token" => Some(crate::part::below(resource)),
        _ => None,
    }
}

/// The same, once its part is here.
pub fn below(resource: &Resource) -> AnyView {
    if resource.name == "role" { roles::compare::panel() } else { tokens::usage(None) }
}

/// A better table for some lines.
pub fn lines_shown(page: Page, field: &'static Field, record: &Record) -> Option<AnyView> {
    match (page.resource.name, field.name) {
        ("role", "grants") | ("api_token", "scopes") => Some(roles::grants_shown(page, field, record)),
        _ => None,
    }
}

/// Messages about a record, on any.
pub fn messages_about(page: Page) -> AnyView {
    messages::about(page)
}

/// Panels of a record's page besides the usual ones.
pub fn extra(page: Page) -> Option<AnyView> {
    match page.resource.name {
        "api_token" => Some(tokens::usage(Some(&page.id()))),
        "privacy_request" => Some(privacy::desk::panel(page)),
        "user" => absences::of_person(page),
        "webhook_delivery" => Some(webhooks::exchange(page)),
        "message" => Some(messages::story(page)),
        _ => None,
    }
}

/// Entries of a record's menu besides the usual ones.
pub fn items(page: Page) -> Vec<Item> {
    let mut items: Vec<Item> = seen_by::item(page).into_iter().collect();
    if page.resource.name == "user" && page.may("update") {
        items.push(users::item(page));
        items.push(users::second_step_item(page));
    }
    if page.resource.name == "webhook_subscription" && app().session.may(&DELIVERY, "create") {
        items.push(webhooks::test(page));
    }
    if page.resource.merge.is_some() && page.may("update") && page.may("delete") {
        items.push(merge::item(page));
    }
    items
}

/// A dialog of a record's page by the name its entry gave.
pub fn dialog(page: Page, name: &str) -> AnyView {
    match name {
        seen_by::SEEN_BY => seen_by::drawer(page),
        users::PASSWORD => users::password(page),
        users::SECOND_STEP => users::second_step(page),
        merge::MERGE => merge::dialog(page),
        _ => ().into_any(),
    }
}

/// What the address of a record says right after its creation.
pub fn after_creation(resource: &Resource) -> &'static str {
    // Without a password nobody can come in.
    if resource.name == "user" { "?abrir=senha" } else { "" }
}

/// Opens what the address asks for.
pub fn opened(page: Page) {
    let params = Params::parse(&untrack(|| app().nav.search()));
    if page.resource.name == "user" && page.may("update") && params.get("abrir") == Some(users::PASSWORD) {
        page.over.set(Some(Over::Custom(users::PASSWORD)));
    }
}
