//! One widget: what it shows, and the place of its tools while it is arranged.

use std::sync::Arc;

use leptos::prelude::*;

use super::{board::Board, figure, panels, plan::Plan};
use crate::{
    api::dashboard::{Kind, Widget},
    part::{self, Piece},
    t,
    ui::fresh::fresh,
};

/// The button that adds a widget: where the focus goes when the last one is gone.
pub const ADD: &str = "dash-add";

/// What a widget is called.
pub fn name(widget: &Widget) -> String {
    if let Some(title) = widget.title.clone().filter(|title| !title.is_empty()) {
        return title;
    }
    match (widget.kind, Plan::of(widget)) {
        (Kind::Shortcuts, _) => t!("home.shortcuts"),
        (_, Some(plan)) => plan.name(),
        (_, None) => t!("dash.gone"),
    }
}

/// The widget of an id, wherever it stands.
pub fn cell(board: Board, id: String) -> AnyView {
    let id: Arc<str> = id.into();
    let own = Arc::clone(&id);
    let widget = Memo::new(move |_| board.find(&own));
    let marked = Arc::clone(&id);
    let class = move || {
        let (w, h) = widget.with(|widget| widget.as_ref().map_or((1, 1), |widget| (widget.w, widget.h)));
        let is = |signal: RwSignal<Option<String>>| signal.with(|now| now.as_deref() == Some(&*marked));
        let drag = if is(board.dragged) { " is-dragged" } else { "" };
        let over = if is(board.over) { " is-over" } else { "" };
        format!("dash-cell dash-w{w} dash-h{h}{drag}{over}")
    };
    // Moved and made wider it stays as it is; only a list that grows asks for more.
    let content = Memo::new(move |_| widget.get().map(|widget| Widget { w: 1, h: listed(&widget), ..widget }));
    let key = move || content.with(|widget| widget.as_ref().and_then(|widget| serde_json::to_string(widget).ok()));
    let drawn = fresh(key, move |_| content.get_untracked().map_or_else(|| ().into_any(), |widget| body(&widget)));
    let editing = board.editing;
    let tools = {
        let id = Arc::clone(&id);
        move || editing.get().then(|| part::piece(Piece::Tools(board, Arc::clone(&id), widget)))
    };
    view! {
        <div class=class data-widget=id.to_string()>
            {tools}
            <div class="dash-body" prop:inert=editing>{drawn}</div>
        </div>
    }
    .into_any()
}

/// The height matters to lists alone: they show as many rows as fit.
const fn listed(widget: &Widget) -> u8 {
    if matches!(widget.kind, Kind::List) { widget.h } else { 1 }
}

/// What a widget shows.
pub fn body(widget: &Widget) -> AnyView {
    let title = name(widget);
    if widget.kind == Kind::Shortcuts {
        return panels::shortcuts(title);
    }
    match (widget.kind, Plan::of(widget)) {
        (_, None) => panels::gone(title),
        (Kind::Kpi, Some(plan)) => figure::card(title, plan),
        (Kind::List, Some(plan)) => panels::list(title, plan),
        (_, Some(plan)) => panels::chart(title, plan),
    }
}
