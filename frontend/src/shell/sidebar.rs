//! The menu on the left: in full, as a strip of icons, or as a drawer.

use conexao_domain::{
    kernel::resource::{Area, Resource},
    locale,
};
use leptos::{ev::KeyboardEvent, html::Aside, prelude::*};

use super::{Frame, brand, menu};
use crate::{
    format, i18n,
    prefs::Theme,
    screen::Screen,
    state::app,
    t,
    ui::{
        focus,
        icon::{icon, logo},
    },
};

/// The menu in the form that fits.
pub fn sidebar(frame: Frame) -> AnyView {
    let shown = move || {
        if app().prefs.rail.get() {
            view! { {rail(frame)} <div class="contents lg:hidden">{full(frame)}</div> }.into_any()
        } else {
            full(frame)
        }
    };
    shown.into_any()
}

fn full(frame: Frame) -> AnyView {
    let node = NodeRef::<Aside>::new();
    Effect::new(move || {
        if let (true, Some(aside)) = (frame.drawer.get(), node.get_untracked()) {
            request_animation_frame(move || focus::enter(&aside));
        }
    });
    let keys = move |event: KeyboardEvent| {
        if !frame.drawer.get_untracked() {
            return;
        }
        if event.key() == "Escape" {
            frame.drawer.set(false);
        } else if let Some(aside) = node.get_untracked() {
            focus::keep_inside(&aside, &event);
        }
    };
    let areas = Area::ALL.iter().map(|area| group(frame, *area)).collect_view();
    view! {
        <aside class="sidebar" aria-label=t!("shell.menu") node_ref=node on:keydown=keys>
            <div class="px-2.5 pt-3 pb-2">{tenant()}</div>
            <nav class="sidebar-scroll" aria-label=t!("shell.areas")>
                <div class="mb-2 grid gap-px">
                    {link(frame, Screen::Home, "layout-dashboard", t!("home.name"), || None)}
                    {link(frame, Screen::Jobs, "list-checks", t!("jobs.name"), running)}
                </div>
                <div class="grid gap-px">{areas}</div>
            </nav>
            <div class="sidebar-foot flex items-center justify-between">{fold()} {dark()}</div>
        </aside>
    }
    .into_any()
}

fn running() -> Option<i64> {
    i64::try_from(app().live.running.read().len()).ok().filter(|n| *n > 0)
}

fn tenant() -> AnyView {
    let me = app().session.me();
    let (name, sub) = me.map_or_else(Default::default, |me| {
        let sub = match me.tenant.kind.as_str() {
            "production" => me.tenant.slug.clone(),
            kind => format!(
                "{} · {}",
                me.tenant.slug,
                locale::text(i18n::locale(), &format!("tenant.kind.{kind}")).to_lowercase()
            ),
        };
        (me.tenant.trade_name.clone().unwrap_or_else(|| me.tenant.name.clone()), sub)
    });
    view! {
        <div class="tenant">
            {brand::mark()}
            <span class="min-w-0 flex-1">
                <span class="block truncate text-sm font-semibold leading-4.5">{name}</span>
                <span class="block truncate text-xs text-ink-3">{sub}</span>
            </span>
        </div>
    }
    .into_any()
}

fn link(
    frame: Frame,
    screen: Screen,
    art: &'static str,
    label: String,
    count: impl Fn() -> Option<i64> + Send + Sync + 'static,
) -> AnyView {
    let path = screen.path();
    let current = current(frame, path.clone());
    view! {
        <a class="nav-link" href=path aria-current=current>
            {icon(art, "i")} {label} {move || count().map(badge)}
        </a>
    }
    .into_any()
}

fn badge(n: i64) -> AnyView {
    view! { <span class="nav-count">{format::integer(n)}</span> }.into_any()
}

/// Marks the link of the screen shown, or of the list its record belongs to.
fn current(frame: Frame, path: String) -> impl Fn() -> Option<&'static str> + Clone + Send + Sync + 'static {
    move || {
        let screen = frame.screen.get();
        let list = screen.resource().map(Screen::List).or_else(|| screen.above());
        let here = list.unwrap_or(screen).path();
        (here == path).then_some("page")
    }
}

