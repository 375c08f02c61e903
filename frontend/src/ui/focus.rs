//! Where the focus goes when something opens over the page, and back.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, NodeList};

/// What the Tab key stops at.
const STOPS: &str = "a[href], summary, button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]:not([tabindex='-1'])";

/// The element that has the focus now.
pub fn active() -> Option<HtmlElement> {
    document().active_element().and_then(|element| element.dyn_into().ok())
}

/// Gives the focus to an element, if it is there.
pub fn give(element: Option<HtmlElement>) {
    if let Some(element) = element {
        let _ = element.focus();
    }
}

/// Gives the focus back to what had it, or to the title when that is gone.
pub fn give_back(element: Option<HtmlElement>) {
    let there = element.filter(|element| element.is_connected() && element.offset_parent().is_some());
    let title = || document().query_selector("main h1").ok().flatten().and_then(|title| title.dyn_into().ok());
    give(there.or_else(title));
}

/// Everything inside that matches and is shown, in order.
pub fn inside(root: &Element, selector: &str) -> Vec<HtmlElement> {
    all(root, selector).into_iter().filter(is_shown).collect()
}

/// Everything inside that matches, in order.
pub fn all(root: &Element, selector: &str) -> Vec<HtmlElement> {
    root.query_selector_all(selector).map(|found| list(&found)).unwrap_or_default()
}

fn list(nodes: &NodeList) -> Vec<HtmlElement> {
    (0..nodes.length()).filter_map(|at| nodes.get(at)?.dyn_into().ok()).collect()
}

/// What a closed fold holds has a place in the layout, but cannot take the focus.
fn is_shown(element: &HtmlElement) -> bool {
    let folded = element.closest("details:not([open])").ok().flatten().is_some();
    element.offset_parent().is_some() && (!folded || element.tag_name() == "SUMMARY")
}

/// Focuses what asks for it (`data-focus`), else the first stop.
pub fn enter(root: &Element) {
    let wanted = inside(root, "[data-focus]").into_iter().next();
    give(wanted.or_else(|| inside(root, STOPS).into_iter().next()));
}

/// Keeps the Tab key inside.
pub fn keep_inside(root: &Element, event: &KeyboardEvent) {
    if event.key() != "Tab" {
        return;
    }
    let stops = inside(root, STOPS);
    let edge = if event.shift_key() { stops.first() } else { stops.last() };
    if active().as_ref() == edge {
        event.prevent_default();
        give(if event.shift_key() { stops.last().cloned() } else { stops.first().cloned() });
    }
}

/// Moves among items with the arrows, Home and End, as menus and lists do.
/// Says whether the key was one of these.
pub fn arrows(root: &Element, items: &str, event: &KeyboardEvent) -> bool {
    let items = inside(root, items);
    let Some(last) = items.len().checked_sub(1) else { return false };
    let now = active().and_then(|element| items.iter().position(|item| *item == element));
    let next = match (event.key().as_str(), now) {
        ("ArrowDown", Some(at)) if at < last => at + 1,
        ("ArrowDown" | "Home", _) => 0,
        ("ArrowUp", Some(at)) if at > 0 => at - 1,
        ("ArrowUp" | "End", _) => last,
        _ => return false,
    };
    event.prevent_default();
    give(items.get(next).cloned());
    true
}

/// Whether the person is typing, so that single-letter shortcuts must wait.
pub fn is_typing(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    element.is_some_and(|element| {
        let name = element.tag_name();
        let boxed = name == "INPUT" && !matches!(element.get_attribute("type").as_deref(), Some("checkbox" | "radio"));
        boxed || name == "TEXTAREA" || name == "SELECT" || element.is_content_editable()
    })
}

/// The element with an id.
pub fn by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id).and_then(|element| element.dyn_into().ok())
}

/// Moves the choice among radio buttons with the arrows.
pub fn radios(root: &Element, event: &KeyboardEvent) {
    let all = inside(root, "[role='radio']");
    let Some(last) = all.len().checked_sub(1) else { return };
    let now = active().and_then(|element| all.iter().position(|item| *item == element)).unwrap_or_default();
    let next = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" if now < last => now + 1,
        "ArrowRight" | "ArrowDown" => 0,
        "ArrowLeft" | "ArrowUp" if now > 0 => now - 1,
        "ArrowLeft" | "ArrowUp" => last,
        _ => return,
    };
    event.prevent_default();
    if let Some(radio) = all.get(next) {
        give(Some(radio.clone()));
        radio.click();
    }
}
