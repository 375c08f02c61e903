//! The grid: four columns, two on tablets, one on phones. The order of the
//! widgets is the order on the page, so what is seen and what is read agree.

use leptos::prelude::*;

use super::{
    board::{Board, Edited},
    cell,
};
use crate::{
    t,
    ui::{empty::empty, icon::icon, skeleton},
};

/// All widgets.
pub fn grid(board: Board) -> AnyView {
    // Drawn anew only between none and some, not with every change.
    let empty = Memo::new(move |_| board.widgets.with(|all| all.as_ref().map(Vec::is_empty)));
    let shown = move || match empty.get() {
        None => coming(),
        Some(true) => nothing(board),
        Some(false) => cells(board),
    };
    shown.into_any()
}

fn cells(board: Board) -> AnyView {
    let ids =
        move || board.widgets.with(|all| all.iter().flatten().map(|widget| widget.id.clone()).collect::<Vec<_>>());
    let class = move || if board.editing.get() { "dash dash-editing" } else { "dash" };
    view! {
        <section class=class aria-label=t!("dash.name")>
            <For each=ids key=Clone::clone children=move |id| cell::cell(board, id) />
        </section>
    }
    .into_any()
}

/// Grey boxes where the first figures will be.
fn coming() -> AnyView {
    let boxes = (0..4).map(|_| {
        view! { <div class="kpi dash-w1 dash-h1">{skeleton::bar("h-3 w-24")} <span class="mt-3">{skeleton::bar("h-6 w-16")}</span></div> }
    });
    view! { <div class="dash" aria-busy="true">{boxes.collect_view()}</div> }.into_any()
}

fn nothing(board: Board) -> AnyView {
    let add = move |_| {
        board.editing.set(true);
        board.open.set(Some(Edited::New));
    };
    let actions = view! {
        <button type="button" class="btn btn-sm btn-primary max-md:h-11" on:click=add>{icon("plus", "i")} {t!("dash.add")}</button>
        <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| board.reset()>{t!("dash.reset")}</button>
    };
    view! {
        <section class="panel">{empty("layout-dashboard", t!("dash.empty"), t!("dash.empty_text"), actions.into_any())}</section>
    }
    .into_any()
}
