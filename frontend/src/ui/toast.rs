//! Short messages at the bottom, one at a time: what happened, and for a moment
//! the way back. The time stands still while a pointer or the focus is on one
//! and while nobody looks at the page.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use leptos::{leptos_dom::helpers::set_timeout, prelude::*};

use super::icon::icon;
use crate::{api::Failure, screen::Screen, state::app, t};

/// Times are counted in these.
const TICK: Duration = Duration::from_millis(200);

/// How long a message stays: 6 s, or 10 s when something may follow.
const SHOWN: u32 = 30;
const SHOWN_WITH_ACTION: u32 = 50;

/// How long it stays at least when another one waits: 1.2 s or 4 s.
const SHORTEST: u32 = 6;
const SHORTEST_WITH_ACTION: u32 = 20;

/// How long a change can be taken back by the keyboard, whatever became of its message.
const REGRET: Duration = Duration::from_secs(10);

/// More messages than these do not wait.
const WAITING: usize = 5;

type Act = Arc<dyn Fn() + Send + Sync>;

#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    /// What the button says and does.
    action: Option<(String, Act)>,
    /// It is about something that is in the recycle bin.
    binned: bool,
    failed: bool,
    /// Ticks that are left.
    left: u32,
}

impl Toast {
    const fn whole(&self) -> u32 {
        if self.action.is_some() { SHOWN_WITH_ACTION } else { SHOWN }
    }

    const fn shortest(&self) -> u32 {
        if self.action.is_some() { SHORTEST_WITH_ACTION } else { SHORTEST }
    }
}

/// What the keyboard takes back.
#[derive(Clone)]
struct Regret {
    /// Of the message that offers the same.
    id: u32,
    act: Act,
    /// Ten seconds are over; it lives as long as its message.
    late: bool,
}

#[derive(Debug, Clone, Copy)]
pub struct Toasts {
    current: RwSignal<Option<Toast>>,
    waiting: StoredValue<VecDeque<Toast>>,
    /// Ticks left of the one shown.
    left: RwSignal<u32>,
    /// A pointer or the focus is on it.
    held: StoredValue<bool>,
    regret: StoredValue<Option<Regret>>,
    next_id: StoredValue<u32>,
    ticking: StoredValue<bool>,
}

impl Toasts {
    pub fn new() -> Self {
        Self {
            current: RwSignal::new(None),
            waiting: StoredValue::new(VecDeque::new()),
            left: RwSignal::new(0),
            held: StoredValue::new(false),
            regret: StoredValue::new(None),
            next_id: StoredValue::new(0),
            ticking: StoredValue::new(false),
        }
    }

    /// Says something after what is being said; failures at once. Gives its id.
    fn add(self, text: String, action: Option<(String, Act)>, failed: bool, binned: bool) -> u32 {
        let id = self.next_id.get_value().wrapping_add(1);
        self.next_id.set_value(id);
        let toast = Toast { id, text, action, binned, failed, left: 0 };
        let toast = Toast { left: toast.whole(), ..toast };
        let present = self.current.get_untracked();
        match present {
            Some(present) if present.text != toast.text && !failed => self.queue(toast, false),
            Some(present) if present.text != toast.text && present.action.is_some() => {
                self.queue(Toast { left: self.left.get_untracked(), ..present }, true);
                self.show(toast);
            }
            _ => self.show(toast),
        }
        id
    }

    fn queue(self, toast: Toast, first: bool) {
        self.waiting.update_value(|waiting| {
            if first {
                waiting.push_front(toast);
            } else {
                waiting.push_back(toast);
            }
            if waiting.len() > WAITING {
                let plain = waiting.iter().position(|toast| toast.action.is_none()).unwrap_or_default();
                drop(waiting.remove(plain));
            }
        });
    }

    fn show(self, toast: Toast) {
        self.held.set_value(false);
        self.left.set(toast.left);
        self.current.set(Some(toast));
        if !self.ticking.get_value() {
            self.ticking.set_value(true);
            self.tick();
        }
    }

    fn tick(self) {
        let due = move || {
            self.pass();
            if self.current.read_untracked().is_some() { self.tick() } else { self.ticking.set_value(false) }
        };
        set_timeout(due, TICK);
    }

