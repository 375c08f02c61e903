//! A text box that finds: what is typed is looked up, the arrows choose.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use leptos::{ev::KeyboardEvent, leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};

use crate::{
    api::{Failure, records::Mention},
    t, tn,
    ui::{avatar::face, icon::icon},
};

/// Finds what matches a text; for none, what is offered before anything is typed.
pub type Find = Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<Vec<Mention>, Failure>>>> + Send + Sync>;

/// What was chosen; nothing when the box was emptied.
pub type Choose = Arc<dyn Fn(Option<Mention>) + Send + Sync>;

/// The way to a new record, as the last of the choices.
#[derive(Clone)]
pub struct Create {
    pub label: String,
    /// Takes what was typed.
    pub open: Arc<dyn Fn(String) + Send + Sync>,
}

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
    pub create: Option<Create>,
}

#[derive(Clone, Copy)]
struct State {
    text: RwSignal<String>,
    found: RwSignal<Vec<Mention>>,
    at: RwSignal<usize>,
    open: RwSignal<bool>,
    /// What is found was not asked for by a text.
    offered: RwSignal<bool>,
    turn: StoredValue<u32>,
    creates: bool,
}

impl State {
    /// How many choices there are, the new record among them.
    fn choices(self) -> usize {
        self.found.with_untracked(Vec::len) + usize::from(self.creates)
    }
}

/// The box and its list.
pub fn combo(combo: Combo) -> AnyView {
    let state = State {
        text: RwSignal::new(combo.shown.get_untracked()),
        found: RwSignal::new(Vec::new()),
        at: RwSignal::new(0),
        open: RwSignal::new(false),
        offered: RwSignal::new(false),
        turn: StoredValue::new(0),
        creates: combo.create.is_some(),
    };
    let shown = combo.shown;
    Effect::new(move || state.text.set(shown.get()));
    let list = format!("{}-list", combo.id);
    let by_input = Arc::clone(&combo.find);
    let by_click = Arc::clone(&combo.find);
    let choose = Arc::clone(&combo.choose);
    let input = move |event| {
        let text = event_target_value(&event);
        state.text.set(text.clone());
        look_up(state, text, &by_input);
    };
    let offer = move |_| {
        if state.text.get_untracked().trim().is_empty() && !state.open.get_untracked() {
            look_up(state, String::new(), &by_click);
        }
    };
    let leave = move |_| {
        state.open.set(false);
        // An answer that is still on its way opens nothing.
        state.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        // An emptied box means none; anything else not chosen goes back.
        if state.text.get_untracked().trim().is_empty() && !shown.get_untracked().is_empty() {
            choose(None);
        } else {
            state.text.set(shown.get_untracked());
        }
    };
    let active = {
        let list = list.clone();
        move || (state.open.get() && state.choices() > 0).then(|| format!("{list}-{}", state.at.get()))
    };
    let keys = {
        let combo = combo.clone();
        move |event: KeyboardEvent| on_key(&event, state, &combo)
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
                    on:click=offer
                    on:keydown=keys
                    on:blur=leave
                />
            </span>
            {results(state, list, combo.choose, combo.create)}
            <span class="sr-only" role="status">{move || spoken(state)}</span>
        </div>
    }
    .into_any()
}

/// What those hear who do not see the list.
fn spoken(state: State) -> String {
    match (state.open.get(), state.found.with(Vec::len)) {
        (false, _) => String::new(),
        (true, 0) => t!("control.nothing"),
        (true, count) => tn!("control.options", i64::try_from(count).unwrap_or_default()),
    }
}

/// Looks a text up after a pause; for none, at once, and opens only when there
/// is something to offer.
fn look_up(state: State, text: String, find: &Find) {
    let turn = state.turn.get_value().wrapping_add(1);
    state.turn.set_value(turn);
    let empty = text.trim().is_empty();
    if empty {
        state.open.set(false);
    }
    let find = Arc::clone(find);
    let ask = move || {
        if state.turn.try_get_value() != Some(turn) {
            return;
        }
        spawn_local(async move {
            let found = find(text).await.unwrap_or_default();
            if state.turn.try_get_value() == Some(turn) {
                state.offered.set(empty);
                state.at.set(0);
                state.open.set(!empty || !found.is_empty());
                state.found.set(found);
            }
        });
    };
    set_timeout(ask, if empty { Duration::ZERO } else { PAUSE });
}

