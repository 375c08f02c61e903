//! Shortcuts of a record's page, each an act with a name.

use leptos::{ev, prelude::*};
use web_sys::KeyboardEvent;

use super::{
    actions,
    activity::COMMENT,
    page::Page,
    step_dialog,
    walk::{self, Way},
};
use crate::{
    resource::form::start::COPY,
    screen::Screen,
    shell::keymap::{self, Place, action},
    state::app,
    ui::focus,
};

/// Does what is called so; says whether there was anything to do.
pub fn act(page: Page, name: &str) -> bool {
    match name {
        "detail.next" => walk::go(page, Way::Next),
        "detail.previous" => walk::go(page, Way::Previous),
        "detail.step" => next_step(page),
        "detail.comment" => comment(),
        "detail.edit" if page.may("update") => go(&Screen::Edit(page.resource, page.id()).path()),
        "detail.duplicate" if page.may("create") => duplicate(page),
        _ => false,
    }
}

/// Listens for as long as the page stands.
pub fn listen(page: Page) {
    let handle = window_event_listener(ev::keydown, move |event| on_key(&event, page));
    on_cleanup(move || handle.remove());
}

fn on_key(event: &KeyboardEvent, page: Page) {
    let busy = page.over.get_untracked().is_some() || untrack(|| page.inline().is_open());
    if !busy && action(event, Place::Detail).is_some_and(|name| act(page, name)) {
        event.prevent_default();
    }
}

fn next_step(page: Page) -> bool {
    let step = page.record.with_untracked(|record| actions::primary(page.resource, record));
    if let Some(step) = step {
        step_dialog::start(page, step);
    }
    step.is_some()
}

fn comment() -> bool {
    let field = focus::by_id(COMMENT);
    let there = field.is_some();
    focus::give(field);
    there
}

/// A new record with the values of this one.
pub fn duplicate(page: Page) -> bool {
    go(&format!("{}?{COPY}={}", Screen::New(page.resource).path(), page.id()))
}

/// What a button says, with the keys that do the same as the person has them.
pub fn with_keys(text: String, name: &str) -> String {
    match untrack(|| keymap::keys_of(name)) {
        Some(keys) => format!("{text} ({keys})"),
        None => text,
    }
}

fn go(path: &str) -> bool {
    app().nav.to(path);
    true
}
