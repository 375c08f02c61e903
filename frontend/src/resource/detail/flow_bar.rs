//! Where a record stands on its way: what is done, what is now, what comes.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::{
    flow::{Flow, State, Tone},
    record::Record,
    resource::Resource,
};
use leptos::prelude::*;

use super::page::Page;
use crate::{api::timeline::Entry, format, i18n, t, ui::icon::icon};

/// The bar; nothing for flows that lead nowhere, such as active and blocked.
pub fn bar(page: Page) -> Option<AnyView> {
    let flow = page.resource.flow.filter(|flow| flow.states.iter().any(|state| state.terminal))?;
    let bar = move || {
        let entries = page.timeline.ready().map(|timeline| timeline.items).unwrap_or_default();
        let stops = page.record.with(|record| stops(page.resource, flow, record, &entries));
        // One stop is no way; the state beside the title says it.
        (stops.len() > 1).then(|| {
            let stops = stops.into_iter().enumerate().map(|(at, stop)| one(at, stop)).collect_view();
            view! {
                <section
                    class="panel mb-4 px-4 pt-4 pb-3 max-sm:overflow-x-auto"
                    aria-label=t!("detail.flow")
                    tabindex="0"
                >
                    <ol class="flow max-sm:min-w-140">{stops}</ol>
                </section>
            }
        })
    };
    Some(bar.into_any())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Done,
    Now,
    Next,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Stop {
    label: String,
    place: Place,
    /// When and by whom, or what leads there.
    lines: Vec<String>,
}

fn one(at: usize, stop: Stop) -> AnyView {
    let (class, current) = match stop.place {
        Place::Done => ("is-done", None),
        Place::Now => ("is-now", Some("step")),
        Place::Next => ("", None),
    };
    let mark = if stop.place == Place::Done { icon("check", "i i-xs") } else { (at + 1).into_any() };
    let lines = stop.lines.into_iter().map(|line| view! { <span class="block">{line}</span> }).collect_view();
    view! {
        <li class=class aria-current=current>
            <span class="mark">{mark}</span>
            <b>{stop.label}</b>
            {lines}
        </li>
    }
    .into_any()
}

/// When a record came into a state, and who brought it there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Visit {
    at: DateTime<Utc>,
    who: String,
}

fn visit(flow: &Flow, state: &State, record: &Record, entries: &[Entry]) -> Option<Visit> {
    let came = |entry: &&Entry| {
        let into = |change: &crate::api::timeline::Change| change.field == "status" && change.new == *state.name;
        entry.changes.iter().any(into) || (entry.action.as_deref() == Some("create") && state.name == flow.initial())
    };
    if let Some(entry) = entries.iter().find(came) {
        let who = entry.actor.as_ref().map(|actor| actor.name.clone()).unwrap_or_default();
        return Some(Visit { at: entry.at.parse().ok()?, who });
    }
    let stamp = flow.steps.iter().filter(|step| step.to == state.name).find_map(|step| record.instant(step.stamps?));
    let first = || record.instant("created_at").filter(|_| state.name == flow.initial());
    Some(Visit { at: stamp.or_else(first)?, who: String::new() })
}

/// The states on the usual way; one beside it shows only where the record went.
fn stops(resource: &'static Resource, flow: &'static Flow, record: &Record, entries: &[Entry]) -> Vec<Stop> {
    let now = record.text("status").unwrap_or_default();
    // Nobody means to wait where no step leads.
    let meant = |state: &State| flow.steps.iter().any(|step| step.to == state.name) || state.name == flow.initial();
    let usual = |state: &&State| match state.tone {
        Tone::Muted | Tone::Danger => false,
        Tone::Waiting => meant(state),
        _ => true,
    };
    let way: Vec<&State> = flow.states.iter().filter(usual).collect();
    let here = way.iter().position(|state| state.name == now);
    let mut stops = Vec::new();
    for (at, state) in way.into_iter().enumerate() {
        let seen = visit(flow, state, record, entries);
        let place = match here {
            Some(here) if at < here => Place::Done,
            Some(here) if at == here => Place::Now,
            Some(_) => Place::Next,
            None if seen.is_some() => Place::Done,
            None => continue,
        };
        let next = here.is_some_and(|here| at == here + 1);
        let lines = if place == Place::Next { leads(resource, flow, now, state, record, next) } else { told(seen) };
        stops.push(Stop { label: i18n::state(resource.name, state.name), place, lines });
    }
    if let (None, Some(state)) = (here, flow.state(now)) {
        let lines = told(visit(flow, state, record, entries));
        stops.push(Stop { label: i18n::state(resource.name, state.name), place: Place::Now, lines });
    }
    stops
}

fn told(visit: Option<Visit>) -> Vec<String> {
    let Some(visit) = visit else { return Vec::new() };
    [format::ago(visit.at), visit.who].into_iter().filter(|line| !line.is_empty()).collect()
}

/// What leads to the next state, or why it cannot be reached yet.
fn leads(resource: &Resource, flow: &Flow, now: &str, to: &State, record: &Record, next: bool) -> Vec<String> {
    let step = flow.steps.iter().find(|step| next && step.to == to.name && step.from.contains(&now));
    let Some(step) = step else { return Vec::new() };
    let known = record.get("_steps").as_array().into_iter().flatten().find(|known| known["name"] == step.name);
    let lasting = known.filter(|known| known["needs"].is_null());
    let reason = lasting.and_then(|known| known["reason"].as_str()).map(i18n::reason);
    let refused = known.is_some_and(|known| known["permitted"] == false).then(|| t!("detail.not_permitted"));
    vec![refused.or(reason).unwrap_or_else(|| t!("detail.next_step", step = i18n::step(resource.name, step.name)))]
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::registry;
    use serde_json::{Value as Json, json};

    use super::*;

    fn places(record: Json, entries: Json) -> Vec<(String, Place)> {
        let warranty = registry::by_name("warranty").unwrap();
        let record: Record = serde_json::from_value(record).unwrap();
        let entries: Vec<Entry> = serde_json::from_value(entries).unwrap();
        let stops = stops(warranty, warranty.flow.unwrap(), &record, &entries);
        stops.into_iter().map(|stop| (stop.label, stop.place)).collect()
    }

    #[test]
    fn the_usual_way_leaves_out_the_cancellation() {
        let found = places(json!({"status": "generated", "created_at": "2026-11-10T18:47:00.000Z"}), json!([]));
        let expected = [
            ("Pendente", Place::Done),
            ("Aguardando logística reversa", Place::Done),
            ("Gerado", Place::Now),
            ("Conferido", Place::Next),
        ];
        assert_eq!(found, expected.map(|(label, place)| (label.to_owned(), place)));
    }

    #[test]
    fn a_cancelled_record_shows_the_way_it_went() {
        let entries = json!([
            {"id": "2", "at": "2026-11-11T12:00:00.000Z", "kind": "change", "action": "cancel",
             "changes": [{"field": "status", "old": "pending", "new": "cancelled"}]},
            {"id": "1", "at": "2026-11-10T12:00:00.000Z", "kind": "change", "action": "create", "changes": []},
        ]);
        let found = places(json!({"status": "cancelled"}), entries);
        assert_eq!(found, [("Pendente".to_owned(), Place::Done), ("Cancelado".to_owned(), Place::Now)]);
    }
}
