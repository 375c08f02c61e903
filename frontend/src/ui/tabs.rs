//! Tabs with an optional count, moved with the arrows.

use leptos::{ev::KeyboardEvent, html::Div, prelude::*};

use super::focus;

/// A tab: key, label, and a count that may change.
pub struct Tab {
    pub key: &'static str,
    pub label: String,
    pub count: Option<Signal<String>>,
}

impl Tab {
    pub fn new(key: &'static str, label: String) -> Self {
        Self { key, label, count: None }
    }
}

/// A row of tabs; `now` holds the chosen key.
pub fn tabs(label: String, tabs: Vec<Tab>, now: RwSignal<&'static str>) -> AnyView {
    let node = NodeRef::<Div>::new();
    let keys = move |event: KeyboardEvent| on_key(&event, node);
    let rows = tabs.into_iter().map(|tab| one(tab, now)).collect_view();
    view! {
        <div class="views flex-1 border-0">
            <div role="tablist" aria-label=label node_ref=node on:keydown=keys>{rows}</div>
        </div>
    }
    .into_any()
}

fn one(tab: Tab, now: RwSignal<&'static str>) -> AnyView {
    let Tab { key, label, count } = tab;
    let chosen = move || now.get() == key;
    let count = count
        .map(|count| move || Some(count.get()).filter(|c| !c.is_empty()).map(|c| view! { <span class="n">{c}</span> }));
    view! {
        <button
            type="button"
            role="tab"
            aria-selected=move || chosen().to_string()
            tabindex=move || if chosen() { "0" } else { "-1" }
            on:click=move |_| now.set(key)
        >
            {label} {count}
        </button>
    }
    .into_any()
}

fn on_key(event: &KeyboardEvent, node: NodeRef<Div>) {
    let Some(root) = node.get_untracked() else { return };
    let tabs = focus::inside(&root, "[role='tab']");
    let now = focus::active().and_then(|element| tabs.iter().position(|tab| *tab == element));
    let next = match (event.key().as_str(), now) {
        ("ArrowRight", Some(at)) => (at + 1) % tabs.len().max(1),
        ("ArrowLeft", Some(at)) => at.checked_sub(1).unwrap_or_else(|| tabs.len().saturating_sub(1)),
        _ => return,
    };
    event.prevent_default();
    if let Some(tab) = tabs.get(next) {
        focus::give(Some(tab.clone()));
        tab.click();
    }
}
