//! Dragging a widget by its grip. The page stays as it is until the widget is
//! dropped; the one whose place it will take is marked. Esc puts it back.

use std::sync::Arc;

use leptos::{
    ev::{self, PointerEvent},
    prelude::*,
};
use send_wrapper::SendWrapper;

use super::board::Board;

/// Begins when the grip is pressed.
pub fn start(board: Board, id: &Arc<str>, event: &PointerEvent) {
    if event.button() != 0 || board.dragged.get_untracked().is_some() {
        return;
    }
    board.dragged.set(Some(id.to_string()));
    let kept = StoredValue::new_local(Vec::<SendWrapper<WindowListenerHandle>>::new());
    let stop = move || {
        board.dragged.set(None);
        board.over.set(None);
        for handle in kept.try_update_value(std::mem::take).unwrap_or_default() {
            handle.take().remove();
        }
    };
    let over = window_event_listener(ev::pointermove, move |event| board.over.set(below(board, &event)));
    let dropped = Arc::clone(id);
    let up = window_event_listener(ev::pointerup, move |_| {
        if let Some(target) = board.over.get_untracked() {
            let (place, _) = board.place(&target);
            board.put(&dropped, place.saturating_sub(1));
        }
        stop();
    });
    let cancelled = window_event_listener(ev::pointercancel, move |_| stop());
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            stop();
        }
    });
    kept.set_value([over, up, cancelled, escape].map(SendWrapper::new).into_iter().collect());
}

/// The other widget under the pointer.
fn below(board: Board, event: &PointerEvent) -> Option<String> {
    let place = |at: i32| i16::try_from(at).ok().map(f32::from);
    let element = document().element_from_point(place(event.client_x())?, place(event.client_y())?)?;
    let id = element.closest("[data-widget]").ok()??.get_attribute("data-widget")?;
    (board.dragged.get_untracked().as_ref() != Some(&id)).then_some(id)
}
