//! A small form for a change that takes the password or a passkey.

use std::{future::Future, pin::Pin, rc::Rc};

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::field::{self, Field};
use crate::{
    api::{
        Failure,
        passkey::{self, Proof, Refusal},
    },
    t,
    ui::{icon::icon, toast},
};

/// The change, once there is a proof.
pub type Act = Rc<dyn Fn(Proof) -> Pin<Box<dyn Future<Output = Result<(), Refusal>>>>>;

/// What the form is about.
pub struct Form {
    /// Fields before the password.
    pub fields: Vec<Field>,
    /// What the button says.
    pub label: String,
    /// Whether a passkey will do as well.
    pub signs: bool,
    pub act: Act,
    pub back: Rc<dyn Fn()>,
}

/// A change as a closure that gives a future.
pub fn act<F>(change: impl Fn(Proof) -> F + 'static) -> Act
where
    F: Future<Output = Result<(), Refusal>> + 'static,
{
    Rc::new(move |proof| Box::pin(change(proof)))
}

/// The form.
pub fn form(form: Form) -> AnyView {
    let Form { fields, label, signs, act, back } = form;
    let word = Field::password();
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let run = {
        let act = Rc::clone(&act);
        move |proof: Proof| {
            let change = act(proof);
            async move {
                let done = change.await;
                busy.try_set(false);
                told(done, failure);
            }
        }
    };
    let by_password = {
        let run = run.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            failure.set(None);
            busy.set(true);
            spawn_local(run(Proof::Password(word.value.get_untracked())));
        }
    };
    let by_passkey = move |_| {
        failure.set(None);
        busy.set(true);
        let run = run.clone();
        spawn_local(async move {
            match passkey::prove().await {
                Ok(proof) => run(proof).await,
                Err(refusal) => {
                    busy.try_set(false);
                    told(Err(refusal), failure);
                }
            }
        });
    };
    let inputs = fields.into_iter().chain([word]).map(|one| field::input(one, failure)).collect_view();
    let sign = (signs && passkey::is_known()).then(|| {
        view! {
            <button type="button" class="btn btn-sm btn-line max-md:h-11" disabled=busy on:click=by_passkey>{icon("key-round", "i i-sm")} {t!("passkey.confirm")}</button>
        }
    });
    view! {
        <form class="grid gap-4" novalidate on:submit=by_password>
            {inputs} {field::whole(failure)}
            <div class="flex flex-wrap gap-2">
                <button type="submit" class="btn btn-sm btn-primary max-md:h-11" disabled=busy>{label}</button>
                {sign}
                <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| back()>{t!("cancel")}</button>
            </div>
        </form>
    }
    .into_any()
}

fn told(done: Result<(), Refusal>, failure: RwSignal<Option<Failure>>) {
    match done {
        Ok(()) => {}
        Err(Refusal::Dismissed) => toast::say(t!("passkey.dismissed")),
        Err(Refusal::Server(why)) => drop(failure.try_set(Some(why))),
    }
}