    fn pass(self) {
        let Some(toast) = self.current.get_untracked() else { return };
        if self.held.get_value() || document().hidden() {
            return;
        }
        let left = self.left.get_untracked().saturating_sub(1);
        self.left.set(left);
        let seen = toast.whole().saturating_sub(left) >= toast.shortest();
        let others = self.waiting.with_value(|waiting| !waiting.is_empty());
        if left == 0 || (seen && others) {
            self.dismiss();
        }
    }

    /// Takes the message away; the next one follows.
    pub fn dismiss(self) {
        let gone = self.current.get_untracked().map(|toast| toast.id);
        self.regret.update_value(|regret| drop(regret.take_if(|r| r.late && Some(r.id) == gone)));
        match self.waiting.try_update_value(VecDeque::pop_front).flatten() {
            Some(next) => self.show(next),
            None => self.current.set(None),
        }
    }

    fn regrettable(self, id: u32, act: Act) {
        self.regret.set_value(Some(Regret { id, act, late: false }));
        let due = move || {
            let shown = |toast: &Toast| toast.id == id;
            let lives = self.current.read_untracked().as_ref().is_some_and(shown)
                || self.waiting.with_value(|w| w.iter().any(shown));
            self.regret.update_value(|regret| match regret {
                Some(same) if same.id == id && lives => same.late = true,
                Some(same) if same.id == id => *regret = None,
                _ => {}
            });
        };
        set_timeout(due, REGRET);
    }

    /// Takes back what was offered last, while that is possible; says whether it was.
    pub fn undo_last(self) -> bool {
        let Some(regret) = self.regret.try_update_value(Option::take).flatten() else { return false };
        self.waiting.update_value(|waiting| waiting.retain(|toast| toast.id != regret.id));
        if self.current.read_untracked().as_ref().is_some_and(|toast| toast.id == regret.id) {
            self.dismiss();
        }
        (regret.act)();
        true
    }

    /// The button of the message was used: the keyboard does not do it again.
    fn used(self, id: u32) {
        self.regret.update_value(|regret| drop(regret.take_if(|regret| regret.id == id)));
        self.dismiss();
    }
}

/// Says what happened.
pub fn say(text: String) {
    app().toasts.add(text, None, false, false);
}

/// Says what did not work, in words of our own.
pub fn warn(text: String) {
    app().toasts.add(text, None, true, false);
}

/// Says what happened and offers to take it back for ten seconds, also by the keyboard.
pub fn undo(text: String, undo: impl Fn() + Send + Sync + 'static) {
    back(text, Arc::new(undo), false);
}

/// The same of something that was deleted, with the way to the recycle bin.
pub fn deleted(text: String, undo: impl Fn() + Send + Sync + 'static) {
    back(text, Arc::new(undo), true);
}

fn back(text: String, undo: Act, binned: bool) {
    let id = app().toasts.add(text, Some((t!("undo"), Arc::clone(&undo))), false, binned);
    app().toasts.regrettable(id, undo);
}

/// Says what happened and offers what may follow.
pub fn offer(text: String, label: String, act: impl Fn() + Send + Sync + 'static) {
    app().toasts.add(text, Some((label, Arc::new(act))), false, false);
}

/// Says why something did not happen.
pub fn fail(failure: &Failure) {
    warn(failure.message());
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
    let (id, whole) = (toast.id, toast.whole());
    let button = toast.action.map(|(label, act)| {
        let click = move |_| {
            toasts.used(id);
            act();
        };
        view! { <button type="button" on:click=click>{label}</button> }
    });
    let bin = toast.binned.then(|| {
        let click = move |_| {
            toasts.dismiss();
            app().nav.to(&Screen::Bin.path());
        };
        view! { <button type="button" on:click=click>{t!("bin.name")}</button> }
    });
    let width = move || format!("{}%", toasts.left.get().saturating_mul(100).checked_div(whole).unwrap_or_default());
    let hold = move |held| move || toasts.held.set_value(held);
    let (hold, release) = (hold(true), hold(false));
    view! {
        <div
            class="snack"
            on:pointerenter=move |_| hold()
            on:pointerleave=move |_| release()
            on:focusin=move |_| hold()
            on:focusout=move |_| release()
        >
            {icon(name, "i i-sm")} <span class="flex-1">{toast.text}</span> {button} {bin}
            <button type="button" aria-label=t!("close") on:click=move |_| toasts.dismiss()>{icon("x", "i i-sm")}</button>
            <i class="snack-time" aria-hidden="true" style:width=width></i>
        </div>
    }
    .into_any()
}
