//! One value of one row.

use chrono::{DateTime, NaiveDate, Utc};
use conexao_domain::kernel::{
    field::{Field, Kind},
    record::Record,
    resource::Resource,
};
use leptos::prelude::*;
use serde_json::Value as Json;

use crate::{
    api::records::Mention,
    format,
    format::Due,
    i18n,
    screen::Screen,
    t,
    ui::{
        avatar::avatar,
        chip,
        icon::{glyph, icon},
    },
};

/// How a reference is called, from what came with the record.
pub fn mention(record: &Record, field: &str) -> Option<Mention> {
    let found = record.get("_refs").get(field)?;
    serde_json::from_value(found.clone()).ok()
}

/// Whether nothing more is expected of the record.
pub fn is_closed(resource: &Resource, record: &Record) -> bool {
    let state = record.text("status").and_then(|name| resource.flow?.state(name));
    state.is_some_and(|state| state.terminal)
}

/// What a record is called.
pub fn name_of(resource: &Resource, record: &Record) -> String {
    let Some(field) = resource.field(resource.title) else { return String::new() };
    format::value(resource.name, field, record.get(field.name))
}

/// The value of a column.
pub fn cell(resource: &'static Resource, field: &'static Field, record: &Record) -> AnyView {
    let value = record.get(field.name);
    if field.name == resource.title {
        return title(resource, record);
    }
    if value.is_null() || value.as_str() == Some("") {
        return none();
    }
    let text = value.as_str().unwrap_or_default();
    match field.kind {
        Kind::State => chip::state(resource, text),
        Kind::User => mention(record, field.name).map_or_else(none, |person| avatar(Some(&person.id), &person.title)),
        Kind::Reference(_) => mention(record, field.name).map_or_else(none, reference),
        Kind::Tags => tags(value),
        Kind::Boolean => boolean(value),
        Kind::Date if field.name == "deadline" => deadline(text, is_closed(resource, record)),
        Kind::Date => day(text),
        Kind::Instant => moment(text),
        Kind::Text { .. } if field.name == "marker" => chip::tag_strong(text.to_owned()),
        Kind::Money => {
            view! { <span class="font-medium">{format::value(resource.name, field, value)}</span> }.into_any()
        }
        _ => {
            let text = format::value(resource.name, field, value);
            view! { <span class="num" title=text.clone()>{text.clone()}</span> }.into_any()
        }
    }
}

fn none() -> AnyView {
    view! { <span class="text-ink-3">"—"</span> }.into_any()
}

/// The name, which opens the record, and its kind below.
fn title(resource: &'static Resource, record: &Record) -> AnyView {
    let path = Screen::Detail(resource, record.id().to_owned()).path();
    let name = name_of(resource, record);
    let kind = record
        .text("kind")
        .filter(|_| resource.field("kind").is_some())
        .map(|kind| i18n::choice(resource.name, "kind", kind));
    let sub = kind.map(|kind| view! { <span class="sub">{kind}</span> });
    view! { <a href=path class="num font-semibold hover:underline" title=name.clone()>{name.clone()}</a> {sub} }
        .into_any()
}

fn reference(mention: Mention) -> AnyView {
    let sub = mention.subtitle.map(|text| view! { <span class="sub num">{text}</span> });
    view! { <span class="font-medium" title=mention.title.clone()>{mention.title.clone()}</span> {sub} }.into_any()
}

/// At most two labels, and how many more there are.
fn tags(value: &Json) -> AnyView {
    let all: Vec<String> = value.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect();
    let more = all.len().saturating_sub(2);
    let title = all.join(", ");
    let more = (more > 0).then(|| view! { <span class="hint">{format!("+{more}")}</span> });
    let shown = all.into_iter().take(2).map(chip::tag).collect_view();
    view! { <span class="inline-flex items-center gap-1" title=title>{shown} {more}</span> }.into_any()
}

fn boolean(value: &Json) -> AnyView {
    if value.as_bool() == Some(true) {
        view! { <span class="inline-flex text-ok">{glyph("success")}<span class="sr-only">{t!("yes")}</span></span> }
            .into_any()
    } else {
        view! { <span class="text-ink-3">{t!("no")}</span> }.into_any()
    }
}

/// A deadline: amber when near, red when past, plain once the record is closed.
pub fn deadline(text: &str, closed: bool) -> AnyView {
    let Ok(date) = text.parse::<NaiveDate>() else { return text.to_owned().into_any() };
    let deadline = format::deadline(date, closed);
    let (class, art) = match deadline.due {
        Due::Plain => ("due", None),
        Due::Soon => ("due due-soon", Some("clock")),
        Due::Late => ("due due-late", Some("circle-alert")),
    };
    view! { <span class=class title=format::date(date)>{art.map(|art| icon(art, "i"))} {deadline.text}</span> }
        .into_any()
}

fn day(text: &str) -> AnyView {
    let Ok(date) = text.parse::<NaiveDate>() else { return text.to_owned().into_any() };
    view! { <span class="num" title=format::date(date)>{format::date_short(date)}</span> }.into_any()
}

fn moment(text: &str) -> AnyView {
    let Ok(at) = text.parse::<DateTime<Utc>>() else { return text.to_owned().into_any() };
    view! { <span class="num text-ink-2" title=format::instant(at)>{format::ago(at)}</span> }.into_any()
}
