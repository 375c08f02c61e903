//! The trial run: how far it is and what it found. Nothing is stored.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::wizard::Wizard;
use crate::{
    api::{imports::Summary, jobs::Job},
    format, t,
    ui::{icon::icon, progress::progress},
};

pub fn panel(wizard: Wizard) -> AnyView {
    let content = move || match (wizard.state().as_str(), wizard.import.with(|import| import.summary.clone())) {
        ("simulating", _) => wizard.job.with(|job| job.as_ref().map(running)).into_any(),
        ("mapping", _) | (_, None) => {
            view! { <p class="text-sm text-ink-2">{t!("import.simulate_text")}</p> }.into_any()
        }
        (_, Some(summary)) => found(&summary),
    };
    let button = move || {
        let label = if wizard.state() == "simulated" { t!("import.simulate_again") } else { t!("import.simulate") };
        if wizard.state() == "simulating" {
            view! {
                <button type="button" class="btn btn-xs btn-quiet ml-auto" on:click=move |_| wizard.cancel()>{icon("x", "i i-sm")} {t!("import.cancel")}</button>
            }
            .into_any()
        } else {
            view! {
                <button type="button" class="btn btn-xs btn-line ml-auto" disabled=wizard.busy on:click=move |_| wizard.start("simulate")>
                    {icon("flask-conical", "i i-sm")} {label}
                </button>
            }
            .into_any()
        }
    };
    view! {
        <section class="panel" aria-label=t!("import.simulation")>
            <header class="panel-head">
                <h2 class="panel-title">{t!("import.simulation")}</h2>
                <span class="hint">{t!("import.simulation_hint")}</span>
                {button}
            </header>
            <div class="panel-body">{content}</div>
        </section>
    }
    .into_any()
}

/// How far a job is, with the time that is left.
pub fn running(job: &Job) -> AnyView {
    let done = format::integer(job.done);
    let rows = match job.total {
        Some(total) => t!("import.done_of", done = done, total = format::integer(total)),
        None => t!("import.done_rows", done = done),
    };
    let share = job.percent().map(|percent| format!("{percent}%"));
    let left = left(job, format::now()).map(|seconds| t!("import.about", time = duration(seconds)));
    let about = share.into_iter().chain(left).collect::<Vec<_>>().join(" · ");
    view! {
        <p class="mb-2 flex items-baseline justify-between gap-3 text-sm">
            <span class="num">{rows}</span>
            <span class="num text-ink-2">{about}</span>
        </p>
        {progress(job.percent(), job.title.clone())}
    }
    .into_any()
}

/// Seconds left at the pace so far; nothing while it says little.
fn left(job: &Job, now: DateTime<Utc>) -> Option<i64> {
    let started: DateTime<Utc> = job.started_at.as_deref()?.parse().ok()?;
    let (total, spent) = (job.total?, (now - started).num_milliseconds());
    if job.done <= 0 || spent < 1_000 {
        return None;
    }
    let rest = total.saturating_sub(job.done).max(0);
    Some(rest.saturating_mul(spent) / job.done / 1_000)
}

fn duration(seconds: i64) -> String {
    match seconds {
        ..60 => t!("import.seconds", n = seconds.max(1)),
        60..3_600 => t!("import.minutes", n = seconds / 60),
        _ => t!("import.hours", h = seconds / 3_600, m = seconds % 3_600 / 60),
    }
}

fn found(summary: &Summary) -> AnyView {
    view! {
        <div class="grid grid-cols-2 gap-2 sm:grid-cols-4">
            {tile("rounded-lg bg-ok-bg px-3 py-2 text-ok-fg", summary.ready, t!("import.ready"))}
            {tile("rounded-lg bg-waiting-bg px-3 py-2 text-waiting-fg", summary.warnings, t!("import.warnings"))}
            {tile("rounded-lg bg-danger-bg px-3 py-2 text-danger-fg", summary.failed, t!("import.errors"))}
            {tile("rounded-lg bg-mute-bg px-3 py-2 text-mute-fg", summary.skipped, t!("import.skipped"))}
        </div>
        <dl class="num mt-3 grid gap-1 text-sm [&>div]:flex [&>div]:justify-between">
            {pair(t!("import.rows_in_file"), summary.rows)}
            {pair(t!("import.would_create"), summary.created)}
            {pair(t!("import.would_update"), summary.updated)}
        </dl>
    }
    .into_any()
}

/// A figure on a ground that says what it means.
pub fn tile(class: &'static str, n: i64, label: String) -> AnyView {
    view! {
        <div class=class>
            <p class="num text-lg leading-6 font-semibold tracking-tight">{format::integer(n)}</p>
            <p class="truncate text-xs leading-4 font-medium">{label}</p>
        </div>
    }
    .into_any()
}

fn pair(label: String, n: i64) -> AnyView {
    view! { <div><dt class="text-ink-2">{label}</dt><dd>{format::integer(n)}</dd></div> }.into_any()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    #[test]
    fn says_how_long_it_will_take() {
        let job = |done: i64, total: i64| -> Job {
            serde_json::from_value(
                json!({"id": "1", "kind": "import", "title": "x", "state": "running", "done": done, "total": total,
                "started_at": "2026-11-19T12:00:00.000Z"}),
            )
            .unwrap()
        };
        let now = "2026-11-19T12:00:10.000Z".parse().unwrap();
        assert_eq!(left(&job(100, 300), now), Some(20));
        assert_eq!(left(&job(0, 300), now), None);
        assert_eq!(left(&job(100, 300), "2026-11-19T12:00:00.500Z".parse().unwrap()), None);
    }
}
