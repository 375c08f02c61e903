//! Charts drawn as SVG, without a library: lines, bars, rings, funnels and heat
//! maps. Each has the same data ([`Data`]), a layout that is pure and tested,
//! and one way onto the page: values are reached with Tab and the arrows, read
//! out, opened with Enter, and stand in a real table behind "Ver como tabela".
//! A chart fills the box it is in and is laid out anew when the box changes.

mod bars;
mod data;
mod donut;
mod draw;
mod funnel;
mod heat;
mod legend;
mod line;
mod measure;
mod path;
mod plot;
mod px;
mod rows;
mod scale;
mod scene;
mod table;
mod words;

use std::sync::Arc;

use leptos::{html::Div, prelude::*};

pub use data::{Data, Ink, Label, Series, Unit};
pub use table::button as table_button;

use crate::{t, ui::icon::icon};
use px::Px;
use scene::Scene;

/// The forms of charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// How something moves.
    Line,
    /// Upright bars beside each other.
    Bars,
    /// Upright bars on top of each other.
    Stacked,
    /// Lying bars, for words.
    Rows,
    /// Shares of a whole.
    Donut,
    /// Steps that lead to fewer.
    Funnel,
    /// Rows by columns.
    Heat,
}

impl Form {
    fn layout(self, data: &Data, size: (Px, Px)) -> Scene {
        match self {
            Self::Line => line::layout(data, size),
            Self::Bars => bars::beside(data, size),
            Self::Stacked => bars::stacked(data, size),
            Self::Rows => rows::layout(data, size),
            Self::Donut => donut::layout(data, size),
            Self::Funnel => funnel::layout(data, size),
            Self::Heat => heat::layout(data, size),
        }
    }
}

/// A chart that fills its box; `title` names it for those who do not see the
/// heading, `as_table` shows the table instead.
pub fn chart(title: String, form: Form, data: Data, as_table: RwSignal<bool>) -> AnyView {
    if data.is_empty() {
        return nothing();
    }
    let data = Arc::new(data);
    let shown = move || {
        if as_table.get() { table::table(&title, &data) } else { figure(&title, form, &data) }
    };
    shown.into_any()
}

fn figure(title: &str, form: Form, data: &Arc<Data>) -> AnyView {
    let node = NodeRef::<Div>::new();
    let size = measure::size(node);
    let (name, drawn) = (title.to_owned(), Arc::clone(data));
    let drawing = move || {
        let (width, height) = size.get();
        (width > 0).then(|| {
            let scene = form.layout(&drawn, (Px::whole(width), Px::whole(height)));
            draw::draw(name.clone(), &drawn, scene, (width, height))
        })
    };
    let class = if form == Form::Donut { "chart-box chart-beside" } else { "chart-box" };
    view! {
        <figure class=class>
            {legend::legend(form, data)}
            <div class="chart-plot" node_ref=node>{drawing}</div>
            <figcaption class="sr-only">{words::summary(form, data)}</figcaption>
        </figure>
    }
    .into_any()
}

/// Nothing to draw.
fn nothing() -> AnyView {
    view! {
        <div class="chart-none">{icon("chart-column", "i i-md")} <p>{t!("chart.empty")}</p></div>
    }
    .into_any()
}

/// Grey bars in the shape of a chart that is coming.
pub fn waiting() -> AnyView {
    const HEIGHTS: [&str; 8] = ["h-2/5", "h-3/5", "h-1/2", "h-4/5", "h-3/4", "h-3/5", "h-full", "h-4/5"];
    let bars = HEIGHTS.map(|height| {
        let class = format!("skeleton flex-1 {height}");
        view! { <span class=class></span> }
    });
    view! { <div class="flex h-full items-end gap-3" aria-hidden="true">{bars.into_iter().collect_view()}</div> }
        .into_any()
}

/// The line of a card, without axes: only its direction is to be seen, the
/// figures stand beside it.
pub fn spark(values: &[i64], ink: Ink) -> AnyView {
    if values.len() < 2 {
        return ().into_any();
    }
    let marks = line::spark(values).map(|(path, look)| {
        let class = format!("{} {}", look.class(), ink.class());
        view! { <path class=class d=path></path> }
    });
    view! {
        <svg class="chart spark" width="72" height="26" viewBox="0 0 72 26" aria-hidden="true">{marks.into_iter().collect_view()}</svg>
    }
    .into_any()
}
