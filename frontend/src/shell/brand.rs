//! The company's own look: its logo in the menu and its colours.

use conexao_domain::settings::contrast::Colour;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Url};

use crate::{api::settings, state::app, ui::icon::logo};

/// The logo that fits the theme, or ours.
pub fn mark() -> AnyView {
    let chosen = Memo::new(move |_| {
        let dark = app().prefs.dark();
        // A company with one logo has it in both themes.
        [dark, !dark].into_iter().find_map(|dark| app().session.logo(dark).map(|sum| (dark, sum)))
    });
    let shown = move || match chosen.get() {
        Some((dark, _)) => {
            let picture = logo_picture(if dark { "dark" } else { "light" }, "max-h-8 max-w-8 object-contain");
            view! { <span class="grid h-8 w-8 shrink-0 place-items-center">{picture}</span> }.into_any()
        }
        None => view! { <span class="tenant-mark">{logo("w-5 h-5")}</span> }.into_any(),
    };
    shown.into_any()
}

/// The logo for a theme as a picture.
pub fn logo_picture(theme: &'static str, class: &'static str) -> AnyView {
    let address = RwSignal::new(None::<String>);
    spawn_local(async move {
        if let Ok(picture) = settings::logo(theme).await {
            address.try_set(picture.address());
        }
    });
    on_cleanup(move || {
        if let Some(address) = address.try_get_untracked().flatten() {
            let _ = Url::revoke_object_url(&address);
        }
    });
    let shown = move || address.get().map(|address| view! { <img src=address alt="" class=class /> });
    shown.into_any()
}

/// Gives the page the company's colour for the theme, or takes it back.
pub fn dress() {
    Effect::new(move || {
        let accent = app().session.accent(app().prefs.dark());
        let root = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok());
        let Some(style) = root.map(|root| root.style()) else { return };
        let colour = accent.as_deref().and_then(Colour::parse);
        let values = [
            ("--color-primary", accent.as_deref()),
            ("--color-primary-content", colour.map(Colour::ink)),
            ("--cx-primary-ink", accent.as_deref()),
        ];
        for (name, value) in values {
            let _ = match value.filter(|_| colour.is_some()) {
                Some(value) => style.set_property(name, value),
                None => style.remove_property(name).map(drop),
            };
        }
    });
}
