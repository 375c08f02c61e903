//! The first screen: what is open, by state, and what moved last. Only numbers
//! the server counted.

use chrono::{DateTime, Timelike, Utc};
use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        flow::{State, Tone},
        resource::Resource,
    },
    registry::RESOURCES,
};
use leptos::prelude::*;

use crate::{
    api::{
        Params, records,
        records::{Group, Page},
    },
    format, i18n,
    resource::list::{mention, name_of},
    screen::Screen,
    shell::menu,
    state::app,
    t,
    ui::{chip, empty::failed, icon::icon, load::Load, progress::meter, skeleton, title::title_named},
};

/// Rows in the panels of recent records.
const RECENT: &str = "6";

/// The home page.
pub fn page() -> AnyView {
    let visible = || RESOURCES.iter().copied().filter(|resource| app().session.may(resource, "read"));
    let flows: Vec<Flow> = visible().filter(|r| r.flow.is_some() && is_business(r)).map(Flow::load).collect();
    let cards = flows.iter().map(|flow| kpi(*flow)).collect_view();
    let late = flows
        .iter()
        .filter(|flow| flow.resource.filterable("deadline").is_some())
        .map(|flow| overdue(flow.resource))
        .collect_view();
    let amounts = flows.iter().filter_map(|flow| amount(*flow)).collect_view();
    let new = flows.iter().map(|flow| newcomers(flow.resource)).collect_view();
    let stages = flows.iter().map(|flow| by_state(*flow)).collect_view();
    let recent: Vec<AnyView> = visible().filter(|r| is_business(r)).map(recent).collect();
    // Three beside each other only where that leaves no hole.
    let wide = if (flows.len() + recent.len()).is_multiple_of(3) {
        "mt-4 grid gap-4 lg:grid-cols-2 2xl:grid-cols-3"
    } else {
        "mt-4 grid gap-4 lg:grid-cols-2"
    };
    // Whoever looks after the installation, or after people alone, has no figures here.
    let nothing = !visible().any(is_business);
    view! {
        <div class="page-head">
            <div>
                {title_named(greeting(), &t!("home.name"))}
                <p class="page-sub">{format::today_long()}</p>
            </div>
        </div>
        <section aria-label=t!("home.figures") class="grid grid-cols-2 gap-3 md:grid-cols-3 2xl:grid-cols-6">{cards} {late} {amounts} {new}</section>
        <div class=wide>{stages} {recent}</div>
        {nothing.then(shortcuts)}
    }
    .into_any()
}

/// Where somebody without business records works.
fn shortcuts() -> AnyView {
    let lists =
        menu::visible().map(|resource| (Screen::List(resource).path(), resource.icon, i18n::resources(resource)));
    // Companies first, where there are any.
    let mut screens = menu::entries();
    screens.sort_by_key(|entry| entry.screen != Screen::Tenants);
    let screens = screens.into_iter().map(|entry| (entry.screen.path(), entry.icon, entry.label));
    let one = |(path, art, label): (String, &'static str, String)| {
        view! {
            <li>
                <a class="panel flex min-h-14 items-center gap-3 px-4 py-3 text-sm font-medium hover:bg-hover" href=path>
                    {icon(art, "i i-md text-ink-3")} <span class="min-w-0 flex-1 truncate">{label}</span> {icon("chevron-right", "i i-sm text-ink-3")}
                </a>
            </li>
        }
    };
    let links = screens.chain(lists).map(one).collect_view();
    view! {
        <nav aria-label=t!("home.shortcuts")>
            <ul class="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">{links}</ul>
        </nav>
    }
    .into_any()
}

/// Settings are not what a day's work is about.
fn is_business(resource: &Resource) -> bool {
    !resource.area.is_administration()
}

fn greeting() -> String {
    let name = app().session.me().map(|me| me.user.name.clone()).unwrap_or_default();
    let first = name.split_whitespace().next().unwrap_or_default().to_owned();
    match format::local(format::now()).hour() {
        5..12 => t!("home.morning", name = first),
        12..18 => t!("home.afternoon", name = first),
        _ => t!("home.evening", name = first),
    }
}

/// The records of a resource, counted by state.
#[derive(Clone, Copy)]
struct Flow {
    resource: &'static Resource,
    load: Load<Vec<Group>>,
}

impl Flow {
    fn load(resource: &'static Resource) -> Self {
        let load = Load::new();
        let flow = Self { resource, load };
        Effect::new(move |before: Option<()>| {
            let event = app().live.record.get();
            if before.is_none() || event.is_some_and(|event| event.resource == resource.name) {
                flow.reload();
            }
        });
        flow
    }

    fn reload(self) {
        let resource = self.resource;
        let sum = self.amount().map(|field| field.name);
        self.load.run(async move { records::aggregate(resource, "status", sum, &Params::default()).await });
    }

