//! Roles: their permissions as a matrix, what a change would mean, and the
//! roles of a person as ticks.

mod cell;
pub mod compare;
mod grants;
mod held;
mod matrix;
mod simulate;

use std::collections::BTreeSet;

use conexao_domain::{
    identity::role::Scope,
    kernel::{field::Field, record::Record},
    registry,
};
use leptos::prelude::*;

use crate::{
    api::{
        Params,
        records::{self, Page as Rows},
    },
    i18n,
    resource::{
        detail::page::Page,
        form::{
            model::{Block, Row},
            path,
            state::Form,
        },
        list::name_of,
    },
    t,
    ui::{icon::icon, load::Load},
};
use grants::Grant;
use matrix::{Grants, everything, matrix};

fn text(row: Row, name: &str) -> String {
    row.cell(name).map(|cell| cell.value.get()).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Makes the lines of a block hold exactly these values of one field.
pub(super) fn put(block: Block, name: &str, wanted: &[String]) {
    let rows = block.rows.get_untracked();
    for row in rows {
        if !wanted.contains(&untrack(|| text(row, name))) {
            block.remove(row.key);
        }
    }
    let there: BTreeSet<String> =
        block.rows.get_untracked().into_iter().map(|row| untrack(|| text(row, name))).collect();
    for value in wanted.iter().filter(|value| !there.contains(*value)) {
        let mut line = Record::default();
        line.set(name, value.clone());
        block.put(&line);
    }
}

/// The values of one field of the lines of a block.
pub(super) fn values(block: Block, name: &'static str) -> Signal<Vec<String>> {
    Signal::derive(move || block.rows.get().into_iter().map(|row| text(row, name)).collect())
}

/// The word for the rows somebody reaches.
pub(super) fn reach_word(reach: Option<Scope>) -> String {
    cell::word(reach)
}

/// The grants in the lines of a block.
fn granted(block: Block) -> Signal<Vec<Grant>> {
    Signal::derive(move || {
        let grant = |row: Row| Grant { permission: text(row, "permission"), scope: Scope::parse(&text(row, "scope")) };
        block.rows.get().into_iter().map(grant).collect()
    })
}

/// Makes the lines of a block hold exactly these grants.
fn put_grants(block: Block, wanted: &[Grant]) {
    let held =
        |row: Row| untrack(|| Grant { permission: text(row, "permission"), scope: Scope::parse(&text(row, "scope")) });
    for row in block.rows.get_untracked() {
        if !wanted.contains(&held(row)) {
            block.remove(row.key);
        }
    }
    let there: Vec<Grant> = block.rows.get_untracked().into_iter().map(held).collect();
    for grant in wanted.iter().filter(|grant| !there.contains(grant)) {
        let mut line = Record::default();
        line.set("permission", grant.permission.clone());
        line.set("scope", grant.scope.map(Scope::name));
        block.put(&line);
    }
}

/// The permissions of a role (or the scopes of a token), to set.
pub fn grants_editor(form: Form, block: Block) -> AnyView {
    let role = form.resource().name == "role";
    let cell = form.model.cell("scope").filter(|_| role);
    let base = Signal::derive(move || {
        let chosen = cell.and_then(|cell| cell.value.get().as_str().and_then(Scope::parse));
        chosen.unwrap_or(Scope::All)
    });
    let grants = Grants {
        list: granted(block),
        base,
        scoped: role,
        change: Some(Callback::new(move |wanted: Vec<Grant>| put_grants(block, &wanted))),
    };
    let matrix = panel(grants, i18n::field(form.resource().name, block.field), path::field_id(block.field.name));
    let foresight = role.then(|| simulate::panel(form, grants));
    view! { {matrix} {foresight} }.into_any()
}

/// The permissions of a role, to see.
pub fn grants_shown(page: Page, field: &'static Field, record: &Record) -> AnyView {
    let grant = |line: &Record| Some(Grant::new(line.text("permission")?, line.text("scope").and_then(Scope::parse)));
    let list = record.lines(field.name).iter().filter_map(grant).collect();
    let base = record.text("scope").and_then(Scope::parse).unwrap_or(Scope::All);
    let grants = Grants { list: Signal::stored(list), base: Signal::stored(base), scoped: true, change: None };
    panel(grants, i18n::field(page.resource.name, field), String::new())
}

fn panel(grants: Grants, heading: String, id: String) -> AnyView {
    view! {
        <section class="panel overflow-hidden" id=id tabindex="-1">
            <header class="panel-head h-auto flex-wrap gap-y-1 py-2.5">
                <h2 class="panel-title">{heading}</h2>
                {grants.scoped.then(|| view! { <div class="ml-auto">{cell::legend()}</div> })}
            </header>
            {everything(grants)}
            {matrix(grants)}
        </section>
    }
    .into_any()
}

/// The roles of a person, to tick.
pub fn roles_editor(form: Form, block: Block) -> Option<AnyView> {
    let role = registry::by_name("role").filter(|role| crate::state::app().session.may(role, "read"))?;
    let load = Load::<Rows>::new();
    load.run(async move { records::list(role, &Params::default().with("limit", "200")).await });
    let chosen = values(block, "role_id");
    let (name, id) = (block.field.name, path::field_id(block.field.name));
    let error = form.error(id.clone(), move || name.to_owned());
    let row = move |record: Record| {
        let (id, name) = (record.id().to_owned(), name_of(role, &record));
        let scope = record.text("scope").map(|scope| i18n::choice("role", "scope", scope));
        let this = id.clone();
        let toggle = move |event| {
            let mut wanted = chosen.get_untracked();
            wanted.retain(|other| *other != id);
            if event_target_checked(&event) {
                wanted.push(id.clone());
            }
            put(block, "role_id", &wanted);
        };
        view! {
            <label class="flex items-start gap-2.5 py-1.5 text-sm">
                <input
                    type="checkbox"
                    class="checkbox checkbox-xs mt-0.5"
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&this))
                    on:change=toggle
                />
                <span class="min-w-0"><span class="block font-medium">{name}</span><span class="hint block">{scope}</span></span>
            </label>
        }
    };
    let rows = move || load.ready().map(|rows| rows.items.into_iter().map(row).collect_view());
    let wrong =
        move || error.get().map(|text| view! { <p class="field-err mt-2">{icon("circle-alert", "i i-xs")} {text}</p> });
    let panel = view! {
        <section class="panel" id=id tabindex="-1">
            <header class="panel-head">
                <h2 class="panel-title">{i18n::field(form.resource().name, block.field)}</h2>
                <span class="hint">{t!("roles.choose")}</span>
            </header>
            <div class="panel-body">
                <div class="grid gap-x-6 sm:grid-cols-2 lg:grid-cols-3">{rows}</div>
                {wrong}
            </div>
        </section>
    };
    Some(panel.into_any())
}
