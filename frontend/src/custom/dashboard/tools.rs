//! What moves, sizes, changes and removes a widget while it is arranged.

use std::sync::Arc;

use leptos::{ev::KeyboardEvent, prelude::*};
use send_wrapper::SendWrapper;

use super::{
    board::{Board, Edited},
    cell, drag,
};
use crate::{
    api::dashboard::Widget,
    t,
    ui::{
        focus,
        icon::icon,
        popover::{Item, Trigger, menu},
    },
};

/// The tools of the widget of an id.
pub fn toolbar(board: Board, id: &Arc<str>, widget: Memo<Option<Widget>>) -> AnyView {
    let title = move || widget.with(|widget| widget.as_ref().map(cell::name).unwrap_or_default());
    let call = |act: fn(Board, &str)| {
        let id = Arc::clone(id);
        move |_| {
            // A box that moves in the page would lose the focus.
            let here = SendWrapper::new(focus::active());
            act(board, &id);
            request_animation_frame(move || focus::give(here.take()));
        }
    };
    let remove = {
        let id = Arc::clone(id);
        move |_| {
            let next = board.beside(&id).map_or_else(|| cell::ADD.to_owned(), |next| format!("grip-{next}"));
            board.remove(&id, &untrack(title));
            request_animation_frame(move || focus::give(focus::by_id(&next)));
        }
    };
    let edit = move |_| board.open.set(widget.get_untracked().map(|widget| Edited::There(Box::new(widget))));
    let button = "icon-btn icon-btn-sm";
    view! {
        <div class="dash-tools" role="group" aria-label=move || t!("dash.tools", name = title())>
            {grip(board, id, widget)}
            <button type="button" class=button aria-label=move || t!("dash.back", name = title()) title=t!("dash.back_short") on:click=call(|board, id| board.step(id, false))>
                {icon("arrow-left", "i i-sm")}
            </button>
            <button type="button" class=button aria-label=move || t!("dash.forth", name = title()) title=t!("dash.forth_short") on:click=call(|board, id| board.step(id, true))>
                {icon("arrow-right", "i i-sm")}
            </button>
            {sizes(board, id, widget)}
            <button type="button" class=button aria-label=move || t!("dash.edit", name = title()) title=t!("dash.edit_short") on:click=edit>
                {icon("pencil", "i i-sm")}
            </button>
            <button type="button" class=button aria-label=move || t!("dash.remove", name = title()) title=t!("dash.remove_short") on:click=remove>
                {icon("trash-2", "i i-sm")}
            </button>
        </div>
    }
    .into_any()
}

/// What is dragged, and moves with the arrows; with Shift they change the size.
fn grip(board: Board, id: &Arc<str>, widget: Memo<Option<Widget>>) -> AnyView {
    let (own, start) = (Arc::clone(id), Arc::clone(id));
    let node = format!("grip-{id}");
    let target = node.clone();
    let keys = move |event: KeyboardEvent| {
        match (event.shift_key(), event.key().as_str()) {
            (false, "ArrowLeft" | "ArrowUp") => board.step(&own, false),
            (false, "ArrowRight" | "ArrowDown") => board.step(&own, true),
            (false, "Home") => board.put(&own, 0),
            (false, "End") => board.put(&own, usize::MAX),
            (true, "ArrowLeft") => board.resize(&own, -1, 0),
            (true, "ArrowRight") => board.resize(&own, 1, 0),
            (true, "ArrowUp") => board.resize(&own, 0, -1),
            (true, "ArrowDown") => board.resize(&own, 0, 1),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
        // A box that moved in the page lost the focus.
        let target = target.clone();
        request_animation_frame(move || focus::give(focus::by_id(&target)));
    };
    let label = move || {
        let name = widget.with(|widget| widget.as_ref().map(cell::name).unwrap_or_default());
        t!("dash.grip", name = name)
    };
    view! {
        <button
            type="button"
            id=node
            class="icon-btn icon-btn-sm cursor-grab touch-none"
            aria-label=label
            title=t!("dash.grip_short")
            on:keydown=keys
            on:pointerdown=move |event| drag::start(board, &start, &event)
        >
            {icon("grip-vertical", "i i-sm")}
        </button>
    }
    .into_any()
}

fn sizes(board: Board, id: &Arc<str>, widget: Memo<Option<Widget>>) -> AnyView {
    let trigger =
        Trigger { class: "icon-btn icon-btn-sm", label: Some(t!("dash.size")), inside: icon("maximize-2", "i i-sm") };
    let id = Arc::clone(id);
    let items = move || {
        let (w, h) = widget.with_untracked(|widget| widget.as_ref().map_or((1, 1), |widget| (widget.w, widget.h)));
        let item = |art: &'static str, label: String, (wider, higher): (i8, i8), may: bool| {
            let id = Arc::clone(&id);
            let item = Item::new(art, label, move || board.resize(&id, wider, higher));
            if may { item } else { item.refused(t!("dash.no_further")) }
        };
        vec![
            item("arrow-right", t!("dash.wider"), (1, 0), w < 4),
            item("arrow-left", t!("dash.narrower"), (-1, 0), w > 1),
            item("arrow-down", t!("dash.higher"), (0, 1), h < 3),
            item("arrow-up", t!("dash.lower"), (0, -1), h > 1),
        ]
    };
    menu(trigger, "right-0 top-8 w-52", items)
}
