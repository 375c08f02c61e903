//! To the next and the previous record of the list one came from.

use leptos::prelude::*;

use super::{keys::with_keys, page::Page};
use crate::{format, resource::trail, screen::Screen, state::app, t, ui::icon::icon};

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Previous,
    Next,
}

/// The record that way; tracked.
fn neighbour(page: Page, way: Way) -> Option<String> {
    let (before, after) = trail::neighbours(page.resource, &page.id());
    if way == Way::Previous { before } else { after }
}

/// Goes there; says whether there is one.
pub fn go(page: Page, way: Way) -> bool {
    let Some(id) = untrack(|| neighbour(page, way)) else { return false };
    app().nav.to(&Screen::Detail(page.resource, id).path());
    true
}

/// The two arrows, and where one stands in the list.
pub fn arrows(page: Page) -> AnyView {
    let place = Memo::new(move |_| trail::place(page.resource, &page.id()));
    let shown = move || {
        let place = place.get()?;
        let position = match (place.at, place.of) {
            (Some(at), Some(of)) => t!("walk.position", at = format::integer(at), of = format::integer(of)),
            (Some(at), None) => format!("{}º", format::integer(at)),
            (None, _) => String::new(),
        };
        Some(view! {
            <div class="flex items-center gap-2 max-lg:hidden">
                <span class="hint num whitespace-nowrap max-xl:hidden">{position}</span>
                <div class="flex -space-x-px [&>:first-child]:rounded-r-none [&>:last-child]:rounded-l-none" role="group" aria-label=t!("walk.title")>
                    {arrow(page, Way::Previous)} {arrow(page, Way::Next)}
                </div>
            </div>
        })
    };
    shown.into_any()
}

fn arrow(page: Page, way: Way) -> AnyView {
    let (art, label) = match way {
        Way::Previous => ("chevron-up", with_keys(t!("walk.previous"), "detail.previous")),
        Way::Next => ("chevron-down", with_keys(t!("walk.next"), "detail.next")),
    };
    let there = Memo::new(move |_| neighbour(page, way).is_some());
    view! {
        <button
            type="button"
            class="btn btn-sm btn-line btn-square"
            aria-label=label.clone()
            title=label
            disabled=move || !there.get()
            on:click=move |_| { let _ = go(page, way); }
        >
            {icon(art, "i")}
        </button>
    }
    .into_any()
}
