//! Nothing to show: what this is, and the first thing to do.

use leptos::prelude::*;

use super::icon::icon;
use crate::{api::Failure, t};

/// An empty place with an icon, a sentence or two and buttons.
pub fn empty(art: &str, heading: String, text: String, actions: AnyView) -> AnyView {
    view! {
        <div class="empty content-center">
            <span class="empty-art">{icon(art, "i i-xl")}</span>
            <h2 class="text-base font-semibold">{heading}</h2>
            <p>{text}</p>
            <div class="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>
        </div>
    }
    .into_any()
}

/// A failure where content should be: why, the code for support, try again.
pub fn failed(heading: String, failure: &Failure, again: impl Fn() + Send + Sync + 'static) -> AnyView {
    let text = format!("{} {}", failure.message(), t!("failure.code", code = failure.reference()));
    let actions = view! {
        <button type="button" class="btn btn-sm btn-primary" on:click=move |_| again()>
            {icon("rotate-cw", "i")}{t!("retry")}
        </button>
    };
    view! { <div role="alert">{empty("cloud-off", heading, text, actions.into_any())}</div> }.into_any()
}
