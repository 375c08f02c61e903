//! Choosing a new password with a link.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{frame, gone, password};
use crate::{
    api::{Failure, client},
    state::app,
    t,
    ui::{load::Load, toast},
};

pub fn page(token: String) -> AnyView {
    let load = Load::new();
    let asked = token.clone();
    load.run(async move { client().recovery(&asked).await });
    let shown = move || match load.answer.get() {
        Some(Ok(whose)) => form(token.clone(), &whose.name, whose.email),
        Some(Err(_)) => gone(t!("door.gone_password")),
        None => view! { <main class="boot" aria-busy="true"></main> }.into_any(),
    };
    shown.into_any()
}

/// What the field is told of a refusal.
pub(super) fn words(failure: &Failure) -> String {
    ["password", "name"].iter().find_map(|field| failure.field(field)).map_or_else(|| failure.message(), str::to_owned)
}

fn form(token: String, name: &str, email: String) -> AnyView {
    let value = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        let token = token.clone();
        spawn_local(async move {
            let result = client().recover(&token, &value.get_untracked()).await;
            busy.try_set(false);
            match result {
                Ok(()) => {
                    toast::say(t!("door.changed"));
                    app().nav.replace("/entrar");
                }
                Err(failure) => drop(error.try_set(Some(words(&failure)))),
            }
        });
    };
    let body = view! {
        <form class="mt-7 grid gap-4" novalidate on:submit=submit>
            {password::field(value, error, vec![name.to_owned()])}
            <button type="submit" class="btn btn-primary h-11" disabled=busy>{t!("door.save")}</button>
        </form>
    };
    frame(t!("door.recover"), t!("door.reset_text", email = email), body.into_any())
}
