//! Asking for an account. The answer is the same whoever exists.

use conexao_client::Registering;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{bad, frame};
use crate::{
    api::{Params, client},
    state::app,
    t,
    ui::icon::icon,
};

/// Query parameter: the short name of the company.
const COMPANY: &str = "empresa";

pub fn page() -> AnyView {
    let given = Params::parse(&untrack(|| app().nav.search())).get(COMPANY).map(str::to_owned);
    let slug = RwSignal::new(given.unwrap_or_default());
    let found = RwSignal::new(None::<Registering>);
    let error = RwSignal::new(None::<String>);
    let look = move || {
        let name = slug.get_untracked().trim().to_lowercase();
        spawn_local(async move {
            match client().registering(&name).await {
                Ok(company) => drop(found.try_set(Some(company))),
                Err(failure) if failure.status == 404 => drop(error.try_set(Some(t!("register.closed")))),
                Err(failure) => drop(error.try_set(Some(failure.message()))),
            }
        });
    };
    if !slug.with_untracked(String::is_empty) {
        look();
    }
    let shown = move || match found.get() {
        Some(company) => form(slug.get_untracked(), &company),
        None => which(slug, error, look),
    };
    shown.into_any()
}

/// Asks for the company first: whether it takes registrations is its own choice.
fn which(
    slug: RwSignal<String>,
    error: RwSignal<Option<String>>,
    look: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        error.set(None);
        if slug.with_untracked(|slug| slug.trim().is_empty()) {
            error.set(Some(t!("register.company_missing")));
        } else {
            look();
        }
    };
    let body = view! {
        <form class="mt-7 grid gap-4" novalidate on:submit=submit>
            <div class="field">
                <label for="company">{t!("register.company")}</label>
                <input
                    id="company"
                    class="input h-11"
                    autocapitalize="none"
                    autocomplete="organization"
                    spellcheck="false"
                    maxlength="60"
                    aria-invalid=move || error.get().is_some().to_string()
                    aria-describedby="company-err"
                    prop:value=slug
                    on:input=move |event| slug.set(event_target_value(&event))
                />
                {bad(error, "company-err")}
                <p class="hint">{t!("register.company_hint")}</p>
            </div>
            <button type="submit" class="btn btn-primary h-11">{t!("login.enter")}</button>
        </form>
    };
    frame(t!("register.title"), t!("register.which"), body.into_any())
}

/// What is wrong, by field.
#[derive(Clone, Copy)]
struct Wrong {
    name: RwSignal<Option<String>>,
    email: RwSignal<Option<String>>,
}

fn form(slug: String, company: &Registering) -> AnyView {
    let (name, email) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = Wrong { name: RwSignal::new(None), email: RwSignal::new(None) };
    let (busy, sent) = (RwSignal::new(false), RwSignal::new(false));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        for field in [wrong.name, wrong.email] {
            field.set(None);
        }
        busy.set(true);
        let slug = slug.trim().to_lowercase();
        spawn_local(async move {
            let (who, address) = (name.get_untracked(), email.get_untracked());
            let asked = client().register(&slug, who.trim(), address.trim()).await;
            busy.try_set(false);
            let Err(failure) = asked else {
                sent.try_set(true);
                return;
            };
            let named = [("name", wrong.name), ("email", wrong.email)];
            let mut placed = false;
            for (field, signal) in named {
                if let Some(text) = failure.field(field) {
                    signal.try_set(Some(text.to_owned()));
                    placed = true;
                }
            }
            if !placed {
                wrong.email.try_set(Some(failure.message()));
            }
        });
    };
    let domains = company.domains.iter().map(|domain| format!("@{domain}")).collect::<Vec<_>>().join(", ");
    let approval = company.approval;
    let fields = move || {
        let hint = Some(domains.clone()).filter(|domains| !domains.is_empty());
        let hint = hint.map(|domains| view! { <p class="hint">{t!("register.domains", domains = domains)}</p> });
        view! {
            {text_field("own-name", t!("door.name"), wrong.name, name)}
            {text_field("email", t!("login.email"), wrong.email, email)} {hint}
            {approval.then(|| view! { <p class="hint">{t!("register.approval")}</p> })}
            <button type="submit" class="btn btn-primary h-11" disabled=busy>{t!("register.send")}</button>
        }
    };
    let done = move || {
        view! {
            <div class="notice notice-success" role="status">
                {icon("mail-check", "i")} <p><b class="font-semibold">{t!("register.sent")}</b> " " {t!("door.spam")}</p>
            </div>
        }
    };
    let body = view! {
        <form class="mt-7 grid gap-4" novalidate on:submit=submit>
            {move || if sent.get() { done().into_any() } else { fields().into_any() }}
        </form>
    };
    frame(t!("register.title"), t!("register.at", company = &company.company), body.into_any())
}

fn text_field(id: &'static str, label: String, error: RwSignal<Option<String>>, value: RwSignal<String>) -> AnyView {
    let is_email = id == "email";
    let err = if is_email { "email-err" } else { "own-name-err" };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                id=id
                class="input h-11"
                type=if is_email { "email" } else { "text" }
                autocomplete=if is_email { "username" } else { "name" }
                maxlength="120"
                aria-invalid=move || error.get().is_some().to_string()
                aria-describedby=err
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
            {bad(error, err)}
        </div>
    }
    .into_any()
}
