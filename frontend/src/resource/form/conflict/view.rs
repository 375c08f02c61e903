//! The screen of two versions.

use std::sync::Arc;

use conexao_domain::kernel::{field::Field, record::Record};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::{Clash, Conflict, Difference, Pick};
use crate::{
    api::timeline,
    format, i18n,
    resource::{detail::value::plain, form::save::Saving},
    state::app,
    t, tn,
    ui::{avatar::avatar_mute, icon::icon, load::Load},
};

/// Who saved in between, and when.
#[derive(Debug, Clone, PartialEq)]
struct Other {
    name: String,
    time: String,
}

/// Both versions, the choices and the buttons.
pub fn view(saving: Saving, conflict: Conflict) -> AnyView {
    let conflict = Arc::new(conflict);
    let other = other(&conflict);
    let head = {
        let count = conflict.clashes.len();
        move || notice(&other.get(), count)
    };
    let (choices, merged, bar) =
        (choices(&conflict, other), merged(&conflict, other), actbar(saving, Arc::clone(&conflict)));
    view! {
        {head}
        <div class="grid gap-4 pb-18">{choices} {merged}</div>
        {bar}
    }
    .into_any()
}

fn other(conflict: &Conflict) -> Signal<Other> {
    let load = Load::new();
    let (resource, id) = (conflict.form.resource(), conflict.theirs.id().to_owned());
    load.run(async move { timeline::entries(resource, &id, None).await });
    Signal::derive(move || {
        let last =
            load.ready().and_then(|page| page.items.into_iter().find(|entry| entry.kind == "change" && wrote(entry)));
        let name =
            last.as_ref().and_then(|entry| entry.actor.clone()).map(|actor| actor.name).filter(|name| !name.is_empty());
        let time = last.and_then(|entry| entry.at.parse().ok()).map(format::clock).unwrap_or_default();
        Other { name: name.unwrap_or_else(|| t!("conflict.somebody")), time }
    })
}

/// Whether an entry changed the record; having looked at it is one, too.
fn wrote(entry: &timeline::Entry) -> bool {
    !matches!(entry.action.as_deref(), Some("reveal" | "export"))
}

fn notice(other: &Other, count: usize) -> AnyView {
    let what =
        if count == 0 { t!("conflict.none") } else { tn!("conflict.fields", i64::try_from(count).unwrap_or_default()) };
    view! {
        <div class="notice notice-waiting mb-4" role="alert">
            {icon("git-compare", "i")}
            <p class="flex-1">
                <b class="font-semibold">{t!("conflict.saved", name = other.name, time = other.time)}</b> " " {what}
            </p>
        </div>
    }
    .into_any()
}

fn choices(conflict: &Arc<Conflict>, other: Signal<Other>) -> Option<AnyView> {
    let total = conflict.clashes.len();
    if total == 0 {
        return None;
    }
    let chosen = {
        let conflict = Arc::clone(conflict);
        move || t!("conflict.chosen", n = total - conflict.open(), total = total)
    };
    let all = |pick: Pick| {
        let conflict = Arc::clone(conflict);
        move |_| conflict.clashes.iter().for_each(|clash| clash.pick.set(Some(pick)))
    };
    let rows = conflict.clashes.iter().map(|clash| row(conflict, clash, other)).collect_view();
    let me = app().session.me().map(|me| me.user.name.clone()).unwrap_or_default();
    let shown = view! {
        <section class="panel overflow-hidden" aria-label=t!("conflict.choose")>
            <header class="panel-head">
                <h2 class="panel-title">{t!("conflict.choose")}</h2>
                <span class="hint num" role="status">{chosen}</span>
                <div class="ml-auto flex gap-1 max-md:hidden">
                    <button type="button" class="btn btn-xs btn-quiet" on:click=all(Pick::Mine)>{t!("conflict.all_mine")}</button>
                    <button type="button" class="btn btn-xs btn-quiet" on:click=all(Pick::Theirs)>{t!("conflict.all_theirs")}</button>
                </div>
            </header>
            <table class="tbl max-lg:block [&_td]:whitespace-normal [&_td]:py-2! [&_th]:whitespace-nowrap [&_tbody_th]:bg-transparent! max-lg:[&_td]:block max-lg:[&_td]:h-auto! max-lg:[&_td]:border-0! max-lg:[&_td]:p-0! max-lg:[&_tbody_th]:h-auto! max-lg:[&_tbody_th]:border-0! max-lg:[&_tbody_th]:p-0!">
                <thead class="max-lg:sr-only">
                    <tr>
                        <th scope="col">{t!("conflict.field")}</th>
                        <th scope="col">{t!("conflict.before")}</th>
                        <th scope="col">{whose(me, t!("conflict.mine"), t!("conflict.unsaved"))}</th>
                        <th scope="col">
                            {move || {
                                let other = other.get();
                                whose(other.name.clone(), other.name, t!("conflict.saved_at", time = other.time))
                            }}
                        </th>
                    </tr>
                </thead>
                <tbody class="max-lg:block">{rows}</tbody>
            </table>
        </section>
    };
    Some(shown.into_any())
}

fn whose(person: String, label: String, hint: String) -> AnyView {
    view! {
        <span class="inline-flex items-center gap-1.5">{avatar_mute(&person, "")}{label}</span>
        <span class="hint ml-1.5 font-normal">{hint}</span>
    }
    .into_any()
}

/// The value of a field in one of the versions, with its references named.
fn text(owner: &str, field: &Field, record: &Record, value: &Json) -> String {
    let mut version = record.clone();
    version.set(field.name, value.clone());
    let text = plain(owner, field, &version);
    if text.is_empty() { t!("conflict.empty") } else { text }
}

