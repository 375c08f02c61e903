//! Naming a substitute: who, from when until when, why.

use std::sync::Arc;

use conexao_domain::{
    identity::absence::ABSENCE,
    kernel::field::{Field, Kind},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value as Json};

use crate::{
    api::{Failure, records::Mention, rights},
    format, i18n,
    resource::form::state::sentence,
    state::app,
    t,
    ui::{
        control::{
            Control,
            combo::{Combo, combo},
            control,
        },
        icon::icon,
        overlay::{Dialog, dialog as modal},
        toast,
    },
};

fn field(name: &str) -> &'static Field {
    // What nobody declared has no label, which the journeys would miss.
    static NOTHING: Field = Field::new("", Kind::Boolean);
    ABSENCE.field(name).unwrap_or(&NOTHING)
}

/// The dialog; `done` after a substitute was named, `close` without.
pub fn dialog(done: Callback<()>, close: Callback<()>) -> AnyView {
    let today = format::today().to_string();
    let (from, to) = (RwSignal::new(Json::from(today.clone())), RwSignal::new(Json::from(today)));
    let (reason, whole) = (RwSignal::new(Json::Null), RwSignal::new(false));
    let chosen = RwSignal::new(None::<Mention>);
    let (refused, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let error = move |name: &'static str| {
        Signal::derive(move || {
            let failure = refused.get()?;
            failure.errors.iter().find(|problem| problem.field == name).map(sentence)
        })
    };
    let save = move |_| {
        let mut values = Map::new();
        let substitute = chosen.get_untracked().map_or(Json::Null, |person| person.id.into());
        let named =
            [("substitute_id", substitute), ("starts_on", from.get_untracked()), ("ends_on", to.get_untracked())];
        values.extend(named.map(|(name, value)| (name.to_owned(), value)));
        values.insert("reason".to_owned(), reason.get_untracked());
        if whole.get_untracked() {
            values.insert("with_administration".to_owned(), true.into());
        }
        busy.set(true);
        spawn_local(async move {
            match rights::name_substitute(values).await {
                Ok(_) => {
                    toast::say(t!("absences.named"));
                    done.run(());
                }
                Err(failure) => drop(refused.try_set(Some(failure))),
            }
            busy.try_set(false);
        });
    };
    let input = move |name: &'static str, value: RwSignal<Json>| {
        control(Control::new(ABSENCE.name, field(name), format!("absence-{name}"), value, error(name)))
    };
    let admin = app().session.can("user.update").then(|| {
        view! {
            <label class="flex items-center gap-2.5 text-sm">
                <input type="checkbox" class="checkbox checkbox-xs" prop:checked=whole on:change=move |event| whole.set(event_target_checked(&event)) />
                {i18n::field(ABSENCE.name, field("with_administration"))}
            </label>
        }
    });
    let other = move || {
        let failure = refused.get()?;
        failure.errors.is_empty().then(
            || view! { <p class="field-err" role="alert">{icon("circle-alert", "i i-xs")} {failure.message()}</p> },
        )
    };
    let body = view! {
        <div class="grid gap-4">
            {who(chosen, error("substitute_id"))}
            <div class="grid gap-4 sm:grid-cols-2">{input("starts_on", from)} {input("ends_on", to)}</div>
            {input("reason", reason)} {admin} {other}
        </div>
    };
    let foot = view! {
        <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| close.run(())>{t!("cancel")}</button>
        <button type="button" class="btn btn-sm btn-primary max-md:h-11" disabled=busy on:click=save>{t!("absences.save")}</button>
    };
    let content = Dialog {
        title: t!("absences.name_one"),
        text: t!("absences.text"),
        art: ("calendar-clock", "bg-mute-bg text-ink-2"),
        body: body.into_any(),
        foot: foot.into_any(),
    };
    modal(content, Arc::new(move || close.run(())))
}

fn who(chosen: RwSignal<Option<Mention>>, error: Signal<Option<String>>) -> AnyView {
    let find = Arc::new(|text: String| -> std::pin::Pin<Box<dyn Future<Output = _>>> {
        Box::pin(async move { rights::colleagues(&text).await })
    });
    let class = move || if error.get().is_some() { "input max-md:h-11 field-bad" } else { "input max-md:h-11" };
    let box_ = combo(Combo {
        id: "absence-substitute".to_owned(),
        class: Signal::derive(move || class().to_owned()),
        placeholder: t!("absences.search"),
        shown: Signal::derive(move || chosen.get().map(|person| person.title).unwrap_or_default()),
        find,
        choose: Arc::new(move |person| chosen.set(person)),
        disabled: false,
        invalid: Signal::derive(move || error.get().map(|_| "true")),
        described: "absence-substitute-error".to_owned(),
        create: None,
    });
    let wrong = move || {
        error.get().map(|text| {
            view! { <p class="field-err" id="absence-substitute-error">{icon("circle-alert", "i i-xs")} {text}</p> }
        })
    };
    let label = i18n::field(ABSENCE.name, field("substitute_id"));
    view! { <div class="field"><label for="absence-substitute">{label}</label> {box_} {wrong}</div> }.into_any()
}
