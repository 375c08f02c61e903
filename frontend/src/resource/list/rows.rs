//! The rows on the screen.

use leptos::prelude::*;

/// Scrolls to a row, no more than needed.
pub fn show(id: &str) {
    let Some(row) = document().query_selector(&format!("[data-row='{id}']")).ok().flatten() else { return };
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    row.scroll_into_view_with_scroll_into_view_options(&options);
}
