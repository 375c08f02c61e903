//! The form on the screen.

use chrono::{DateTime, Utc};
use conexao_domain::{
    kernel::{record::Record, resource::Resource},
    registry,
};
use leptos::{ev, prelude::*};

use super::{
    actbar, conflict,
    draft::{self, Draft},
    duplicates,
    keep::Keeper,
    path,
    save::{Saving, Then},
    section::{self, Group},
    start::Start,
    state::Form,
    summary,
};
use crate::{
    format, i18n,
    resource::detail::presence,
    state::app,
    t,
    ui::{icon::icon, overlay, title::title},
};

/// The form over what it begins with.
pub fn editor(
    resource: &'static Resource,
    start: Start,
    turn: RwSignal<u32>,
    done: Callback<(Record, Then)>,
    below: Option<AnyView>,
) -> AnyView {
    let Start { base, values, draft_at, old_draft } = start;
    let id = base.as_ref().map(|base| base.id().to_owned());
    let form = Form::new(resource, path::PAGE, base, &values);
    let keeper = Keeper::start(form, draft::key(resource, id.as_deref()), draft_at);
    let saving = Saving::new(form, keeper, done);
    // Anywhere on the page, except while a choice between two versions is open.
    let keys = window_event_listener(ev::keydown, move |event| {
        if is_save(&event)
            && !event.default_prevented()
            && !overlay::is_open()
            && saving.conflict.with_untracked(Option::is_none)
        {
            event.prevent_default();
            saving.save(Then::Open);
        }
    });
    on_cleanup(move || keys.remove());
    let choosing = move || saving.conflict.get().map(|conflict| conflict::view(saving, conflict));
    let version = form.base().version();
    let restored = draft_at.map(|at| restored_notice(saving, at, turn));
    let old = old_draft.map(|old| old_draft_notice(draft::key(resource, id.as_deref()), version, old, turn));
    let changed = changed_notice(form);
    let known = registry::by_name(resource.name).is_some();
    let others = id.filter(|_| known).map(|id| presence::in_form(resource, id));
    view! {
        <div class="page-head">
            <div class="min-w-0">{title(heading(form))} {subtitle(saving, turn)}</div>
        </div>
        <form
            autocomplete="off"
            novalidate
            class="[&_button]:scroll-mt-20 [&_button]:scroll-mb-24 [&_input]:scroll-mt-20 [&_input]:scroll-mb-24 [&_select]:scroll-mt-20 [&_select]:scroll-mb-24 [&_textarea]:scroll-mt-20 [&_textarea]:scroll-mb-24"
            class:hidden=move || saving.conflict.with(Option::is_some)
            on:submit=|event| event.prevent_default()
        >
            {summary::summary(saving)}
            {restored}
            {old}
            {others}
            {changed}
            {duplicates::hints(form, None)}
            {columns(form)}
            {actbar::actbar(saving)}
        </form>
        {choosing}
        {below}
    }
    .into_any()
}

/// Ctrl+Enter, and Ctrl+S for those who are used to it.
pub fn is_save(event: &ev::KeyboardEvent) -> bool {
    (event.ctrl_key() || event.meta_key()) && !event.alt_key() && matches!(event.key().as_str(), "Enter" | "s" | "S")
}

/// The form begins with what was typed before, which people should know.
fn restored_notice(saving: Saving, at: DateTime<Utc>, turn: RwSignal<u32>) -> AnyView {
    let seen = RwSignal::new(false);
    let discard = move |_| {
        saving.keeper.stop();
        turn.update(|turn| *turn = turn.wrapping_add(1));
    };
    view! {
        <div class="notice notice-new mb-4 flex-wrap" role="status" class:hidden=move || seen.get()>
            {icon("clock", "i")}
            <p class="min-w-56 flex-1">{t!("form.draft_restored", time = format::ago(at))}</p>
            <span class="flex shrink-0 flex-wrap gap-x-3 gap-y-1">
                <button type="button" class="font-semibold underline underline-offset-2" on:click=move |_| seen.set(true)>
                    {t!("form.draft_continue")}
                </button>
                <button type="button" class="font-semibold underline underline-offset-2" on:click=discard>
                    {t!("form.draft_drop")}
                </button>
            </span>
        </div>
    }
    .into_any()
}

