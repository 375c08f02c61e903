//! What was written without a network, kept on the device and sent in order
//! when the network is back. Which writes may wait is declared in
//! `conexao_domain::offline`.
//!
//! Here is only what is needed from the start; the rest is fetched later.

mod entry;
mod here;
mod send;
mod store;
mod view;

use leptos::prelude::*;

pub use entry::Entry;
pub use here::here;
pub use send::{Outcome, start, write};
pub use view::{goodbye, sheet, strip};

use crate::{
    prefs::{forget, recall, remember},
    session,
    state::app,
};

/// Set while something waits, so that leaving can ask before anything was fetched.
const HOLDS: &str = "conexao.own.outbox";

/// What waits.
#[derive(Debug, Clone, Copy)]
pub struct Outbox {
    /// In the order of writing.
    pub entries: RwSignal<Vec<Entry>>,
    /// Somebody wants to leave although something waits.
    pub leaving: RwSignal<bool>,
    /// The record whose entry was sent last, so that its page reads anew.
    pub sent: RwSignal<Option<String>>,
}

impl Outbox {
    pub fn new() -> Self {
        Self { entries: RwSignal::new(Vec::new()), leaving: RwSignal::new(false), sent: RwSignal::new(None) }
    }

    /// Whether something waits on this device.
    pub fn holds() -> bool {
        recall(HOLDS).is_some()
    }

    /// Forgets everything here: whoever wrote it leaves.
    pub fn empty(self) {
        self.entries.set(Vec::new());
        self.leaving.set(false);
        store::forget();
    }

    fn put(self, entries: Vec<Entry>) {
        if entries.is_empty() {
            forget(HOLDS);
        } else {
            remember(HOLDS, "true");
        }
        self.entries.set(entries);
    }
}

/// Leaves, after asking where something would be lost.
pub fn leave() {
    let outbox = app().outbox;
    if Outbox::holds() && !outbox.leaving.get_untracked() {
        outbox.leaving.set(true);
    } else {
        session::Session::leave(app().session);
    }
}
