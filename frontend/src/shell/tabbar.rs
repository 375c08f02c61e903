//! The bar at the bottom of a phone.

use leptos::prelude::*;

use super::{Frame, Over, menu, topbar::bell_count};
use crate::{i18n, screen::Screen, t, ui::icon::icon};

/// Home, the first resources, notifications, menu.
pub fn tabbar(frame: Frame) -> AnyView {
    let mut areas = Vec::new();
    let firsts = menu::visible().filter(|resource| {
        let first = !areas.contains(&resource.area);
        areas.push(resource.area);
        first
    });
    let links: Vec<_> = firsts.map(|r| (Screen::List(r), menu::icon_of(r.area), i18n::area(r.area))).collect();
    // Whoever operates the installation looks after companies first.
    let own = menu::entries().into_iter().find(|entry| entry.screen == Screen::Tenants);
    let own = own.map(|entry| (entry.screen, entry.icon, entry.label));
    let links = own.into_iter().chain(links).take(2).map(|(screen, art, label)| link(frame, screen, art, label));
    view! {
        <nav class="tabbar" aria-label=t!("shell.tabs")>
            {link(frame, Screen::Home, "house", t!("home.name"))}
            {links.collect_view()}
            <button type="button" aria-haspopup="dialog" on:click=move |_| frame.over.set(Over::Notices)>
                {icon("bell", "i i-lg")} {t!("notices.short")} {bell_count()}
            </button>
            <button type="button" aria-haspopup="dialog" on:click=move |_| frame.drawer.set(true)>
                {icon("menu", "i i-lg")} {t!("shell.menu_short")}
            </button>
        </nav>
    }
    .into_any()
}

fn link(frame: Frame, screen: Screen, art: &'static str, label: String) -> AnyView {
    let path = screen.path();
    let screen = screen.clone();
    let list = screen.resource().map(|resource| resource.name);
    let current = move || {
        let now = frame.screen.get();
        let here = match list {
            Some(name) => now.resource().is_some_and(|resource| resource.name == name),
            None => now == screen,
        };
        here.then_some("page")
    };
    view! { <a href=path aria-current=current>{icon(art, "i i-lg")} {label}</a> }.into_any()
}
