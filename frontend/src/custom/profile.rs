//! The person's own data: photo, name, address, how they come in, language,
//! theme, density.

mod confirm;
mod field;
mod own;
mod passkeys;
mod photo;
mod reach;
mod sessions;
mod two_factor;

use conexao_domain::locale::Locale;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use serde_json::json;

use crate::{
    api::{Failure, auth::Me, client},
    prefs::Theme,
    shell::{choose_density, choose_locale, choose_theme},
    state::app,
    t,
    ui::{icon::icon, title::title, toast},
};

/// The profile page.
pub fn page() -> AnyView {
    let me = move || app().session.me();
    view! {
        <div class="page-head">{title(t!("profile.name"))}</div>
        {super::absences::notice()}
        {move || me().map(|me| view! {
            <div class="grid gap-4 lg:grid-cols-2">{identity(&me)} {look()}</div>
        })}
        <div class="mt-4 grid gap-4 lg:grid-cols-2">
            {own::panel()} {passkeys::panel()} {two_factor::panel()} {reach::panel()} {super::notice_choices::panel()}
            {super::absences::panel()} {sessions::panel()}
        </div>
    }
    .into_any()
}

/// What is left to somebody who has to get a second factor first.
pub fn enrolment() -> AnyView {
    view! {
        <main id="conteudo" class="mx-auto grid min-h-dvh w-full max-w-160 content-start gap-4 p-6" tabindex="-1">
            {title(t!("two_factor.required"))}
            <p class="text-ink-2">{t!("two_factor.required_text")}</p>
            {passkeys::panel()}
            {two_factor::panel()}
            <div>
                <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| app().session.leave()>{t!("account.leave")}</button>
            </div>
        </main>
    }
    .into_any()
}

fn identity(me: &Me) -> AnyView {
    let name = RwSignal::new(me.user.name.clone());
    let username = RwSignal::new(me.user.username.clone().unwrap_or_default());
    let error = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        spawn_local(async move {
            let wanted = Some(username.get_untracked().trim().to_owned()).filter(|name| !name.is_empty());
            let values = json!({ "name": name.get_untracked().trim(), "username": wanted });
            error.try_set(None);
            let result = client().change_me(values).await;
            busy.try_set(false);
            match result {
                Ok(me) => {
                    app().session.set_me(me);
                    toast::say(t!("profile.saved"));
                }
                Err(failure) => drop(error.try_set(Some(failure))),
            }
        });
    };
    // What is about no field of its own stands under the name.
    let bad = move |field: &'static str| {
        let failure = error.get()?;
        let own = failure.field(field).map(str::to_owned);
        let text =
            own.or_else(|| (field == "name" && failure.field("username").is_none()).then(|| failure.message()))?;
        Some(view! { <p class="field-err" role="alert">{icon("circle-alert", "i i-xs")} {text}</p> })
    };
    let roles = me.roles.iter().map(|role| role.name.clone()).collect::<Vec<_>>().join(", ");
    view! {
        <section class="panel" aria-labelledby="profile-identity">
            <header class="panel-head"><h2 class="panel-title" id="profile-identity">{t!("profile.identity")}</h2></header>
            <form class="panel-body grid gap-4" on:submit=submit>
                {photo::editor(&me.user.name)}
                <dl class="kv"><dt>{t!("profile.roles")}</dt> <dd>{roles}</dd></dl>
                <div class="field">
                    <label for="profile-name">{t!("profile.own_name")}</label>
                    <input
                        id="profile-name"
                        class="input max-md:h-11"
                        autocomplete="name"
                        required
                        maxlength="120"
                        prop:value=name
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                    {move || bad("name")}
                </div>
                <div class="field">
                    <label for="profile-username">{t!("profile.username")}</label>
                    <input
                        id="profile-username"
                        class="input max-md:h-11"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        maxlength="40"
                        aria-describedby="profile-username-hint"
                        prop:value=username
                        on:input=move |event| username.set(event_target_value(&event))
                    />
                    {move || bad("username")}
                    <p class="hint" id="profile-username-hint">{t!("profile.username_hint")}</p>
                </div>
                <div><button type="submit" class="btn btn-sm btn-primary max-md:h-11" disabled=busy>{t!("save")}</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn look() -> AnyView {
    let locale = |one: Locale, label: &'static str| {
        let chosen = move || app().prefs.locale.get() == one;
        radio("profile-locale", label.to_owned(), chosen, move || choose_locale(one))
    };
    let theme = |one: Theme, label: String| {
        let chosen = move || app().prefs.theme.get() == one;
        radio("profile-theme", label, chosen, move || choose_theme(one))
    };
    let density = |compact: bool, label: String| {
        let chosen = move || app().prefs.compact.get() == compact;
        radio("profile-density", label, chosen, move || choose_density(compact))
    };
    view! {
        <section class="panel">
            <header class="panel-head"><h2 class="panel-title">{t!("profile.look")}</h2></header>
            <div class="panel-body grid gap-4">
                <fieldset class="grid gap-2">
                    <legend class="mb-1.5 text-sm font-medium">{t!("profile.language")}</legend>
                    {locale(Locale::PtBr, "Português (Brasil)")} {locale(Locale::En, "English")}
                </fieldset>
                <fieldset class="grid gap-2">
                    <legend class="mb-1.5 text-sm font-medium">{t!("profile.theme")}</legend>
                    {theme(Theme::System, t!("theme.system"))} {theme(Theme::Light, t!("theme.light"))} {theme(Theme::Dark, t!("theme.dark"))}
                </fieldset>
                <fieldset class="grid gap-2">
                    <legend class="mb-1.5 text-sm font-medium">{t!("profile.density")}</legend>
                    {density(false, t!("density.comfortable"))} {density(true, t!("density.compact"))}
                </fieldset>
            </div>
        </section>
    }
    .into_any()
}

fn radio(
    name: &'static str,
    label: String,
    chosen: impl Fn() -> bool + Send + Sync + 'static,
    choose: impl Fn() + 'static,
) -> AnyView {
    view! {
        <label class="flex min-h-8 items-center gap-2.5 text-sm">
            <input type="radio" class="radio radio-xs" name=name prop:checked=chosen on:change=move |_| choose() />
            {label}
        </label>
    }
    .into_any()
}
