//! The second step of coming in: a code of the authenticator application, a
//! passkey, or a recovery code.

use std::sync::Arc;

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::challenge::{Back, Challenge};
use crate::{
    api::{
        Failure,
        passkey::{self, Refusal},
        security,
    },
    t,
    ui::{icon::icon, otp::otp},
};

/// Asks for the code; coming in takes the form away.
pub fn form(asked: Challenge, back: Back) -> AnyView {
    let code = RwSignal::new(String::new());
    let with_passkey = asked.has("passkey") && passkey::is_known();
    let has_codes = asked.has("totp");
    let (remember, recovery) = (RwSignal::new(false), RwSignal::new(!has_codes));
    let challenge = asked.text;
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let challenge_of_code = challenge.clone();
    let again = Arc::clone(&back);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (challenge, again) = (challenge_of_code.clone(), Arc::clone(&again));
        busy.set(true);
        spawn_local(async move {
            let answer = security::second_step(&challenge, code.get_untracked().trim(), remember.get_untracked()).await;
            busy.try_set(false);
            match answer {
                Err(failure) if failure.is("challenge_expired") => again(Some(failure)),
                Err(failure) => {
                    // A code is typed anew, a recovery code is looked at again.
                    if recovery.try_get_untracked() == Some(false) {
                        code.set(String::new());
                    }
                    error.try_set(Some(refusal(&failure)));
                }
                Ok(()) => {}
            }
        });
    };
    let sign = with_passkey.then(|| by_passkey(challenge.clone(), remember, error, Arc::clone(&back)));
    let bad = Signal::derive(move || error.get().is_some());
    let input = move || if recovery.get() { recovery_code(code, bad) } else { otp("code", code, bad, "code-err") };
    // What is wrong is so until something else is typed.
    Effect::new(move |before: Option<()>| {
        let empty = code.with(String::is_empty);
        if before.is_some() && !empty {
            error.set(None);
        }
    });
    let message = move || {
        error.get().map(|text| {
            view! { <p class="field-err" id="code-err" role="alert">{icon("circle-alert", "i i-xs")} {text}</p> }
        })
    };
    let other = move |_| {
        recovery.update(|on| *on = !*on);
        code.set(String::new());
    };
    view! {
        <form class="mt-7 grid gap-4" novalidate on:submit=submit>
            {sign}
            <div class="field">
                <label for="code">{move || if recovery.get() { t!("second.recovery") } else { t!("second.code") }}</label>
                {input}
                {move || (!recovery.get()).then(|| view! { <p class="hint">{t!("second.paste")}</p> })}
                {message}
            </div>
            <label class="flex min-h-8 items-center gap-2.5 text-sm">
                <input type="checkbox" class="checkbox checkbox-xs" prop:checked=remember on:change=move |event| remember.set(event_target_checked(&event)) />
                {t!("second.remember")}
            </label>
            <button type="submit" class="btn btn-primary h-11" disabled=busy>{t!("second.verify")}</button>
            <div class="grid gap-1 border-t border-line pt-4">
                {has_codes.then(|| view! {
                    <button type="button" class="menu-item -mx-2.5 min-h-10" on:click=other>
                        {icon("key-round", "i")}
                        {move || if recovery.get() { t!("second.use_code") } else { t!("second.use_recovery") }}
                    </button>
                })}
                <button type="button" class="menu-item -mx-2.5 min-h-10" on:click=move |_| back(None)>
                    {icon("arrow-left", "i")} {t!("second.back")}
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// One of the codes that were written down.
fn recovery_code(code: RwSignal<String>, bad: Signal<bool>) -> AnyView {
    view! {
        <input
            id="code"
            name="code"
            class="input num h-13 text-center text-xl font-semibold"
            class:field-bad=bad
            autocomplete="off"
            autocapitalize="characters"
            spellcheck="false"
            maxlength="16"
            autofocus
            data-focus=""
            aria-invalid=move || bad.get().to_string()
            aria-describedby="code-err"
            prop:value=code
            on:input=move |event| code.set(event_target_value(&event))
        />
    }
    .into_any()
}

/// The button that asks a passkey, and the line under it.
fn by_passkey(challenge: String, remember: RwSignal<bool>, error: RwSignal<Option<String>>, back: Back) -> AnyView {
    let busy = RwSignal::new(false);
    let ask = move |_| {
        let (challenge, back) = (challenge.clone(), Arc::clone(&back));
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = passkey::second_step(&challenge, remember.get_untracked()).await;
            busy.try_set(false);
            match answer {
                Err(Refusal::Server(failure)) if failure.is("challenge_expired") => back(Some(failure)),
                Err(Refusal::Server(failure)) => drop(error.try_set(Some(refusal(&failure)))),
                Err(Refusal::Dismissed) => drop(error.try_set(Some(t!("passkey.dismissed")))),
                Ok(()) => {}
            }
        });
    };
    view! {
        <button type="button" class="btn btn-line h-11" disabled=busy on:click=ask>{icon("key-round", "i")} {t!("second.use_passkey")}</button>
        <p class="flex items-center gap-3 text-xs text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">{t!("login.or")}</p>
    }
    .into_any()
}

/// What is wrong with the code, or else with the request.
fn refusal(failure: &Failure) -> String {
    ["code", "passkey"].iter().find_map(|field| failure.field(field)).map_or_else(|| failure.message(), str::to_owned)
}
