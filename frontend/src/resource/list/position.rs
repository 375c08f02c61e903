//! Where one stood in a list: rows, page, scroll and cursor are there again on
//! the way back from a record.

use leptos::{ev, prelude::*};

use super::{model::List, rows};
use crate::{resource::trail, screen::Screen, state::app};

/// Keeps the list for as long as the application runs when it is left.
pub fn keep(list: List) {
    let path = Screen::List(list.resource).path();
    // The router scrolls to the top of the next screen while this one still stands.
    let here = move || app().nav.path() == path;
    let scrolled = window_event_listener(ev::scroll, move |_| {
        if here() {
            list.scrolled(window().scroll_y().unwrap_or_default());
        }
    });
    on_cleanup(move || {
        scrolled.remove();
        if let Some(kept) = list.kept() {
            trail::keep(kept);
        }
    });
}

/// Shows the list as it was left, when it is the same; answers how many rows that are.
pub fn come_back(list: List) -> Option<usize> {
    let kept = trail::back_to(list.resource, &list.query.get_untracked())?;
    let (rows, scroll, cursor) = (kept.page.items.len(), kept.scroll, kept.cursor.clone());
    list.take_back(kept);
    // The rows are on the screen a frame later.
    request_animation_frame(move || {
        window().scroll_to_with_x_and_y(0.0, scroll);
        if let Some(id) = cursor {
            rows::show(list, &id);
        }
    });
    Some(rows)
}