fn group(frame: Frame, area: Area) -> AnyView {
    let resources = menu::of_area(area);
    let more: Vec<_> = menu::entries().into_iter().filter(|entry| entry.area == area).collect();
    if resources.is_empty() && more.is_empty() {
        return ().into_any();
    }
    // An area of one thing with its own name needs no fold.
    if let ([only], true) = (resources.as_slice(), more.is_empty())
        && i18n::resources(only) == i18n::area(area)
    {
        let only = *only;
        return link(frame, Screen::List(only), menu::icon_of(area), i18n::area(area), move || menu::open_count(only));
    }
    let now = frame.screen.get_untracked();
    let here = now.resource().is_some_and(|resource| resource.area == area)
        || more.iter().any(|entry| entry.screen == now || now.above().as_ref() == Some(&entry.screen));
    let open = here || !area.is_administration();
    let links = resources.into_iter().map(|resource| child(frame, resource)).collect_view();
    let more = more.into_iter().map(|entry| leaf(frame, &entry.screen, entry.label)).collect_view();
    view! {
        <details class="nav-group" open=open>
            <summary>
                {icon(menu::icon_of(area), "i")} {i18n::area(area)} {icon("chevron-right", "i i-sm chev")}
            </summary>
            <div class="nav-children">{links} {more}</div>
        </details>
    }
    .into_any()
}

fn child(frame: Frame, resource: &'static Resource) -> AnyView {
    let path = Screen::List(resource).path();
    let current = current(frame, path.clone());
    view! {
        <a class="nav-link" href=path aria-current=current>
            {i18n::resources(resource)} {move || menu::open_count(resource).map(badge)}
        </a>
    }
    .into_any()
}

fn leaf(frame: Frame, screen: &Screen, label: String) -> AnyView {
    let path = screen.path();
    let current = current(frame, path.clone());
    view! { <a class="nav-link" href=path aria-current=current>{label}</a> }.into_any()
}

fn fold() -> AnyView {
    view! {
        <button type="button" class="nav-link flex-1 max-lg:hidden" on:click=move |_| app().prefs.set_rail(true)>
            {icon("panel-left-close", "i")} {t!("shell.fold")}
            <span class="ml-auto"><kbd class="kbd">"["</kbd></span>
        </button>
    }
    .into_any()
}

fn dark() -> AnyView {
    let change = move |event| {
        let dark = event_target_checked(&event);
        super::account::choose_theme(if dark { Theme::Dark } else { Theme::Light });
    };
    view! {
        <label class="nav-link flex-1 lg:hidden">
            {icon("moon", "i")} {t!("shell.dark")}
            <input type="checkbox" class="toggle toggle-sm ml-auto" prop:checked=move || app().prefs.dark() on:change=change />
        </label>
    }
    .into_any()
}

fn rail(frame: Frame) -> AnyView {
    let resources =
        menu::visible().map(|r| rail_link(frame, Screen::List(r), r.icon, i18n::resources(r))).collect_view();
    let more = menu::entries().into_iter();
    let more = more.map(|entry| rail_link(frame, entry.screen, entry.icon, entry.label)).collect_view();
    view! {
        <aside class="rail" aria-label=t!("shell.menu")>
            <a href="/" class="tenant-mark mb-2 shrink-0" aria-label=t!("home.name")>{logo("w-5 h-5")}</a>
            <nav class="grid min-h-0 w-full justify-items-center gap-1 overflow-y-auto py-1" aria-label=t!("shell.areas")>
                {rail_link(frame, Screen::Home, "layout-dashboard", t!("home.name"))}
                {rail_link(frame, Screen::Jobs, "list-checks", t!("jobs.name"))}
                <span class="mx-auto my-1 h-px w-5 bg-line-2"></span>
                {resources}
                {more}
            </nav>
            <button
                type="button"
                class="rail-link mt-auto shrink-0"
                aria-label=t!("shell.unfold")
                title=t!("shell.unfold")
                on:click=move |_| app().prefs.set_rail(false)
            >
                {icon("panel-left-open", "i i-md")}
            </button>
        </aside>
    }
    .into_any()
}

fn rail_link(frame: Frame, screen: Screen, art: &'static str, label: String) -> AnyView {
    let path = screen.path();
    let current = current(frame, path.clone());
    view! {
        <a class="rail-link" href=path title=label.clone() aria-label=label aria-current=current>{icon(art, "i i-md")}</a>
    }
    .into_any()
}
