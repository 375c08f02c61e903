//! One thing that happened.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::{
    field::{Field, Kind},
    record::Record,
    resource::Resource,
};
use leptos::prelude::*;

use super::{Activity, mention};
use crate::{
    api::{
        records::Mention,
        timeline::{Change, Entry},
    },
    format, i18n,
    resource::{
        detail::{documents::file, value},
        form::mention::mention as named,
    },
    screen::record_path,
    state::app,
    t,
    ui::{avatar::face, chip, icon::icon},
};

/// Characters of a text that was changed.
const TEXT: usize = 140;

/// Changes shown under one entry; more are counted.
const SHOWN: usize = 8;

/// An entry of the timeline.
pub fn row(activity: Activity, entry: Entry) -> AnyView {
    let at = entry.at.parse::<DateTime<Utc>>().unwrap_or_default();
    let who = entry.actor.as_ref().map(|actor| actor.name.clone()).filter(|name| !name.is_empty());
    let who = who.unwrap_or_else(|| t!("activity.system"));
    let person = matches!(entry.kind.as_str(), "comment") || entry.actor.is_some();
    let mark = if entry.kind == "comment" || (person && entry.action.as_deref() == Some("create")) {
        view! { <span>{face(entry.actor.as_ref().and_then(|actor| actor.id.as_deref()), &who, "")}</span> }.into_any()
    } else {
        view! { <span class="feed-mark">{icon(art(&entry), "i i-sm")}</span> }.into_any()
    };
    // The day stands above.
    let time = if format::local(at).date() == format::today() { format::ago(at) } else { format::clock(at) };
    let sentence = sentence(activity.page.resource, &entry);
    let below = below(activity, &entry, &who);
    view! {
        <li>
            {mark}
            <div class="min-w-0 pt-0.5">
                <div class="flex flex-wrap items-baseline gap-x-2">
                    <span class="min-w-0"><b class="font-semibold">{who}</b> " " {sentence}</span>
                    <time class="num ml-auto" datetime=entry.at title=format::instant(at)>{time}</time>
                </div>
                {below}
            </div>
        </li>
    }
    .into_any()
}

fn art(entry: &Entry) -> &'static str {
    match (entry.kind.as_str(), entry.action.as_deref()) {
        ("file", _) => "paperclip",
        ("linked", _) => "link-2",
        (_, Some("create")) => "plus",
        (_, Some("update")) => "pencil",
        (_, Some("delete")) => "trash-2",
        (_, Some("restore" | "undo")) => "undo-2",
        (_, Some("reveal")) => "eye",
        (_, Some("merge")) => "combine",
        (_, Some("import")) => "file-spreadsheet",
        (_, Some("set_password")) => "key-round",
        _ => "arrow-right",
    }
}

fn sentence(resource: &Resource, entry: &Entry) -> String {
    let action = entry.action.as_deref().unwrap_or_default();
    match (entry.kind.as_str(), action) {
        ("comment", _) => t!("activity.commented"),
        ("file", _) => {
            t!("activity.attached", name = entry.file.as_ref().map(|file| file.name.clone()).unwrap_or_default())
        }
        ("linked", _) => entry.text.clone().unwrap_or_default(),
        (_, "create") => t!("activity.created"),
        (_, "update") => t!("activity.changed", fields = names(resource, &entry.changes)),
        (_, "delete") => t!("activity.deleted"),
        (_, "restore") => t!("activity.restored"),
        (_, "undo") => t!("activity.undone"),
        (_, "reveal") => t!("activity.revealed"),
        (_, "merge") => t!("activity.merged"),
        (_, "merged") => t!("activity.absorbed"),
        (_, "export") => t!("activity.exported"),
        (_, "set_password") => t!("activity.password"),
        _ if resource.flow.is_some_and(|flow| flow.step(action).is_some()) => {
            t!("activity.step", step = i18n::step(resource.name, action))
        }
        _ => t!("activity.other", action = action),
    }
}

/// The changed fields in words; many are counted.
fn names(resource: &Resource, changes: &[Change]) -> String {
    let names: Vec<String> = changes
        .iter()
        .filter_map(|change| resource.field(&change.field))
        .map(|f| i18n::field(resource.name, f))
        .collect();
    match names.len() {
        0 => t!("activity.nothing"),
        1..=3 => names.join(", "),
        n => t!("activity.many", n = n),
    }
}

fn below(activity: Activity, entry: &Entry, who: &str) -> AnyView {
    match entry.kind.as_str() {
        "comment" => note(activity, entry, who),
        "file" => entry.file.as_ref().map(attached).into_any(),
        _ if entry.action.as_deref() == Some("create") => ().into_any(),
        _ => {
            let record = activity.page.record.get_untracked();
            let changes = entry.changes.iter().filter_map(|change| changed(activity.page.resource, &record, change));
            let rows: Vec<AnyView> = changes.take(SHOWN).collect();
            (!rows.is_empty())
                .then(|| view! { <ul class="mt-1 grid gap-1 text-xs leading-5 text-ink-2">{rows}</ul> })
                .into_any()
        }
    }
}

