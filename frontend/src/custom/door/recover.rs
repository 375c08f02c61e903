//! Asking for a link. The answer is the same whoever exists.

use leptos::{ev::SubmitEvent, html::Input, prelude::*, task::spawn_local};

use super::{bad, frame};
use crate::{api::client, t, ui::icon::icon};

pub fn page() -> AnyView {
    let email = NodeRef::<Input>::new();
    let (busy, sent) = (RwSignal::new(false), RwSignal::new(false));
    let error = RwSignal::new(None::<String>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = email.get_untracked().map(|input| input.value()).unwrap_or_default();
        if !typed.contains('@') {
            error.set(Some(t!("login.email_missing")));
            return;
        }
        error.set(None);
        busy.set(true);
        spawn_local(async move {
            let result = client().ask_recovery(typed.trim()).await;
            busy.try_set(false);
            sent.try_set(result.is_ok());
            error.try_set(result.err().map(|failure| failure.message()));
        });
    };
    let done = move || {
        sent.get().then(|| {
            view! {
                <div class="notice notice-success mt-5" role="status">
                    {icon("mail-check", "i")}
                    <p><b class="font-semibold">{t!("door.sent")}</b> " " {t!("door.spam")}</p>
                </div>
            }
        })
    };
    let body = view! {
        <form class="mt-7 grid gap-4" novalidate on:submit=submit>
            <div class="field">
                <label for="email">{t!("login.email")}</label>
                <span class="input h-11">
                    {icon("mail", "i text-ink-3")}
                    <input
                        id="email"
                        type="email"
                        inputmode="email"
                        autocomplete="username"
                        autocapitalize="none"
                        class="min-w-0"
                        aria-invalid=move || error.get().is_some().to_string()
                        aria-describedby="email-err"
                        node_ref=email
                    />
                </span>
                {bad(error, "email-err")}
            </div>
            <button type="submit" class="btn btn-primary h-11" disabled=busy>{t!("door.send")}</button>
        </form>
        {done}
        <p class="mt-6 text-sm text-ink-2">{t!("door.no_mail")}</p>
    };
    frame(t!("door.recover"), t!("door.recover_text"), body.into_any())
}
