//! The control that narrows one field, suited to its kind. It applies while
//! one edits.

use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        query::Op,
        value::Uf,
    },
    registry,
};
use leptos::{ev::SubmitEvent, prelude::*};
use serde_json::Value as Json;

use super::{
    describe::{Preset, preset_of, presets},
    model::List,
    names,
    query::Condition,
};
use crate::{
    format, i18n, t, td,
    ui::{control::search_box, icon::icon},
};

fn now(list: List, field: &'static Field) -> Vec<Condition> {
    list.query.read().of_field(field)
}

fn apply(list: List, field: &'static Field, conditions: Vec<(Op, String)>) {
    let conditions = conditions.into_iter().map(|(op, value)| Condition::new(field, op, value)).collect();
    list.change(|query| query.with_field(field, conditions));
}

/// The editor of a field.
pub fn editor(list: List, field: &'static Field) -> AnyView {
    let inside = match field.kind {
        Kind::State => states(list, field),
        Kind::Choice(words) => words_of(list, field, words),
        Kind::Uf => ufs(list, field),
        Kind::Boolean => yes_no(list, field),
        Kind::Date | Kind::Instant => days(list, field),
        Kind::Integer { .. } | Kind::Money | Kind::Rate | Kind::Quantity => figures(list, field),
        Kind::Reference(target) => reference(list, field, target),
        Kind::User => person(list, field),
        _ => words(list, field),
    };
    view! { <div class="grid gap-2 p-3">{inside}</div> }.into_any()
}

fn states(list: List, field: &'static Field) -> AnyView {
    let states = list.resource.flow.map(|flow| flow.states).unwrap_or_default();
    several(list, field, states.iter().map(|s| (s.name.to_owned(), i18n::state(list.resource.name, s.name))).collect())
}

