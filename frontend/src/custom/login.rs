//! Coming in.

use std::sync::Arc;

use leptos::{ev::SubmitEvent, html::Input, prelude::*, task::spawn_local};

use crate::{
    api::{Failure, auth},
    prefs::Theme,
    state::app,
    t,
    ui::{
        focus,
        icon::{icon, logo},
        title::title_with,
    },
};

use super::{login_aside::aside, second_step};

/// What the form knows.
#[derive(Clone, Copy)]
struct Form {
    email: RwSignal<String>,
    password: RwSignal<String>,
    visible: RwSignal<bool>,
    busy: RwSignal<bool>,
    /// Under the field it belongs to: `email`, `password` or the form.
    error: RwSignal<Option<(&'static str, String)>>,
    /// What the second step answers, once the password was good.
    challenge: RwSignal<Option<String>>,
}

impl Form {
    fn new() -> Self {
        Self {
            email: RwSignal::new(String::new()),
            password: RwSignal::new(String::new()),
            visible: RwSignal::new(false),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            challenge: RwSignal::new(None),
        }
    }
}

/// E-mail and password, then the code where there is one.
fn steps() -> AnyView {
    let form = Form::new();
    let step = move || match form.challenge.get() {
        None => view! {
            {title_with(t!("login.title"), "text-2xl font-semibold tracking-tight")}
            <p class="mt-1 text-ink-2">{t!("login.text")}</p>
            {passwords(form)}
        }
        .into_any(),
        Some(challenge) => view! {
            {title_with(t!("second.title"), "text-2xl font-semibold tracking-tight")}
            <p class="mt-1 text-ink-2">{t!("second.text")}</p>
            {second_step::form(challenge, back(form))}
        }
        .into_any(),
    };
    step.into_any()
}

fn back(form: Form) -> second_step::Back {
    Arc::new(move |failure| {
        form.password.set(String::new());
        form.challenge.set(None);
        form.error.set(failure.map(|failure| ("form", failure.message())));
    })
}

/// The login page.
pub fn page() -> AnyView {
    view! {
        <main class="grid min-h-dvh bg-base-100 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
            <div class="flex min-h-dvh flex-col px-6 py-6 sm:px-12">
                <div class="flex items-center justify-between">
                    <span class="flex items-center gap-2.5">
                        <span class="tenant-mark h-9 w-9">{logo("w-6 h-6")}</span>
                        <span class="text-lg font-semibold tracking-tight">"Conexão"</span>
                    </span>
                    {theme()}
                </div>
                <div class="m-auto w-full max-w-92 py-8">
                    {steps()}
                </div>
            </div>
            {aside()}
        </main>
    }
    .into_any()
}

fn theme() -> AnyView {
    let toggle = move |_| {
        let next = if app().prefs.is_dark() { Theme::Light } else { Theme::Dark };
        app().prefs.set_theme(next);
    };
    view! {
        <button
            type="button"
            class="icon-btn theme-toggle"
            aria-label=t!("shell.dark")
            aria-pressed=move || app().prefs.dark().to_string()
            title=t!("shell.theme_toggle")
            on:click=toggle
        >
            {icon("sun", "i i-md i-sun")} {icon("moon", "i i-md i-moon")}
        </button>
    }
    .into_any()
}

fn passwords(form: Form) -> AnyView {
    let email = NodeRef::<Input>::new();
    let password = NodeRef::<Input>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // A password manager may fill without typing.
        form.email.set(email.get_untracked().map(|input| input.value()).unwrap_or_default());
        form.password.set(password.get_untracked().map(|input| input.value()).unwrap_or_default());
        if let Some(missing) = missing(form) {
            form.error.set(Some(missing));
        } else {
            send(form);
        }
        if let Some((field, _)) = form.error.get_untracked() {
            let node = if field == "email" { email } else { password };
            focus::give(node.get_untracked().map(Into::into));
        }
    };
    let whole = move || {
        let error = form.error.get().filter(|(field, _)| *field == "form");
        error.map(|(_, text)| view! { <p class="notice notice-danger" role="alert">{icon("circle-alert", "i i-sm")} <span>{text}</span></p> })
    };
    view! {
        <form class="mt-7 grid gap-4" novalidate on:submit=submit>
            {whole}
            <div class="field">
                <label for="email">{t!("login.email")}</label>
                <span class="input h-11" class:field-bad=move || has(form, "email")>
                    {icon("mail", "i text-ink-3")}
                    <input
                        id="email"
                        name="email"
                        type="email"
                        inputmode="email"
                        autocomplete="username"
                        autocapitalize="none"
                        spellcheck="false"
                        class="min-w-0"
                        aria-invalid=move || has(form, "email").to_string()
                        aria-describedby="email-err"
                        node_ref=email
                        on:input=move |_| clear(form)
                    />
                </span>
                {error_of(form, "email", "email-err")}
            </div>
            <div class="field">
                <label for="password">{t!("login.password")}</label>
                <span class="input h-11" class:field-bad=move || has(form, "password")>
                    {icon("lock", "i text-ink-3")}
                    <input
                        id="password"
                        name="password"
                        type=move || if form.visible.get() { "text" } else { "password" }
                        autocomplete="current-password"
                        class="min-w-0"
                        aria-invalid=move || has(form, "password").to_string()
                        aria-describedby="password-err"
                        node_ref=password
                        on:input=move |_| clear(form)
                    />
                    {reveal(form)}
                </span>
                {error_of(form, "password", "password-err")}
            </div>
            <button type="submit" class="btn btn-primary mt-1 h-11" disabled=form.busy>{t!("login.enter")}</button>
            <a href="/recuperar" class="lnk text-sm">{t!("login.forgot")}</a>
        </form>
    }
    .into_any()
}

