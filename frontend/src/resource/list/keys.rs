//! J K X Enter and the like, while nobody types.

use std::collections::BTreeSet;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::{model::List, rows};
use crate::{screen::Screen, state::app, ui::focus};

/// Listens for as long as the list stands.
pub fn listen(list: List) {
    let handle = window_event_listener(ev::keydown, move |event| on_key(&event, list));
    on_cleanup(move || handle.remove());
}

fn on_key(event: &KeyboardEvent, list: List) {
    let over = list.menu.read_untracked().is_some() || list.act.read_untracked().is_some() || is_covered();
    if event.default_prevented() || focus::is_typing(event) || over {
        return;
    }
    let control = event.ctrl_key() || event.meta_key();
    let done = match event.key().as_str() {
        "a" | "A" if control => {
            list.toggle_page();
            true
        }
        _ if control || event.alt_key() => false,
        "j" | "J" => step(list, 1),
        "k" | "K" => step(list, -1),
        "x" => select(list),
        "X" => select_range(list),
        "Enter" => open(event, list),
        "Escape" => clear(list),
        _ => false,
    };
    if done {
        event.prevent_default();
    }
}

/// Whether a dialog, drawer or menu lies over the list.
fn is_covered() -> bool {
    document().query_selector("[aria-modal='true'], .pop[role]").ok().flatten().is_some()
}

fn ids(list: List) -> Vec<String> {
    untrack(|| list.rows()).iter().map(|row| row.id().to_owned()).collect()
}

fn place(list: List, ids: &[String]) -> Option<usize> {
    let cursor = list.cursor.get_untracked()?;
    ids.iter().position(|id| *id == cursor)
}

fn step(list: List, by: isize) -> bool {
    let ids = ids(list);
    let next = match place(list, &ids) {
        Some(at) => at.saturating_add_signed(by).min(ids.len().saturating_sub(1)),
        None => 0,
    };
    let Some(id) = ids.get(next) else { return false };
    list.cursor.set(Some(id.clone()));
    rows::show(id);
    true
}

fn select(list: List) -> bool {
    let cursor = list.cursor.get_untracked();
    if let Some(id) = &cursor {
        list.toggle(id);
    }
    cursor.is_some()
}

/// From the last selected row above or below to the cursor.
fn select_range(list: List) -> bool {
    let ids = ids(list);
    let Some(at) = place(list, &ids) else { return false };
    let selected = list.selected.get_untracked();
    let marked = ids.iter().enumerate().filter(|(_, id)| selected.contains(*id)).map(|(i, _)| i);
    let Some(from) = marked.min_by_key(|i| i.abs_diff(at)) else { return select(list) };
    let range = from.min(at)..=from.max(at);
    let added: BTreeSet<String> = ids.get(range).unwrap_or_default().iter().cloned().collect();
    list.selected.update(|selected| selected.extend(added));
    true
}

/// Opens the row of the cursor, unless a button or link has the focus.
fn open(event: &KeyboardEvent, list: List) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let on_control =
        target.is_some_and(|element| matches!(element.tag_name().as_str(), "A" | "BUTTON" | "SUMMARY" | "INPUT"));
    let cursor = list.cursor.get_untracked().filter(|_| !on_control);
    if let Some(id) = &cursor {
        app().nav.to(&Screen::Detail(list.resource, id.clone()).path());
    }
    cursor.is_some()
}

fn clear(list: List) -> bool {
    let any = !list.selected.read_untracked().is_empty();
    list.clear_selection();
    any
}
