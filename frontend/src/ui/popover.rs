//! What a button opens beside itself: menus and small boxes. Esc and a click
//! elsewhere close it; menus move with the arrows.

use leptos::{
    ev::{self, KeyboardEvent},
    html::{Button, Div},
    prelude::*,
};
use wasm_bindgen::JsCast;

use super::{focus, icon::icon};

/// The button that opens.
pub struct Trigger {
    pub class: &'static str,
    /// Accessible name, when the inside does not say it.
    pub label: Option<String>,
    pub inside: AnyView,
}

/// An entry of a menu.
pub struct Item {
    pub icon: &'static str,
    pub label: String,
    pub danger: bool,
    /// One of several, and whether it is the chosen one.
    pub chosen: Option<bool>,
    /// Why it cannot be used now.
    pub reason: Option<String>,
    pub act: Box<dyn Fn() + Send + Sync>,
}

impl Item {
    pub fn new(icon: &'static str, label: String, act: impl Fn() + Send + Sync + 'static) -> Self {
        Self { icon, label, danger: false, chosen: None, reason: None, act: Box::new(act) }
    }

    /// One of several; the chosen one is marked.
    pub fn chosen(mut self, chosen: bool) -> Self {
        self.chosen = Some(chosen);
        self
    }

    /// Shown, but not to be used, with the reason below.
    pub fn refused(mut self, reason: String) -> Self {
        self.reason = Some(reason);
        self
    }

    /// Drawn in red.
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }
}

/// A button with a menu; `place` positions the box, e.g. `right-0 top-9 w-56`.
pub fn menu(trigger: Trigger, place: &'static str, items: impl Fn() -> Vec<Item> + Send + Sync + 'static) -> AnyView {
    let content = move |open: RwSignal<bool>| {
        let rows = items().into_iter().map(|item| row(item, open)).collect_view();
        view! { <div class="grid p-1.5">{rows}</div> }.into_any()
    };
    popover_as("menu", trigger, place, content)
}

fn row(item: Item, open: RwSignal<bool>) -> AnyView {
    if let Some(reason) = item.reason {
        return refused(item.icon, item.label, reason);
    }
    let class = if item.danger { "menu-item text-danger-fg" } else { "menu-item" };
    let role = if item.chosen.is_some() { "menuitemradio" } else { "menuitem" };
    let checked = item.chosen.map(|chosen| chosen.to_string());
    // Of several, the others keep the room of the mark.
    let mark = if item.chosen == Some(false) { "i i-sm invisible" } else { "i i-sm" };
    let act = item.act;
    let click = move |_| {
        open.set(false);
        act();
    };
    view! {
        <button type="button" role=role aria-checked=checked class=class on:click=click>
            {icon(item.icon, mark)} {item.label}
        </button>
    }
    .into_any()
}

fn refused(art: &'static str, label: String, reason: String) -> AnyView {
    view! {
        <button type="button" role="menuitem" aria-disabled="true" class="menu-item items-start text-ink-3">
            {icon(art, "i i-sm mt-0.75")}
            <span><span class="block">{label}</span><span class="hint block">{reason}</span></span>
        </button>
    }
    .into_any()
}

/// A button with a box of anything; `content` gets the signal that closes it.
pub fn popover(
    trigger: Trigger,
    place: &'static str,
    content: impl Fn(RwSignal<bool>) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    popover_as("dialog", trigger, place, content)
}

fn popover_as(
    role: &'static str,
    trigger: Trigger,
    place: &'static str,
    content: impl Fn(RwSignal<bool>) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let open = RwSignal::new(false);
    let root = NodeRef::<Div>::new();
    let button = NodeRef::<Button>::new();
    close_outside(root, open);
    let keys = move |event: KeyboardEvent| on_key(&event, role, root, button, open);
    let Trigger { class, label, inside } = trigger;
    let name = label.clone();
    let shown = move || open.get().then(|| opened(role, place, name.clone(), content(open)));
    view! {
        <div class="relative" node_ref=root on:keydown=keys>
            <button
                type="button"
                class=class
                aria-haspopup=role
                aria-expanded=move || open.get().to_string()
                aria-label=label.clone()
                title=label
                node_ref=button
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {inside}
            </button>
            {shown}
        </div>
    }
    .into_any()
}

fn opened(role: &'static str, place: &'static str, label: Option<String>, content: AnyView) -> AnyView {
    let node = NodeRef::<Div>::new();
    Effect::new(move || {
        if let Some(root) = node.get() {
            focus::enter(&root);
        }
    });
    let class = format!("pop absolute z-30 {place}");
    view! { <div class=class role=role aria-label=label node_ref=node>{content}</div> }.into_any()
}

fn on_key(event: &KeyboardEvent, role: &str, root: NodeRef<Div>, button: NodeRef<Button>, open: RwSignal<bool>) {
    let Some(root) = root.get_untracked() else { return };
    match event.key().as_str() {
        "Escape" if open.get_untracked() => {
            event.stop_propagation();
            open.set(false);
            focus::give(button.get_untracked().map(Into::into));
        }
        "Tab" if role == "menu" => open.set(false),
        "ArrowDown" | "ArrowUp" if role == "menu" && !open.get_untracked() => {
            event.prevent_default();
            open.set(true);
        }
        _ if role == "menu" && open.get_untracked() => {
            focus::arrows(&root, "[role^='menuitem']", event);
        }
        _ => {}
    }
}

fn close_outside(root: NodeRef<Div>, open: RwSignal<bool>) {
    let handle = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let outside = root.get_untracked().is_some_and(|root| !root.contains(target.as_ref()));
        if outside && open.get_untracked() {
            open.set(false);
        }
    });
    on_cleanup(move || handle.remove());
}
