//! How the person wants to be told: categories by channels, together or one by
//! one, when not, and what follows when nobody reads. Every change is kept at once.

use conexao_client::{NoticeChoice, NoticeChoices};
use conexao_domain::kernel::canonical::write_instant;
use leptos::{prelude::*, task::spawn_local};

use super::notice_matrix::{self, Matrix};
use crate::{
    api::client,
    format, t,
    ui::{fetched::fetched, load::Load, toast},
};

/// The panel of the profile.
pub fn panel() -> AnyView {
    let load: Load<NoticeChoices> = Load::new();
    let ask = move || load.run(async { client().notice_choices().await });
    ask();
    let body = fetched(load, 4, t!("profile.notices"), ask, content);
    view! {
        <section class="panel lg:col-span-2" id="avisos">
            <header class="panel-head"><h2 class="panel-title">{t!("profile.notices")}</h2></header>
            <div class="panel-body grid gap-4">{body}</div>
        </section>
    }
    .into_any()
}

/// Keeps what is shown now; what the server keeps is shown then.
fn keep(shown: RwSignal<NoticeChoices>, change: impl FnOnce(&mut NoticeChoices)) {
    let before = shown.get_untracked();
    let mut next = before.clone();
    change(&mut next);
    shown.set(next.clone());
    spawn_local(async move {
        match client().choose_notices(&next).await {
            Ok(_) => toast::say(t!("profile.saved")),
            Err(failure) => {
                shown.try_set(before);
                toast::fail(&failure);
            }
        }
    });
}

fn content(choices: NoticeChoices) -> AnyView {
    let shown = RwSignal::new(choices);
    let cells = Signal::derive(move || shown.get().choices);
    let change = move |cell: NoticeChoice| {
        keep(shown, |all| {
            let same = |one: &&mut NoticeChoice| one.category == cell.category && one.channel == cell.channel;
            all.choices.iter_mut().filter(same).for_each(|one| one.wanted = cell.wanted);
        });
    };
    view! {
        {notice_matrix::table(Matrix { cells, change: std::sync::Arc::new(change), label: t!("profile.notices") })}
        <p class="hint">{t!("profile.security_note")}</p>
        <div class="grid gap-4 md:grid-cols-2">{together(shown)} {escalation(shown)} {quiet(shown)} {undisturbed(shown)}</div>
    }
    .into_any()
}

/// A choice among few, as a field.
fn select(
    id: &'static str,
    label: String,
    options: Vec<(String, String)>,
    value: impl Fn() -> String + Send + Sync + Copy + 'static,
    choose: impl Fn(String) + 'static,
) -> AnyView {
    let options = options.into_iter().map(|(key, name)| {
        let this = key.clone();
        view! { <option value=key selected=move || value() == this>{name}</option> }
    });
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id class="input max-md:h-11" on:change=move |event| choose(event_target_value(&event))>
                {options.collect_view()}
            </select>
        </div>
    }
    .into_any()
}

fn together(shown: RwSignal<NoticeChoices>) -> AnyView {
    let options =
        [("", t!("profile.digest_no")), ("hour", t!("profile.digest_hour")), ("day", t!("profile.digest_day"))];
    let options = options.into_iter().map(|(key, name)| (key.to_owned(), name)).collect();
    let value = move || {
        let all = shown.get();
        if all.digest { all.digest_every } else { String::new() }
    };
    let choose = move |key: String| {
        keep(shown, |all| {
            all.digest = !key.is_empty();
            if all.digest {
                all.digest_every = key;
            }
        });
    };
    select("notice-digest", t!("profile.digest"), options, value, choose)
}

/// Minutes offered before what nobody read goes another way.
const WAITS: [i64; 4] = [15, 30, 60, 240];

fn escalation(shown: RwSignal<NoticeChoices>) -> AnyView {
    let mut options = vec![(String::new(), t!("profile.escalate_no"))];
    let mut waits = WAITS.to_vec();
    waits.extend(shown.get_untracked().escalate_minutes.filter(|own| !WAITS.contains(own)));
    options.extend(waits.into_iter().map(|n| (n.to_string(), t!("profile.escalate_after", n = n))));
    let value = move || shown.get().escalate_minutes.map(|n| n.to_string()).unwrap_or_default();
    let choose = move |key: String| keep(shown, |all| all.escalate_minutes = key.parse().ok());
    select("notice-escalate", t!("profile.escalate"), options, value, choose)
}

fn quiet(shown: RwSignal<NoticeChoices>) -> AnyView {
    let value = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    view! {
        <fieldset class="field">
            <legend class="mb-1.5 text-sm font-medium">{t!("profile.quiet")}</legend>
            <div class="flex flex-wrap items-center gap-2 text-sm">
                <input
                    id="quiet-from"
                    type="time"
                    class="input w-30 max-md:h-11"
                    aria-label=t!("profile.quiet_from")
                    prop:value=move || shown.get().quiet_from.unwrap_or_default()
                    on:change=move |event| keep(shown, |all| all.quiet_from = value(&event_target_value(&event)))
                />
                <span>{t!("profile.quiet_until")}</span>
                <input
                    id="quiet-until"
                    type="time"
                    class="input w-30 max-md:h-11"
                    aria-label=t!("profile.quiet_end")
                    prop:value=move || shown.get().quiet_until.unwrap_or_default()
                    on:change=move |event| keep(shown, |all| all.quiet_until = value(&event_target_value(&event)))
                />
            </div>
        </fieldset>
    }
    .into_any()
}

fn undisturbed(shown: RwSignal<NoticeChoices>) -> AnyView {
    let until = move || {
        let at = shown.get().undisturbed_until?.parse::<chrono::DateTime<chrono::Utc>>().ok()?;
        (at > format::now()).then_some(at)
    };
    let rest = move |hours: i64| {
        keep(shown, |all| all.undisturbed_until = Some(write_instant(format::now() + chrono::TimeDelta::hours(hours))));
    };
    let button = move |hours: i64| {
        view! { <button type="button" class="btn btn-xs btn-line max-md:h-11" on:click=move |_| rest(hours)>{t!("profile.rest_hours", n = hours)}</button> }
    };
    let now = move || {
        match until() {
        Some(at) => view! {
            <span class="text-sm">{t!("profile.rest_until", at = format::instant(at))}</span>
            <button type="button" class="btn btn-xs btn-line max-md:h-11" on:click=move |_| keep(shown, |all| all.undisturbed_until = None)>{t!("profile.rest_end")}</button>
        }
        .into_any(),
        None => view! { {button(1)} {button(4)} {button(24)} }.into_any(),
    }
    };
    view! {
        <fieldset class="field">
            <legend class="mb-1.5 text-sm font-medium">{t!("profile.rest")}</legend>
            <div class="flex flex-wrap items-center gap-2">{now}</div>
        </fieldset>
    }
    .into_any()
}
