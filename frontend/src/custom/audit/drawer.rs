//! One entry: what changed, from what to what.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Explorer, table::about};
use crate::{
    api::audit::{self, AuditChange, AuditEntry},
    format,
    screen::record_path,
    t,
    ui::{
        empty::failed,
        icon::icon,
        load::Load,
        overlay::{Close, sheet, sheet_head},
        skeleton,
    },
};

/// The drawer of an entry.
pub fn drawer(explorer: Explorer, id: String) -> AnyView {
    let load = Load::<AuditEntry>::new();
    let ask = move |id: String| load.run(async move { audit::get(&id).await });
    ask(id.clone());
    let close: Close = Arc::new(move || explorer.show(""));
    let heading = view! { <h2 class="text-base font-semibold">{t!("audit.entry", id = id.clone())}</h2> };
    let head = sheet_head(heading.into_any(), ().into_any(), Arc::clone(&close));
    let name = t!("audit.entry", id = id.clone());
    let content = move || match load.answer.get() {
        Some(Ok(entry)) => body(explorer, &entry),
        Some(Err(failure)) => {
            let id = id.clone();
            failed(t!("audit.not_loaded"), &failure, move || ask(id.clone()))
        }
        None if load.slow.get() => skeleton::lines(6),
        None => ().into_any(),
    };
    let inner = view! {
        {head}
        <div class="min-h-0 flex-1 overflow-y-auto p-4" tabindex="0" role="group" aria-label=name.clone()>{content}</div>
    };
    sheet(name, inner.into_any(), close)
}

fn body(explorer: Explorer, entry: &AuditEntry) -> AnyView {
    let at = entry.at.parse().unwrap_or_default();
    let clock = entry.clock.as_deref().and_then(|clock| clock.parse().ok()).map(|clock| {
        view! { <dt>{t!("audit.clock")}</dt> <dd class="num">{format::instant(clock)}</dd> }
    });
    let place = |label: String, text: Option<String>, name: &'static str| {
        text.map(|text| {
            let value = text.clone();
            let look = move |_| explorer.set(name, &value);
            view! {
                <dt>{label}</dt>
                <dd><button type="button" class="lnk mono text-left" on:click=look>{text}</button></dd>
            }
        })
    };
    view! {
        <dl class="kv">
            <dt>{t!("audit.actor")}</dt>
            <dd>{entry.actor.name.clone()}</dd>
            <dt>{t!("audit.when")}</dt>
            <dd class="num">{format::instant(at)}</dd>
            {clock}
            <dt>{t!("audit.action")}</dt>
            <dd>{entry.action_label.clone()}</dd>
            <dt>{t!("audit.record")}</dt>
            <dd>{record(explorer, entry)}</dd>
            {place(t!("audit.ip"), entry.ip.clone(), "ip")}
            {place(t!("audit.request"), entry.request_id.clone(), "request")}
            <dt>{t!("audit.hash")}</dt>
            <dd class="mono text-xs break-all">{entry.hash.clone()}</dd>
            <dt>{t!("audit.previous_hash")}</dt>
            <dd class="mono text-xs break-all text-ink-2">{entry.previous_hash.clone()}</dd>
        </dl>
        <h3 class="mt-5 mb-2 text-sm font-semibold">{t!("audit.changes")}</h3>
        {changes(&entry.changes)}
    }
    .into_any()
}

/// What it is about, with the way there and to everything else that happened to it.
fn record(explorer: Explorer, entry: &AuditEntry) -> AnyView {
    let text = about(entry);
    let Some(record) = &entry.record else { return text.into_any() };
    let path = record_path(&entry.resource, &record.id).filter(|_| record.screen);
    let name = match path {
        Some(path) => view! { <a class="lnk" href=path>{text}</a> }.into_any(),
        None => text.into_any(),
    };
    let id = record.id.clone();
    view! {
        {name}
        <button type="button" class="lnk mt-1 flex min-h-6 items-center text-xs" on:click=move |_| explorer.set("record", &id)>
            {t!("audit.of_record")}
        </button>
    }
    .into_any()
}

fn changes(changes: &[AuditChange]) -> AnyView {
    if changes.is_empty() {
        return view! { <p class="hint">{t!("audit.no_changes")}</p> }.into_any();
    }
    let rows = changes.iter().map(change).collect_view();
    view! { <ul class="grid gap-3">{rows}</ul> }.into_any()
}

fn change(change: &AuditChange) -> AnyView {
    let masked = change
        .masked
        .then(|| view! { <span class="hint ml-auto">{icon("lock", "i i-sm")} {t!("audit.masked")}</span> });
    let old = change.old.clone().map(|text| {
        view! {
            <del class="block whitespace-pre-wrap break-words rounded-md bg-danger-bg px-2 py-1 text-danger-fg no-underline">
                <span class="sr-only">{t!("audit.before")} ": "</span> "− " {text}
            </del>
        }
    });
    let new = change.new.clone().map(|text| {
        view! {
            <ins class="block whitespace-pre-wrap break-words rounded-md bg-success-bg px-2 py-1 text-success-fg no-underline">
                <span class="sr-only">{t!("audit.after")} ": "</span> "+ " {text}
            </ins>
        }
    });
    view! {
        <li class="grid gap-1 text-sm">
            <span class="flex items-center gap-1 font-medium">{change.label.clone()} {masked}</span>
            {old} {new}
        </li>
    }
    .into_any()
}
