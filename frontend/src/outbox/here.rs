//! What waits for the record on the screen, above its activity.

use conexao_domain::kernel::flow::Tone;
use leptos::prelude::*;

use super::{Entry, send};
use crate::{
    format,
    state::app,
    t,
    ui::{avatar::face, chip::chip},
};

/// The entries about a record, and `stir` when one was sent.
pub fn here(resource: &'static str, record: String, stir: impl Fn() + Send + Sync + 'static) -> AnyView {
    let outbox = app().outbox;
    let about = record.clone();
    Effect::new(move |before: Option<()>| {
        let ours = outbox.sent.get().is_some_and(|sent| sent == about);
        if before.is_some() && ours {
            stir();
        }
    });
    let shown = move || {
        let entries = outbox.entries.get().into_iter().filter(|entry| entry.is_about(resource, &record));
        let rows: Vec<AnyView> = entries.map(one).collect();
        (!rows.is_empty()).then(|| view! { <ol class="feed mb-4" aria-label=t!("outbox.here")>{rows}</ol> })
    };
    shown.into_any()
}

fn one(entry: Entry) -> AnyView {
    let me = app().session.me().map(|me| me.user.name.clone()).unwrap_or_default();
    let given_up = entry.clone();
    let state = state(&entry);
    let again = entry.refused.is_some().then(|| {
        let again = entry.clone();
        let click = move |_| send::again(again.clone());
        view! { <button type="button" class="lnk" on:click=click>{t!("outbox.again")}</button> }
    });
    view! {
        <li>
            <span>{face(Some(&entry.owner), &me, "")}</span>
            <div class="min-w-0 pt-0.5">
                <div class="flex flex-wrap items-baseline gap-x-2">
                    <b class="font-semibold">{me.clone()}</b>
                    {state}
                    <time class="num ml-auto" datetime=entry.at.clone()>{format::moment(&entry.at)}</time>
                </div>
                <p class="mt-1 text-sm whitespace-pre-line">{entry.text.clone()}</p>
                <div class="mt-1 flex gap-3 text-xs">
                    {again}
                    <button type="button" class="lnk" on:click=move |_| send::discard(given_up.clone())>{t!("outbox.discard")}</button>
                </div>
            </div>
        </li>
    }
    .into_any()
}

/// Waiting, or why not taken.
pub fn state(entry: &Entry) -> AnyView {
    match &entry.refused {
        None => chip(Tone::Waiting, t!("outbox.waiting")),
        Some(refused) => {
            view! { {chip(Tone::Danger, t!("outbox.not_taken"))} <span class="hint">{refused.why.clone()}</span> }
                .into_any()
        }
    }
}
