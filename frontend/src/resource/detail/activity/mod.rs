//! What happened to a record and what people say about it.

mod comment;
mod entry;
mod mention;

use leptos::prelude::*;

use super::page::Page;
use crate::{
    api::{
        Params,
        records::Mention,
        timeline::{self, Entry},
    },
    format, outbox,
    screen::Screen,
    state::app,
    t,
    ui::{
        more::more,
        skeleton,
        tabs::{Tab, tabs},
    },
};

pub use comment::COMMENT;

/// What the parts of the panel share.
#[derive(Clone, Copy)]
pub struct Activity {
    page: Page,
    tab: RwSignal<&'static str>,
    /// What is being written.
    text: RwSignal<String>,
    /// Who was chosen while writing.
    chosen: StoredValue<Vec<Mention>>,
    /// The comment that is to be taken out, once confirmed.
    removing: RwSignal<Option<String>>,
}

/// Which tab an entry belongs to, besides the first.
fn belongs(entry: &Entry, tab: &str) -> bool {
    let quiet = matches!(entry.action.as_deref(), Some("reveal" | "export"));
    match tab {
        "comments" => entry.kind == "comment",
        "audit" => entry.kind == "change",
        _ => !quiet,
    }
}

/// The panel.
pub fn panel(page: Page) -> AnyView {
    let activity = Activity {
        page,
        tab: RwSignal::new("activity"),
        text: RwSignal::new(String::new()),
        chosen: StoredValue::new(Vec::new()),
        removing: RwSignal::new(None),
    };
    let count = |tab: &'static str| {
        Signal::derive(move || {
            let Some(timeline) = page.timeline.ready() else { return String::new() };
            let count = timeline.items.iter().filter(|entry| belongs(entry, tab)).count();
            let more = if timeline.next.is_some() { "+" } else { "" };
            if count == 0 {
                String::new()
            } else {
                format!("{}{more}", format::integer(i64::try_from(count).unwrap_or_default()))
            }
        })
    };
    let rows = vec![
        Tab::new("activity", t!("activity.title")),
        Tab { count: Some(count("comments")), ..Tab::new("comments", t!("activity.comments")) },
        Tab { count: Some(count("audit")), ..Tab::new("audit", t!("activity.audit")) },
    ];
    view! {
        <section class="panel" aria-label=t!("activity.title")>
            <header class="flex items-center border-b border-line px-3">
                {tabs(t!("activity.title"), rows, activity.tab)}
                <span class="hint max-sm:hidden">{t!("activity.newest_first")}</span>
                {move || explorer(activity)}
            </header>
            <div class="panel-body">
                {comment::form(activity)}
                {outbox::here(page.resource.name, page.id(), move || page.stir())}
                {move || feed(activity)}
                {move || activity.removing.get().map(|id| comment::removal(activity, id))}
            </div>
        </section>
    }
    .into_any()
}

/// The way to the same entries in the audit.
fn explorer(activity: Activity) -> Option<AnyView> {
    let shown = activity.tab.get() == "audit" && app().session.can("audit.read");
    shown.then(|| {
        let params =
            Params::default().with("resource", activity.page.resource.name).with("record", &activity.page.id());
        let path = format!("{}?{}", Screen::Audit.path(), params.text());
        view! { <a class="lnk ml-3 inline-flex min-h-6 items-center text-xs whitespace-nowrap max-md:min-h-11" href=path>{t!("activity.in_audit")}</a> }.into_any()
    })
}

/// The entries, each day with its name above them.
fn by_day(activity: Activity, entries: Vec<Entry>) -> AnyView {
    let mut last = None;
    let rows = entries.into_iter().map(|entry| {
        let day = entry.at.parse().map(|at| format::local(at).date()).ok();
        let begins = day.filter(|_| last != day);
        last = day;
        let name = begins.map(|day| view! { <li class="feed-day num">{format::day_name(day)}</li> });
        view! { {name} {entry::row(activity, entry)} }
    });
    rows.collect_view().into_any()
}

fn feed(activity: Activity) -> AnyView {
    let load = activity.page.timeline;
    match load.answer.get() {
        None if load.slow.get() => skeleton::lines(4),
        None => ().into_any(),
        Some(Err(failure)) => {
            let again = move |_| activity.page.stir();
            view! {
                <p class="flex items-center gap-2 text-sm text-ink-2" role="alert">
                    {failure.message()}
                    <button type="button" class="lnk" on:click=again>{t!("retry")}</button>
                </p>
            }
            .into_any()
        }
        Some(Ok(timeline)) => {
            let tab = activity.tab.get();
            let entries: Vec<Entry> = timeline.items.into_iter().filter(|entry| belongs(entry, tab)).collect();
            let none = entries.is_empty().then(|| view! { <p class="hint">{t!("activity.none")}</p> });
            let rows = by_day(activity, entries);
            let more = timeline.next.map(|after| {
                let (resource, id) = (activity.page.resource, activity.page.id());
                let fetch = move || {
                    let (id, after) = (id.clone(), after.clone());
                    async move { timeline::entries(resource, &id, Some(&after)).await }
                };
                let button = more(load, fetch, |timeline, older| {
                    timeline.items.extend(older.items);
                    timeline.next = older.next;
                });
                view! { <div class="-mx-4 mt-4 -mb-4">{button}</div> }
            });
            view! { {none} <ol class="feed">{rows}</ol> {more} }.into_any()
        }
    }
}
