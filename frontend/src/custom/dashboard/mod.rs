//! The first screen: widgets that each person arranges. Who changed nothing has
//! what is open, late and new of everything they may read.

mod attention;
mod board;
mod builtin;
mod cell;
mod drag;
mod editor;
mod fetch;
mod figure;
mod grid;
mod live;
mod panels;
mod plan;
mod scope;
mod time;
mod tools;

use chrono::Timelike;
use leptos::prelude::*;

use crate::{
    format,
    part::{self, Piece},
    state::app,
    t,
    ui::{focus, icon::icon, title::title_named},
};
pub use board::{Board, Edited};
pub use editor::editor;
pub use tools::toolbar;

/// The home page.
pub fn page() -> AnyView {
    let board = Board::load();
    view! {
        <div class="page-head">
            <div>
                {title_named(greeting(), &t!("home.name"))}
                <p class="page-sub">{format::today_long()}</p>
            </div>
            <div class="flex flex-wrap items-center gap-2">{move || buttons(board)}</div>
        </div>
        {attention::strip()}
        <p class="sr-only" role="status">{board.said}</p>
        {grid::grid(board)}
        {move || board.open.get().map(|edited| part::piece(Piece::Editor(board, edited)))}
    }
    .into_any()
}

/// The button that begins to arrange.
const CUSTOMISE: &str = "dash-customise";

/// Begins or ends arranging; the focus stays among the buttons, which change.
fn arrange(board: Board, on: bool) {
    board.editing.set(on);
    request_animation_frame(move || focus::give(focus::by_id(if on { cell::ADD } else { CUSTOMISE })));
}

/// One button, or those for arranging.
fn buttons(board: Board) -> AnyView {
    if !board.editing.get() {
        return view! {
            <button type="button" id=CUSTOMISE class="btn btn-sm btn-line max-md:h-11" on:click=move |_| arrange(board, true)>
                {icon("sliders-horizontal", "i")} {t!("dash.customise")}
            </button>
        }
        .into_any();
    }
    let full = move || board.widgets.with(|all| all.as_ref().is_some_and(|all| all.len() >= board::MOST));
    view! {
        <button type="button" class="btn btn-sm btn-quiet max-md:h-11" on:click=move |_| board.reset()>
            {icon("undo-2", "i")} {t!("dash.reset")}
        </button>
        <button type="button" id=cell::ADD class="btn btn-sm btn-line max-md:h-11" disabled=full on:click=move |_| board.open.set(Some(Edited::New))>
            {icon("plus", "i")} {t!("dash.add")}
        </button>
        <button type="button" class="btn btn-sm btn-primary max-md:h-11" on:click=move |_| arrange(board, false)>
            {icon("check", "i")} {t!("dash.done")}
        </button>
    }
    .into_any()
}

fn greeting() -> String {
    let name = app().session.me().map(|me| me.user.name.clone()).unwrap_or_default();
    let first = name.split_whitespace().next().unwrap_or_default().to_owned();
    match format::local(format::now()).hour() {
        5..12 => t!("home.morning", name = first),
        12..18 => t!("home.afternoon", name = first),
        _ => t!("home.evening", name = first),
    }
}
