//! A figure on a card that opens the rows behind it: the number, how it moved
//! against the period before, and the way there.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    fetch::{self, Figure},
    live,
    plan::Plan,
    scope,
    time::Period,
};
use crate::{
    api::dashboard::Kind,
    format, t,
    ui::{
        chart::{self, Ink, Unit},
        icon::icon,
        load::Load,
        skeleton,
    },
};
use conexao_domain::kernel::flow::Tone;

/// The card.
pub fn card(title: String, plan: Plan) -> AnyView {
    debug_assert!(plan.kind == Kind::Kpi, "only figures have cards");
    let load = Load::<Figure>::new();
    let asked = plan.clone();
    let reload = move || load.run(fetch::figure(asked.clone()));
    live::follow(plan.resource, reload.clone());
    let href = fetch::rows(plan.resource, &opened(&plan));
    let about = plan.about();
    let plan = Arc::new(plan);
    let label = title.clone();
    let content = move || match load.answer.get() {
        Some(Ok(figure)) => shown(&plan, &figure, &about),
        Some(Err(_)) => ().into_any(),
        None if load.slow.get() => view! { <span class="mt-2">{skeleton::bar("h-6 w-20")}</span> }.into_any(),
        None => view! { <span class="kpi-value">"\u{a0}"</span> }.into_any(),
    };
    // What did not come leads nowhere, but can be asked for again.
    let card = move || match load.failed() {
        Some(failure) => refused(label.clone(), failure.message(), reload.clone()),
        None => view! {
            <a class="kpi h-full hover:bg-hover" href=href.clone()>
                <span class="kpi-label" title=title.clone()>{title.clone()}</span>
                {content.clone()}
            </a>
        }
        .into_any(),
    };
    card.into_any()
}

/// The rows of the figure: those of its period.
fn opened(plan: &Plan) -> crate::api::Params {
    let mut params = plan.params.clone();
    if let Some(period) = plan.period {
        let from = match period {
            Period::Days(n) => format!("@today-{}", n.saturating_sub(1)),
            Period::Months(_) => period.start(format::today()).to_string(),
        };
        params.0.push((format!("filter[{}][gte]", plan.clock()), from));
    }
    params
}

fn shown(plan: &Plan, figure: &Figure, about: &str) -> AnyView {
    let unit = plan.measure.unit();
    let full = unit.full(figure.value);
    let text = if unit == Unit::Money { format::money_short(figure.value) } else { full.clone() };
    let bad = scope::of(plan.resource, &plan.query).is_some_and(scope::Scope::is_bad);
    let value_class = if bad && figure.value > 0 { "kpi-value text-danger-fg" } else { "kpi-value" };
    let change = figure.before.map(|before| delta(unit, figure.value, before, bad));
    let ink = if bad { Ink::Tone(Tone::Danger) } else { Ink::Nth(0) };
    view! {
        <span class=value_class title=full>{text}</span>
        <span class="mt-auto flex items-end justify-between gap-2">
            <span class="grid min-w-0 gap-0.5">{change} <span class="hint truncate" title=about.to_owned()>{about.to_owned()}</span></span>
            {chart::spark(&figure.line, ink)}
        </span>
    }
    .into_any()
}

/// How a figure moved: an arrow, how much, and against what.
fn delta(unit: Unit, now: i64, before: i64, bad: bool) -> AnyView {
    let art = match now.cmp(&before) {
        std::cmp::Ordering::Greater => Some("arrow-up-right"),
        std::cmp::Ordering::Less => Some("arrow-down-right"),
        std::cmp::Ordering::Equal => None,
    };
    // Colour says good or bad; where nobody knows which it is, there is none.
    let class = match (bad, now.cmp(&before)) {
        (true, std::cmp::Ordering::Greater) => "delta delta-bad",
        (true, std::cmp::Ordering::Less) => "delta delta-good",
        _ => "delta",
    };
    let said = t!("dash.versus", value = unit.full(before));
    view! {
        <span class=class title=said.clone()>
            {art.map(|art| icon(art, "i i-xs"))} {change(unit, now, before)} <span class="sr-only">{said.clone()}</span>
        </span>
    }
    .into_any()
}

/// The change in words: a share where there was something before.
fn change(unit: Unit, now: i64, before: i64) -> String {
    let by = i128::from(now) - i128::from(before);
    if by == 0 {
        return t!("dash.same");
    }
    if before == 0 {
        return format!("+{}", unit.full(now));
    }
    // Tenths of a percent, as basis points.
    let points = (by * 1_000 / i128::from(before).abs()) * 10;
    let points = i64::try_from(points).unwrap_or(i64::MAX);
    if points == 0 { unit.full(now.saturating_sub(before)) } else { format::rate(points) }
}

/// It did not come; the card stays as high as it is.
fn refused(title: String, why: String, again: impl Fn() + 'static) -> AnyView {
    view! {
        <div class="kpi h-full" role="alert">
            <span class="kpi-label" title=title.clone()>{title.clone()}</span>
            <span class="mt-1 line-clamp-2 text-xs text-ink-2" title=why.clone()>{why.clone()}</span>
            <button type="button" class="btn btn-xs btn-line mt-auto self-start" on:click=move |_| again()>
                {icon("rotate-cw", "i i-xs")} {t!("retry")}<span class="sr-only">": " {title.clone()}</span>
            </button>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_shares_of_what_was() {
        assert_eq!(change(Unit::Count, 105, 100), "5%");
        assert_eq!(change(Unit::Count, 1_048, 1_000), "4,8%");
        assert_eq!(change(Unit::Count, 50, 100), "\u{2212}50%");
        assert_eq!(change(Unit::Count, 7, 0), "+7");
        assert_eq!(change(Unit::Count, 7, 7), t!("dash.same"));
        assert_eq!(change(Unit::Count, 100_001, 100_000), "1");
    }
}
