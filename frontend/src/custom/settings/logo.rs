//! The logos, one for each theme.

use std::rc::Rc;

use leptos::{ev::Event, prelude::*, task::spawn_local};
use serde_json::Value as Json;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::refresh;
use crate::{
    api::{settings, upload},
    resource::form::state::sentence,
    shell::logo_picture,
    state::app,
    t,
    ui::{icon::icon, toast},
};

pub fn panel() -> AnyView {
    view! {
        <section class="panel">
            <header class="panel-head"><h2 class="panel-title">{t!("company.logo")}</h2></header>
            <div class="panel-body grid gap-4 sm:grid-cols-2">{one("light")} {one("dark")}</div>
        </section>
    }
    .into_any()
}

fn one(theme: &'static str) -> AnyView {
    let error = RwSignal::new(None::<String>);
    let id = format!("logo-{theme}");
    let label = if theme == "dark" { t!("company.logo_dark") } else { t!("company.logo_light") };
    let choose = move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let file = input.as_ref().and_then(HtmlInputElement::files).and_then(|files| files.get(0));
        let Some(file) = file else { return };
        spawn_local(async move {
            let path = format!("/settings/logos/{theme}");
            let answer = match upload::form("file", &file) {
                Ok(form) => upload::send::<Json>(&path, &form, Rc::new(|_| ())).await,
                Err(failure) => Err(failure),
            };
            let why = answer.err().map(|failure| failure.errors.first().map_or_else(|| failure.message(), sentence));
            if why.is_none() {
                refresh().await;
                toast::say(t!("company.logo_set"));
            }
            error.try_set(why);
        });
        if let Some(input) = input {
            input.set_value("");
        }
    };
    let remove = move |_| {
        spawn_local(async move {
            match settings::remove_logo(theme).await {
                Ok(()) => refresh().await,
                Err(failure) => toast::fail(&failure),
            }
        });
    };
    let has = Memo::new(move |_| app().session.logo(theme == "dark"));
    let ground = if theme == "dark" { "bg-[#151c21] [&_.hint]:text-white" } else { "bg-white [&_.hint]:text-black" };
    let picture = move || match has.get() {
        Some(_) => logo_picture(theme, "max-h-16 max-w-full object-contain"),
        None => view! { <span class="hint">{t!("company.no_logo")}</span> }.into_any(),
    };
    let wrong = move || {
        error.get().map(|why| view! { <p class="field-err" role="alert">{icon("circle-alert", "i i-xs")} {why}</p> })
    };
    let remover = move || {
        has.get().map(|_| {
            view! { <button type="button" class="btn btn-sm btn-quiet max-md:h-11" on:click=remove>{t!("company.logo_remove")}</button> }
        })
    };
    view! {
        <div class="grid content-start gap-2">
            <label for=id.clone() class="text-sm font-medium">{label}</label>
            <div class=format!("grid h-24 place-items-center rounded-lg border border-line p-3 {ground}")>{picture}</div>
            <div class="flex flex-wrap gap-2">
                <input id=id.clone() type="file" accept="image/png,image/jpeg,image/webp,image/gif" class="peer sr-only" on:change=choose />
                <label for=id class="btn btn-sm btn-line peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-primary max-md:h-11">
                    {icon("upload", "i i-sm")} {t!("company.logo_choose")}
                </label>
                {remover}
            </div>
            {wrong}
            <p class="hint">{t!("company.logo_hint")}</p>
        </div>
    }
    .into_any()
}
