//! Changes of the log-in itself: the address and the password.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};

use super::{
    confirm::{self, Form, act},
    field::Field,
};
use crate::{
    api::{client, passkey::Refusal},
    custom::door::new_password,
    state::app,
    t,
    ui::{icon::icon, toast},
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Shown,
    Email,
    Password,
}

/// The panel of the profile.
pub fn panel() -> AnyView {
    let step = RwSignal::new(Step::Shown);
    // Whether the person has a passkey that will do in the place of the password.
    let signs = RwSignal::new(false);
    let sent = RwSignal::new(None::<String>);
    spawn_local(async move {
        if let Ok(found) = client().passkeys().await {
            signs.try_set(found.items.iter().any(|key| !key.blocked));
        }
    });
    let body = move || match step.get() {
        Step::Shown => shown(step, sent),
        Step::Email => email(step, signs.get(), sent),
        Step::Password => password(step, signs.get()),
    };
    view! {
        <section class="panel" aria-labelledby="own-login">
            <header class="panel-head"><h2 class="panel-title" id="own-login">{t!("own.title")}</h2></header>
            <div class="panel-body grid content-start gap-4">{body}</div>
        </section>
    }
    .into_any()
}

fn shown(step: RwSignal<Step>, sent: RwSignal<Option<String>>) -> AnyView {
    let address = move || app().session.me().map(|me| me.user.email.clone()).unwrap_or_default();
    let notice = move || {
        sent.get().map(|email| {
            view! {
                <div class="notice notice-success" role="status">{icon("mail-check", "i")} <p>{t!("own.sent", email = email)}</p></div>
            }
        })
    };
    view! {
        <dl class="kv"><dt>{t!("login.email")}</dt> <dd>{address}</dd></dl>
        {notice}
        <div class="flex flex-wrap gap-2">
            <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| step.set(Step::Email)>{t!("own.change_email")}</button>
            <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| step.set(Step::Password)>{t!("own.change_password")}</button>
        </div>
    }
    .into_any()
}

fn email(step: RwSignal<Step>, signs: bool, sent: RwSignal<Option<String>>) -> AnyView {
    let address = Field::email();
    let change = act(move |proof| async move {
        let email = address.value.get_untracked().trim().to_owned();
        client().ask_email(&proof, &email).await?;
        sent.try_set(Some(email));
        step.try_set(Step::Shown);
        Ok(())
    });
    let form = Form {
        fields: vec![address],
        label: t!("own.send_link"),
        signs,
        act: change,
        back: Rc::new(move || step.set(Step::Shown)),
    };
    view! { <p class="text-sm text-ink-2">{t!("own.email_text")}</p> {confirm::form(form)} }.into_any()
}

fn password(step: RwSignal<Step>, signs: bool) -> AnyView {
    let (value, wrong) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let me = app().session.me();
    let known = me.map(|me| vec![me.user.name.clone(), me.user.email.clone()]).unwrap_or_default();
    let change = act(move |proof| async move {
        let changed = client().change_password(&proof, &value.get_untracked()).await;
        if let Err(failure) = &changed
            && proof_was_good(failure)
        {
            wrong.try_set(failure.errors.first().map(|first| first.message.clone()));
            return Ok(());
        }
        changed.map_err(Refusal::Server)?;
        toast::say(t!("own.password_changed"));
        step.try_set(Step::Shown);
        Ok(())
    });
    let form = Form {
        fields: Vec::new(),
        label: t!("own.change_password"),
        signs,
        act: change,
        back: Rc::new(move || step.set(Step::Shown)),
    };
    view! {
        <p class="text-sm text-ink-2">{t!("own.password_text")}</p>
        {new_password(value, wrong, known)}
        {confirm::form(form)}
    }
    .into_any()
}

/// Whether the new password is refused and not the proof: both go by the
/// same field, and the wrong present one has a code of its own.
fn proof_was_good(failure: &crate::api::Failure) -> bool {
    failure
        .errors
        .first()
        .is_some_and(|first| first.field == "password" && first.code != "password.wrong" && first.code != "required")
}
