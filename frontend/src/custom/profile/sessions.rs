//! Where the person is logged in, and ending it.

use conexao_domain::kernel::flow::Tone;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::security::{self, LogIn},
    format::{ago, instant},
    t,
    ui::{chip::chip, empty::failed, icon::icon, load::Load, skeleton::lines, toast},
};

pub fn panel() -> AnyView {
    let found: Load<Vec<LogIn>> = Load::new();
    found.run(security::sessions());
    let others = move || found.ready().is_some_and(|all| all.iter().any(|one| !one.current));
    let end_others = move |_| {
        spawn_local(async move {
            match security::end_others().await {
                Ok(()) => {
                    toast::say(t!("sessions.ended_others"));
                    found.run(security::sessions());
                }
                Err(failure) => toast::fail(&failure),
            }
        });
    };
    let body = move || {
        if let Some(failure) = found.failed() {
            return failed(t!("sessions.failed"), &failure, move || found.run(security::sessions()));
        }
        let Some(all) = found.ready() else { return lines(3) };
        let rows = all.into_iter().map(|one| row(found, one)).collect_view();
        view! { <ul class="grid divide-y divide-line">{rows}</ul> }.into_any()
    };
    view! {
        <section class="panel lg:col-span-2" aria-labelledby="sessions">
            <header class="panel-head">
                <h2 class="panel-title" id="sessions">{t!("sessions.title")}</h2>
                {move || others().then(|| view! {
                    <button type="button" class="btn btn-xs btn-line ml-auto max-md:h-11" on:click=end_others>{t!("sessions.end_others")}</button>
                })}
            </header>
            <div class="panel-body">{body}</div>
        </section>
    }
    .into_any()
}

fn name(one: &LogIn) -> String {
    match (&one.browser, &one.system) {
        (Some(browser), Some(system)) => t!("sessions.device", browser = browser, system = system),
        (Some(only), None) | (None, Some(only)) => only.clone(),
        (None, None) => t!("sessions.unknown"),
    }
}

fn row(found: Load<Vec<LogIn>>, one: LogIn) -> AnyView {
    let at =
        |text: &str, write: fn(chrono::DateTime<chrono::Utc>) -> String| text.parse().map(write).unwrap_or_default();
    let (used, begun) = (at(&one.last_used_at, ago), at(&one.created_at, instant));
    let device = name(&one);
    let label = t!("sessions.end_one", device = &device);
    let (id, current) = (one.id, one.current);
    let end = move |_| {
        let id = id.clone();
        spawn_local(async move {
            match security::end(&id).await {
                Ok(()) => {
                    toast::say(t!("sessions.ended"));
                    found.run(security::sessions());
                }
                Err(failure) => toast::fail(&failure),
            }
        });
    };
    let action = if current {
        chip(Tone::Success, t!("sessions.current"))
    } else {
        view! { <button type="button" class="btn btn-xs btn-line max-md:h-11" aria-label=label on:click=end>{t!("sessions.end")}</button> }
            .into_any()
    };
    view! {
        <li class="flex flex-wrap items-center gap-3 py-3" data-session="">
            {icon("lock", "i i-md text-ink-3")}
            <div class="min-w-0 flex-1">
                <p class="text-sm font-medium">{device}</p>
                <p class="text-xs text-ink-2">{t!("sessions.used", ago = used)} " · " {t!("sessions.since", at = begun)} {one.ip.map(|ip| format!(" · {ip}"))}</p>
            </div>
            {action}
        </li>
    }
    .into_any()
}
