//! Keeps a draft while somebody types, and says so; a closed tab or another
//! screen loses nothing.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, Utc};
use leptos::{ev, leptos_dom::helpers::set_timeout, prelude::*};

use super::{
    draft::{self, Draft},
    state::Form,
};
use crate::{format, state::app, t, ui::toast};

/// Typing pauses this long before the draft is written.
const PAUSE: Duration = Duration::from_millis(600);

/// The keeping of one form's draft.
#[derive(Clone, Copy)]
pub struct Keeper {
    key: StoredValue<String>,
    /// When the draft on disk was written.
    pub kept_at: RwSignal<Option<DateTime<Utc>>>,
    /// What a departure would lose.
    pending: StoredValue<Arc<Mutex<Option<Draft>>>>,
    turn: StoredValue<u32>,
}

impl Keeper {
    /// Starts keeping; `kept_at` tells of a draft the form was begun with.
    pub fn start(form: Form, key: String, kept_at: Option<DateTime<Utc>>) -> Self {
        Self::start_for(form, key, kept_at, app().nav.path())
    }

    /// The same for values whose draft continues on another screen.
    pub fn start_for(form: Form, key: String, kept_at: Option<DateTime<Utc>>, path: String) -> Self {
        let keeper = Self {
            key: StoredValue::new(key.clone()),
            kept_at: RwSignal::new(kept_at),
            pending: StoredValue::new(Arc::new(Mutex::new(None))),
            turn: StoredValue::new(0),
        };
        keeper.follow(form);
        guard_tab(keeper.pending.get_value(), key.clone());
        guard_screen(keeper.pending.get_value(), key, path);
        keeper
    }

    /// Keeps nothing: a small form over another, which asks before it closes.
    pub fn none() -> Self {
        Self {
            key: StoredValue::new(String::new()),
            kept_at: RwSignal::new(None),
            pending: StoredValue::new(Arc::new(Mutex::new(None))),
            turn: StoredValue::new(0),
        }
    }

    fn follow(self, form: Form) {
        let version = form.base().version();
        Effect::new(move |before: Option<()>| {
            let record = form.draft();
            let dirty = form.dirty.get();
            if before.is_none() && !dirty {
                return;
            }
            put(&self.pending.get_value(), dirty.then(|| Draft::new(version, record, format::now())));
            let turn = self.turn.get_value().wrapping_add(1);
            self.turn.set_value(turn);
            let due = move || {
                if self.turn.try_get_value() == Some(turn) {
                    self.write();
                }
            };
            set_timeout(due, PAUSE);
        });
    }

    fn write(self) {
        let draft = take_copy(&self.pending.get_value());
        match &draft {
            Some(draft) => draft::write(&self.key.get_value(), draft),
            None => draft::remove(&self.key.get_value()),
        }
        self.kept_at.set(draft.and_then(|draft| draft.moment()));
    }

    /// The values are saved or given up: nothing is kept any longer.
    pub fn stop(self) {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        put(&self.pending.get_value(), None);
        draft::remove(&self.key.get_value());
        self.kept_at.set(None);
    }
}

fn put(pending: &Mutex<Option<Draft>>, draft: Option<Draft>) {
    if let Ok(mut slot) = pending.lock() {
        *slot = draft;
    }
}

fn take_copy(pending: &Mutex<Option<Draft>>) -> Option<Draft> {
    pending.lock().ok().and_then(|slot| slot.clone())
}

/// A tab that closes writes the draft first, and asks.
fn guard_tab(pending: Arc<Mutex<Option<Draft>>>, key: String) {
    let handle = window_event_listener(ev::beforeunload, move |event| {
        if let Some(draft) = take_copy(&pending) {
            draft::write(&key, &draft);
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// Another screen opens at once; the way back to the draft is one button.
fn guard_screen(pending: Arc<Mutex<Option<Draft>>>, key: String, path: String) {
    on_cleanup(move || {
        // Whoever signs out leaves nothing behind.
        let Some(draft) = take_copy(&pending).filter(|_| app().session.is_inside()) else { return };
        draft::write(&key, &draft);
        toast::offer(t!("form.draft_left"), t!("form.draft_back"), move || app().nav.to(&path));
    });
}
