//! The value a condition compares with, suited to the kind of its field.

use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        resource::Resource,
        value::Uf,
    },
    registry,
};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::{day_meant, draft::How};
use crate::{
    api::records::Mention,
    format, i18n,
    resource::list::names,
    t, td,
    ui::{control::search_box, icon::icon},
};

/// The control.
pub fn control(resource: &'static Resource, field: &'static Field, how: How, value: RwSignal<String>) -> AnyView {
    let several = how.name == "one_of";
    match field.kind {
        Kind::State => {
            let states = resource.flow.map(|flow| flow.states).unwrap_or_default();
            let words = states.iter().map(|s| (s.name.to_owned(), i18n::state(resource.name, s.name)));
            words_of(words.collect(), several, value)
        }
        Kind::Choice(choices) => {
            let words = choices.iter().map(|w| ((*w).to_owned(), i18n::choice(resource.name, field.name, w)));
            words_of(words.collect(), several, value)
        }
        Kind::Uf => {
            words_of(Uf::ALL.iter().map(|uf| (uf.as_str().to_owned(), uf.name().to_owned())).collect(), several, value)
        }
        Kind::Date | Kind::Instant => day(value),
        Kind::Reference(target) => record(field, target, value),
        Kind::User => record(field, "user", value),
        _ => text(field, value),
    }
}

fn parts(value: &str) -> Vec<String> {
    value.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// One of several words, or any of some.
fn words_of(words: Vec<(String, String)>, several: bool, value: RwSignal<String>) -> AnyView {
    let all = StoredValue::new(words);
    let label = move |word: &str| {
        all.with_value(|all| all.iter().find(|(w, _)| w == word).map_or_else(|| word.to_owned(), |(_, l)| l.clone()))
    };
    let chips = move || {
        let one = |word: String| {
            let (text, gone) = (label(&word), word);
            let remove = t!("filter.remove", name = text);
            let take = move |_| {
                value.update(|value| {
                    *value = parts(value).into_iter().filter(|w| *w != gone).collect::<Vec<_>>().join(",");
                });
            };
            view! { <span>{text} <button type="button" aria-label=remove on:click=take>{icon("x", "i i-xs")}</button></span> }
        };
        parts(&value.get()).into_iter().map(one).collect_view()
    };
    let add = move |event| {
        let word = event_target_value(&event);
        if !word.is_empty() {
            value.update(|value| {
                let mut now = if several { parts(value) } else { Vec::new() };
                now.push(word);
                *value = now.join(",");
            });
        }
    };
    // Those chosen already are not offered again.
    let options = move || {
        let now = parts(&value.get());
        let left = all.get_value().into_iter().filter(move |(word, _)| !now.contains(word));
        let first = if value.read().is_empty() { t!("groups.choose") } else { t!("groups.another") };
        let left = left.map(|(word, label)| view! { <option value=word>{label}</option> }).collect_view();
        view! { <option value="" selected=true>{first}</option> {left} }
    };
    view! {
        <span class="fb-val">
            {chips}
            <select class="h-6 max-w-36 bg-transparent text-sm max-md:h-9" aria-label=t!("groups.value") on:change=add>{options}</select>
        </span>
    }
    .into_any()
}

/// Days that move with the calendar, then one that stands.
const RELATIVE: [&str; 8] = ["@today", "@today-7", "@today-30", "@today+7", "@today+30", "@week", "@month", "@year"];
const FIXED: &str = "day";

fn day(value: RwSignal<String>) -> AnyView {
    let fixed = RwSignal::new(!value.read_untracked().is_empty() && !value.read_untracked().starts_with('@'));
    let options = RELATIVE.iter().map(|word| {
        let chosen = move || !fixed.get() && value.read().as_str() == *word;
        view! { <option value=*word selected=chosen>{td!("groups.day.", word)}</option> }
    });
    let options = options.collect_view();
    let choose = move |event| {
        let word = event_target_value(&event);
        fixed.set(word == FIXED);
        value.set(if word == FIXED { String::new() } else { word });
    };
    let meant = move || day_meant(&value.read()).filter(|_| !fixed.get());
    let date = move || {
        fixed.get().then(|| {
            view! {
                <input
                    class="input input-sm num w-38 max-md:h-11"
                    type="date"
                    aria-label=t!("groups.value")
                    prop:value=move || value.get()
                    on:change=move |event| value.set(event_target_value(&event))
                />
            }
        })
    };
    view! {
        <select class="select select-sm w-40 max-md:h-11" aria-label=t!("groups.value") on:change=choose>
            <option value="" selected=move || !fixed.get() && value.read().is_empty()>{t!("groups.choose")}</option>
            {options}
            <option value=FIXED selected=fixed>{t!("groups.day.fixed")}</option>
        </select>
        {date}
        <span class="hint num">{meant}</span>
    }
    .into_any()
}

/// A record by its name; "me" where it is a person.
fn record(field: &'static Field, target: &'static str, value: RwSignal<String>) -> AnyView {
    let Some(resource) = registry::by_name(target) else { return text(field, value) };
    let choose = move |mention: Mention| {
        names::learn(&mention.id, &mention.title);
        value.set(mention.id);
    };
    let me = (target == "user").then(|| {
        let pressed = move || (value.read().as_str() == "@me").to_string();
        view! {
            <button type="button" class="tag h-8 px-2 text-xs" aria-pressed=pressed on:click=move |_| value.set("@me".to_owned())>
                {t!("filter.me")}
            </button>
        }
    });
    let current = move || {
        let id = value.get();
        let name = if id == "@me" { t!("filter.me") } else { names::of(field, &id) };
        let remove = t!("filter.remove", name = name);
        (!id.is_empty()).then(|| {
            view! {
                <span class="fb-val">
                    <span>{name} <button type="button" aria-label=remove on:click=move |_| value.set(String::new())>{icon("x", "i i-xs")}</button></span>
                </span>
            }
        })
    };
    let id = format!("groups-{}", field.name);
    let search =
        move || value.read().is_empty().then(|| search_box(id.clone(), resource, t!("control.search"), choose));
    view! { {current} <span class="flex items-center gap-1">{search} {me}</span> }.into_any()
}

/// Something typed; figures are read as their kind writes them.
fn text(field: &'static Field, value: RwSignal<String>) -> AnyView {
    let kind = field.kind;
    let figure = matches!(kind, Kind::Integer { .. } | Kind::Money | Kind::Rate | Kind::Quantity);
    let shown = move || {
        let value = value.get();
        let number = value.parse::<i64>().ok().filter(|_| figure);
        number.map_or(value, |n| format::written(kind, &Json::from(n)))
    };
    let take = move |event| {
        let typed = event_target_value(&event);
        // What cannot be read as a figure narrows nothing.
        let read = || format::read(kind, &typed).as_i64().map(|n| n.to_string()).unwrap_or_default();
        value.set(if figure { read() } else { typed });
    };
    view! {
        <input
            class="input input-sm w-40 max-md:h-11"
            type="text"
            autocomplete="off"
            inputmode=if figure { "decimal" } else { "text" }
            aria-label=t!("groups.value")
            prop:value=shown
            on:change=take
        />
    }
    .into_any()
}
