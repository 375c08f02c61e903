//! One short message at the bottom: what happened, and for a moment the way back.

use std::{sync::Arc, time::Duration};

use leptos::{leptos_dom::helpers::set_timeout, prelude::*};

use super::icon::icon;
use crate::{api::Failure, state::app, t};

const SHOWN: Duration = Duration::from_secs(6);
const SHOWN_WITH_UNDO: Duration = Duration::from_secs(10);

type Act = Arc<dyn Fn() + Send + Sync>;

#[derive(Clone)]
struct Toast {
    text: String,
    /// What the button says and does.
    action: Option<(String, Act)>,
    failed: bool,
}

#[derive(Debug, Clone, Copy)]
pub struct Toasts {
    current: RwSignal<Option<Toast>>,
    turn: StoredValue<u32>,
}

impl Toasts {
    pub fn new() -> Self {
        Self { current: RwSignal::new(None), turn: StoredValue::new(0) }
    }

    fn show(self, toast: Toast) {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        let shown = if toast.action.is_some() { SHOWN_WITH_UNDO } else { SHOWN };
        self.current.set(Some(toast));
        let hide = move || {
            if self.turn.get_value() == turn {
                self.current.set(None);
            }
        };
        set_timeout(hide, shown);
    }

    /// Takes the message away.
    pub fn dismiss(self) {
        self.current.set(None);
    }
}

/// Says what happened.
pub fn say(text: String) {
    app().toasts.show(Toast { text, action: None, failed: false });
}

/// Says what did not work, in words of our own.
pub fn warn(text: String) {
    app().toasts.show(Toast { text, action: None, failed: true });
}

/// Says what happened and offers to take it back for ten seconds.
pub fn undo(text: String, undo: impl Fn() + Send + Sync + 'static) {
    offer(text, t!("undo"), undo);
}

/// Says what happened and offers what may follow.
pub fn offer(text: String, label: String, act: impl Fn() + Send + Sync + 'static) {
    app().toasts.show(Toast { text, action: Some((label, Arc::new(act))), failed: false });
}

/// Says why something did not happen.
pub fn fail(failure: &Failure) {
    app().toasts.show(Toast { text: failure.message(), action: None, failed: true });
}

/// The place where messages appear; one in the page.
pub fn place() -> AnyView {
    let toasts = app().toasts;
    let one = move || toasts.current.get().map(|toast| snack(toasts, toast));
    view! {
        <div
            class="fixed bottom-5 left-1/2 z-70 -translate-x-1/2 max-md:bottom-18 max-md:w-[calc(100%-2rem)]"
            role="status"
            aria-live="polite"
        >
            {one}
        </div>
    }
    .into_any()
}

fn snack(toasts: Toasts, toast: Toast) -> AnyView {
    let name = if toast.failed { "circle-alert" } else { "check" };
    let button = toast.action.map(|(label, act)| {
        let click = move |_| {
            toasts.dismiss();
            act();
        };
        view! { <button type="button" on:click=click>{label}</button> }
    });
    let close = move |_| toasts.dismiss();
    view! {
        <div class="snack">
            {icon(name, "i i-sm")} <span class="flex-1">{toast.text}</span> {button}
            <button type="button" aria-label=t!("close") on:click=close>{icon("x", "i i-sm")}</button>
        </div>
    }
    .into_any()
}
