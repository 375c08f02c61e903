//! Screens for people who cannot come in yet: a forgotten password, a new one,
//! an invitation, a registration, links that prove an address.

mod confirm;
mod invitation;
mod password;
mod recover;
mod register;
mod reset;

pub use password::field as new_password;

use leptos::prelude::*;

use super::login;
use crate::{
    screen::Screen,
    t,
    ui::{icon::icon, title::title_with},
};

/// The screen inside the door's frame.
pub fn page(screen: &Screen) -> AnyView {
    match screen {
        Screen::Reset(token) => reset::page(token.clone()),
        Screen::Invitation(token) => invitation::page(token.clone()),
        Screen::Register => register::page(),
        Screen::Confirm(token) => confirm::account(token.clone()),
        Screen::NewEmail(token) => confirm::email(token.clone()),
        _ => recover::page(),
    }
}

fn frame(title: String, text: String, body: AnyView) -> AnyView {
    let content = view! {
        <a href="/entrar" class="lnk inline-flex min-h-6 items-center gap-1 text-sm max-md:min-h-11">{icon("arrow-left", "i i-sm")} {t!("door.back")}</a>
        {title_with(title, "mt-4 text-2xl font-semibold tracking-tight")}
        <p class="mt-1 text-ink-2">{text}</p>
        {body}
    };
    login::frame(content.into_any())
}

/// A link that opens nothing (any more).
fn gone(text: String) -> AnyView {
    let body = view! {
        <p class="notice notice-danger mt-6" role="alert">{icon("circle-alert", "i i-sm")} <span>{text}</span></p>
    };
    frame(t!("door.gone"), String::new(), body.into_any())
}

fn bad(error: RwSignal<Option<String>>, id: &'static str) -> AnyView {
    let text = move || {
        error.get().map(|text| {
            view! { <p class="field-err" id=id role="alert">{icon("circle-alert", "i i-xs")} {text}</p> }
        })
    };
    text.into_any()
}
