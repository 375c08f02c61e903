//! Moving the clock of an environment for trying things out.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::kernel::field::{Field, Kind};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value as Json;

use super::Frame;
use crate::{
    api::settings::{self, ClockChange},
    custom::settings::refresh,
    format,
    resource::form::state::sentence,
    state::app,
    t,
    ui::{
        control::{self, Control},
        icon::icon,
        overlay::{Dialog, dialog},
        toast,
    },
};

static MOMENT: Field = Field::new("moment", Kind::Instant);

/// Steps forward: seconds and the text of the button.
fn steps() -> [(i64, String); 4] {
    let hour = TimeDelta::hours(1).num_seconds();
    [
        (hour, t!("clock.hour")),
        (24 * hour, t!("clock.day")),
        (7 * 24 * hour, t!("clock.week")),
        (30 * 24 * hour, t!("clock.month")),
    ]
}

/// The dialog.
pub fn clock_dialog(frame: Frame) -> AnyView {
    let error = RwSignal::new(None::<String>);
    let value = RwSignal::new(Json::Null);
    let turn = RwSignal::new(());
    let send = move |change: ClockChange| {
        spawn_local(async move {
            match settings::move_clock(&change).await {
                Ok(_) => {
                    refresh().await;
                    error.try_set(None);
                    turn.try_set(());
                    toast::say(t!("clock.moved"));
                }
                Err(failure) => {
                    let why = failure.errors.first().map_or_else(|| failure.message(), sentence);
                    error.try_set(Some(why));
                }
            }
        });
    };
    let now = move || {
        turn.track();
        format::instant(format::now())
    };
    let buttons = steps().into_iter().map(|(seconds, label)| {
        let go = move |_| send(ClockChange { advance_seconds: Some(seconds), ..ClockChange::default() });
        view! { <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=go>{label}</button> }
    });
    let set = move |_| {
        let moment = value.get_untracked().as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok());
        if let Some(at) = moment {
            send(ClockChange { set: Some(at.to_rfc3339()), ..ClockChange::default() });
        }
    };
    let freeze = move || {
        let frozen = app().session.clock().is_some_and(conexao_domain::settings::TenantClock::is_frozen);
        let label = if frozen { t!("clock.run") } else { t!("clock.freeze") };
        let go = move |_| send(ClockChange { frozen: Some(!frozen), ..ClockChange::default() });
        let art = if frozen { "play" } else { "pause" };
        view! { <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=go>{icon(art, "i")} {label}</button> }
    };
    let reset = move |_| send(ClockChange { reset: true, ..ClockChange::default() });
    let wrong = move || {
        error.get().map(|why| view! { <p class="field-err" role="alert">{icon("circle-alert", "i i-xs")} {why}</p> })
    };
    let moment =
        control::moment(Control::new("clock", &MOMENT, "clock-moment".to_owned(), value, Signal::stored(None)));
    let body = view! {
        <div class="grid gap-4">
            <p class="num text-lg font-semibold" role="timer" aria-live="polite">{now}</p>
            <div class="flex flex-wrap gap-2" role="group" aria-label=t!("clock.advance")>{buttons.collect_view()}</div>
            <div class="flex flex-wrap items-end gap-2">
                <div class="field min-w-0 flex-1"><label for="clock-moment">{t!("clock.moment")}</label>{moment}</div>
                <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=set>{t!("clock.set")}</button>
            </div>
            <div class="flex flex-wrap gap-2">
                {freeze}
                <button type="button" class="btn btn-sm btn-quiet max-md:h-11" on:click=reset>{icon("undo-2", "i")} {t!("clock.reset")}</button>
            </div>
            {wrong}
        </div>
    };
    let close = move || frame.close();
    let foot = view! {
        <button type="button" class="btn btn-sm btn-primary max-md:h-11" on:click=move |_| close()>{t!("clock.done")}</button>
    };
    let content = Dialog {
        title: t!("clock.title"),
        text: t!("clock.text"),
        art: ("clock", "bg-mute-bg text-ink-2"),
        body: body.into_any(),
        foot: foot.into_any(),
    };
    dialog(content, Arc::new(close))
}
