//! What every part of the application shares: who is in, how they like it,
//! what was said lately and what arrives live.

use crate::{api::live::Live, nav::Nav, prefs::Prefs, session::Session, ui::toast::Toasts};

/// Handles to the shared signals; free to copy.
#[derive(Debug, Clone, Copy)]
pub struct App {
    pub session: Session,
    pub prefs: Prefs,
    pub nav: Nav,
    pub toasts: Toasts,
    pub live: Live,
}

thread_local! {
    static APP: App = App {
        session: Session::new(),
        prefs: Prefs::stored(),
        nav: Nav::new(),
        toasts: Toasts::new(),
        live: Live::new(),
    };
}

/// The shared state, from anywhere: components, event handlers, futures.
pub fn app() -> App {
    APP.with(|app| *app)
}
