//! Messages: what became of one and what it says; and on any record those that
//! are about it.

use conexao_client::model::{MessageEvent, Said};
use conexao_domain::{
    customers::customer::CUSTOMER,
    integration::message::MESSAGE,
    kernel::{flow::Tone, record::Record},
};
use leptos::prelude::*;

use super::notice_matrix;
use crate::{
    api::{
        Params, client,
        records::{self, Page as Rows},
    },
    format,
    resource::{detail::page::Page, list::name_of},
    screen::Screen,
    state::app,
    t,
    ui::{
        chip::{self, chip},
        empty::failed,
        fetched::fetched,
        icon::icon,
        load::Load,
        mail,
    },
};

/// What became of a message, and what it says.
pub fn story(page: Page) -> AnyView {
    let load: Load<Vec<MessageEvent>> = Load::new();
    Effect::new(move || {
        let id = page.record.with(|record| record.id().to_owned());
        load.run(async move { client().message_events(&id).await });
    });
    let again = move || page.record.notify();
    let body = fetched(load, 2, t!("messages.events"), again, |all: Vec<MessageEvent>| {
        if all.is_empty() {
            return view! { <p class="hint px-4 py-3">{t!("messages.no_events")}</p> }.into_any();
        }
        view! { <ol class="divide-y divide-line">{all.into_iter().map(event).collect_view()}</ol> }.into_any()
    });
    view! {
        <section class="panel">
            <header class="panel-head"><h2 class="panel-title">{t!("messages.events")}</h2></header>
            {body}
        </section>
        {said(page)}
    }
    .into_any()
}

fn event(one: MessageEvent) -> AnyView {
    let (tone, word) = match (one.kind.as_str(), one.status.as_str()) {
        ("attempt", "sent") => (Tone::Progress, t!("messages.handed_over")),
        ("attempt", _) => (Tone::Danger, t!("messages.refused")),
        (_, "delivered" | "read") => (Tone::Success, t!("messages.arrived")),
        (_, "failed" | "undelivered" | "complaint") => (Tone::Danger, one.status.clone()),
        _ => (Tone::Neutral, one.status.clone()),
    };
    let at = format::moment(&one.at);
    let source = match one.kind.as_str() {
        "attempt" => t!("messages.attempt"),
        "receipt" => t!("messages.receipt"),
        _ => t!("messages.report"),
    };
    let more = [one.code, one.detail].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <li class="grid gap-1 px-4 py-2.5">
            <div class="flex flex-wrap items-center gap-2">{chip(tone, word)} <span class="text-sm">{source}</span> <span class="hint num ml-auto">{at}</span></div>
            <p class="mono text-xs break-all text-ink-2">{more}</p>
        </li>
    }
    .into_any()
}

/// What it says, for who may see personal data; that they looked is written down.
fn said(page: Page) -> AnyView {
    // Links that let somebody in are for their reader alone.
    let secret = page.record.with_untracked(|record| record.text("category") == Some("account"));
    if secret || !page.may("reveal") {
        return ().into_any();
    }
    let load: Load<Said> = Load::new();
    let id = page.id();
    let ask = move || {
        let id = id.clone();
        load.run(async move { client().message_content(&id).await });
    };
    let again = ask.clone();
    let body = move || match load.answer.get() {
        Some(Ok(said)) if said.html.is_empty() => {
            view! { <pre class="text-sm whitespace-pre-wrap" tabindex="0">{said.text}</pre> }.into_any()
        }
        Some(Ok(said)) => mail::frame(said.subject, Signal::stored(said.html)),
        Some(Err(failure)) => failed(t!("messages.content"), &failure, again.clone()),
        None => {
            let ask = ask.clone();
            view! { <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| ask()>{icon("eye", "i")} {t!("messages.show")}</button> }.into_any()
        }
    };
    view! {
        <section class="panel">
            <header class="panel-head"><h2 class="panel-title">{t!("messages.content")}</h2></header>
            <div class="panel-body">{body}</div>
        </section>
    }
    .into_any()
}

/// Messages about a record, whatever its kind; of a customer those to them.
pub fn about(page: Page) -> AnyView {
    if page.resource.name == MESSAGE.name || !app().session.may(&MESSAGE, "read") {
        return ().into_any();
    }
    let id = page.id();
    let customer = page.resource.name == CUSTOMER.name;
    let filter = if customer {
        Params::default().with("filter[customer_id]", &id)
    } else {
        Params::default().with("filter[resource]", page.resource.name).with("filter[record_id]", &id)
    };
    let all = format!("{}{}", Screen::List(&MESSAGE).path(), filter.suffix());
    let load: Load<Rows> = Load::new();
    let query = filter.with("limit", "5").with("sort", "-created_at");
    load.run(async move { records::list(&MESSAGE, &query).await });
    let writes = customer && app().session.may(&MESSAGE, "create");
    let tool = move || {
        writes.then(|| {
            let query = Params::default().with("customer_id", &page.id());
            let path = format!("{}{}", Screen::New(&MESSAGE).path(), query.suffix());
            let label = t!("messages.write");
            view! { <a class="icon-btn icon-btn-sm" href=path aria-label=label.clone() title=label>{icon("plus", "i")}</a> }
        })
    };
    let shown = move || {
        let rows = load.ready()?;
        if rows.items.is_empty() && !customer {
            return None;
        }
        let none = rows.items.is_empty().then(|| view! { <p class="hint px-4 py-3">{t!("messages.none")}</p> });
        let items = rows.items.iter().map(row).collect_view();
        let panel = view! {
            <section class="panel">
                <header class="panel-head">
                    <h2 class="panel-title"><a class="hover:underline" href=all.clone()>{t!("messages.history")}</a></h2>
                    <div class="ml-auto flex shrink-0 items-center gap-1">{tool()}</div>
                </header>
                <ul class="divide-y divide-line">{items}</ul>
                {none}
            </section>
        };
        Some(panel.into_any())
    };
    shown.into_any()
}

fn row(record: &Record) -> AnyView {
    let path = Screen::Detail(&MESSAGE, record.id().to_owned()).path();
    let way = record.text("channel").unwrap_or_default();
    let made = record.instant("created_at").map(format::ago);
    let hint = [Some(notice_matrix::channel(way)), made].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let state = record.text("status").map(|name| chip::state(&MESSAGE, name));
    view! {
        <li>
            <a href=path class="flex items-center gap-2.5 px-4 py-2 hover:bg-hover">
                {icon(notice_matrix::art(way), "i text-ink-3")}
                <span class="min-w-0 flex-1">
                    <span class="block truncate text-sm leading-4.5 font-medium">{name_of(&MESSAGE, record)}</span>
                    <span class="hint num block truncate">{hint}</span>
                </span>
                {state}
            </a>
        </li>
    }
    .into_any()
}
