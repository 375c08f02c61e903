//! Shortcuts that work everywhere, but not while somebody types.

use std::time::Duration;

use leptos::{ev, leptos_dom::helpers::set_timeout, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{
    Frame, Over,
    keymap::{Leader, Place, action, stroke},
};
use crate::{state::app, ui::focus};

/// How long a second stroke is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Listens for as long as the frame stands.
pub fn listen(frame: Frame) {
    let handle = window_event_listener(ev::keydown, move |event| on_key(&event, frame));
    on_cleanup(move || handle.remove());
}

fn on_key(event: &KeyboardEvent, frame: Frame) {
    let done = match action(event, Place::Everywhere) {
        Some("palette") => open(frame, Over::Palette),
        Some("search") => search(frame),
        Some("go") => lead(Leader::Go),
        Some("new") => lead(Leader::New),
        Some("undo") => app().toasts.undo_last(),
        Some("menu") => {
            app().prefs.set_rail(!app().prefs.rail.get_untracked());
            true
        }
        Some("shortcuts") => open(frame, Over::Shortcuts),
        // The search of the browser must not open behind ours.
        _ => frame.over.get_untracked() == Over::Palette && stroke(event).as_deref() == Some("Ctrl+K"),
    };
    if done {
        event.prevent_default();
    }
}

fn open(frame: Frame, over: Over) -> bool {
    frame.over.set(over);
    true
}

/// The search of the page when it has one, else the search of everything.
fn search(frame: Frame) -> bool {
    let field = document().query_selector("main input[type='search']").ok().flatten();
    match field.and_then(|field| field.dyn_into::<HtmlElement>().ok()).filter(|f| f.offset_parent().is_some()) {
        Some(field) => focus::give(Some(field)),
        None => frame.over.set(Over::Palette),
    }
    true
}

/// Waits for the second stroke, which `later/leader.rs` takes.
fn lead(leader: Leader) -> bool {
    let waiting = app().keys.leader;
    waiting.set(Some(leader));
    let give_up = move || {
        if waiting.get_untracked() == Some(leader) {
            waiting.set(None);
        }
    };
    set_timeout(give_up, PATIENCE);
    true
}