fn heading(form: Form) -> String {
    let resource = form.resource();
    if form.is_new() {
        return i18n::new_resource(resource);
    }
    let base = form.base();
    // One of its kind is called what it is.
    if registry::by_name(resource.name).is_none() {
        return i18n::resource(resource);
    }
    t!("form.edit", title = base.text(resource.title).unwrap_or_default())
}

/// Whether there is a draft, and the way out of it.
fn subtitle(saving: Saving, turn: RwSignal<u32>) -> AnyView {
    let discard = move |_| {
        saving.keeper.stop();
        turn.update(|turn| *turn = turn.wrapping_add(1));
    };
    let line = move || match saving.keeper.kept_at.get() {
        Some(at) => view! {
            {icon("check", "i i-sm text-ok-fg")}
            <span class="num">{t!("form.draft_kept", time = format::ago(at))}</span>
            <span class="dot-sep"></span>
            <button type="button" class="lnk" on:click=discard>{t!("form.draft_discard")}</button>
        }
        .into_any(),
        None if saving.form.is_new() => t!("form.intro_new").into_any(),
        None => t!("form.intro_edit").into_any(),
    };
    view! { <p class="page-sub flex flex-wrap items-center gap-x-1.5">{line}</p> }.into_any()
}

/// The sections: short ones go to the side when there are lines.
fn columns(form: Form) -> AnyView {
    let groups = section::groups(form);
    let has_lines = groups.iter().any(|group| !group.blocks.is_empty());
    let (mut main, mut side) = (Vec::new(), Vec::new());
    for (at, group) in groups.into_iter().enumerate() {
        let short = at > 0 && group.blocks.is_empty() && group.cells.len() <= 5;
        if has_lines && short { side.push(group) } else { main.push(group) }
    }
    let first = main.first().map(|group| group.name);
    let draw = |group: Group, narrow: bool| {
        let first = Some(group.name) == first;
        section::group(form, group, narrow, first)
    };
    let main = main.into_iter().map(|group| draw(group, false)).collect_view();
    if side.is_empty() {
        return view! { <div class="grid min-w-0 content-start gap-4 pb-18">{main}</div> }.into_any();
    }
    let side = side.into_iter().map(|group| draw(group, true)).collect_view();
    view! {
        <div class="grid gap-4 pb-18 xl:grid-cols-[minmax(0,1fr)_21.5rem]">
            <div class="grid min-w-0 content-start gap-4">{main}</div>
            <div class="grid min-w-0 content-start gap-4 md:max-xl:grid-cols-2">{side}</div>
        </div>
    }
    .into_any()
}

/// The record changed on the server while it is being edited here.
fn changed_notice(form: Form) -> AnyView {
    let (id, version) = (form.base().id().to_owned(), form.base().version());
    let newer = move || {
        let event = app().live.record.get()?;
        let ours = event.resource == form.resource().name && event.id == id && event.version > version;
        (!form.is_new() && ours).then(|| {
            view! {
                <div class="notice notice-waiting mb-4" role="status">
                    {icon("git-compare", "i")}
                    <p class="flex-1">{t!("form.changed_meanwhile")}</p>
                </div>
            }
        })
    };
    newer.into_any()
}

/// A draft of an earlier version of the record; used, it is compared with the
/// record as it is now.
fn old_draft_notice(key: String, version: i64, old: Draft, turn: RwSignal<u32>) -> AnyView {
    let time = old.moment().map(format::ago).unwrap_or_default();
    let begin_again = move || turn.update(|turn| *turn = turn.wrapping_add(1));
    let adopted = Draft { version, ..old };
    let to_drop = key.clone();
    let discard = move |_| {
        draft::remove(&to_drop);
        begin_again();
    };
    let adopt = move |_| {
        draft::write(&key, &adopted);
        begin_again();
    };
    view! {
        <div class="notice notice-new mb-4 flex-wrap" role="status">
            {icon("clock", "i")}
            <p class="min-w-56 flex-1">{t!("form.draft_old", time = time)}</p>
            <span class="flex flex-wrap gap-3">
                <button type="button" class="font-semibold underline underline-offset-2" on:click=adopt>{t!("form.draft_use")}</button>
                <button type="button" class="font-semibold underline underline-offset-2" on:click=discard>{t!("form.draft_discard")}</button>
            </span>
        </div>
    }
    .into_any()
}
