//! A text box that finds: what is typed is looked up, the arrows choose.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use leptos::{ev::KeyboardEvent, leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};

use crate::{
    api::{Failure, records::Mention},
    t,
    ui::{avatar::face, icon::icon},
};

/// Finds what matches a text.
pub type Find = Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<Vec<Mention>, Failure>>>> + Send + Sync>;

/// What was chosen; nothing when the box was emptied.
pub type Choose = Arc<dyn Fn(Option<Mention>) + Send + Sync>;

/// Typing pauses this long before it is looked up.
const PAUSE: Duration = Duration::from_millis(120);

/// What a combo needs to know.
#[derive(Clone)]
pub struct Combo {
    pub id: String,
    pub class: Signal<String>,
    pub placeholder: String,
    /// The text shown for the present value.
    pub shown: Signal<String>,
    pub find: Find,
    pub choose: Choose,
    pub disabled: bool,
    pub invalid: Signal<Option<&'static str>>,
    pub described: String,
    /// What leads to a new record, and where.
    pub create: Option<(String, String)>,
}

#[derive(Clone, Copy)]
struct State {
    text: RwSignal<String>,
    found: RwSignal<Vec<Mention>>,
    at: RwSignal<usize>,
    open: RwSignal<bool>,
    nothing: RwSignal<bool>,
    turn: StoredValue<u32>,
}

/// The box and its list.
pub fn combo(combo: Combo) -> AnyView {
    let state = State {
        text: RwSignal::new(combo.shown.get_untracked()),
        found: RwSignal::new(Vec::new()),
        at: RwSignal::new(0),
        open: RwSignal::new(false),
        nothing: RwSignal::new(false),
        turn: StoredValue::new(0),
    };
    let shown = combo.shown;
    Effect::new(move || state.text.set(shown.get()));
    let list = format!("{}-list", combo.id);
    let find = Arc::clone(&combo.find);
    let choose = Arc::clone(&combo.choose);
    let by_key = Arc::clone(&combo.choose);
    let input = move |event| {
        let text = event_target_value(&event);
        state.text.set(text.clone());
        look_up(state, text, &find);
    };
    let leave = move |_| {
        state.open.set(false);
        // An emptied box means none; anything else not chosen goes back.
        if state.text.get_untracked().trim().is_empty() && !shown.get_untracked().is_empty() {
            choose(None);
        } else {
            state.text.set(shown.get_untracked());
        }
    };
    let active = {
        let list = list.clone();
        move || (state.open.get() && !state.found.read().is_empty()).then(|| format!("{list}-{}", state.at.get()))
    };
    view! {
        <div class="combo">
            <span class=combo.class>
                {icon("search", "i i-sm text-ink-3")}
                <input
                    id=combo.id.clone()
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    class="min-w-0"
                    aria-expanded=move || state.open.get().to_string()
                    aria-controls=list.clone()
                    aria-autocomplete="list"
                    aria-activedescendant=active
                    aria-invalid=combo.invalid
                    aria-describedby=combo.described
                    placeholder=combo.placeholder
                    disabled=combo.disabled
                    prop:value=state.text
                    on:input=input
                    on:keydown=move |event| on_key(&event, state, &by_key)
                    on:blur=leave
                />
            </span>
            {results(state, list, combo.choose, combo.create)}
        </div>
    }
    .into_any()
}

fn look_up(state: State, text: String, find: &Find) {
    let turn = state.turn.get_value().wrapping_add(1);
    state.turn.set_value(turn);
    if text.trim().is_empty() {
        state.open.set(false);
        return;
    }
    let find = Arc::clone(find);
    let ask = move || {
        if state.turn.try_get_value() != Some(turn) {
            return;
        }
        spawn_local(async move {
            let found = find(text).await.unwrap_or_default();
            if state.turn.try_get_value() == Some(turn) {
                state.nothing.set(found.is_empty());
                state.at.set(0);
                state.found.set(found);
                state.open.set(true);
            }
        });
    };
    set_timeout(ask, PAUSE);
}

fn on_key(event: &KeyboardEvent, state: State, choose: &Choose) {
    let count = state.found.with_untracked(Vec::len);
    let at = state.at.get_untracked();
    if !state.open.get_untracked() {
        return;
    }
    match event.key().as_str() {
        "ArrowDown" if count > 0 => state.at.set((at + 1) % count),
        "ArrowUp" if count > 0 => state.at.set(at.checked_sub(1).unwrap_or(count - 1)),
        "Enter" => {
            if let Some(found) = state.found.with_untracked(|found| found.get(at).cloned()) {
                take(state, choose, found);
            }
        }
        "Escape" => {
            event.stop_propagation();
            state.open.set(false);
        }
        _ => return,
    }
    event.prevent_default();
}

fn take(state: State, choose: &Choose, found: Mention) {
    state.open.set(false);
    state.text.set(found.title.clone());
    choose(Some(found));
}

fn results(state: State, list: String, choose: Choose, create: Option<(String, String)>) -> AnyView {
    let rows = {
        let list = list.clone();
        move || {
            let found = state.found.get().into_iter().enumerate();
            found.map(|(at, mention)| row(state, &list, at, mention, &choose)).collect_view()
        }
    };
    let nothing =
        move || state.nothing.get().then(|| view! { <p class="hint px-2.5 py-2">{t!("control.nothing")}</p> });
    // `.combo > .pop` follows the focus; closed by choice it hides although the focus stays.
    view! {
        <div class="pop max-h-80 overflow-y-auto in-[.dlg]:static in-[.dlg]:mt-1 in-[.dlg]:w-full" class:hidden=move || !state.open.get()>
            <ul id=list role="listbox" aria-label=t!("control.found")>{rows}</ul>
            {nothing}
            {create.map(|(label, href)| foot(label, href))}
        </div>
    }
    .into_any()
}

/// The way to a new record, in a tab of its own: what is being typed here stays.
fn foot(label: String, href: String) -> AnyView {
    view! {
        <p class="mt-1 flex items-center justify-between border-t border-line px-2.5 pt-1.5">
            <a
                class="btn btn-xs btn-quiet"
                href=href
                target="_blank"
                rel="noopener"
                tabindex="-1"
                on:pointerdown=|event| event.prevent_default()
            >
                {icon("plus", "i i-sm")} {label}
            </a>
            <span class="hint flex items-center gap-1.5 max-md:hidden" aria-hidden="true">
                <kbd class="kbd">"↑"</kbd> <kbd class="kbd">"↓"</kbd> <kbd class="kbd">"↵"</kbd>
            </span>
        </p>
    }
    .into_any()
}

fn row(state: State, list: &str, at: usize, mention: Mention, choose: &Choose) -> AnyView {
    let id = format!("{list}-{at}");
    let picked = mention.clone();
    let choose = Arc::clone(choose);
    // Pointer down, not click: the box must not lose the focus first.
    let pick = move |event: leptos::ev::PointerEvent| {
        event.prevent_default();
        take(state, &choose, picked.clone());
    };
    let subtitle = mention.subtitle.map(|text| view! { <span class="hint num block truncate">{text}</span> });
    view! {
        <li
            role="option"
            id=id
            class="pal-item cursor-pointer"
            aria-selected=move || (state.at.get() == at).to_string()
            on:pointerdown=pick
            on:pointermove=move |_| state.at.set(at)
        >
            {face(Some(&mention.id), &mention.title, "")}
            <span class="min-w-0 flex-1"><span class="block truncate font-medium">{mention.title}</span>{subtitle}</span>
        </li>
    }
    .into_any()
}