fn on_key(event: &KeyboardEvent, state: State, combo: &Combo) {
    let (count, at) = (state.choices(), state.at.get_untracked());
    let key = event.key();
    if !state.open.get_untracked() {
        // The arrow opens what would be found, or offered.
        if key == "ArrowDown" && !event.alt_key() {
            event.prevent_default();
            let text = state.text.get_untracked();
            let unchanged = text == combo.shown.get_untracked();
            look_up(state, if unchanged { String::new() } else { text }, &combo.find);
        }
        return;
    }
    match key.as_str() {
        "ArrowDown" if count > 0 => state.at.set((at + 1) % count),
        "ArrowUp" if count > 0 => state.at.set(at.checked_sub(1).unwrap_or(count - 1)),
        "Enter" => match (state.found.with_untracked(|found| found.get(at).cloned()), &combo.create) {
            (Some(found), _) => take(state, &combo.choose, found),
            (None, Some(create)) => begin(state, create),
            (None, None) => {}
        },
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

/// Goes to a new record with what was typed.
fn begin(state: State, create: &Create) {
    state.open.set(false);
    (create.open)(state.text.get_untracked().trim().to_owned());
}

fn results(state: State, list: String, choose: Choose, create: Option<Create>) -> AnyView {
    let rows = {
        let list = list.clone();
        move || {
            let found = state.found.get().into_iter().enumerate();
            found.map(|(at, mention)| row(state, &list, at, mention, &choose)).collect_view()
        }
    };
    let none = move || state.found.with(Vec::is_empty);
    let nothing = move || {
        (state.open.get() && none())
            .then(|| view! { <p class="hint px-2.5 py-2" aria-hidden="true">{t!("control.nothing")}</p> })
    };
    let recent = move || {
        (state.offered.get() && !none())
            .then(|| view! { <p class="hint px-2.5 pt-1 pb-1.5">{t!("control.recent")}</p> })
    };
    let foot = create.map(|create| foot(state, list.clone(), create));
    // `.combo > .pop` follows the focus; closed by choice it hides although the focus stays.
    view! {
        <div class="pop max-h-80 overflow-y-auto in-[.dlg]:static in-[.dlg]:mt-1 in-[.dlg]:w-full" class:hidden=move || !state.open.get()>
            {recent}
            {nothing}
            <ul id=list role="listbox" aria-label=t!("control.found")>{rows} {foot}</ul>
        </div>
    }
    .into_any()
}

/// The way to a new record, below what was found.
fn foot(state: State, list: String, create: Create) -> AnyView {
    let at = move || state.found.with(Vec::len);
    let label = create.label.clone();
    let open = move |event: leptos::ev::PointerEvent| {
        event.prevent_default();
        begin(state, &create);
    };
    view! {
        <li
            role="option"
            id=move || format!("{list}-{}", at())
            class="pal-item mt-1 cursor-pointer border-t border-line font-medium text-primary-ink"
            aria-selected=move || (state.at.get() == at()).to_string()
            on:pointerdown=open
            on:pointermove=move |_| state.at.set(at())
        >
            {icon("plus", "i i-sm")}
            <span class="flex-1">{label}</span>
            <span class="hint flex items-center gap-1.5 max-md:hidden" aria-hidden="true">
                <kbd class="kbd">"↑"</kbd> <kbd class="kbd">"↓"</kbd> <kbd class="kbd">"↵"</kbd>
            </span>
        </li>
    }
    .into_any()
}

/// Records and people have a face, places a pin.
fn picture(mention: &Mention) -> AnyView {
    let place = mention.resource.is_empty() && mention.id.len() == IBGE;
    if place { icon("map-pin", "i i-sm text-ink-3") } else { face(Some(&mention.id), &mention.title, "") }
}

/// Digits of a municipality's code.
const IBGE: usize = 7;

fn row(state: State, list: &str, at: usize, mention: Mention, choose: &Choose) -> AnyView {
    let id = format!("{list}-{at}");
    let picked = mention.clone();
    let choose = Arc::clone(choose);
    // Pointer down, not click: the box must not lose the focus first.
    let pick = move |event: leptos::ev::PointerEvent| {
        event.prevent_default();
        take(state, &choose, picked.clone());
    };
    let picture = picture(&mention);
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
            {picture}
            <span class="min-w-0 flex-1"><span class="block truncate font-medium">{mention.title}</span>{subtitle}</span>
        </li>
    }
    .into_any()
}
