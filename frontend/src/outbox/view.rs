//! The strip under the top bar, the list of what waits, and the question
//! before leaving.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Entry, here::state, send};
use crate::{
    format, i18n,
    screen::record_path,
    session::Phase,
    shell::{Frame, Over, later::clipboard},
    state::app,
    t, tn,
    ui::{
        empty::empty,
        icon::icon,
        overlay::{Dialog, dialog, sheet as drawer, sheet_head},
    },
};

fn many(count: usize) -> i64 {
    i64::try_from(count).unwrap_or_default()
}

/// That there is no network, or that something was not taken.
pub fn strip(frame: Frame) -> AnyView {
    let refused = Memo::new(|_| app().outbox.entries.with(|e| e.iter().filter(|e| e.refused.is_some()).count()));
    let waiting = Memo::new(|_| app().outbox.entries.with(Vec::len));
    let shown = move || match (app().live.lost.get(), refused.get()) {
        (Some(since), _) => {
            let retry = |_| app().live.start();
            Some(view! {
                <div class="offbar" role="status">
                    {icon("cloud-off", "i i-sm")}
                    <p class="min-w-0">
                        <b class="font-semibold">{t!("outbox.lost", at = format::clock(since))}</b> " " {t!("outbox.lost_text")}
                    </p>
                    <span class="ml-auto flex items-center gap-3">
                        {move || held(frame, waiting.get())}
                        <button type="button" class="lnk font-semibold text-inherit! underline" on:click=retry>{t!("outbox.retry")}</button>
                    </span>
                </div>
            }
            .into_any())
        }
        (None, 0) => None,
        (None, count) => Some(
            view! {
                <div class="offbar" role="status">
                    {icon("circle-alert", "i i-sm")}
                    <p class="min-w-0 font-semibold">{tn!("outbox.refusals", many(count))}</p>
                    <span class="ml-auto">{held(frame, waiting.get())}</span>
                </div>
            }
            .into_any(),
        ),
    };
    shown.into_any()
}

/// The way to what waits.
fn held(frame: Frame, count: usize) -> Option<AnyView> {
    let open = move |_| frame.over.set(Over::Outbox);
    let label = tn!("outbox.held", many(count));
    let button = view! {
        <button type="button" class="lnk font-semibold text-inherit! underline" aria-haspopup="dialog" on:click=open>{label}</button>
    };
    (count > 0).then(|| button.into_any())
}

/// Everything that waits.
pub fn sheet(frame: Frame) -> AnyView {
    let close = Arc::new(move || frame.over.set(Over::Nothing));
    let title = view! { <h2 class="text-md font-semibold">{t!("outbox.title")}</h2> };
    let head = sheet_head(title.into_any(), ().into_any(), close.clone());
    let rows = move || {
        let entries = app().outbox.entries.get();
        if entries.is_empty() {
            return empty("check", t!("outbox.none"), t!("outbox.none_text"), ().into_any());
        }
        let rows = entries.into_iter().map(|entry| row(frame, entry)).collect_view();
        view! { <ul class="divide-y divide-line">{rows}</ul> }.into_any()
    };
    let content = view! {
        {head}
        <p class="hint border-b border-line px-4 py-2">{t!("outbox.text")}</p>
        <div class="min-h-0 flex-1 overflow-y-auto">{rows}</div>
    };
    drawer(t!("outbox.title"), content.into_any(), close)
}

fn row(frame: Frame, entry: Entry) -> AnyView {
    let (given_up, text, again) = (entry.clone(), entry.text.clone(), entry.clone());
    let kind = t!("outbox.comment");
    let name = view! { <span class="font-medium">{format!("{kind} · {}", entry.title)}</span> };
    let name = match record_path(&entry.resource, &entry.record) {
        Some(path) => {
            view! { <a class="hover:underline" href=path on:click=move |_| frame.over.set(Over::Nothing)>{name}</a> }
                .into_any()
        }
        None => name.into_any(),
    };
    let retry = entry.refused.is_some().then(|| {
        let click = move |_| send::again(again.clone());
        view! { <button type="button" class="btn btn-xs btn-line max-md:h-11" on:click=click>{icon("rotate-cw", "i i-sm")} {t!("outbox.again")}</button> }
    });
    let advice = entry.refused.as_ref().map(|refused| view! { <p class="hint">{advice(refused.status)}</p> });
    view! {
        <li class="grid gap-1.5 px-4 py-3">
            <div class="flex items-start gap-2 text-sm">
                <span class="min-w-0 flex-1">{name}</span>
                <time class="hint num" datetime=entry.at.clone()>{format::moment(&entry.at)}</time>
            </div>
            <p class="text-sm whitespace-pre-line text-ink-2">{entry.text.clone()}</p>
            <div class="flex flex-wrap items-center gap-2">{state(&entry)}</div>
            {advice}
            <div class="flex flex-wrap gap-2">
                {retry}
                <button type="button" class="btn btn-xs btn-line max-md:h-11" on:click=move |_| clipboard::copy(text.clone())>
                    {icon("copy", "i i-sm")} {t!("outbox.copy")}
                </button>
                <button type="button" class="btn btn-xs btn-danger-quiet max-md:h-11" on:click=move |_| send::discard(given_up.clone())>
                    {icon("trash-2", "i i-sm")} {t!("outbox.discard")}
                </button>
            </div>
        </li>
    }
    .into_any()
}

/// What to do about a refusal.
fn advice(status: u16) -> String {
    match status {
        404 => t!("outbox.gone"),
        403 => t!("outbox.forbidden"),
        409 | 412 => t!("outbox.changed"),
        _ => t!("outbox.other"),
    }
}

/// Asks before what waits is lost by leaving.
pub fn goodbye() -> AnyView {
    let outbox = app().outbox;
    let shown = move || {
        // The dialog of a session that ran out asks the same.
        let asked = outbox.leaving.get() && app().session.phase.get() != Phase::Locked;
        asked.then(|| {
            let stay = move || outbox.leaving.set(false);
            let foot = view! {
                <button type="button" class="btn btn-sm btn-line max-md:h-11" data-focus="" on:click=move |_| stay()>{t!("outbox.stay")}</button>
                <button type="button" class="btn btn-sm btn-error max-md:h-11" on:click=move |_| super::leave()>{t!("outbox.leave")}</button>
            };
            let content = Dialog {
                title: tn!("outbox.leave_title", many(outbox.entries.with_untracked(Vec::len).max(1))),
                text: t!("outbox.leave_text"),
                art: ("circle-alert", "bg-danger-bg text-danger-fg"),
                body: rows_of(outbox.entries.get_untracked()),
                foot: foot.into_any(),
            };
            dialog(content, Arc::new(stay))
        })
    };
    shown.into_any()
}

fn rows_of(entries: Vec<Entry>) -> AnyView {
    let row = |entry: Entry| {
        let kind = conexao_domain::registry::by_name(&entry.resource).map(i18n::resource).unwrap_or_default();
        view! { <li class="truncate">{format!("{kind} {}: {}", entry.title, entry.text)}</li> }
    };
    view! { <ul class="grid gap-1 text-sm text-ink-2">{entries.into_iter().take(5).map(row).collect_view()}</ul> }
        .into_any()
}
