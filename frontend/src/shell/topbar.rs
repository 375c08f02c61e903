//! The bar on top: where one is, search, create, notifications, account.

use leptos::prelude::*;

use super::{Frame, Over, account, jobs, menu};
use crate::{
    i18n,
    prefs::Theme,
    screen::Screen,
    state::app,
    t,
    ui::{
        icon::icon,
        popover::{Item, Trigger, menu as menu_button},
    },
};

/// The top bar.
pub fn topbar(frame: Frame) -> AnyView {
    let search = move |_| frame.over.set(Over::Palette);
    view! {
        <header class="topbar">
            <button type="button" class="icon-btn lg:hidden" aria-label=t!("shell.open_menu") on:click=move |_| frame.drawer.set(true)>
                {icon("menu", "i i-lg")}
            </button>
            <nav class="crumbs flex-1 lg:flex-initial lg:min-w-44" aria-label=t!("shell.crumbs")>{move || crumbs(&frame.screen.get())}</nav>
            <div class="hidden flex-1 justify-center lg:flex">
                <button type="button" class="search-btn" aria-haspopup="dialog" aria-keyshortcuts="Control+K" on:click=search>
                    {icon("search", "i i-sm")}
                    <span class="flex-1 truncate">{t!("palette.placeholder")}</span>
                    <span class="flex gap-0.5"><kbd class="kbd">"Ctrl"</kbd><kbd class="kbd">"K"</kbd></span>
                </button>
            </div>
            <div class="flex items-center gap-1">
                {jobs::indicator()}
                <button type="button" class="icon-btn lg:hidden" aria-haspopup="dialog" aria-label=t!("palette.open") on:click=search>
                    {icon("search", "i i-md")}
                </button>
                {create()}
                {theme()}
                {bell(frame)}
                {account::account(frame)}
            </div>
        </header>
    }
    .into_any()
}

fn crumbs(screen: &Screen) -> AnyView {
    let Some(resource) = screen.resource().or_else(|| app().nav.under.get()) else {
        let area = menu::area_of(screen).map(|area| above(i18n::area(area), "sm:inline"));
        let list = screen.above().map(|list| up(menu::name_of(&list), list.path()));
        return view! { {area} {list} {last(app().nav.title.get())} }.into_any();
    };
    let area = i18n::area(resource.area);
    let list = i18n::resources(resource);
    match screen {
        Screen::List(_) if area == list => last(list),
        Screen::List(_) => view! { {above(area, "sm:inline")} {last(list)} }.into_any(),
        _ => {
            let area = (area != list).then(|| above(area, "xl:inline"));
            view! { {area} {up(list, Screen::List(resource).path())} {last(app().nav.title.get())} }.into_any()
        }
    }
}

/// The list that a screen came from.
fn up(label: String, href: String) -> AnyView {
    view! {
        <a class="hidden sm:inline" href=href>{label}</a>
        <span class="hidden text-ink-3 sm:inline" aria-hidden="true">"/"</span>
    }
    .into_any()
}

/// What a screen belongs to, where there is room for it.
fn above(label: String, from: &'static str) -> AnyView {
    let class = format!("hidden {from}");
    view! {
        <span class=class.clone()>{label}</span>
        <span class=format!("{class} text-ink-3") aria-hidden="true">"/"</span>
    }
    .into_any()
}

fn last(label: String) -> AnyView {
    view! { <span aria-current="page">{label}</span> }.into_any()
}

/// One button to create anything the person may create.
fn create() -> AnyView {
    let creatable = || menu::visible().filter(|resource| app().session.may(resource, "create"));
    if creatable().next().is_none() {
        return ().into_any();
    }
    let items = move || {
        let item = |resource| {
            Item::new("plus", i18n::new_resource(resource), move || app().nav.to(&Screen::New(resource).path()))
        };
        creatable().map(item).collect()
    };
    let inside = view! { {icon("plus", "i")} {t!("shell.create")} }.into_any();
    let trigger = Trigger { class: "btn btn-sm btn-primary", label: None, inside };
    view! { <div class="mr-1 hidden md:block">{menu_button(trigger, "right-0 top-9 w-56", items)}</div> }.into_any()
}

fn theme() -> AnyView {
    let toggle = move |_| {
        let next = if app().prefs.is_dark() { Theme::Light } else { Theme::Dark };
        account::choose_theme(next);
    };
    view! {
        <button
            type="button"
            class="icon-btn theme-toggle hidden sm:inline-grid"
            aria-label=t!("shell.dark")
            aria-pressed=move || app().prefs.dark().to_string()
            title=t!("shell.theme_toggle")
            on:click=toggle
        >
            {icon("sun", "i i-md i-sun")} {icon("moon", "i i-md i-moon")}
        </button>
    }
    .into_any()
}

fn bell(frame: Frame) -> AnyView {
    let label = move || t!("notices.bell", n = app().live.unread.get());
    view! {
        <button type="button" class="icon-btn" aria-haspopup="dialog" aria-label=label on:click=move |_| frame.over.set(Over::Notices)>
            {icon("bell", "i i-md")} {bell_count()}
        </button>
    }
    .into_any()
}

/// The number of unread notifications; nothing when all are read.
pub fn bell_count() -> AnyView {
    let count = move || {
        let unread = app().live.unread.get();
        let text = if unread > 99 { "99+".to_owned() } else { unread.to_string() };
        (unread > 0).then(|| view! { <span class="bell-count" aria-hidden="true">{text}</span> })
    };
    count.into_any()
}