    /// The amount lists show, if there is one.
    fn amount(self) -> Option<&'static Field> {
        self.resource.fields.iter().find(|field| field.kind == Kind::Money && field.list > 0)
    }

    /// The states that count: those not finished, or all when none ever is.
    fn counted(self) -> impl Iterator<Item = &'static State> {
        let ends = self.states().iter().any(|state| state.terminal);
        self.states().iter().filter(move |state| !ends || !state.terminal)
    }

    /// Cents in the states that count; tracked.
    fn open_amount(self) -> Option<i64> {
        let groups = self.load.ready()?;
        let of = |state: &State| {
            groups.iter().find(|g| g.key.as_str() == Some(state.name)).and_then(|g| g.sum).unwrap_or_default()
        };
        Some(self.counted().map(of).sum())
    }

    fn states(self) -> &'static [State] {
        self.resource.flow.map(|flow| flow.states).unwrap_or_default()
    }

    /// How many records are in a state; tracked, none while unknown.
    fn count(self, state: &str) -> Option<i64> {
        let groups = self.load.ready()?;
        Some(groups.iter().find(|g| g.key.as_str() == Some(state)).map_or(0, |g| g.count))
    }

    /// How many are not finished, or how many there are when none ever is.
    fn headline(self) -> Option<i64> {
        self.counted().map(|state| self.count(state.name)).sum()
    }
}

fn list_path(resource: &'static Resource, query: &str) -> String {
    format!("{}{query}", Screen::List(resource).path())
}

/// The open states of a flow that ends, as a filter.
fn open_filter(flow: Flow) -> String {
    if !flow.states().iter().any(|state| state.terminal) {
        return String::new();
    }
    let open: Vec<&str> = flow.states().iter().filter(|s| !s.terminal).map(|s| s.name).collect();
    format!("?filter[status][in]={}", open.join(","))
}

/// The amount that is open.
fn amount(flow: Flow) -> Option<AnyView> {
    let field = flow.amount()?;
    let value = move || flow.open_amount().map(format::money_short);
    let hint = t!("home.amount_open", what = i18n::field(flow.resource.name, field));
    Some(card(i18n::resources(flow.resource), list_path(flow.resource, &open_filter(flow)), value, hint, "text-ink-3"))
}

fn kpi(flow: Flow) -> AnyView {
    let ends = flow.states().iter().any(|state| state.terminal);
    let name = i18n::resources(flow.resource);
    let hint = if ends { t!("home.open") } else { t!("home.total") };
    figure(name, list_path(flow.resource, &open_filter(flow)), move || flow.headline(), hint, "text-ink-3")
}

/// What came in the last seven days.
fn newcomers(resource: &'static Resource) -> AnyView {
    let load = Load::new();
    let narrowing = Params::default().with("filter[created_at][gte]", "@today-7");
    let path = list_path(resource, &narrowing.suffix());
    load.run(async move { records::count(resource, &narrowing).await });
    figure(i18n::resources(resource), path, move || load.ready(), t!("home.new"), "text-ink-3")
}

fn overdue(resource: &'static Resource) -> AnyView {
    let load = Load::new();
    let open: Vec<&str> = resource
        .flow
        .map(|flow| flow.states)
        .unwrap_or_default()
        .iter()
        .filter(|s| !s.terminal)
        .map(|s| s.name)
        .collect();
    let narrowing =
        Params::default().with("filter[deadline][lt]", "@today").with("filter[status][in]", &open.join(","));
    let path = list_path(resource, &narrowing.suffix());
    load.run(async move { records::count(resource, &narrowing).await });
    figure(i18n::resources(resource), path, move || load.ready(), t!("home.overdue"), "text-danger-fg")
}

/// A figure that opens the rows behind it.
fn figure(
    label: String,
    path: String,
    count: impl Fn() -> Option<i64> + Send + Sync + 'static,
    hint: String,
    tint: &'static str,
) -> AnyView {
    card(label, path, move || count().map(format::integer), hint, tint)
}

fn card(
    label: String,
    path: String,
    value: impl Fn() -> Option<String> + Send + Sync + 'static,
    hint: String,
    tint: &'static str,
) -> AnyView {
    let value = move || value().unwrap_or_else(|| "–".to_owned());
    let class = format!("hint mt-1.5 inline-flex items-center gap-1 {tint}");
    view! {
        <a class="kpi hover:bg-hover" href=path>
            <span class="kpi-label">{label}</span>
            <span class="kpi-value">{value}</span>
            <span class=class>{hint} {icon("chevron-right", "i i-xs")}</span>
        </a>
    }
    .into_any()
}