fn words_of(list: List, field: &'static Field, words: &'static [&'static str]) -> AnyView {
    let label = |word: &&str| ((*word).to_owned(), i18n::choice(list.resource.name, field.name, word));
    several(list, field, words.iter().map(label).collect())
}

fn ufs(list: List, field: &'static Field) -> AnyView {
    let label = |uf: &Uf| (uf.as_str().to_owned(), format!("{} · {}", uf.as_str(), uf.name()));
    several(list, field, Uf::ALL.iter().map(label).collect())
}

fn chosen(list: List, field: &'static Field) -> Vec<String> {
    let values = now(list, field).into_iter().filter(|c| matches!(c.op, Op::Eq | Op::In));
    values.flat_map(|c| c.value.split(',').map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Any of several words.
fn several(list: List, field: &'static Field, words: Vec<(String, String)>) -> AnyView {
    let rows = words.into_iter().map(|(word, label)| {
        let this = word.clone();
        let toggle = move |event| {
            let mut words = untrack(|| chosen(list, field));
            words.retain(|w| *w != word);
            if event_target_checked(&event) {
                words.push(word.clone());
            }
            let conditions = match words.as_slice() {
                [] => Vec::new(),
                [one] => vec![(Op::Eq, one.clone())],
                many => vec![(Op::In, many.join(","))],
            };
            apply(list, field, conditions);
        };
        view! {
            <label class="menu-item">
                <input type="checkbox" class="checkbox checkbox-xs" prop:checked=move || chosen(list, field).contains(&this) on:change=toggle />
                {label}
            </label>
        }
    });
    view! { <div class="-m-1.5 grid max-h-72 overflow-y-auto">{rows.collect_view()}</div> }.into_any()
}

/// Buttons of which at most one is pressed.
fn pressed(
    label: String,
    is_on: impl Fn() -> bool + Copy + Send + Sync + 'static,
    act: impl Fn(bool) + Send + Sync + 'static,
) -> AnyView {
    view! {
        <button
            type="button"
            class="tag h-6 px-2 text-xs"
            class:tag-strong=is_on
            aria-pressed=move || is_on().to_string()
            on:click=move |_| act(untrack(is_on))
        >
            {label}
        </button>
    }
    .into_any()
}

/// A button for one condition, which a second click takes back.
fn single(list: List, field: &'static Field, label: String, op: Op, value: &'static str) -> AnyView {
    let is_on = move || now(list, field).iter().any(|c| c.op == op && c.value == value);
    pressed(label, is_on, move |on| apply(list, field, if on { Vec::new() } else { vec![(op, value.to_owned())] }))
}

fn yes_no(list: List, field: &'static Field) -> AnyView {
    view! {
        <div class="flex gap-1.5">
            {single(list, field, t!("yes"), Op::Eq, "true")} {single(list, field, t!("no"), Op::Eq, "false")}
        </div>
    }
    .into_any()
}

fn emptiness(list: List, field: &'static Field) -> AnyView {
    view! {
        <div class="flex flex-wrap gap-1.5">
            {single(list, field, t!("filter.is_empty"), Op::Empty, "true")} {single(list, field, t!("filter.is_filled"), Op::Empty, "false")}
        </div>
    }
    .into_any()
}

fn days(list: List, field: &'static Field) -> AnyView {
    let preset = |(key, conditions): &'static Preset| {
        let is_on = move || preset_of(field, &now(list, field)) == Some(*key);
        let wanted = || conditions.iter().map(|(op, value)| (*op, (*value).to_owned())).collect();
        pressed(td!("preset.", key), is_on, move |on| apply(list, field, if on { Vec::new() } else { wanted() }))
    };
    let presets = presets(field).iter().map(preset).collect_view();
    view! { <div class="flex flex-wrap gap-1.5">{presets}</div> {range(list, field, "date", str::to_owned)} }.into_any()
}

fn figures(list: List, field: &'static Field) -> AnyView {
    // What cannot be read as a figure narrows nothing.
    let read = move |text: &str| format::read(field.kind, text).as_i64().map(|n| n.to_string()).unwrap_or_default();
    view! { {range(list, field, "text", read)} {emptiness(list, field)} }.into_any()
}

/// From and to.
fn range(
    list: List,
    field: &'static Field,
    kind: &'static str,
    read: impl Fn(&str) -> String + Copy + Send + Sync + 'static,
) -> AnyView {
    let bound = move |op: Op| {
        now(list, field)
            .into_iter()
            .find(|c| c.op == op)
            .map(|c| c.value)
            .filter(|v| !v.starts_with('@'))
            .unwrap_or_default()
    };
    let shown = move |op: Op| {
        let value = bound(op);
        let number = value.parse::<i64>().ok().filter(|_| kind == "text");
        number.map_or(value, |n| format::written(field.kind, &Json::from(n)))
    };
    let set = move |op: Op, text: String| {
        let other = if op == Op::Gte { Op::Lte } else { Op::Gte };
        let bounds = [(op, read(&text)), (other, untrack(|| bound(other)))];
        apply(list, field, bounds.into_iter().filter(|(_, value)| !value.is_empty()).collect());
    };
    let one = move |op: Op, label: String| {
        view! {
            <label class="grid min-w-0 flex-1 gap-1 text-xs text-ink-2">
                {label}
                <input
                    class="input input-sm num"
                    type=kind
                    inputmode=if kind == "text" { "decimal" } else { "" }
                    prop:value=move || shown(op)
                    on:change=move |event| set(op, event_target_value(&event))
                />
            </label>
        }
    };
    view! { <div class="flex gap-2">{one(Op::Gte, t!("filter.range_from"))} {one(Op::Lte, t!("filter.range_to"))}</div> }.into_any()
}

fn reference(list: List, field: &'static Field, target: &'static str) -> AnyView {
    let Some(resource) = registry::by_name(target) else { return words(list, field) };
    let choose = move |mention: crate::api::records::Mention| {
        names::learn(&mention.id, &mention.title);
        apply(list, field, vec![(Op::Eq, mention.id)]);
    };
    let id = format!("filter-{}", field.name);
    view! { {search_box(id, resource, t!("control.search"), choose)} {current(list, field)} {emptiness(list, field)} }
        .into_any()
}

fn person(list: List, field: &'static Field) -> AnyView {
    let me = single(list, field, t!("filter.me"), Op::Eq, "@me");
    view! { <div class="flex flex-wrap gap-1.5">{me}</div> {reference(list, field, "user")} }.into_any()
}

/// The record chosen, by name, and the way to take it out.
fn current(list: List, field: &'static Field) -> AnyView {
    let shown = move || {
        let id = now(list, field).into_iter().find(|c| c.op == Op::Eq && !c.value.starts_with('@'))?.value;
        Some(view! {
            <span class="fchip justify-between">
                <b>{names::of(field, &id)}</b>
                <button type="button" aria-label=t!("filter.remove_value") on:click=move |_| apply(list, field, Vec::new())>{icon("x", "i i-xs")}</button>
            </span>
        })
    };
    shown.into_any()
}

/// Part of a text, or the very value where parts make no sense.
fn words(list: List, field: &'static Field) -> AnyView {
    let op = if Op::Contains.fits(field) { Op::Contains } else { Op::Eq };
    let start = untrack(|| now(list, field)).into_iter().find(|c| c.op == op).map(|c| c.value).unwrap_or_default();
    let text = RwSignal::new(start);
    let take = move || {
        let value = text.get_untracked().trim().to_owned();
        let same = untrack(|| now(list, field)).iter().any(|c| c.op == op && c.value == value);
        if !same {
            apply(list, field, if value.is_empty() { Vec::new() } else { vec![(op, value)] });
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        take();
    };
    let label = if op == Op::Contains { t!("filter.contains_label") } else { t!("filter.is_label") };
    view! {
        <form class="grid gap-1 text-xs text-ink-2" on:submit=submit>
            <label for=format!("filter-{}", field.name)>{label}</label>
            <input
                id=format!("filter-{}", field.name)
                class="input input-sm"
                type="text"
                data-focus=""
                prop:value=text
                on:input=move |event| text.set(event_target_value(&event))
                on:change=move |_| take()
            />
        </form>
        {emptiness(list, field)}
    }
    .into_any()
}
