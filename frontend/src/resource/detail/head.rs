//! The top of a record's page: what it is called, where it stands, whose it is.

use conexao_domain::kernel::{
    field::{Field, Kind},
    record::Record,
    resource::Resource,
};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::{actions, page::Page, presence, value, walk};
use crate::{
    i18n,
    resource::list::{deadline, is_closed, name_of},
    ui::{chip, title::title},
};

/// Title, chips, the line below, and the buttons.
pub fn head(page: Page) -> AnyView {
    let text = Memo::new(move |_| page.record.with(|record| heading(page.resource, record)));
    let chips = move || page.record.with(|record| chips(page.resource, record));
    let line = move || page.record.with(|record| line(page.resource, record));
    view! {
        <div class="mb-4">
            <div class="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
                <div class="min-w-0">
                    <div class="flex flex-wrap items-center gap-2">{move || title(text.get())} {chips}</div>
                    <p class="page-sub mt-1 flex flex-wrap items-center gap-y-1">{line}</p>
                </div>
                <div class="flex flex-wrap items-start justify-end gap-x-3 gap-y-2 max-sm:w-full print:hidden">
                    {presence::faces(page)}
                    {walk::arrows(page)}
                    {actions::actions(page)}
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// A numbered record says its kind as well: `Troca TR-004139`.
pub fn heading(resource: &Resource, record: &Record) -> String {
    let name = name_of(resource, record);
    let numbered = resource.counters.iter().any(|counter| counter.field == resource.title);
    match record.text("kind").filter(|_| numbered && resource.field("kind").is_some()) {
        Some(kind) => format!("{} {name}", i18n::choice(resource.name, "kind", kind)),
        None => name,
    }
}

fn chips(resource: &'static Resource, record: &Record) -> AnyView {
    let state = record.text("status").filter(|_| resource.flow.is_some()).map(|name| chip::state_large(resource, name));
    let marker = record.text("marker").filter(|_| resource.field("marker").is_some());
    let marker = marker.map(|marker| chip::tag_strong(marker.to_owned()));
    let tags = record.get("tags").as_array().into_iter().flatten().filter_map(Json::as_str);
    let tags = tags.map(|tag| chip::tag(tag.to_owned())).collect_view();
    view! { {state} {marker} {tags} }.into_any()
}

/// Fields that say at a glance whose and how urgent the record is.
fn line(resource: &'static Resource, record: &Record) -> AnyView {
    let told = |field: &&&'static Field| {
        let shown = field.name != resource.title && field.name != "marker" && field.name != "kind" && !field.personal;
        let kind = matches!(
            field.kind,
            Kind::Reference(_) | Kind::User | Kind::Text { .. } | Kind::Choice(_) | Kind::Date | Kind::Uf | Kind::Email
        );
        field.list > 0 && shown && kind && !value::is_empty(record.get(field.name))
    };
    let fields: Vec<&'static Field> = resource.fields.iter().collect::<Vec<_>>().iter().filter(told).copied().collect();
    let parts = fields.into_iter().take(5).enumerate().map(|(at, field)| {
        let sep = (at > 0).then(|| view! { <span class="dot-sep"></span> });
        view! { {sep} <span class="inline-flex items-center gap-1.5">{part(resource, field, record)}</span> }
    });
    parts.collect_view().into_any()
}

fn part(resource: &'static Resource, field: &'static Field, record: &Record) -> AnyView {
    match field.kind {
        Kind::Date => {
            let label = i18n::field(resource.name, field);
            view! { {label} {deadline(record.text(field.name).unwrap_or_default(), is_closed(resource, record))} }
                .into_any()
        }
        _ => value::show(resource.name, field, record),
    }
}
