//! What is not saved yet: how much, what it would mean, save or discard.

use std::sync::Arc;

use conexao_domain::identity::role::{ROLE, Scope};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value as Json, json};

use super::{Changed, Column, Table};
use crate::{
    api::{
        Failure, records,
        rights::{self, Simulation},
    },
    custom::roles::{grants::Grant, simulate},
    t,
    ui::{
        icon::icon,
        load::Load,
        overlay::{Dialog, dialog},
        skeleton, toast,
    },
};

pub(super) fn bar(table: Table, saved: Callback<()>) -> AnyView {
    let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
    let count = Memo::new(move |_| i64::try_from(table.count()).unwrap_or(i64::MAX));
    let save = move || {
        busy.set(true);
        spawn_local(async move {
            let result = save(table).await;
            busy.try_set(false);
            match result {
                Ok(()) => {
                    toast::say(t!("roles.saved"));
                    open.try_set(false);
                    saved.run(());
                }
                Err(failure) => toast::fail(&failure),
            }
        });
    };
    let shown = move || {
        (count.get() > 0).then(|| {
            view! {
                <div class="fixed bottom-5 left-1/2 z-30 max-w-full -translate-x-1/2 px-4 max-lg:bottom-18 lg:ml-30">
                    <div class="bulkbar" role="region" aria-label=t!("roles.unsaved_title")>
                        <span class="whitespace-nowrap" role="status">{crate::tn!("roles.unsaved", count.get())}</span>
                        <span class="sep"></span>
                        <button type="button" on:click=move |_| open.set(true)>
                            {icon("list", "i i-sm")} <span class="max-sm:sr-only">{t!("roles.differences")}</span>
                        </button>
                        <button type="button" on:click=move |_| table.changed.set(Changed::new())>{t!("roles.discard")}</button>
                        <button type="button" class="bg-primary text-primary-content" disabled=busy on:click=move |_| save()>{t!("save")}</button>
                    </div>
                </div>
            }
        })
    };
    let over = move || (open.get() && count.get() > 0).then(|| differences(table, open, busy, save));
    view! { {shown} {over} }.into_any()
}

/// The roles that changed, each with its place and its new grants.
fn changed(table: Table) -> Vec<(usize, Column, Vec<Grant>)> {
    let changed = table.changed.get_untracked();
    table.columns.with_value(|columns| {
        changed.into_iter().filter_map(|(at, draft)| Some((at, columns.get(at)?.clone(), draft.grants))).collect()
    })
}

/// Saves one role after the other; the first refusal ends it, and what was saved is no change any more.
async fn save(table: Table) -> Result<(), Failure> {
    for (at, column, grants) in changed(table) {
        let lines: Vec<Json> = grants
            .iter()
            .map(|grant| json!({ "permission": grant.permission, "scope": grant.scope.map(Scope::name) }))
            .collect();
        let values = Map::from_iter([("grants".to_owned(), Json::from(lines))]);
        records::patch(&ROLE, &column.id, column.version, values).await?;
        table.changed.try_update(|changed| changed.remove(&at));
    }
    Ok(())
}

fn differences(
    table: Table,
    open: RwSignal<bool>,
    busy: RwSignal<bool>,
    save: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    let load = Load::<Vec<(String, Simulation)>>::new();
    load.run(async move {
        let mut all = Vec::new();
        for (_, column, grants) in changed(table) {
            let told = rights::simulate(Some(&column.id), column.scope.name(), &simulate::drafts(&grants)).await?;
            all.push((column.name, told));
        }
        Ok(all)
    });
    let body = move || match load.answer.get() {
        Some(Ok(all)) => {
            let parts = all.iter().map(|(name, told)| {
                view! { <section class="grid gap-2"><h3 class="text-sm font-semibold">{name.clone()}</h3> {simulate::changes(told)}</section> }
            });
            view! { <div class="grid gap-4">{parts.collect_view()}</div> }.into_any()
        }
        Some(Err(failure)) => view! { <p class="field-err" role="alert">{failure.message()}</p> }.into_any(),
        None if load.slow.get() => skeleton::lines(4),
        None => ().into_any(),
    };
    let foot = view! {
        <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| open.set(false)>{t!("roles.go_on")}</button>
        <button type="button" class="btn btn-sm btn-primary max-md:h-11" disabled=busy on:click=move |_| save()>{t!("save")}</button>
    };
    let content = Dialog {
        title: t!("roles.differences"),
        text: t!("roles.differences_text"),
        art: ("git-compare", "bg-mute-bg text-ink-2"),
        body: body.into_any(),
        foot: foot.into_any(),
    };
    dialog(content, Arc::new(move || open.set(false)))
}
