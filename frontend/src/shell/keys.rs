//! Shortcuts that work everywhere, but not while somebody types.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{Frame, Over};
use crate::{screen::Screen, state::app, ui::focus};

/// Listens for as long as the frame stands.
pub fn listen(frame: Frame) {
    let handle = window_event_listener(ev::keydown, move |event| on_key(&event, frame));
    on_cleanup(move || handle.remove());
}

fn on_key(event: &KeyboardEvent, frame: Frame) {
    let control = event.ctrl_key() || event.meta_key();
    if control && event.key().eq_ignore_ascii_case("k") {
        event.prevent_default();
        frame.over.set(Over::Palette);
        return;
    }
    let busy = control || event.alt_key() || focus::is_typing(event) || frame.over.get_untracked() != Over::Nothing;
    if busy || event.default_prevented() {
        return;
    }
    let done = match event.key().as_str() {
        "[" => {
            app().prefs.set_rail(!app().prefs.rail.get_untracked());
            true
        }
        "?" => {
            frame.over.set(Over::Shortcuts);
            true
        }
        "/" => search(frame),
        "n" | "N" => create(frame),
        _ => false,
    };
    if done {
        event.prevent_default();
    }
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

/// A new record of the kind shown.
fn create(frame: Frame) -> bool {
    let resource = frame.screen.get_untracked().resource();
    match resource.filter(|resource| app().session.may(resource, "create")) {
        Some(resource) => app().nav.to(&Screen::New(resource).path()),
        None => return false,
    }
    true
}
