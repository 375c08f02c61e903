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

use crate::{
    screen::Screen,
    t,
    ui::{
        icon::{icon, logo},
        title::title_with,
    },
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
    view! {
        <main class="flex min-h-dvh flex-col bg-base-100 px-6 py-6 sm:px-12">
            <span class="flex items-center gap-2.5">
                <span class="tenant-mark h-9 w-9">{logo("w-6 h-6")}</span>
                <span class="text-lg font-semibold tracking-tight">"Conexão"</span>
            </span>
            <div class="m-auto w-full max-w-92 py-8">
                <a href="/entrar" class="lnk inline-flex items-center gap-1 text-sm">{icon("arrow-left", "i i-sm")} {t!("door.back")}</a>
                {title_with(title, "mt-4 text-2xl font-semibold tracking-tight")}
                <p class="mt-1 text-ink-2">{text}</p>
                {body}
            </div>
        </main>
    }
    .into_any()
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
