//! What people of the team have beyond being records: a password, a second step.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

use crate::{
    api::records,
    resource::{
        detail::page::{Over, Page},
        form::state::sentence,
        list::name_of,
    },
    t,
    ui::{
        icon::icon,
        overlay::{Dialog, dialog},
        popover::Item,
        toast,
    },
};

/// Name of the dialog, and what the address says after a creation.
pub const PASSWORD: &str = "senha";

/// The way to the dialog in the menu of a person.
pub fn item(page: Page) -> Item {
    Item::new("key-round", t!("users.password"), move || page.over.set(Some(Over::Custom(PASSWORD))))
}

/// Name of the dialog that ends the second step.
pub const SECOND_STEP: &str = "duas-etapas";

/// The way to it in the menu of a person.
pub fn second_step_item(page: Page) -> Item {
    Item::new("shield-alert", t!("users.reset_two_factor"), move || page.over.set(Some(Over::Custom(SECOND_STEP))))
}

/// Ends the second step of somebody who lost the device.
pub fn second_step(page: Page) -> AnyView {
    let close = move || page.over.set(None);
    let busy = RwSignal::new(false);
    let name = page.record.with_untracked(|record| name_of(page.resource, record));
    let reset = move |_| {
        busy.set(true);
        let (resource, id) = (page.resource, page.id());
        spawn_local(async move {
            match records::act(resource, &id, "reset-two-factor", json!({})).await {
                Ok(_) => {
                    toast::say(t!("users.two_factor_reset"));
                    page.over.try_set(None);
                    page.stir();
                }
                Err(failure) => toast::fail(&failure),
            }
            busy.try_set(false);
        });
    };
    let foot = view! {
        <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| close()>{t!("cancel")}</button>
        <button type="button" class="btn btn-sm btn-primary max-md:h-11" disabled=busy on:click=reset>{t!("users.reset")}</button>
    };
    let content = Dialog {
        title: t!("users.reset_two_factor_of", name = name),
        text: t!("users.reset_two_factor_text"),
        art: ("shield-alert", "bg-danger-bg text-danger-fg"),
        body: ().into_any(),
        foot: foot.into_any(),
    };
    dialog(content, Arc::new(close))
}

/// A password that nobody chose: four groups of four characters that are hard to confuse.
fn generated() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let random = uuid::Uuid::new_v4().into_bytes().into_iter().chain(uuid::Uuid::new_v4().into_bytes());
    // The version and variant bits of a random id are not random.
    let random = random.enumerate().filter(|(at, _)| at % 16 != 6 && at % 16 != 8).map(|(_, byte)| byte);
    let letters = random.filter_map(|byte| LETTERS.get(usize::from(byte & 31))).take(16).map(|byte| char::from(*byte));
    let letters: Vec<char> = letters.collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Sets the password of a person.
pub fn password(page: Page) -> AnyView {
    let close = move || page.over.set(None);
    let (text, seen) = (RwSignal::new(String::new()), RwSignal::new(false));
    let (error, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let name = page.record.with_untracked(|record| name_of(page.resource, record));
    let save = move || {
        if busy.get_untracked() || text.with_untracked(String::is_empty) {
            return;
        }
        busy.set(true);
        let (resource, id, body) = (page.resource, page.id(), json!({ "password": text.get_untracked() }));
        spawn_local(async move {
            match records::act(resource, &id, "set-password", body).await {
                Ok(_) => {
                    toast::say(t!("users.password_set"));
                    page.over.try_set(None);
                    page.stir();
                }
                Err(failure) => {
                    let why = failure.errors.first().map_or_else(|| failure.message(), sentence);
                    error.try_set(Some(why));
                }
            }
            busy.try_set(false);
        });
    };
    let generate = move |_| {
        text.set(generated());
        seen.set(true);
        error.set(None);
    };
    let body = view! {
        <div class="field">
            <label for="new-password">{t!("users.new_password")}</label>
            <span class="input max-md:h-11" class:field-bad=move || error.get().is_some()>
                <input
                    id="new-password"
                    class="mono min-w-0 flex-1"
                    type=move || if seen.get() { "text" } else { "password" }
                    autocomplete="new-password"
                    data-focus=""
                    aria-describedby="new-password-hint"
                    aria-invalid=move || error.get().map(|_| "true")
                    prop:value=text
                    on:input=move |event| {
                        text.set(event_target_value(&event));
                        error.set(None);
                    }
                    on:keydown=move |event| if event.key() == "Enter" { save() }
                />
                <button
                    type="button"
                    class="icon-btn icon-btn-sm -mr-2"
                    aria-pressed=move || seen.get().to_string()
                    aria-label=t!("users.show_password")
                    title=t!("users.show_password")
                    on:click=move |_| seen.update(|seen| *seen = !*seen)
                >
                    {icon("eye", "i")}
                </button>
            </span>
            {move || error.get().map(|why| view! { <p class="field-err" role="alert">{icon("circle-alert", "i i-xs")} {why}</p> })}
            <p class="hint" id="new-password-hint">{t!("users.password_hint")}</p>
            <p><button type="button" class="btn btn-xs btn-line" on:click=generate>{icon("wand-sparkles", "i i-sm")} {t!("users.generate")}</button></p>
        </div>
    };
    let foot = view! {
        <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| close()>{t!("users.later")}</button>
        <button
            type="button"
            class="btn btn-sm btn-primary max-md:h-11"
            disabled=move || busy.get() || text.with(String::is_empty)
            on:click=move |_| save()
        >
            {t!("users.set_password")}
        </button>
    };
    let content = Dialog {
        title: t!("users.password_of", name = name),
        text: t!("users.password_text"),
        art: ("key-round", "bg-mute-bg text-ink-2"),
        body: body.into_any(),
        foot: foot.into_any(),
    };
    dialog(content, Arc::new(close))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_passwords_are_long_and_differ() {
        let (one, other) = (generated(), generated());
        assert_eq!(one.len(), 19);
        assert_ne!(one, other);
        assert!(one.chars().all(|c| c == '-' || c.is_ascii_lowercase() || c.is_ascii_digit()));
    }
}
