//! Roles: their permissions as a matrix, and the roles of a person as ticks.

pub mod compare;
mod grants;
mod matrix;

use std::collections::BTreeSet;

use conexao_domain::{
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

/// The permissions of a role, to tick.
pub fn grants_editor(form: Form, block: Block) -> AnyView {
    let grants = Grants {
        list: values(block, "permission"),
        change: Some(Callback::new(move |wanted: Vec<String>| put(block, "permission", &wanted))),
    };
    panel(grants, i18n::field(form.resource().name, block.field), path::field_id(block.field.name))
}

/// The permissions of a role, to see.
pub fn grants_shown(page: Page, field: &'static Field, record: &Record) -> AnyView {
    let list = record.lines(field.name).iter().filter_map(|line| line.text("permission").map(str::to_owned)).collect();
    panel(Grants { list: Signal::stored(list), change: None }, i18n::field(page.resource.name, field), String::new())
}

fn panel(grants: Grants, heading: String, id: String) -> AnyView {
    view! {
        <section class="panel overflow-hidden" id=id tabindex="-1">
            <header class="panel-head"><h2 class="panel-title">{heading}</h2></header>
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
