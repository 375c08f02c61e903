//! The list to choose from, over the cell that is open.

use leptos::{ev::KeyboardEvent, html::Select, leptos_dom::helpers::request_animation_frame, prelude::*};
use wasm_bindgen::{JsCast, JsValue};

use super::{Grid, Place};
use crate::{custom::roles::cell, ui::focus};

pub(super) fn picker(grid: Grid) -> AnyView {
    (move || grid.open.get().and_then(|place| Some(over(grid, place, grid.table.says(place.1, place.0)?)))).into_any()
}

fn over(grid: Grid, place: Place, label: String) -> Option<AnyView> {
    let (line, column) = place;
    let target = grid.cell(place)?;
    let node = NodeRef::<Select>::new();
    Effect::new(move || {
        if let Some(select) = node.get() {
            let _ = select.focus();
            unfold(&select);
        }
    });
    let back = move || {
        grid.open.set(None);
        // After the cell was drawn anew.
        request_animation_frame(move || focus::give(grid.cell(place)));
    };
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            back();
        }
    };
    let choose = move |reach| {
        grid.table.set(column, line, reach);
        back();
    };
    let reach = untrack(|| grid.table.reach(column, line));
    let pixels = |value: i32| format!("{value}px");
    let view = view! {
        <span
            class="absolute z-1 rounded-sm outline-2 -outline-offset-2 outline-primary"
            style:left=pixels(target.offset_left())
            style:top=pixels(target.offset_top())
            style:width=pixels(target.offset_width())
            style:height=pixels(target.offset_height())
            on:keydown=keys
            on:focusout=move |_| grid.open.set(None)
        >
            {cell::list(reach, label, node, choose)}
        </span>
    };
    Some(view.into_any())
}

/// Shows the choices at once; a browser that cannot shows them at the next key.
fn unfold(select: &JsValue) {
    let show = js_sys::Reflect::get(select, &"showPicker".into()).ok();
    if let Some(show) = show.and_then(|show| show.dyn_into::<js_sys::Function>().ok()) {
        let _ = show.call0(select);
    }
}
