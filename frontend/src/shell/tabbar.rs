//! The bar at the bottom of a phone.

use leptos::prelude::*;

use super::{Frame, Over, menu, topbar::bell_count};
use crate::{i18n, screen::Screen, t, ui::icon::icon};

/// Home, the first resources, notifications, menu.
pub fn tabbar(frame: Frame) -> AnyView {
    let resources = menu::visible().take(2).map(|resource| {
        let art = menu::icon_of(resource.area);
        link(frame, Screen::List(resource), art, i18n::area(resource.area))
    });
    view! {
        <nav class="tabbar" aria-label=t!("shell.tabs")>
            {link(frame, Screen::Home, "house", t!("home.name"))}
            {resources.collect_view()}
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
    let list = screen.resource().map(|resource| resource.name);
    let current = move || {
        let now = frame.screen.get();
        let here = match list {
            Some(name) => now.resource().is_some_and(|resource| resource.name == name),
            None => now == Screen::Home,
        };
        here.then_some("page")
    };
    view! { <a href=path aria-current=current>{icon(art, "i i-lg")} {label}</a> }.into_any()
}
