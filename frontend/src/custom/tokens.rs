//! How often API tokens are used.

use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    api::client,
    format, t,
    ui::{empty::empty, load::Load},
};

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Count {
    key: String,
    calls: i64,
    errors: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Plan {
    per_token: i64,
    per_tenant: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Usage {
    calls: i64,
    errors: i64,
    days: Vec<Count>,
    hours: Vec<Count>,
    routes: Vec<Count>,
    statuses: Vec<Count>,
    plan: Plan,
}

/// Rows of a table before it is cut.
const ROWS: usize = 8;

/// The use of one token, or of all.
pub fn usage(id: Option<&str>) -> AnyView {
    let load = Load::<Usage>::new();
    let path = id.map_or_else(|| "/api-tokens/usage".to_owned(), |id| format!("/api-tokens/{id}/usage"));
    load.run(async move { client().get(path).read().await });
    let shown = move || load.ready().map(|usage| panel(&usage));
    shown.into_any()
}

fn panel(usage: &Usage) -> AnyView {
    let total = t!(
        "tokens.total",
        calls = format::integer(usage.calls),
        errors = format::percent(usage.errors, usage.calls.max(1))
    );
    let limits = t!(
        "tokens.limits",
        token = format::integer(usage.plan.per_token),
        tenant = format::integer(usage.plan.per_tenant)
    );
    view! {
        <section class="panel mt-4">
            <header class="panel-head">
                <h2 class="panel-title">{t!("tokens.usage")}</h2>
                <span class="hint">{t!("tokens.period")}</span>
                <span class="hint num ml-auto">{total}</span>
            </header>
            <div class="panel-body grid gap-4">
                {figures(usage)}
                <p class="hint">{limits} " " {t!("tokens.last_day", calls = format::integer(usage.hours.iter().map(|h| h.calls).sum()))}</p>
            </div>
        </section>
    }
    .into_any()
}

/// The chart and its tables; without calls, the word that there are none.
fn figures(usage: &Usage) -> AnyView {
    if usage.calls == 0 {
        return empty("gauge", t!("tokens.none"), t!("tokens.none_text"), ().into_any());
    }
    view! {
        {chart(t!("tokens.by_day"), &usage.days)}
        <div class="grid gap-4 md:grid-cols-2">
            {table(t!("tokens.by_route"), &usage.routes)}
            {table(t!("tokens.by_status"), &usage.statuses)}
        </div>
    }
    .into_any()
}

/// Bars of equal width, the tallest as high as the chart.
fn chart(label: String, counts: &[Count]) -> AnyView {
    const HEIGHT: i64 = 72;
    let most = counts.iter().map(|count| count.calls).max().unwrap_or_default().max(1);
    let bars = (0_i64..).zip(counts).map(|(at, count)| {
        let height = (count.calls * HEIGHT / most).max(1);
        let title = format!("{}: {} ({})", count.key, format::integer(count.calls), format::integer(count.errors));
        view! {
            <rect x=(at * 14 + 1).to_string() y=(HEIGHT - height).to_string() width="12" height=height.to_string() fill="var(--cx-chart-1)">
                <title>{title}</title>
            </rect>
        }
    });
    let width = i64::try_from(counts.len()).unwrap_or(1).max(30) * 14;
    view! {
        <svg class="chart" viewBox=format!("0 0 {width} {HEIGHT}") role="img" aria-label=label height="72" preserveAspectRatio="none">
            {bars.collect_view()}
        </svg>
    }
    .into_any()
}

fn table(heading: String, counts: &[Count]) -> AnyView {
    let rows = counts.iter().take(ROWS).map(|count| {
        view! {
            <tr>
                <td class="mono text-xs">{count.key.clone()}</td>
                <td class="num text-right">{format::integer(count.calls)}</td>
                <td class="num text-right">{format::integer(count.errors)}</td>
            </tr>
        }
    });
    view! {
        <div class="tbl-wrap" tabindex="0" role="region" aria-label=heading.clone()>
            <table class="tbl tbl-compact">
                <thead>
                    <tr>
                        <th scope="col">{heading.clone()}</th>
                        <th scope="col" class="text-right">{t!("tokens.calls")}</th>
                        <th scope="col" class="text-right">{t!("tokens.errors")}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
