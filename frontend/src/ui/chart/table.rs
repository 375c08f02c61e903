//! The table behind a chart: the same numbers, in full.

use leptos::prelude::*;

use super::data::Data;
use crate::{t, ui::icon::icon};

/// The button that shows the table instead of the drawing.
pub fn button(as_table: RwSignal<bool>) -> AnyView {
    view! {
        <button
            type="button"
            class="icon-btn icon-btn-sm"
            aria-pressed=move || as_table.get().to_string()
            aria-label=t!("chart.as_table")
            title=t!("chart.as_table")
            on:click=move |_| as_table.update(|on| *on = !*on)
        >
            {icon("table-2", "i i-sm")}
        </button>
    }
    .into_any()
}

/// The table; it scrolls by itself, also by keyboard.
pub fn table(title: &str, data: &Data) -> AnyView {
    let several = data.series.len() > 1;
    let heads = data.series.iter().map(|series| {
        let name = series.name.clone();
        view! { <th scope="col" class="text-right!">{name}</th> }
    });
    let sums =
        data.series.iter().map(|series| view! { <td class="num text-right">{data.unit.full(series.total())}</td> });
    let sum_of_all = several.then(|| view! { <td class="num text-right">{data.unit.full(data.total())}</td> });
    let total_head = several.then(|| view! { <th scope="col" class="text-right!">{t!("chart.total")}</th> });
    let rows = (0..data.labels.len()).map(|at| row(data, at, several)).collect_view();
    view! {
        <div class="chart-table" role="region" aria-label=title.to_owned() tabindex="0">
            <table class="tbl tbl-compact">
                <caption class="sr-only">{title.to_owned()}</caption>
                <thead><tr><th scope="col">{data.by.clone()}</th>{heads.collect_view()}{total_head}</tr></thead>
                <tbody>{rows}</tbody>
                <tfoot><tr class="font-semibold"><th scope="row">{t!("chart.total")}</th>{sums.collect_view()}{sum_of_all}</tr></tfoot>
            </table>
        </div>
    }
    .into_any()
}

fn row(data: &Data, at: usize, several: bool) -> AnyView {
    let label = data.labels.get(at).cloned().unwrap_or_default();
    let name = match label.href {
        Some(href) => view! { <a class="lnk" href=href>{label.long}</a> }.into_any(),
        None => label.long.into_any(),
    };
    let values =
        data.series.iter().map(|series| view! { <td class="num text-right">{data.unit.full(series.at(at))}</td> });
    let total = several.then(|| view! { <td class="num text-right">{data.unit.full(data.total_at(at))}</td> });
    view! { <tr><th scope="row" class="font-normal">{name}</th>{values.collect_view()}{total}</tr> }.into_any()
}
