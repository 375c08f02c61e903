//! Free labels: typed, parted by Enter or comma, taken out one by one.

use leptos::{ev::KeyboardEvent, prelude::*};
use serde_json::Value as Json;

use super::Control;
use crate::{t, ui::icon::icon};

fn words(value: &Json) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}

fn add(value: RwSignal<Json>, text: &str) {
    let mut tags = words(&value.get_untracked());
    for tag in text.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        if !tags.iter().any(|t| t == tag) {
            tags.push(tag.to_owned());
        }
    }
    value.set(tags.into());
}

fn remove(value: RwSignal<Json>, tag: &str) {
    let mut tags = words(&value.get_untracked());
    tags.retain(|t| t != tag);
    value.set(tags.into());
}

/// The labels of a record.
pub fn tags(control: Control) -> AnyView {
    let value = control.value;
    let text = RwSignal::new(String::new());
    let take = move || {
        let typed = text.get_untracked();
        if !typed.trim().is_empty() {
            add(value, &typed);
        }
        text.set(String::new());
    };
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" | "," => {
            event.prevent_default();
            take();
        }
        "Backspace" if text.get_untracked().is_empty() => {
            if let Some(last) = words(&value.get_untracked()).last() {
                remove(value, last);
            }
        }
        _ => {}
    };
    let chips = move || words(&value.get()).into_iter().map(|tag| one(value, tag)).collect_view();
    view! {
        <div class="fb-val w-full">
            {chips}
            <input
                id=control.id.clone()
                class="h-6 min-w-24 flex-1 bg-transparent px-1 outline-none"
                type="text"
                maxlength="40"
                autocomplete="off"
                disabled=control.locked
                placeholder=t!("control.tag")
                aria-invalid=control.invalid()
                aria-describedby=control.described()
                prop:value=text
                on:input=move |event| text.set(event_target_value(&event))
                on:keydown=keys
                on:blur=move |_| take()
            />
        </div>
    }
    .into_any()
}

fn one(value: RwSignal<Json>, tag: String) -> AnyView {
    let label = t!("control.remove", what = tag);
    let gone = tag.clone();
    view! {
        <span>
            {tag}
            <button type="button" class="-mr-1 grid h-6 w-6 place-items-center" aria-label=label on:click=move |_| remove(value, &gone)>{icon("x", "i i-xs")}</button>
        </span>
    }
    .into_any()
}
