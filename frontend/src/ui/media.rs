//! How wide the window is.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};

thread_local! {
    static WIDE: ArcRwSignal<bool> = watch();
}

/// Whether tables have room (`lg`); tracked.
pub fn wide() -> bool {
    WIDE.with(Clone::clone).get()
}

fn watch() -> ArcRwSignal<bool> {
    let Some(query) = window().match_media("(min-width: 64rem)").ok().flatten() else { return ArcRwSignal::new(true) };
    let (signal, asked) = (ArcRwSignal::new(query.matches()), query.clone());
    let heard = signal.clone();
    let change = Closure::<dyn Fn()>::new(move || heard.set(asked.matches()));
    let _ = query.add_event_listener_with_callback("change", change.as_ref().unchecked_ref());
    // It listens for as long as the application runs.
    change.forget();
    signal
}
