//! Widgets with a head: charts, lists of records, shortcuts.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::{record::Record, resource::Resource};
use leptos::prelude::*;

use super::{fetch, live, plan::Plan, scope};
use crate::{
    api::{
        Failure,
        records::{self, Page},
    },
    format, i18n,
    part::{self, Piece},
    resource::list::{deadline, is_closed, mention, name_of},
    screen::Screen,
    shell::menu,
    t,
    ui::{
        chart::{self, Data},
        chip,
        icon::icon,
        load::Load,
        skeleton,
    },
};

/// How many records there is room for, by the height of the widget.
const FIT: [u8; 3] = [1, 3, 6];

fn panel(title: &str, about: String, tools: AnyView, body: AnyView) -> AnyView {
    view! {
        <section class="panel dash-panel" aria-label=title.to_owned()>
            <header class="panel-head">
                <h2 class="panel-title min-w-0 truncate" title=title.to_owned()>{title.to_owned()}</h2>
                <span class="hint shrink-[99]" title=about.clone()>{about.clone()}</span>
                <span class="ml-auto flex shrink-0 items-center gap-0.5">{tools}</span>
            </header>
            {body}
        </section>
    }
    .into_any()
}

fn open_list(title: &str, path: String) -> AnyView {
    view! {
        <a class="lnk inline-flex min-h-6 items-center px-1 text-xs max-md:min-h-11" href=path>
            {t!("home.open_list")}<span class="sr-only">": " {title.to_owned()}</span>
        </a>
    }
    .into_any()
}

/// A chart with its table.
pub fn chart(title: String, plan: Plan) -> AnyView {
    let load = Load::<Data>::new();
    let asked = plan.clone();
    let reload = move || load.run(fetch::chart(asked.clone()));
    live::follow(plan.resource, reload.clone());
    let as_table = RwSignal::new(false);
    let form = plan.form();
    let name = title.clone();
    let content = move || match load.answer.get() {
        Some(Ok(data)) => part::piece(Piece::Chart(name.clone(), form, data, as_table)),
        Some(Err(failure)) => refused(&failure, reload.clone()),
        None if load.slow.get() => chart::waiting(),
        None => ().into_any(),
    };
    let tools = view! {
        {chart::table_button(as_table)}
        {open_list(&title, fetch::rows(plan.resource, &plan.params))}
    };
    let body = view! { <div class="dash-chart">{content}</div> };
    panel(&title, plan.about(), tools.into_any(), body.into_any())
}

/// Records, the last that changed first unless the query says otherwise.
pub fn list(title: String, plan: Plan) -> AnyView {
    let resource = plan.resource;
    let load = Load::<Page>::new();
    let fit = FIT.get(usize::from(plan.rows.saturating_sub(1))).copied().unwrap_or(4);
    let sort = plan.params.get("sort").unwrap_or(scope::order(resource, &plan.query)).to_owned();
    let params = plan.params.clone().with("sort", &sort);
    let asked = params.clone().with("limit", &fit.to_string());
    let reload = move || {
        let asked = asked.clone();
        load.run(async move { records::list(resource, &asked).await });
    };
    live::follow(resource, reload.clone());
    let content = move || match load.answer.get() {
        Some(Ok(page)) if page.items.is_empty() => {
            view! { <p class="px-4 py-6 text-center text-sm text-ink-2">{t!("home.nothing")}</p> }.into_any()
        }
        Some(Ok(page)) => {
            let rows = page.items.iter().map(|row| line(resource, row)).collect_view();
            view! { <ul class="dash-list divide-y divide-line">{rows}</ul> }.into_any()
        }
        Some(Err(failure)) => refused(&failure, reload.clone()),
        None if load.slow.get() => skeleton::lines(usize::from(fit)),
        None => ().into_any(),
    };
    let tools = open_list(&title, fetch::rows(resource, &params));
    panel(&title, plan.about(), tools, content.into_any())
}

fn line(resource: &'static Resource, row: &Record) -> AnyView {
    let path = Screen::Detail(resource, row.id().to_owned()).path();
    let about = resource.subtitle.and_then(|name| {
        let mentioned = mention(row, name).map(|mention| mention.title);
        mentioned.or_else(|| resource.field(name).map(|field| format::value(resource.name, field, row.get(name))))
    });
    let at = row.text("updated_at").and_then(|text| text.parse::<DateTime<Utc>>().ok()).map(format::ago);
    let state = resource.flow.and(row.text("status")).map(|state| chip::state(resource, state));
    // What has to be done by a day says so, as long as it is not done.
    let due = row.text("deadline").filter(|_| !is_closed(resource, row));
    let when = match due {
        Some(day) => deadline(day, false),
        None => view! { <span class="num text-xs leading-4 text-ink-3">{at}</span> }.into_any(),
    };
    view! {
        <li class="h-14.5">
            <a href=path class="flex h-full items-center gap-3 px-4 hover:bg-hover">
                <span class="min-w-0 flex-1">
                    <span class="num block truncate text-sm font-medium">{name_of(resource, row)}</span>
                    <span class="num block truncate text-xs leading-4 text-ink-3">{about}</span>
                </span>
                <span class="grid shrink-0 justify-items-end gap-0.5 [&>.due]:text-xs [&>.due]:leading-4">{state} {when}</span>
            </a>
        </li>
    }
    .into_any()
}

/// Every list and screen the person may open.
pub fn shortcuts(title: String) -> AnyView {
    let lists =
        menu::visible().map(|resource| (Screen::List(resource).path(), resource.icon, i18n::resources(resource)));
    // Companies first, where there are any.
    let mut screens = menu::entries();
    screens.sort_by_key(|entry| entry.screen != Screen::Tenants);
    let screens = screens.into_iter().map(|entry| (entry.screen.path(), entry.icon, entry.label));
    let one = |(path, art, label): (String, &'static str, String)| {
        view! {
            <li>
                <a class="flex min-h-11 items-center gap-3 rounded-lg border border-line px-3 text-sm font-medium hover:bg-hover" href=path>
                    {icon(art, "i text-ink-3")} <span class="min-w-0 flex-1 truncate">{label}</span> {icon("chevron-right", "i i-sm text-ink-3")}
                </a>
            </li>
        }
    };
    let links = screens.chain(lists).map(one).collect_view();
    let body = view! {
        <nav class="min-h-0 flex-1 overflow-y-auto p-3" aria-label=title.clone()>
            <ul class="dash-links">{links}</ul>
        </nav>
    };
    panel(&title, String::new(), ().into_any(), body.into_any())
}

/// A widget of something that is not there, or not for this person.
pub fn gone(title: String) -> AnyView {
    let body = view! { <p class="p-4 text-sm text-ink-2">{t!("dash.gone_text")}</p> };
    panel(&title, String::new(), ().into_any(), body.into_any())
}

/// This widget alone did not come.
fn refused(failure: &Failure, again: impl Fn() + 'static) -> AnyView {
    let text = format!("{} {}", failure.message(), t!("failure.code", code = failure.reference()));
    view! {
        <div class="grid h-full content-center justify-items-center gap-2 p-4 text-center" role="alert">
            <p class="max-w-sm text-sm text-ink-2">{t!("home.failed")} ". " {text}</p>
            <button type="button" class="btn btn-sm btn-line" on:click=move |_| again()>{icon("rotate-cw", "i")} {t!("retry")}</button>
        </div>
    }
    .into_any()
}
