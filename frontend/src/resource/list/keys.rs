//! J K X Enter and the like, while nobody types: what the acts do. Which key
//! means which act is in `shell/keymap.rs`.

use std::collections::BTreeSet;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::{act, act::Act, edit, model::List, rows};
use crate::{
    screen::Screen,
    shell::keymap::{Place, action, closes},
    state::app,
};

/// Listens for as long as the list stands.
pub fn listen(list: List) {
    let handle = window_event_listener(ev::keydown, move |event| on_key(&event, list));
    on_cleanup(move || handle.remove());
}

fn on_key(event: &KeyboardEvent, list: List) {
    if list.menu.read_untracked().is_some() || list.act.read_untracked().is_some() {
        return;
    }
    // A button or link that has the focus keeps its own keys.
    let held = matches!(event.key().as_str(), "Enter" | " ") && is_on_control(event);
    let meant = if closes(event) { Some("close") } else { action(event, Place::List) };
    if !held && meant.is_some_and(|action| act(list, action)) {
        event.prevent_default();
    }
}

/// Does what a shortcut stands for; false when there is nothing to do it to.
pub fn act(list: List, action: &str) -> bool {
    match action {
        "list.next" => step(list, 1),
        "list.previous" => step(list, -1),
        "list.select" => select(list),
        "list.range" => select_range(list),
        "list.page" => {
            list.toggle_page();
            true
        }
        "list.open" => open(list),
        "list.preview" => preview(list),
        "list.cell" => edit::open_first(list),
        "list.assign" => assign(list),
        "list.filter" => filter(),
        "close" => close(list),
        _ => false,
    }
}

fn is_on_control(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| matches!(element.tag_name().as_str(), "A" | "BUTTON" | "SUMMARY" | "INPUT"))
}

fn place(list: List) -> Option<usize> {
    list.place_of(&list.cursor.get_untracked()?)
}

/// Moves the cursor; the drawer follows it. At the end more rows come.
pub fn step(list: List, by: isize) -> bool {
    let end = untrack(|| list.loaded()).saturating_sub(1);
    let next = place(list).map_or(0, |at| at.saturating_add_signed(by));
    if next > end && list.endless().get_untracked() {
        list.more();
    }
    let Some(id) = untrack(|| list.with_rows(|rows| rows.get(next.min(end)).map(|row| row.id().to_owned()))) else {
        return false;
    };
    list.cursor.set(Some(id.clone()));
    rows::show(list, &id);
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
    let Some(at) = place(list) else { return false };
    let selected = list.selected.get_untracked();
    let added: BTreeSet<String> = untrack(|| {
        list.with_rows(|rows| {
            let marked = rows.iter().enumerate().filter(|(_, row)| selected.contains(row.id())).map(|(at, _)| at);
            let from = marked.min_by_key(|marked| marked.abs_diff(at)).unwrap_or(at);
            let range = rows.get(from.min(at)..=from.max(at)).unwrap_or_default();
            range.iter().map(|row| row.id().to_owned()).collect()
        })
    });
    list.selected.update(|selected| selected.extend(added));
    true
}

/// Opens the row of the cursor.
fn open(list: List) -> bool {
    let cursor = list.cursor.get_untracked();
    if let Some(id) = &cursor {
        app().nav.to(&Screen::Detail(list.resource, id.clone()).path());
    }
    cursor.is_some()
}

/// Opens the drawer of the cursor's row, or of the first, or closes it.
fn preview(list: List) -> bool {
    let there = place(list).is_some() || step(list, 1);
    if there {
        list.preview().update(|open| *open = !*open);
    }
    there
}

/// Gives the selection, or the row of the cursor, to somebody.
fn assign(list: List) -> bool {
    if !act::can_assign(list) {
        return false;
    }
    let cursor = list.cursor.get_untracked();
    let chosen =
        if list.selected.read_untracked().is_empty() { cursor.map(Act::assign_one) } else { Some(Act::assign()) };
    let there = chosen.is_some();
    if let Some(act) = chosen {
        act::start(list, act);
    }
    there
}

/// Opens the choice of a filter.
fn filter() -> bool {
    let button = document().query_selector("main .fadd").ok().flatten();
    let button = button.and_then(|button| button.dyn_into::<HtmlElement>().ok());
    let there = button.as_ref().is_some_and(|button| button.offset_parent().is_some());
    if let Some(button) = button.filter(|_| there) {
        button.click();
    }
    there
}

/// The drawer first, then the selection.
fn close(list: List) -> bool {
    if list.preview().get_untracked() {
        list.preview().set(false);
        return true;
    }
    let any = !list.selected.read_untracked().is_empty();
    list.clear_selection();
    any
}
