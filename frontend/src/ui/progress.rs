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

/// A thin bar of one share of a whole in the colour of a tone (`bg-new`, …).
pub fn meter(percent: i64, colour: &'static str) -> AnyView {
    let width = format!("{}%", percent.clamp(0, 100));
    view! { <span class="meter col-span-2" aria-hidden="true"><i class=colour style:width=width></i></span> }.into_any()
}
