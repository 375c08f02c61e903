//! Which rows are drawn. A list of thousands has only those near the window in
//! the page; room above and below stands for the others.

use leptos::{ev, html::Table, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::model::List;
use crate::{
    prefs::{recall, remember},
    ui::media,
};

/// Up to this many rows all are drawn.
const FEW: usize = 60;

/// Rows drawn above and below the window, and by how many that moves at a time.
const BEYOND: usize = 16;
const STEP: usize = 8;

/// Of a row before one was drawn, in pixels.
const HEIGHT: i32 = 44;

const ENDLESS: &str = "conexao.endless";

/// Whether this person lets rows follow without end instead of turning pages.
pub fn likes_endless() -> bool {
    recall(ENDLESS).as_deref() == Some("true")
}

/// Keeps that choice.
pub fn choose_endless(list: List, endless: bool) {
    remember(ENDLESS, if endless { "true" } else { "false" });
    list.endless().set(endless);
}

/// The rows that are drawn, and how high one is in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: usize,
    pub to: usize,
    pub height: i32,
}

impl Span {
    /// What is drawn of so many rows.
    pub fn of(self, rows: usize) -> (usize, usize) {
        if rows <= FEW { (0, rows) } else { (self.from.min(rows.saturating_sub(1)), self.to.min(rows)) }
    }

    /// Room that stands for rows, as a style.
    pub fn room(self, rows: usize) -> String {
        format!("{}px", pixels(rows, self.height))
    }
}

fn pixels(rows: usize, height: i32) -> i32 {
    i32::try_from(rows).unwrap_or(i32::MAX).saturating_mul(height)
}

/// Follows the window over the table, and fetches more rows near their end.
pub fn follow(list: List, table: NodeRef<Table>) -> RwSignal<Span> {
    let span = RwSignal::new(Span { from: 0, to: FEW, height: HEIGHT });
    let asked = StoredValue::new(false);
    let look = move || {
        if asked.try_get_value() != Some(false) {
            return;
        }
        asked.set_value(true);
        request_animation_frame(move || {
            if asked.try_set_value(false).is_none()
                && let Some(seen) = table.get_untracked().and_then(|table| seen(&table))
                && span.try_get_untracked() != Some(seen)
            {
                span.try_set(seen);
            }
        });
    };
    let (scrolled, resized) =
        (window_event_listener(ev::scroll, move |_| look()), window_event_listener(ev::resize, move |_| look()));
    on_cleanup(move || {
        scrolled.remove();
        resized.remove();
    });
    let count = Memo::new(move |_| list.loaded());
    Effect::new(move || {
        count.track();
        table.track();
        look();
    });
    Effect::new(move || {
        let near = span.get().to.saturating_add(BEYOND) >= count.get();
        if near && list.endless().get() && count.get() > 0 && media::wide() {
            list.more();
        }
    });
    span
}

/// What of the table the window shows, with some rows more.
fn seen(table: &HtmlElement) -> Option<Span> {
    let root = document().document_element()?;
    let height = table
        .query_selector("tr[data-row]")
        .ok()
        .flatten()
        .and_then(|row| row.dyn_into::<HtmlElement>().ok())
        .map_or(HEIGHT, |row| row.offset_height())
        .max(1);
    let above = root.scroll_top().saturating_sub(top(table)).max(0) / height;
    let above = usize::try_from(above).unwrap_or_default();
    let fits = usize::try_from(root.client_height() / height).unwrap_or_default();
    let from = above.saturating_sub(BEYOND) / STEP * STEP;
    let to = (above + fits + BEYOND).div_ceil(STEP) * STEP;
    Some(Span { from, to, height })
}

/// How far below the top of the page an element begins, in pixels.
fn top(element: &HtmlElement) -> i32 {
    let mut at = element.offset_top();
    let mut parent = element.offset_parent();
    while let Some(above) = parent.and_then(|above| above.dyn_into::<HtmlElement>().ok()) {
        at = at.saturating_add(above.offset_top());
        parent = above.offset_parent();
    }
    at
}

/// Scrolls to a row, no more than needed.
pub fn show(list: List, id: &str) {
    if let Some(row) = element(id) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&options);
        return;
    }
    let table = document().query_selector("table[data-list]").ok().flatten();
    let (Some(table), Some(at)) = (table.and_then(|table| table.dyn_into::<HtmlElement>().ok()), list.place_of(id))
    else {
        return;
    };
    let Some(root) = document().document_element() else { return };
    let height = seen(&table).map_or(HEIGHT, |span| span.height);
    let y = top(&table).saturating_add(pixels(at, height));
    let (begins, shows) = (root.scroll_top(), root.client_height());
    // It will be drawn where the window is already.
    if y < begins.saturating_add(height) || y > begins.saturating_add(shows).saturating_sub(height.saturating_mul(2)) {
        window().scroll_to_with_x_and_y(0.0, f64::from(y.saturating_sub(shows / 2)));
    }
}

/// The row of a record, when it is drawn.
pub fn element(id: &str) -> Option<Element> {
    document().query_selector(&format!("tr[data-row='{id}']")).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_are_all_drawn_and_of_many_those_near_the_window() {
        let span = Span { from: 96, to: 160, height: 44 };
        assert_eq!(span.of(50), (0, 50));
        assert_eq!(span.of(10_000), (96, 160));
        assert_eq!(span.of(120), (96, 120));
        assert_eq!(span.of(70), (69, 70), "after a filter the window is looked at anew");
        assert_eq!(span.room(10_000), "440000px");
    }
}
