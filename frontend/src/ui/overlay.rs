//! Things that lie over the page: decision dialogs and drawers. The focus moves
//! in, stays in, and goes back where it was; Esc closes.

use std::{cell::RefCell, sync::Arc};

use leptos::{ev, ev::KeyboardEvent, html::Section, prelude::*};
use send_wrapper::SendWrapper;

use super::{focus, icon::icon};
use crate::t;

/// Closes what is open.
pub type Close = Arc<dyn Fn() + Send + Sync>;

/// What a decision dialog says.
pub struct Dialog {
    pub title: String,
    pub text: String,
    /// Icon and classes of its ground, e.g. `bg-danger-bg text-danger-fg`.
    pub art: (&'static str, &'static str),
    pub body: AnyView,
    /// The buttons.
    pub foot: AnyView,
}

/// Whether something lies over the page, to which the keys belong.
pub fn is_open() -> bool {
    document().query_selector("[aria-modal='true']").ok().flatten().is_some()
}

/// A modal decision; drawn only while it is open.
pub fn dialog(dialog: Dialog, close: Close) -> AnyView {
    let Dialog { title, text, art: (art, ground), body, foot } = dialog;
    let ground = format!("grid h-9 w-9 shrink-0 place-items-center rounded-full {ground}");
    let shut = Arc::clone(&close);
    let inner = view! {
        <div class="dlg-head">
            <span class=ground>{icon(art, "i i-md")}</span>
            <div class="min-w-0 flex-1">
                <h2>{title.clone()}</h2>
                <p class="page-sub">{text}</p>
            </div>
            {close_button(shut)}
        </div>
        <div class="dlg-body">{body}</div>
        <div class="dlg-foot max-md:flex-col-reverse max-md:items-stretch">{foot}</div>
    };
    over("dlg", "alertdialog", title, inner.into_any(), close)
}

/// A modal drawer on the right; drawn only while it is open.
pub fn sheet(title: String, content: AnyView, close: Close) -> AnyView {
    over("sheet", "dialog", title, content, close)
}

/// The head of a drawer: title, tools, close.
pub fn sheet_head(title: AnyView, tools: AnyView, close: Close) -> AnyView {
    view! {
        <div class="flex h-14 shrink-0 items-center gap-2 border-b border-line pr-3 pl-4">
            {title}
            <span class="ml-auto flex gap-0.5">{tools}{close_button(close)}</span>
        </div>
    }
    .into_any()
}

/// The × of an overlay.
pub fn close_button(close: Close) -> AnyView {
    let label = t!("close_esc");
    view! {
        <button type="button" class="icon-btn" aria-label=label.clone() title=label on:click=move |_| close()>
            {icon("x", "i i-md")}
        </button>
    }
    .into_any()
}

/// A box with a class of its own over a dimmed page.
pub fn over(class: &'static str, role: &'static str, label: String, content: AnyView, close: Close) -> AnyView {
    let node = NodeRef::<Section>::new();
    enter_and_return(node);
    let by_backdrop = Arc::clone(&close);
    guard(node, Arc::clone(&close));
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            close();
        } else if let Some(root) = node.get_untracked() {
            focus::keep_inside(&root, &event);
        }
    };
    view! {
        <div class="backdrop" on:click=move |_| by_backdrop()></div>
        <section class=class role=role aria-modal="true" aria-label=label tabindex="-1" node_ref=node on:keydown=keys>
            {content}
        </section>
    }
    .into_any()
}

thread_local! {
    /// What lies over the page, the topmost last.
    static OPEN: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// Keys pressed while the focus is nowhere, as after a click on plain ground,
/// are the topmost overlay's as well.
fn guard(node: NodeRef<Section>, close: Close) {
    let id = OPEN.with_borrow_mut(|open| {
        let id = open.last().map_or(0, |top| top.wrapping_add(1));
        open.push(id);
        id
    });
    let handle = window_event_listener(ev::keydown, move |event| {
        let top = OPEN.with_borrow(|open| open.last() == Some(&id));
        let Some(root) = node.get_untracked().filter(|_| top && !event.default_prevented()) else { return };
        if focus::active().is_some_and(|element| root.contains(Some(&element))) {
            return;
        }
        match event.key().as_str() {
            "Escape" => {
                event.prevent_default();
                close();
            }
            "Tab" => {
                event.prevent_default();
                focus::enter(&root);
            }
            _ => {}
        }
    });
    on_cleanup(move || {
        handle.remove();
        OPEN.with_borrow_mut(|open| open.retain(|other| *other != id));
    });
}

fn enter_and_return(node: NodeRef<Section>) {
    let before = SendWrapper::new(focus::active());
    Effect::new(move || {
        if let Some(root) = node.get() {
            focus::enter(&root);
        }
    });
    on_cleanup(move || focus::give_back(before.take()));
}
