//! Making, suspending and reinstating a company.

use std::sync::Arc;

use conexao_domain::settings::TenantKind;
use leptos::{prelude::*, task::spawn_local};

use super::{Over, Page, kind};
use crate::{
    api::{
        Failure,
        settings::{self, TenantSummary},
    },
    resource::form::state::sentence,
    state::app,
    t,
    ui::{
        icon::icon,
        overlay::{Dialog, dialog},
        toast,
    },
};

/// What can be done with a company.
pub fn buttons(page: Page, tenant: &TenantSummary) -> AnyView {
    if tenant.kind == TenantKind::Operator.name() {
        return ().into_any();
    }
    let (id, one) = (tenant.id, tenant.clone());
    if tenant.status == "suspended" {
        let again = move |_| {
            spawn_local(async move {
                match settings::reinstate_tenant(id).await {
                    Ok(tenant) => {
                        page.put(&tenant);
                        toast::say(t!("tenants.reinstated", name = tenant.name.clone()));
                        page.over.try_set(Over::Shown(tenant));
                    }
                    Err(failure) => toast::fail(&failure),
                }
            });
        };
        let may = app().session.can("tenant.reinstate");
        return may.then(|| view! { <div><button type="button" class="btn btn-sm btn-primary max-md:h-11" on:click=again>{icon("play", "i")} {t!("tenants.reinstate")}</button></div> }).into_any();
    }
    let may = app().session.can("tenant.suspend");
    let open = move |_| page.over.set(Over::Suspending(one.clone()));
    may.then(|| view! { <div><button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=open>{icon("ban", "i")} {t!("tenants.suspend")}</button></div> })
        .into_any()
}

fn why(failure: &Failure) -> String {
    failure.errors.first().map_or_else(|| failure.message(), sentence)
}

fn wrong(error: RwSignal<Option<String>>) -> impl IntoView {
    move || {
        error.get().map(|why| view! { <p class="field-err" role="alert">{icon("circle-alert", "i i-xs")} {why}</p> })
    }
}

/// Asks why a company is kept out, and does it.
pub fn suspend(page: Page, tenant: &TenantSummary) -> AnyView {
    let (reason, error) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let busy = RwSignal::new(false);
    let id = tenant.id;
    let go = move |_| {
        busy.set(true);
        spawn_local(async move {
            match settings::suspend_tenant(id, &reason.get_untracked()).await {
                Ok(tenant) => {
                    page.put(&tenant);
                    toast::say(t!("tenants.suspended_now", name = tenant.name.clone()));
                    page.over.try_set(Over::Shown(tenant));
                }
                Err(failure) => drop(error.try_set(Some(why(&failure)))),
            }
            busy.try_set(false);
        });
    };
    let body = view! {
        <div class="field">
            <label for="suspend-reason">{t!("tenants.reason")}</label>
            <textarea id="suspend-reason" class="textarea" rows="3" maxlength="400" data-focus="" aria-describedby="suspend-hint" prop:value=reason on:input=move |event| reason.set(event_target_value(&event))></textarea>
            {wrong(error)}
            <p class="hint" id="suspend-hint">{t!("tenants.reason_hint")}</p>
        </div>
    };
    let close = move || page.over.set(Over::Nothing);
    let foot = view! {
        <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| close()>{t!("cancel")}</button>
        <button type="button" class="btn btn-sm btn-error max-md:h-11" disabled=move || busy.get() || reason.with(|text| text.trim().is_empty()) on:click=go>{t!("tenants.suspend")}</button>
    };
    let content = Dialog {
        title: t!("tenants.suspend_title", name = tenant.name.clone()),
        text: t!("tenants.suspend_text", n = tenant.users),
        art: ("ban", "bg-danger-bg text-danger-fg"),
        body: body.into_any(),
        foot: foot.into_any(),
    };
    dialog(content, Arc::new(close))
}

/// Asks what a new company needs, and makes it.
pub fn make(page: Page) -> AnyView {
    let (name, email) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let chosen = RwSignal::new(TenantKind::Production.name().to_owned());
    let (error, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let go = move |_| {
        busy.set(true);
        spawn_local(async move {
            let (name, kind, email) = (name.get_untracked(), chosen.get_untracked(), email.get_untracked());
            match settings::found_tenant(&name, &kind, &email).await {
                Ok(tenant) => {
                    toast::say(t!("tenants.made", name = tenant.name, email = email));
                    page.over.try_set(Over::Nothing);
                    page.reload();
                }
                Err(failure) => drop(error.try_set(Some(why(&failure)))),
            }
            busy.try_set(false);
        });
    };
    let kinds = TenantKind::ALL.iter().filter(|kind| **kind != TenantKind::Operator);
    let options = kinds.map(|one| view! { <option value=one.name()>{kind(one.name())}</option> }).collect_view();
    let body = view! {
        <div class="grid gap-3">
            <div class="field">
                <label for="tenant-name">{t!("tenants.name")}</label>
                <input id="tenant-name" class="input max-md:h-11" maxlength="120" data-focus="" prop:value=name on:input=move |event| name.set(event_target_value(&event)) />
            </div>
            <div class="field">
                <label for="tenant-kind">{t!("tenants.kind")}</label>
                <select id="tenant-kind" class="select max-md:h-11" on:change=move |event| chosen.set(event_target_value(&event))>{options}</select>
            </div>
            <div class="field">
                <label for="tenant-email">{t!("tenants.admin_email")}</label>
                <input id="tenant-email" class="input max-md:h-11" type="email" prop:value=email on:input=move |event| email.set(event_target_value(&event)) />
            </div>
            {wrong(error)}
        </div>
    };
    let close = move || page.over.set(Over::Nothing);
    let empty = move || name.with(|text| text.trim().is_empty()) || email.with(|text| text.trim().is_empty());
    let foot = view! {
        <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| close()>{t!("cancel")}</button>
        <button type="button" class="btn btn-sm btn-primary max-md:h-11" disabled=move || busy.get() || empty() on:click=go>{t!("tenants.make")}</button>
    };
    let content = Dialog {
        title: t!("tenants.make_title"),
        text: t!("tenants.make_text"),
        art: ("plus", "bg-mute-bg text-ink-2"),
        body: body.into_any(),
        foot: foot.into_any(),
    };
    dialog(content, Arc::new(close))
}
