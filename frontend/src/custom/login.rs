//! Coming in.

use std::{sync::Arc, time::Duration};

use conexao_client::model::CompanyName;
use leptos::{ev::SubmitEvent, html::Input, prelude::*, task::spawn_local};
use web_sys::AbortController;

use crate::{
    api::{
        Failure, auth,
        passkey::{self, Refusal},
    },
    part::{self, Tool},
    prefs::Theme,
    state::app,
    t,
    ui::{
        focus,
        icon::{icon, logo},
        title::title_with,
    },
};

use super::{
    challenge::{Back, Challenge},
    login_aside::aside,
    login_company,
};

/// Questions for passkeys are good for five minutes.
const OFFERED: Duration = Duration::from_mins(4);

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
    challenge: RwSignal<Option<Challenge>>,
    /// The companies in which the password is good, where that is several.
    companies: RwSignal<Vec<CompanyName>>,
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
            companies: RwSignal::new(Vec::new()),
        }
    }
}

/// E-mail and password, then the code where there is one.
fn steps() -> AnyView {
    let form = Form::new();
    let step = move || match form.challenge.get() {
        None if !form.companies.with(Vec::is_empty) => login_company::choice(
            form.companies.get(),
            move |company| send(form, Some(company)),
            move || back(form)(None),
        ),
        None => view! {
            {title_with(t!("login.title"), "text-2xl font-semibold tracking-tight")}
            <p class="mt-1 text-ink-2">{t!("login.text")}</p>
            {passwords(form)}
        }
        .into_any(),
        Some(challenge) => view! {
            {title_with(t!("second.title"), "text-2xl font-semibold tracking-tight")}
            <p class="mt-1 text-ink-2">{challenge.says()}</p>
            {part::tool(Tool::Second(challenge, back(form)))}
        }
        .into_any(),
    };
    step.into_any()
}

fn back(form: Form) -> Back {
    Arc::new(move |failure| {
        form.password.set(String::new());
        form.challenge.set(None);
        form.companies.set(Vec::new());
        form.error.set(failure.map(|failure| ("form", failure.message())));
    })
}

/// The login page.
pub fn page() -> AnyView {
    frame(steps())
}

/// What stands around everything that happens before somebody is in.
pub fn frame(content: AnyView) -> AnyView {
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
                    {content}
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
            send(form, None);
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
                <label for="email">{t!("login.name")}</label>
                <span class="input h-11" class:field-bad=move || has(form, "email")>
                    {icon("mail", "i text-ink-3")}
                    <input
                        id="email"
                        name="email"
                        type="text"
                        inputmode="email"
                        autocomplete="username webauthn"
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
                <span class="flex items-baseline justify-between gap-3">
                    <label for="password">{t!("login.password")}</label>
                    <a href="/recuperar" class="lnk text-sm">{t!("login.forgot")}</a>
                </span>
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
            {passkey::is_known().then(|| by_passkey(form))}
            <p class="text-center text-sm text-ink-2">{t!("login.no_account")} " " <a href="/cadastro" class="lnk">{t!("login.register")}</a></p>
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
    if form.email.get_untracked().trim().is_empty() {
        return Some(("email", t!("login.email_missing")));
    }
    form.password.get_untracked().is_empty().then(|| ("password", t!("login.password_missing")))
}

/// The button for people with a passkey; browsers that can also offer it in
/// the field of the name.
fn by_passkey(form: Form) -> AnyView {
    let waiting = StoredValue::new_local(None::<AbortController>);
    let stop = move || {
        if let Some(before) = waiting.try_update_value(Option::take).flatten() {
            before.abort();
        }
    };
    offer(waiting);
    on_cleanup(stop);
    let ask = move |_| {
        // A browser asks one question at a time.
        stop();
        form.busy.set(true);
        clear(form);
        spawn_local(async move {
            let answer = passkey::enter(None).await;
            form.busy.try_set(false);
            match answer {
                Err(Refusal::Server(failure)) => drop(form.error.try_set(Some(("form", failure.message())))),
                Err(Refusal::Dismissed) => drop(form.error.try_set(Some(("form", t!("passkey.dismissed"))))),
                Ok(()) => {}
            }
        });
    };
    view! {
        <p class="flex items-center gap-3 text-xs text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">{t!("login.or")}</p>
        <button type="button" class="btn btn-line h-11" disabled=form.busy on:click=ask>{icon("key-round", "i")} {t!("login.passkey")}</button>
    }
    .into_any()
}

/// Lets the browser offer passkeys where the name is typed; anew before the
/// server forgets the question.
fn offer(waiting: StoredValue<Option<AbortController>, LocalStorage>) {
    spawn_local(async move {
        if !passkey::fills_in().await {
            return;
        }
        let Ok(now) = AbortController::new() else { return };
        let signal = now.signal();
        let before = waiting.try_update_value(|held| held.replace(now));
        match before {
            // The page went meanwhile.
            None => return,
            Some(Some(before)) => before.abort(),
            Some(None) => {}
        }
        let again = signal.clone();
        let anew = move || {
            if !again.aborted() {
                offer(waiting);
            }
        };
        set_timeout(anew, OFFERED);
        // Nothing picked is nothing wrong.
        let _ = passkey::enter(Some(&signal)).await;
    });
}

fn send(form: Form, company: Option<String>) {
    form.busy.set(true);
    spawn_local(async move {
        let (name, password) = (form.email.get_untracked(), form.password.get_untracked());
        let result = match &company {
            Some(company) => auth::login_to(company, name.trim(), &password).await,
            None => auth::login(name.trim(), &password).await,
        };
        // Coming in takes this page away, and its signals with it.
        form.busy.try_set(false);
        if let Some(challenge) = result.as_ref().err().and_then(Challenge::of) {
            form.challenge.try_set(Some(challenge));
            return;
        }
        let several = result.as_ref().err().map(Failure::companies).unwrap_or_default();
        if !several.is_empty() {
            form.companies.try_set(several);
            return;
        }
        if company.is_some() && result.is_err() {
            form.companies.try_set(Vec::new());
        }
        form.error.try_set(result.err().map(|failure| place(&failure)));
    });
}

/// Wrong credentials stand under the password; the server never says which is wrong.
fn place(failure: &Failure) -> (&'static str, String) {
    let field = if failure.is("credentials") { "password" } else { "form" };
    (field, failure.message())
}