const fn colour(tone: Tone) -> &'static str {
    match tone {
        Tone::New => "bg-new!",
        Tone::Progress => "bg-progress!",
        Tone::Waiting => "bg-waiting!",
        Tone::Success => "bg-ok!",
        Tone::Danger => "bg-danger!",
        Tone::Neutral | Tone::Muted => "bg-mute!",
    }
}

fn by_state(flow: Flow) -> AnyView {
    let resource = flow.resource;
    let content = move || match flow.load.answer.get() {
        None if flow.load.slow.get() => skeleton::lines(4),
        None => ().into_any(),
        Some(Err(why)) => failed(t!("home.failed"), &why, move || flow.reload()),
        Some(Ok(groups)) => {
            let total: i64 = groups.iter().map(|g| g.count).sum();
            let rows = flow.states().iter().map(|state| stage(flow, *state, total)).collect_view();
            view! { <ul class="-my-2 divide-y divide-line">{rows}</ul> }.into_any()
        }
    };
    view! {
        <section class="panel">
            {panel_head(t!("home.by_state", what = i18n::resources(resource)), list_path(resource, ""))}
            <div class="panel-body">{content}</div>
        </section>
    }
    .into_any()
}

fn panel_head(heading: String, path: String) -> AnyView {
    view! {
        <header class="panel-head">
            <h2 class="panel-title">{heading.clone()}</h2>
            <a class="lnk ml-auto inline-flex min-h-6 items-center px-1 text-xs max-md:min-h-11" href=path>{t!("home.open_list")}<span class="sr-only">": " {heading}</span></a>
        </header>
    }
    .into_any()
}

fn stage(flow: Flow, state: State, total: i64) -> AnyView {
    let count = flow.count(state.name).unwrap_or_default();
    let share = if total == 0 { 0 } else { count.saturating_mul(100) / total };
    let path = list_path(flow.resource, &format!("?filter[status]={}", state.name));
    view! {
        <li>
            <a href=path class="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-1 gap-y-1.5 rounded-md py-2 hover:bg-hover">
                <span>{chip::state(flow.resource, state.name)}</span>
                <span class="num flex shrink-0 items-baseline text-sm font-semibold">
                    {format::integer(count)} <span class="w-14 text-right text-xs font-normal text-ink-3">{format::percent(count, total)}</span>
                </span>
                {meter(share, colour(state.tone))}
            </a>
        </li>
    }
    .into_any()
}

/// What was changed last.
fn recent(resource: &'static Resource) -> AnyView {
    let load = Load::<Page>::new();
    let reload = move || {
        let params = Params::default().with("sort", "-updated_at").with("limit", RECENT);
        load.run(async move { records::list(resource, &params).await });
    };
    Effect::new(move |before: Option<()>| {
        let event = app().live.record.get();
        if before.is_none() || event.is_some_and(|event| event.resource == resource.name) {
            reload();
        }
    });
    let content = move || match load.answer.get() {
        None if load.slow.get() => skeleton::lines(6),
        None => ().into_any(),
        Some(Err(why)) => failed(t!("home.failed"), &why, reload),
        Some(Ok(page)) if page.items.is_empty() => {
            view! { <p class="px-4 py-6 text-center text-sm text-ink-2">{t!("home.nothing")}</p> }.into_any()
        }
        Some(Ok(page)) => {
            let rows = page.items.iter().map(|row| line(resource, row)).collect_view();
            view! { <ul class="divide-y divide-line">{rows}</ul> }.into_any()
        }
    };
    view! {
        <section class="panel">
            {panel_head(t!("home.recent", what = i18n::resources(resource)), list_path(resource, "?sort=-updated_at"))}
            {content}
        </section>
    }
    .into_any()
}

fn line(resource: &'static Resource, row: &conexao_domain::kernel::record::Record) -> AnyView {
    let path = Screen::Detail(resource, row.id().to_owned()).path();
    let about = resource.subtitle.and_then(|name| {
        let mentioned = mention(row, name).map(|mention| mention.title);
        mentioned.or_else(|| resource.field(name).map(|field| format::value(resource.name, field, row.get(name))))
    });
    let at = row.text("updated_at").and_then(|text| text.parse::<DateTime<Utc>>().ok()).map(format::ago);
    let state = resource.flow.and(row.text("status")).map(|state| chip::state(resource, state));
    view! {
        <li>
            <a href=path class="flex items-center gap-3 px-4 py-2 hover:bg-hover">
                <span class="min-w-0 flex-1">
                    <span class="num block truncate text-sm font-medium">{name_of(resource, row)}</span>
                    <span class="num block truncate text-xs leading-4 text-ink-3">{about}</span>
                </span>
                <span class="grid shrink-0 justify-items-end gap-0.5">
                    {state} <span class="num text-xs leading-4 text-ink-3">{at}</span>
                </span>
            </a>
        </li>
    }
    .into_any()
}