fn note(activity: Activity, entry: &Entry, who: &str) -> AnyView {
    let text = mention::highlighted(entry.text.as_deref().unwrap_or_default());
    let id = entry.id.clone();
    let author = entry.actor.as_ref().and_then(|actor| actor.id.clone());
    let author = author.map(|id| Mention {
        id,
        resource: "user".to_owned(),
        title: who.to_owned(),
        subtitle: None,
        field: None,
    });
    let mine = entry.actor.as_ref().is_some_and(|actor| actor.id.as_deref() == Some(app().session.user_id().as_str()));
    let reply = author.filter(|_| !mine).map(|author| {
        let answer = move |_| super::comment::reply(activity, author.clone());
        view! { <button type="button" class="lnk" on:click=answer>{t!("activity.reply")}</button> }
    });
    let remove = mine.then(|| {
        view! {
            <button type="button" class="text-ink-3 hover:underline" on:click=move |_| activity.removing.set(Some(id.clone()))>
                {t!("activity.remove")}
            </button>
        }
    });
    view! {
        <div class="note">
            <div class="whitespace-pre-line">{text}</div>
            <div class="mt-1.5 flex gap-3 text-xs">{reply} {remove}</div>
        </div>
    }
    .into_any()
}

fn attached(found: &crate::api::timeline::TimelineFile) -> AnyView {
    let id = found.id.clone();
    view! {
        <button type="button" class="lnk mt-0.5 inline-flex items-center gap-1.5 text-xs" on:click=move |_| file::save(&id)>
            {icon(file::art(&found.media_type), "i i-xs")}
            <span class="num">{format::bytes(found.size)}</span>
        </button>
    }
    .into_any()
}

/// A change as old → new.
fn changed(resource: &'static Resource, record: &Record, change: &Change) -> Option<AnyView> {
    let field = resource.field(&change.field)?;
    let arrow = || icon("arrow-right", "i i-xs");
    if field.kind == Kind::State {
        let state = |value: &serde_json::Value| value.as_str().map(|name| chip::state(resource, name));
        return Some(view! { <li class="chg">{state(&change.old)} {arrow()} {state(&change.new)}</li> }.into_any());
    }
    let label = i18n::field(resource.name, field);
    let pair = match field.kind {
        Kind::Lines(_) => None,
        Kind::Reference(target) => {
            let new = reference(record, field, change, target);
            return Some(view! { <li class="chg">{label} ": " {new}</li> }.into_any());
        }
        Kind::User => {
            return Some(view! { <li class="chg">{label} ": " {person(record, field, change)}</li> }.into_any());
        }
        _ => Some((format::value(resource.name, field, &change.old), format::value(resource.name, field, &change.new))),
    };
    let Some((old, new)) = pair else {
        let lines = |value: &serde_json::Value| value.as_i64().map(format::integer).unwrap_or_default();
        let text = if change.old == change.new {
            t!("activity.same_lines", lines = label)
        } else {
            t!("activity.lines", lines = label, old = lines(&change.old), new = lines(&change.new))
        };
        return Some(view! { <li>{text}</li> }.into_any());
    };
    let old = (!old.is_empty())
        .then(|| view! { <del class="line-through text-ink-3" title=full(&old)>{short(&old)}</del> {arrow()} });
    let new = if new.is_empty() { t!("activity.emptied") } else { new };
    Some(view! { <li class="chg"><span>{label} ":"</span> {old} <ins class="font-medium text-base-content no-underline" title=full(&new)>{short(&new)}</ins></li> }.into_any())
}

/// Long texts are cut; the whole is in the tooltip.
fn short(text: &str) -> String {
    match text.char_indices().nth(TEXT) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

fn full(text: &str) -> Option<String> {
    (text.chars().count() > TEXT).then(|| text.to_owned())
}

/// The name of the present value; of an earlier one only that it was another.
fn name(record: &Record, field: &Field, change: &Change) -> String {
    let same = record.get(field.name) == &change.new;
    let known = named(record, field.name).filter(|_| same).map(|mention| mention.title);
    match (known, change.new.is_null()) {
        (Some(name), _) => name,
        (None, true) => t!("activity.emptied"),
        (None, false) => t!("activity.another"),
    }
}

fn person(record: &Record, field: &Field, change: &Change) -> AnyView {
    let name = name(record, field, change);
    if change.new.is_null() { name.into_any() } else { value::person(name) }
}

fn reference(record: &Record, field: &Field, change: &Change, target: &str) -> AnyView {
    let name = name(record, field, change);
    let path = change.new.as_str().and_then(|id| record_path(target, id));
    match path {
        Some(path) => view! { <a class="lnk" href=path>{name}</a> }.into_any(),
        None => name.into_any(),
    }
}
