//! What every part of the application shares: who is in, how they like it,
//! what was said lately and what arrives live.

use crate::{
    api::live::Live,
    nav::Nav,
    outbox::Outbox,
    prefs::Prefs,
    session::Session,
    shell::{Acts, Keymap},
    ui::toast::Toasts,
};

/// Handles to the shared signals; free to copy.
#[derive(Debug, Clone, Copy)]
pub struct App {
    pub session: Session,
    pub prefs: Prefs,
    pub nav: Nav,
    pub toasts: Toasts,
    pub live: Live,
    /// Which key does what.
    pub keys: Keymap,
    /// What may be done with what the page shows.
    pub acts: Acts,
    /// What was written without a network.
    pub outbox: Outbox,
}

thread_local! {
    static APP: App = App {
        session: Session::new(),
        prefs: Prefs::stored(),
        nav: Nav::new(),
        toasts: Toasts::new(),
        live: Live::new(),
        keys: Keymap::stored(),
        acts: Acts::new(),
        outbox: Outbox::new(),
    };
}

/// The shared state, from anywhere: components, event handlers, futures.
pub fn app() -> App {
    APP.with(|app| *app)
}
