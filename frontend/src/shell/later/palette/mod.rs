//! One search for everything: records of every kind, places to go, what may be
//! done with what is on the screen, and what works everywhere.

mod commands;
mod found;
mod local;
mod model;
mod rows;

use std::sync::Arc;

use leptos::{ev::KeyboardEvent, prelude::*};

use super::recent;
use crate::{
    i18n,
    shell::{Frame, menu},
    state::app,
    t, tn,
    ui::{icon::icon, overlay::over},
};
use model::{Goal, Hit, Only, State, Wanted};

/// The palette.
pub fn palette(frame: Frame) -> AnyView {
    let state = State {
        text: RwSignal::new(String::new()),
        only: RwSignal::new(Only::Everything),
        found: RwSignal::new(Vec::new()),
        busy: RwSignal::new(false),
        hits: RwSignal::new(Vec::new()),
        at: RwSignal::new(0),
        turn: StoredValue::new(0),
    };
    Effect::new(move || {
        let wanted = Wanted::read(&state.text.read());
        found::search(state, wanted, state.only.get());
        state.at.set(0);
    });
    Effect::new(move || {
        let wanted = Wanted::read(&state.text.read());
        let mut hits = state.found.get();
        hits.extend(untrack(|| local::lines(frame, &wanted, state.only.get())));
        state.only.track();
        let last = hits.len().saturating_sub(1);
        state.at.update(|at| *at = (*at).min(last));
        state.hits.set(hits);
    });
    let some = move || !state.hits.read().is_empty();
    let active = move || some().then(|| format!("pal-{}", state.at.get()));
    let keys = move |event: KeyboardEvent| on_key(&event, state, frame);
    let count = move || tn!("palette.count", i64::try_from(state.hits.read().len()).unwrap_or_default());
    let content = view! {
        <div class="flex items-center gap-2.5 border-b border-line px-4 py-3">
            {icon("search", "i i-lg text-ink-3")}
            <input
                class="h-7 min-w-0 flex-1 bg-transparent text-md outline-none"
                type="text"
                role="combobox"
                autocomplete="off"
                spellcheck="false"
                data-focus=""
                aria-expanded=move || some().to_string()
                aria-controls="pal-list"
                aria-autocomplete="list"
                aria-describedby="pal-keys"
                aria-activedescendant=active
                aria-label=t!("palette.open")
                placeholder=t!("palette.placeholder")
                prop:value=state.text
                on:input=move |event| state.text.set(event_target_value(&event))
                on:keydown=keys
            />
            <span class="hint num max-sm:hidden" role="status">{count}</span>
            <kbd class="kbd">"Esc"</kbd>
        </div>
        {filters(state)}
        // A list box has options, or is none.
        <ul
            id="pal-list"
            role="listbox"
            aria-label=t!("palette.results")
            class="min-h-0 flex-1 overflow-y-auto px-2 pb-2"
            hidden=move || !some()
        >
            {move || rows::rows(state, frame)}
        </ul>
        {move || (!some()).then(|| rows::nothing(state))}
        {foot()}
    };
    over("palette", "dialog", t!("palette.open"), content.into_any(), Arc::new(move || frame.close()))
}

/// The kinds of lines, in the order Tab walks through them.
fn kinds() -> Vec<(Only, String)> {
    let resources = menu::visible().map(|resource| (Only::Kind(resource.name), i18n::resources(resource)));
    let begin = [(Only::Everything, t!("palette.all"))];
    let end = [(Only::Places, t!("palette.go")), (Only::Acts, t!("palette.acts"))];
    begin.into_iter().chain(end).chain(resources).collect()
}

fn filters(state: State) -> AnyView {
    let one = |(only, label): (Only, String)| {
        let chosen = move || state.only.get() == only;
        view! {
            <button
                type="button"
                class="tag h-6 px-2 text-xs"
                class:tag-strong=chosen
                aria-pressed=move || chosen().to_string()
                on:click=move |_| state.only.set(only)
            >
                {label}
            </button>
        }
    };
    view! {
        <div
            class="flex shrink-0 gap-1.5 overflow-x-auto border-b border-line px-4 py-2 [scrollbar-width:none]"
            role="group"
            aria-label=t!("palette.kinds")
        >
            {kinds().into_iter().map(one).collect_view()}
        </div>
    }
    .into_any()
}

fn foot() -> AnyView {
    let one = |keys: &'static [&'static str], label: String| {
        let keys = keys.iter().map(|key| view! { <kbd class="kbd">{*key}</kbd> }).collect_view();
        view! { <span class="flex items-center gap-1">{keys} <span class="ml-1">{label}</span></span> }
    };
    view! {
        <div id="pal-keys" class="flex shrink-0 flex-wrap gap-x-3 gap-y-1 border-t border-line bg-sunken px-4 py-2.5 text-xs text-ink-2 justify-between max-sm:hidden">
            {one(&["↑", "↓"], t!("palette.move"))} {one(&["↵"], t!("palette.do"))} {one(&["Ctrl", "↵"], t!("palette.tab"))}
            {one(&["Tab"], t!("palette.narrow"))}  {one(&[">"], t!("palette.only_commands"))}
            {one(&["#"], t!("palette.only_numbers"))}
        </div>
    }
    .into_any()
}

fn on_key(event: &KeyboardEvent, state: State, frame: Frame) {
    let count = state.hits.with_untracked(Vec::len);
    let at = state.at.get_untracked();
    let next = match event.key().as_str() {
        "ArrowDown" if count > 0 => (at + 1) % count,
        "ArrowUp" if count > 0 => at.checked_sub(1).unwrap_or(count - 1),
        "PageDown" if count > 0 => (at + 8).min(count - 1),
        "PageUp" => at.saturating_sub(8),
        "Tab" => {
            event.prevent_default();
            event.stop_propagation();
            narrow(state, event.shift_key());
            return;
        }
        "Enter" if !event.is_composing() => {
            event.prevent_default();
            if let Some(hit) = state.hits.with_untracked(|hits| hits.get(at).cloned()) {
                choose(frame, &hit, event.ctrl_key() || event.meta_key());
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    state.at.set(next);
    if let Some(element) = document().get_element_by_id(&format!("pal-{next}")) {
        element.scroll_into_view_with_bool(false);
    }
}

/// The next kind of lines, or the one before.
fn narrow(state: State, back: bool) {
    let kinds = kinds();
    let now = state.only.get_untracked();
    let at = kinds.iter().position(|(only, _)| *only == now).unwrap_or_default();
    let next =
        if back { at.checked_sub(1).unwrap_or(kinds.len().saturating_sub(1)) } else { (at + 1) % kinds.len().max(1) };
    if let Some((only, _)) = kinds.get(next) {
        state.only.set(*only);
    }
    let chosen = document().query_selector(".palette [aria-pressed='true']").ok().flatten();
    if let Some(chosen) = chosen {
        chosen.scroll_into_view_with_bool(false);
    }
}

/// Does what a line says, here or in another tab.
fn choose(frame: Frame, hit: &Hit, beside: bool) {
    if hit.reason.is_some() {
        return;
    }
    if !hit.command.is_empty() {
        recent::ran(hit.command);
    }
    match hit.goal.clone() {
        Goal::Path(path) if beside => drop(window().open_with_url_and_target(&path, "_blank")),
        Goal::Path(path) => {
            frame.close();
            app().nav.to(&path);
        }
        Goal::Run(act) => {
            frame.close();
            // When the focus is back where it was.
            request_animation_frame(move || act());
        }
    }
}
