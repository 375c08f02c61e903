//! A view built anew whenever its key changes, instead of patched: another
//! screen starts with its own state, focus and scroll.

use std::hash::Hash;

use leptos::prelude::*;

/// Draws `view` for the present key.
pub fn fresh<K>(
    key: impl Fn() -> K + Send + Sync + 'static,
    view: impl Fn(K) -> AnyView + Send + Sync + Clone + 'static,
) -> AnyView
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
{
    view! { <For each=move || [key()] key=Clone::clone children=view /> }.into_any()
}
