//! Joining with an invitation.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{frame, gone, password, reset::words};
use crate::{
    api::{auth, client},
    state::app,
    t,
    ui::load::Load,
};

pub fn page(token: String) -> AnyView {
    let load = Load::new();
    let asked = token.clone();
    load.run(async move { client().invitation(&asked).await });
    let shown = move || match load.answer.get() {
        Some(Ok(found)) => form(token.clone(), found.name.unwrap_or_default(), found.email, &found.company),
        Some(Err(_)) => gone(t!("door.gone_invitation")),
        None => view! { <main class="boot" aria-busy="true"></main> }.into_any(),
    };
    shown.into_any()
}

fn form(token: String, name: String, email: String, company: &str) -> AnyView {
    let name = RwSignal::new(name);
    let value = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let address = email.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        let (token, email) = (token.clone(), email.clone());
        spawn_local(async move {
            let password = value.get_untracked();
            let joined = client().join(&token, name.get_untracked().trim(), &password).await;
            match joined {
                // The link is used up; whoever joined goes straight in.
                Ok(()) if auth::login(&email, &password).await.is_ok() => app().nav.replace("/"),
                Ok(()) => app().nav.replace("/entrar"),
                Err(failure) => drop(error.try_set(Some(words(&failure)))),
            }
            busy.try_set(false);
        });
    };
    let known = vec![address.clone()];
    let body = view! {
        <form class="mt-7 grid gap-4" novalidate on:submit=submit>
            <div class="field">
                <label for="own-name">{t!("door.name")}</label>
                <input
                    id="own-name"
                    class="input h-11"
                    autocomplete="name"
                    maxlength="120"
                    required
                    prop:value=name
                    on:input=move |event| name.set(event_target_value(&event))
                />
            </div>
            {password::field(value, error, known)}
            <button type="submit" class="btn btn-primary h-11" disabled=busy>{t!("door.join")}</button>
        </form>
    };
    frame(t!("door.welcome", company = company), t!("door.welcome_text", email = address), body.into_any())
}
