//! Shortcuts of a record's page.

use leptos::{ev, prelude::*};
use web_sys::KeyboardEvent;

use super::{actions, activity::COMMENT, page::Page, step_dialog};
use crate::{
    resource::{form::start::COPY, trail},
    screen::Screen,
    state::app,
    ui::focus,
};

/// Listens for as long as the page stands.
pub fn listen(page: Page) {
    let handle = window_event_listener(ev::keydown, move |event| on_key(&event, page));
    on_cleanup(move || handle.remove());
}

fn on_key(event: &KeyboardEvent, page: Page) {
    if event.default_prevented() || page.over.get_untracked().is_some() || focus::is_typing(event) {
        return;
    }
    let control = event.ctrl_key() || event.meta_key();
    let done = match (control, event.key().as_str()) {
        (true, "Enter") => next_step(page),
        (false, _) if event.alt_key() => false,
        (false, "c" | "C") => comment(),
        (false, "j" | "J") => beside(page, true),
        (false, "k" | "K") => beside(page, false),
        (false, "e" | "E") if page.may("update") => go(&Screen::Edit(page.resource, page.id()).path()),
        (false, "d" | "D") if page.may("create") => {
            go(&format!("{}?{COPY}={}", Screen::New(page.resource).path(), page.id()))
        }
        _ => false,
    };
    if done {
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

/// The next or previous record of the list one came from.
fn beside(page: Page, forward: bool) -> bool {
    let (before, after) = untrack(|| trail::neighbours(page.resource, &page.id()));
    let other = if forward { after } else { before };
    other.is_some_and(|id| go(&Screen::Detail(page.resource, id).path()))
}

fn comment() -> bool {
    let field = focus::by_id(COMMENT);
    let there = field.is_some();
    focus::give(field);
    there
}

fn go(path: &str) -> bool {
    app().nav.to(path);
    true
}
