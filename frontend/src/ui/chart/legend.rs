//! Which colour is what. It stands right at the chart; where a series has rows
//! of its own, its entry leads there.

use leptos::prelude::*;

use super::{Form, data::Data};
use crate::{format, t};

/// The legend a form needs; none where labels stand at their marks.
pub fn legend(form: Form, data: &Data) -> AnyView {
    match form {
        Form::Line | Form::Bars | Form::Stacked if data.series.len() > 1 => series(data),
        Form::Donut => slices(data),
        Form::Heat => strengths(data),
        _ => ().into_any(),
    }
}

fn series(data: &Data) -> AnyView {
    let entries = data.series.iter().map(|series| {
        let swatch = format!("swatch paint {}", series.ink.class());
        view! { <span><i class=swatch aria-hidden="true"></i>{series.name.clone()}</span> }
    });
    view! { <div class="legend">{entries.collect_view()}</div> }.into_any()
}

/// Names, values and shares beside a ring.
fn slices(data: &Data) -> AnyView {
    let total = data.total();
    let rows = data.labels.iter().enumerate().map(|(at, label)| {
        let swatch = format!("swatch paint {}", data.ink_at(at, true).class());
        let value = data.total_at(at);
        view! {
            <li>
                <i class=swatch aria-hidden="true"></i>
                <span class="truncate" title=label.long.clone()>{label.long.clone()}</span>
                <b class="num">{data.unit.full(value)}</b>
                <span class="num text-ink-3">{format::percent(value, total)}</span>
            </li>
        }
    });
    view! { <ul class="legend-rows">{rows.collect_view()}</ul> }.into_any()
}

/// From little to much.
fn strengths(data: &Data) -> AnyView {
    let most = data.series.iter().flat_map(|series| series.values.iter().copied()).max().unwrap_or_default();
    let paint = data.series.first().map_or("paint-1", |series| series.ink.class());
    let class = format!("heat-scale {paint}");
    let steps = (0..=5).map(|level| {
        let class = format!("mark-level-{level}");
        view! { <i class=class></i> }
    });
    view! {
        <div class="legend justify-end">
            <span>"0" <span class=class aria-hidden="true">{steps.collect_view()}</span> {data.unit.short(most)}</span>
            <span class="sr-only">{t!("chart.strength")}</span>
        </div>
    }
    .into_any()
}
