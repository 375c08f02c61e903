//! Environments for trying things out: making one, or emptying the one we are in.

use std::sync::Arc;

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    api::settings::{self, Sandbox},
    format,
    resource::form::state::sentence,
    state::app,
    t,
    ui::{
        icon::icon,
        load::Load,
        overlay::{Dialog, dialog},
        toast,
    },
};

pub fn panel() -> AnyView {
    match untrack(|| app().session.kind()).as_str() {
        "production" => own(),
        "sandbox" => emptying(),
        _ => ().into_any(),
    }
}

/// The environments of a company that does real work.
fn own() -> AnyView {
    let load = Load::<Vec<Sandbox>>::new();
    load.run(settings::sandboxes());
    let (name, email) = (RwSignal::new(t!("sandbox.first_name")), RwSignal::new(String::new()));
    let (error, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        spawn_local(async move {
            let made = settings::set_up_sandbox(&name.get_untracked(), &email.get_untracked()).await;
            busy.try_set(false);
            match made {
                Ok(_) => {
                    error.try_set(None);
                    toast::say(t!("sandbox.made", email = email.get_untracked()));
                    load.run(settings::sandboxes());
                }
                Err(failure) => {
                    let why = failure.errors.first().map_or_else(|| failure.message(), sentence);
                    error.try_set(Some(why));
                }
            }
        });
    };
    let rows = move || {
        load.ready().unwrap_or_default().into_iter().map(|sandbox| {
            let made = format::moment(&sandbox.created_at);
            view! { <li class="flex justify-between gap-3 py-1.5 text-sm"><span>{sandbox.name}</span><span class="hint num">{made}</span></li> }
        }).collect_view()
    };
    let wrong = move || {
        error.get().map(|why| view! { <p class="field-err" role="alert">{icon("circle-alert", "i i-xs")} {why}</p> })
    };
    view! {
        <section class="panel">
            <header class="panel-head"><h2 class="panel-title">{t!("sandbox.title")}</h2></header>
            <div class="panel-body grid gap-4">
                <p class="text-sm text-ink-2">{t!("sandbox.about")}</p>
                <ul class="divide-y divide-line empty:hidden">{rows}</ul>
                <form class="grid gap-3 sm:grid-cols-2" on:submit=submit>
                    <div class="field">
                        <label for="sandbox-name">{t!("sandbox.name")}</label>
                        <input id="sandbox-name" class="input max-md:h-11" required maxlength="120" prop:value=name on:input=move |event| name.set(event_target_value(&event)) />
                    </div>
                    <div class="field">
                        <label for="sandbox-email">{t!("sandbox.email")}</label>
                        <input id="sandbox-email" class="input max-md:h-11" type="email" required prop:value=email on:input=move |event| email.set(event_target_value(&event)) />
                    </div>
                    {wrong}
                    <div><button type="submit" class="btn btn-sm btn-line max-md:h-11" disabled=busy>{icon("plus", "i")} {t!("sandbox.make")}</button></div>
                </form>
            </div>
        </section>
    }
    .into_any()
}

/// Emptying the environment we are in.
fn emptying() -> AnyView {
    let asking = RwSignal::new(false);
    let dialog = move || asking.get().then(|| ask(asking));
    view! {
        <section class="panel">
            <header class="panel-head"><h2 class="panel-title">{t!("sandbox.this")}</h2></header>
            <div class="panel-body grid gap-3">
                <p class="text-sm text-ink-2">{t!("sandbox.this_about")}</p>
                <div>
                    <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| asking.set(true)>
                        {icon("undo-2", "i")} {t!("sandbox.reset")}
                    </button>
                </div>
            </div>
            {dialog}
        </section>
    }
    .into_any()
}

fn ask(asking: RwSignal<bool>) -> AnyView {
    let busy = RwSignal::new(false);
    let go = move |_| {
        busy.set(true);
        spawn_local(async move {
            match settings::reset_sandbox().await {
                Ok(()) => {
                    super::refresh().await;
                    toast::say(t!("sandbox.reset_done"));
                }
                Err(failure) => toast::fail(&failure),
            }
            asking.try_set(false);
        });
    };
    let foot = view! {
        <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| asking.set(false)>{t!("cancel")}</button>
        <button type="button" class="btn btn-sm btn-error max-md:h-11" disabled=busy on:click=go>{t!("sandbox.reset")}</button>
    };
    let content = Dialog {
        title: t!("sandbox.reset_title"),
        text: t!("sandbox.reset_text"),
        art: ("undo-2", "bg-danger-bg text-danger-fg"),
        body: ().into_any(),
        foot: foot.into_any(),
    };
    dialog(content, Arc::new(move || asking.set(false)))
}
