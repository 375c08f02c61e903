//! Links that prove an address: they are followed when the person says so, for
//! programs that look at mail open links as well.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{frame, gone, password, reset::words};
use crate::{
    api::{Failure, client},
    t,
    ui::icon::icon,
};

/// The account somebody asked for. Whoever follows the link chooses its
/// password: the one who asked may be somebody else.
pub fn account(token: String) -> AnyView {
    let (value, error) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let send = move |done: Done| {
        let token = token.clone();
        error.set(None);
        spawn_local(async move {
            match client().confirm_registration(&token, &value.get_untracked()).await {
                Err(failure) if failure.status != 404 => {
                    done.busy.try_set(false);
                    error.try_set(Some(words(&failure)));
                }
                made => done.tell(made.map(|made| {
                    if made.pending { t!("register.pending") } else { t!("register.ready", email = made.email) }
                })),
            }
        });
    };
    let field = move || password::field(value, error, Vec::new());
    page(t!("register.confirm"), t!("register.confirm_text"), t!("register.make"), field, send)
}

/// Another address of an account.
pub fn email(token: String) -> AnyView {
    let send = move |done: Done| {
        let token = token.clone();
        spawn_local(async move {
            let kept = client().confirm_email(&token).await;
            done.tell(kept.map(|email| t!("own.email_counts", email = email)));
        });
    };
    page(t!("own.confirm_email"), t!("own.confirm_email_text"), t!("own.confirm"), || ().into_any(), send)
}

/// What became of it.
#[derive(Clone, Copy)]
struct Done {
    busy: RwSignal<bool>,
    result: RwSignal<Option<Result<String, Failure>>>,
}

impl Done {
    fn tell(self, result: Result<String, Failure>) {
        self.busy.try_set(false);
        self.result.try_set(Some(result));
    }
}

/// `fields` is what is asked for besides.
fn page(
    title: String,
    text: String,
    label: String,
    fields: impl Fn() -> AnyView + Send + Sync + 'static,
    send: impl Fn(Done) + Send + Sync + Clone + 'static,
) -> AnyView {
    let done = Done { busy: RwSignal::new(false), result: RwSignal::new(None) };
    let shown = move || match done.result.get() {
        Some(Ok(words)) => good(title.clone(), words),
        Some(Err(failure)) if failure.status == 404 => gone(t!("register.gone")),
        other => {
            let send = send.clone();
            let wrong = other.and_then(Result::err).map(|failure| {
                view! { <p class="field-err" role="alert">{icon("circle-alert", "i i-xs")} {failure.message()}</p> }
            });
            let go = move |event: SubmitEvent| {
                event.prevent_default();
                done.busy.set(true);
                send(done);
            };
            let body = view! {
                <form class="mt-7 grid gap-4" novalidate on:submit=go>
                    {fields()} {wrong}
                    <button type="submit" class="btn btn-primary h-11" disabled=done.busy>{label.clone()}</button>
                </form>
            };
            frame(title.clone(), text.clone(), body.into_any())
        }
    };
    shown.into_any()
}

fn good(title: String, words: String) -> AnyView {
    let body = view! {
        <div class="notice notice-success mt-6" role="status">{icon("mail-check", "i")} <p>{words}</p></div>
        <a href="/entrar" class="btn btn-primary mt-6 h-11 w-full">{t!("register.enter")}</a>
    };
    frame(title, String::new(), body.into_any())
}
