//! How far something is.

use leptos::prelude::*;

/// A bar of 0 to 100; without a figure it only says that something happens.
pub fn progress(percent: Option<i64>, label: String) -> AnyView {
    match percent {
        Some(done) => view! {
            <progress class="progress w-full" max="100" value=done.to_string() aria-label=label></progress>
        }
        .into_any(),
        None => view! { <progress class="progress w-full" aria-label=label></progress> }.into_any(),
    }
}