fn reveal(form: Form) -> AnyView {
    let toggle = move |_| form.visible.update(|visible| *visible = !*visible);
    view! {
        <button
            type="button"
            class="icon-btn icon-btn-sm -mr-1.5"
            aria-label=t!("login.reveal")
            aria-pressed=move || form.visible.get().to_string()
            on:click=toggle
        >
            {icon("eye", "i")}
        </button>
    }
    .into_any()
}

fn has(form: Form, field: &str) -> bool {
    form.error.get().is_some_and(|(at, _)| at == field)
}

fn clear(form: Form) {
    if form.error.get_untracked().is_some() {
        form.error.set(None);
    }
}

fn error_of(form: Form, field: &'static str, id: &'static str) -> AnyView {
    let text = move || {
        let error = form.error.get().filter(|(at, _)| *at == field);
        error.map(
            |(_, text)| view! { <p class="field-err" id=id role="alert">{icon("circle-alert", "i i-xs")} {text}</p> },
        )
    };
    text.into_any()
}

fn missing(form: Form) -> Option<(&'static str, String)> {
    if !form.email.get_untracked().contains('@') {
        return Some(("email", t!("login.email_missing")));
    }
    form.password.get_untracked().is_empty().then(|| ("password", t!("login.password_missing")))
}

fn send(form: Form) {
    form.busy.set(true);
    spawn_local(async move {
        let result = auth::login(form.email.get_untracked().trim(), &form.password.get_untracked()).await;
        // Coming in takes this page away, and its signals with it.
        form.busy.try_set(false);
        if let Some(challenge) = result.as_ref().err().and_then(Failure::challenge) {
            form.challenge.try_set(Some(challenge.to_owned()));
            return;
        }
        form.error.try_set(result.err().map(|failure| place(&failure)));
    });
}

/// Wrong credentials stand under the password; the server never says which is wrong.
fn place(failure: &Failure) -> (&'static str, String) {
    let field = if failure.is("credentials") { "password" } else { "form" };
    (field, failure.message())
}
