//! The rows as cards, below 1024 px.

use conexao_domain::kernel::{
    field::{Field, Kind},
    record::Record,
    resource::Resource,
};
use leptos::prelude::*;

use super::{
    cell::{deadline, is_closed, mention, name_of},
    columns,
    edit::EDITED,
    model::List,
};
use crate::{format, i18n, screen::Screen, t, ui::chip};

/// The cards and the button for more.
pub fn cards(list: List) -> AnyView {
    let more = move || {
        list.has_more().then(|| view! { <button type="button" class="btn btn-line mt-3 w-full" on:click=move |_| list.more()>{t!("load_more")}</button> })
    };
    view! {
        <ul class="panel overflow-hidden" aria-label=i18n::resources(list.resource)>
            <For each=move || list.rows() key=|row| (row.id().to_owned(), row.version(), row.get(EDITED).as_i64()) let(row)>
                {card(list.resource, &row)}
            </For>
        </ul>
        {more}
    }
    .into_any()
}

fn card(resource: &'static Resource, row: &Record) -> AnyView {
    let path = Screen::Detail(resource, row.id().to_owned()).path();
    let numbered = is_numbered(resource);
    let kind =
        kind(resource, row).filter(|_| !numbered).map(|kind| view! { <span class="hint truncate">{kind}</span> });
    // A number is never cut off; a name may be.
    let title = if numbered { "num shrink-0 text-sm font-semibold" } else { "min-w-0 truncate text-sm font-semibold" };
    let state = resource
        .flow
        .and(row.text("status"))
        .map(|state| view! { <span class="ml-auto shrink-0">{chip::state(resource, state)}</span> });
    view! {
        <li class="border-b border-line last:border-0 [contain-intrinsic-size:auto_6rem] [content-visibility:auto]">
            <a href=path class="rowcard min-w-0">
                <span class="flex min-w-0 items-center gap-2">
                    <span class=title>{name_of(resource, row)}</span> {kind} {state}
                </span>
                {middle(resource, row)}
                {foot(resource, row)}
            </a>
        </li>
    }
    .into_any()
}

fn is_numbered(resource: &Resource) -> bool {
    resource.counters.iter().any(|counter| counter.field == resource.title)
}

fn kind(resource: &'static Resource, row: &Record) -> Option<String> {
    resource.field("kind")?;
    row.text("kind").map(|kind| i18n::choice(resource.name, "kind", kind))
}

fn listed(resource: &'static Resource) -> impl Iterator<Item = &'static Field> {
    columns::usual(resource).into_iter().map(|column| column.field).filter(|field| field.name != resource.title)
}

/// Whom it is about, and up to three more values.
fn middle(resource: &'static Resource, row: &Record) -> AnyView {
    let about = about(resource, row);
    let about = about.map(|about| view! { <span class="block truncate text-base font-medium">{about}</span> });
    let plain = |f: &&Field| {
        let apart = matches!(f.kind, Kind::State | Kind::Reference(_) | Kind::User | Kind::Tags | Kind::Money);
        // The kind stands before the others, the deadline below them.
        !apart && !matches!(f.name, "marker" | "kind" | "deadline") && f.list < 3
    };
    let texts = listed(resource).filter(plain).map(|f| format::value(resource.name, f, row.get(f.name)));
    let kind = kind(resource, row).filter(|_| is_numbered(resource));
    let text = kind.into_iter().chain(texts.filter(|text| !text.is_empty()).take(3)).collect::<Vec<_>>().join(" · ");
    view! { <span class="min-w-0">{about}<span class="num block truncate text-xs text-ink-3">{text}</span></span> }
        .into_any()
}

/// The record it is about, else the people.
fn about(resource: &'static Resource, row: &Record) -> Option<String> {
    let reference = listed(resource).find(|f| matches!(f.kind, Kind::Reference(_)));
    if let Some(about) = reference.and_then(|field| mention(row, field.name)) {
        return Some(about.title);
    }
    let people = listed(resource).filter(|f| f.kind == Kind::User && f.list == 1);
    let names: Vec<String> = people.filter_map(|f| Some(mention(row, f.name)?.title)).collect();
    (!names.is_empty()).then(|| names.join(" → "))
}

/// Deadline, marker and amount, where there are any.
fn foot(resource: &'static Resource, row: &Record) -> AnyView {
    let due = row.text("deadline").map(|text| deadline(text, is_closed(resource, row)));
    let marker = row.text("marker").map(|marker| chip::tag_strong(marker.to_owned()));
    let money =
        listed(resource).find(|f| f.kind == Kind::Money).map(|f| format::value(resource.name, f, row.get(f.name)));
    if due.is_none() && marker.is_none() && money.is_none() {
        return ().into_any();
    }
    view! {
        <span class="flex items-center gap-2">
            {due} <span class="ml-auto flex gap-1">{marker}</span> <span class="num text-sm font-medium">{money}</span>
        </span>
    }
    .into_any()
}
