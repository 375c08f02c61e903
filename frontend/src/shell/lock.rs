//! The session ran out: the password is asked for over the screen, and what
//! was being done goes on.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use std::sync::Arc;

use crate::{
    api::{
        auth,
        passkey::{self, Refusal},
    },
    custom::{challenge::Challenge, second_step},
    outbox,
    part::{self, Tool},
    session::Phase,
    state::app,
    t,
    ui::{icon::icon, overlay::over},
};

/// The dialog; drawn only while the session is locked.
pub fn lock() -> AnyView {
    let shown = move || (app().session.phase.get() == Phase::Locked).then(|| part::tool(Tool::Lock));
    shown.into_any()
}

/// What the dialog asks.
pub fn ask() -> AnyView {
    let challenge = RwSignal::new(None::<Challenge>);
    let step = move || match challenge.get() {
        None => password(challenge),
        Some(text) => code(text, challenge),
    };
    step.into_any()
}

/// The second step of coming back.
fn code(text: Challenge, challenge: RwSignal<Option<Challenge>>) -> AnyView {
    let back = Arc::new(move |_| challenge.set(None));
    let content = view! {
        <div class="dlg-head"><h2>{t!("second.title")}</h2></div>
        <div class="dlg-body">
            <p class="page-sub">{text.says()}</p>
            {second_step::form(text, back)}
        </div>
    };
    over("dlg", "alertdialog", t!("second.title"), content.into_any(), Arc::new(|| ()))
}

fn password(challenge: RwSignal<Option<Challenge>>) -> AnyView {
    let me = app().session.me();
    let email = me.as_ref().map(|me| me.user.email.clone()).unwrap_or_default();
    // Whoever is asked again is in this company, whatever else they are in.
    let company = me.map(|me| me.tenant.slug.clone()).unwrap_or_default();
    let password = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let user = email.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (company, email) = (company.clone(), email.clone());
        busy.set(true);
        spawn_local(async move {
            let result = auth::login_to(&company, &email, &password.get_untracked()).await;
            // Signing in takes this dialog away, and its signals with it.
            busy.try_set(false);
            if let Some(asked) = result.as_ref().err().and_then(Challenge::of) {
                challenge.try_set(Some(asked));
                return;
            }
            error.try_set(result.err().map(|failure| failure.message()));
        });
    };
    let sign = passkey::is_known().then(|| by_passkey(busy, error));
    let message =
        move || error.get().map(|text| view! { <p class="field-err">{icon("circle-alert", "i i-xs")} {text}</p> });
    let content = view! {
        <form on:submit=submit>
            <div class="dlg-head">
                <span class="grid h-9 w-9 shrink-0 place-items-center rounded-full bg-mute-bg text-ink-2">{icon("lock", "i i-md")}</span>
                <div class="min-w-0 flex-1">
                    <h2>{t!("lock.title")}</h2>
                    <p class="page-sub">{t!("lock.text")}</p>
                </div>
            </div>
            <div class="dlg-body">
                <div class="field">
                    <label for="lock-password">{t!("lock.password", email = user)}</label>
                    <input type="hidden" name="username" autocomplete="username" value=user.clone() />
                    <input
                        id="lock-password"
                        class="input max-md:h-11"
                        type="password"
                        autocomplete="current-password"
                        required
                        data-focus=""
                        prop:value=password
                        on:input=move |event| password.set(event_target_value(&event))
                    />
                    {message}
                </div>
                {move || app().outbox.leaving.get().then(|| view! { <p class="notice notice-waiting" role="alert">{t!("outbox.leave_text")}</p> })}
                {sign}
            </div>
            <div class="dlg-foot max-md:flex-col-reverse max-md:items-stretch">
                <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| outbox::leave()>{t!("account.leave")}</button>
                <button type="submit" class="btn btn-sm btn-primary max-md:h-11" disabled=busy>{t!("lock.enter")}</button>
            </div>
        </form>
    };
    // Only signing in or leaving closes it.
    over("dlg", "alertdialog", t!("lock.title"), content.into_any(), Arc::new(|| ()))
}

/// The button for people with a passkey. Whoever else comes in with one starts anew.
fn by_passkey(busy: RwSignal<bool>, error: RwSignal<Option<String>>) -> AnyView {
    let ask = move |_| {
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = passkey::enter(None).await;
            busy.try_set(false);
            let why = match answer {
                Ok(()) => return,
                Err(Refusal::Server(failure)) => failure.message(),
                Err(Refusal::Dismissed) => t!("passkey.dismissed"),
            };
            error.try_set(Some(why));
        });
    };
    view! {
        <button type="button" class="btn btn-sm btn-line mt-3 w-full max-md:h-11" disabled=busy on:click=ask>
            {icon("key-round", "i")} {t!("second.use_passkey")}
        </button>
    }
    .into_any()
}
