//! Having the application beside others: the browser's own question, or how to
//! do it where there is none.

use std::sync::Arc;

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::Frame;
use crate::{
    t,
    ui::overlay::{Dialog, dialog},
};

/// Where `assets/boot.js` keeps the browser's question.
const QUESTION: &str = "conexaoInstall";

/// Asks, or says how.
pub fn install(frame: Frame) -> AnyView {
    let close = move || frame.close();
    if ask() {
        // Not while this is being drawn.
        request_animation_frame(close);
        return ().into_any();
    }
    let body = view! {
        <ol class="grid list-decimal gap-2 pl-5 text-sm">
            <li>{t!("install.share")}</li>
            <li>{t!("install.add")}</li>
            <li>{t!("install.confirm")}</li>
        </ol>
    };
    let foot = view! {
        <button type="button" class="btn btn-sm btn-primary max-md:h-11" data-focus="" on:click=move |_| close()>{t!("close")}</button>
    };
    let content = Dialog {
        title: t!("install.title"),
        text: t!("install.text"),
        art: ("download", "bg-mute-bg text-ink-2"),
        body: body.into_any(),
        foot: foot.into_any(),
    };
    dialog(content, Arc::new(close))
}

/// Whether the browser has a question and was told to put it.
fn ask() -> bool {
    let question = Reflect::get(window().as_ref(), &JsValue::from_str(QUESTION)).unwrap_or_default();
    let prompt =
        Reflect::get(&question, &JsValue::from_str("prompt")).ok().and_then(|it| it.dyn_into::<Function>().ok());
    prompt.is_some_and(|prompt| prompt.call0(&question).is_ok())
}
