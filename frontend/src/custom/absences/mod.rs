//! Absences: one's own with the substitute, those in which one stands in, and
//! both of somebody else for who may see them.

mod form;

use chrono::NaiveDate;
use conexao_domain::{
    identity::absence::ABSENCE,
    kernel::{flow::Tone, record::Record},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{
        Failure, Params, records,
        rights::{self, Absences},
    },
    format,
    resource::detail::page::Page,
    screen::Screen,
    state::app,
    t,
    ui::{chip::chip, fetched::fetched, icon::icon, load::Load, toast},
};

/// The panel of the profile.
pub fn panel() -> AnyView {
    let (load, naming) = (Load::<Absences>::new(), RwSignal::new(false));
    load.run(rights::absences());
    let again = Callback::new(move |()| {
        naming.set(false);
        load.run(rights::absences());
    });
    let ask = move || load.run(rights::absences());
    let body = fetched(load, 3, t!("absences.failed"), ask, move |absences| both(&absences, Some(again)));
    let name = move |_| naming.set(true);
    let over = move || naming.get().then(|| form::dialog(again, Callback::new(move |()| naming.set(false))));
    view! {
        <section class="panel lg:col-span-2" aria-labelledby="absences">
            <header class="panel-head">
                <h2 class="panel-title" id="absences">{t!("absences.title")}</h2>
                <button type="button" class="btn btn-xs btn-line ml-auto max-md:h-11" on:click=name>{icon("plus", "i i-sm")} {t!("absences.name_one")}</button>
            </header>
            <div class="panel-body">{body}</div>
            {over}
        </section>
    }
    .into_any()
}

/// The panel of a person's page, for who may see absences.
pub fn of_person(page: Page) -> Option<AnyView> {
    if !app().session.may(&ABSENCE, "read") {
        return None;
    }
    let load = Load::<Absences>::new();
    let ask = move || {
        let id = page.id();
        load.run(async move {
            let of = |field: &'static str| {
                let params = Params::default().with(&format!("filter[{field}]"), &id).with("limit", "20");
                async move { records::list(&ABSENCE, &params).await }
            };
            let (mine, standing_in) = (of("owner_id").await?.items, of("substitute_id").await?.items);
            Ok::<_, Failure>(Absences { mine, standing_in })
        });
    };
    ask();
    let body = fetched(load, 3, t!("absences.failed"), ask, |absences| both(&absences, None));
    let create = app().session.may(&ABSENCE, "create").then(|| {
        let path = Screen::New(&ABSENCE).path();
        view! { <a class="btn btn-xs btn-line ml-auto max-md:h-11" href=path>{icon("plus", "i i-sm")} {t!("absences.name_one")}</a> }
    });
    let panel = view! {
        <section class="panel" aria-labelledby="absences">
            <header class="panel-head"><h2 class="panel-title" id="absences">{t!("absences.title")}</h2> {create}</header>
            <div class="panel-body">{body}</div>
        </section>
    };
    Some(panel.into_any())
}

fn both(absences: &Absences, end: Option<Callback<()>>) -> AnyView {
    let mine = absences.mine.iter().map(|absence| row(absence, "substitute_id", end)).collect_view();
    let others = absences.standing_in.iter().map(|absence| row(absence, "owner_id", None)).collect_view();
    let part = |heading: String, rows: AnyView, none: bool| {
        let nothing = none.then(|| view! { <p class="hint">{t!("absences.none")}</p> });
        view! { <div class="min-w-0"><h3 class="mb-1 text-sm font-semibold">{heading}</h3> <ul class="grid divide-y divide-line">{rows}</ul> {nothing}</div> }
    };
    let away = part(t!("absences.away"), mine.into_any(), absences.mine.is_empty());
    let standing = part(t!("absences.standing_in"), others.into_any(), absences.standing_in.is_empty());
    view! { <div class="grid gap-5 md:grid-cols-2">{away} {standing}</div> }.into_any()
}

/// Where an absence stands today.
fn standing(absence: &Record) -> (Tone, String) {
    let (from, to) = (absence.date("starts_on").unwrap_or_default(), absence.date("ends_on").unwrap_or_default());
    let today = format::today();
    match absence.text("status") {
        Some("valid") if today < from => (Tone::Waiting, t!("absences.later")),
        Some("valid") if today <= to => (Tone::Progress, t!("absences.now")),
        _ => (Tone::Muted, t!("absences.over")),
    }
}

fn row(absence: &Record, other: &str, end: Option<Callback<()>>) -> AnyView {
    let name = absence.get("_refs").pointer(&format!("/{other}/title")).and_then(|name| name.as_str());
    let name = name.unwrap_or_default().to_owned();
    let day = |field: &str| absence.date(field).map(|day: NaiveDate| format::date(day)).unwrap_or_default();
    let days = t!("absences.days", from = day("starts_on"), to = day("ends_on"));
    let reason = absence.text("reason").map(|reason| format!(" · {reason}"));
    let whole = absence.flag("with_administration").then(|| view! { <span class="tag">{t!("absences.whole")}</span> });
    let (tone, word) = standing(absence);
    let ending = end.filter(|_| tone != Tone::Muted).map(|done| {
        let (id, label) = (absence.id().to_owned(), t!("absences.end_of", name = name.clone()));
        let end = move |_| {
            let id = id.clone();
            spawn_local(async move {
                match rights::end_absence(&id).await {
                    Ok(_) => {
                        toast::say(t!("absences.ended"));
                        done.run(());
                    }
                    Err(failure) => toast::fail(&failure),
                }
            });
        };
        view! { <button type="button" class="btn btn-xs btn-line max-md:h-11" aria-label=label on:click=end>{t!("absences.end")}</button> }
    });
    view! {
        <li class="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 py-2 text-sm">
            <span class="min-w-0">
                <span class="flex flex-wrap items-center gap-2 font-medium">{name.clone()} {chip(tone, word)} {whole}</span>
                <span class="hint block">{days} {reason}</span>
            </span>
            {ending}
        </li>
    }
    .into_any()
}

/// Says in whose place the person may act now.
pub fn notice() -> AnyView {
    let standing = move || app().session.me().map(|me| me.standing_in.clone()).unwrap_or_default();
    let line = move || {
        standing().into_iter().map(|one| {
            let until = one.until.parse().map(format::date).unwrap_or_default();
            let text = t!("absences.you_stand_in", name = one.name, until = until);
            view! { <p class="mb-4 flex items-center gap-2 rounded-lg bg-waiting-bg px-4 py-2.5 text-sm text-waiting-fg">{icon("calendar-clock", "i i-sm")} {text}</p> }
        }).collect_view()
    };
    line.into_any()
}