fn row(conflict: &Conflict, clash: &Clash, other: Signal<Other>) -> AnyView {
    let owner = conflict.form.resource().name;
    let Difference { field, before, mine, theirs } = &clash.difference;
    let label = i18n::field(owner, field);
    let before = text(owner, field, &conflict.form.base(), before);
    let mine = text(owner, field, &conflict.mine, mine);
    let theirs = text(owner, field, &conflict.theirs, theirs);
    let option = |pick: Pick, hint: AnyView, text: String| option(clash, pick, hint, text);
    let joined = clash.joined().map(|joined| {
        let hint = view! { <span class="inline-flex items-center gap-1">{icon("combine", "i i-sm")}{t!("conflict.join")}</span> };
        option(Pick::Joined, hint.into_any(), joined.as_str().unwrap_or_default().to_owned())
    });
    let short = move || t!("conflict.of", name = other.get().name);
    view! {
        <tr class="max-lg:grid max-lg:gap-2 max-lg:border-b max-lg:border-line max-lg:px-4 max-lg:py-3">
            <th scope="row" class="text-left font-semibold lg:w-40">
                {label}
                <span class="hint block font-normal lg:hidden">{t!("conflict.was", value = before)}</span>
            </th>
            <td class="text-ink-2 max-lg:hidden! lg:w-44">{before}</td>
            <td>
                <div class="grid gap-1.5">
                    {option(Pick::Mine, view! { <span class="lg:hidden">{t!("conflict.mine")}</span> }.into_any(), mine)}
                    {joined}
                </div>
            </td>
            <td>{option(Pick::Theirs, view! { <span class="lg:hidden">{short}</span> }.into_any(), theirs)}</td>
        </tr>
    }
    .into_any()
}

fn option(clash: &Clash, pick: Pick, hint: AnyView, text: String) -> AnyView {
    let chosen = clash.pick;
    let name = format!("pick-{}", clash.difference.field.name);
    view! {
        <label class="cmp-opt">
            <input
                type="radio"
                class="radio radio-xs"
                name=name
                prop:checked=move || chosen.get() == Some(pick)
                on:change=move |_| chosen.set(Some(pick))
            />
            <span class="min-w-0 flex-1">
                <span class="hint mb-0.5 flex items-center gap-1">{hint}</span>
                <ins class="whitespace-pre-line">{text}</ins>
            </span>
        </label>
    }
    .into_any()
}

fn merged(conflict: &Conflict, other: Signal<Other>) -> Option<AnyView> {
    if conflict.only_mine.is_empty() && conflict.only_theirs.is_empty() {
        return None;
    }
    let owner = conflict.form.resource().name;
    let base = conflict.form.base();
    let change = |record: &Record, difference: &Difference, value: &Json, who: AnyView| {
        let label = i18n::field(owner, difference.field);
        let old = text(owner, difference.field, &base, &difference.before);
        let new = text(owner, difference.field, record, value);
        view! {
            <li class="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 text-sm">
                <span class="w-36 shrink-0 font-medium">{label}</span>
                <span class="chg text-ink-2">
                    <span class="line-through">{old}</span>
                    {icon("arrow-right", "i i-xs")}
                    <b class="font-semibold text-base-content">{new}</b>
                </span>
                <span class="hint ml-auto">{who}</span>
            </li>
        }
    };
    let mine = conflict
        .only_mine
        .iter()
        .map(|d| change(&conflict.mine, d, &d.mine, t!("conflict.you").into_any()))
        .collect_view();
    let theirs = conflict
        .only_theirs
        .iter()
        .map(|d| change(&conflict.theirs, d, &d.theirs, (move || other.get().name).into_any()));
    let theirs = theirs.collect_view();
    let shown = view! {
        <section class="panel" aria-label=t!("conflict.merged")>
            <header class="panel-head">
                <h2 class="panel-title">{t!("conflict.merged")}</h2>
                <span class="hint">{t!("conflict.merged_hint")}</span>
            </header>
            <ul class="divide-y divide-line">{mine} {theirs}</ul>
        </section>
    };
    Some(shown.into_any())
}

fn actbar(saving: Saving, conflict: Arc<Conflict>) -> AnyView {
    let discard = move |_| saving.give_up();
    let back = move |_: leptos::ev::MouseEvent| saving.conflict.set(None);
    let open = {
        let conflict = Arc::clone(&conflict);
        move || conflict.open()
    };
    let missing = {
        let open = open.clone();
        move || Some(open()).filter(|n| *n > 0).map(|n| tn!("conflict.missing", i64::try_from(n).unwrap_or_default()))
    };
    let version = conflict.theirs.version();
    let save = move |_: leptos::ev::MouseEvent| saving.save_over(version, conflict.values());
    view! {
        <div class="actbar">
            <div>
                <button type="button" class="btn btn-sm btn-quiet max-md:hidden" on:click=discard>{t!("conflict.discard")}</button>
                <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=back>
                    {icon("arrow-left", "i")} {t!("conflict.back")}
                </button>
                <span class="ml-auto text-xs text-ink-2 max-lg:hidden">{missing}</span>
                <button
                    type="button"
                    class="btn btn-sm btn-primary max-lg:ml-auto max-md:h-11"
                    disabled=move || { open() > 0 || saving.busy.get() }
                    on:click=save
                >
                    {t!("conflict.save")}
                </button>
            </div>
        </div>
    }
    .into_any()
}
