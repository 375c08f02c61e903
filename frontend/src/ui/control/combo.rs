//! A text box that finds: what is typed is looked up, the arrows choose.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use leptos::{ev::KeyboardEvent, leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};

use super::found::{results, spoken};
use crate::{
    api::{Failure, records::Mention},
    ui::icon::icon,
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

/// What a combo is doing.
#[derive(Clone, Copy)]
pub struct State {
    text: RwSignal<String>,
    pub found: RwSignal<Vec<Mention>>,
    /// Which choice the arrows are at.
    pub at: RwSignal<usize>,
    pub open: RwSignal<bool>,
    /// What is found was not asked for by a text.
    pub offered: RwSignal<bool>,
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

/// Takes a choice.
pub fn take(state: State, choose: &Choose, found: Mention) {
    state.open.set(false);
    state.text.set(found.title.clone());
    choose(Some(found));
}

/// Goes to a new record with what was typed.
pub fn begin(state: State, create: &Create) {
    state.open.set(false);
    (create.open)(state.text.get_untracked().trim().to_owned());
}
