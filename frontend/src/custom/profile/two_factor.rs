//! Turning the second step of coming in on and off.

use std::rc::Rc;

use conexao_domain::kernel::flow::Tone;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    api::{
        Failure, auth,
        security::{self, Key, SecondFactor},
    },
    format::moment,
    state::app,
    t,
    ui::{chip::chip, icon::icon, load::Load, skeleton::lines, toast},
};

use super::{
    confirm::{self as proof, Act, Form, act},
    field::{self, Field},
};

/// What the panel shows.
#[derive(Clone)]
enum Step {
    Standing,
    /// Asks for the password before a key is made.
    Password,
    Key(Key),
    /// Recovery codes that were just made.
    Codes(Vec<String>),
    Renew,
    Disable,
}

#[derive(Clone, Copy)]
struct Panel {
    step: RwSignal<Step>,
    standing: Load<SecondFactor>,
}

impl Panel {
    fn read(self) {
        self.standing.run(security::standing());
    }

    fn back(self) {
        self.step.set(Step::Standing);
        self.read();
    }

    /// A form that takes the password or a passkey.
    fn form(self, fields: Vec<Field>, label: String, act: Act) -> Form {
        let signs = self.standing.ready().is_some_and(|standing| standing.passkeys > 0);
        Form { fields, label, signs, act, back: Rc::new(move || self.back()) }
    }
}

pub fn panel() -> AnyView {
    let panel = Panel { step: RwSignal::new(Step::Standing), standing: Load::new() };
    panel.read();
    let body = move || match panel.step.get() {
        Step::Standing => standing(panel),
        Step::Password => password(panel),
        Step::Key(key) => confirm(panel, &key),
        Step::Codes(made) => codes(made, move || panel.back()),
        Step::Renew => renew(panel),
        Step::Disable => disable(panel),
    };
    view! {
        <section class="panel" aria-labelledby="two-factor">
            <header class="panel-head"><h2 class="panel-title" id="two-factor">{t!("two_factor.title")}</h2></header>
            <div class="panel-body grid gap-4">{body}</div>
        </section>
    }
    .into_any()
}

fn standing(panel: Panel) -> AnyView {
    let go = move |step: Step| move |_| panel.step.set(step.clone());
    let shown = move || {
        let Some(standing) = panel.standing.ready() else { return lines(2) };
        let Some(since) = standing.since else {
            let left = (standing.passkeys > 0).then(|| view! { <p class="text-sm text-ink-2">{t!("two_factor.left", n = standing.recovery_codes.to_string())}</p> });
            let renew = (standing.passkeys > 0).then(|| view! { <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=go(Step::Renew)>{t!("two_factor.renew")}</button> });
            return view! {
                <p class="text-sm text-ink-2">{t!("two_factor.off")}</p>
                {left}
                <div class="flex flex-wrap gap-2"><button type="button" class="btn btn-sm btn-primary max-md:h-11" on:click=go(Step::Password)>{t!("two_factor.enable")}</button> {renew}</div>
            }
            .into_any();
        };
        let since = moment(&since);
        view! {
            <p class="flex flex-wrap items-center gap-2 text-sm">{chip(Tone::Success, t!("two_factor.on"))} {t!("two_factor.since", at = since)}</p>
            <p class="text-sm text-ink-2">{t!("two_factor.left", n = standing.recovery_codes.to_string())}</p>
            <div class="flex flex-wrap gap-2">
                <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=go(Step::Renew)>{t!("two_factor.renew")}</button>
                <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=go(Step::Disable)>{t!("two_factor.disable")}</button>
            </div>
        }
        .into_any()
    };
    shown.into_any()
}

/// A small form of fields, a button and a way back.
fn form(
    panel: Panel,
    fields: Vec<Field>,
    label: String,
    send: impl Fn(RwSignal<Option<Failure>>) + 'static,
) -> AnyView {
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        failure.set(None);
        busy.set(true);
        send(failure);
    };
    Effect::new(move || {
        if failure.get().is_some() {
            busy.set(false);
        }
    });
    let inputs = fields.into_iter().map(|one| field::input(one, failure)).collect_view();
    view! {
        <form class="grid gap-4" novalidate on:submit=submit>
            {inputs} {field::whole(failure)}
            <div class="flex gap-2">
                <button type="submit" class="btn btn-sm btn-primary max-md:h-11" disabled=busy>{label}</button>
                <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| panel.back()>{t!("cancel")}</button>
            </div>
        </form>
    }
    .into_any()
}

fn password(panel: Panel) -> AnyView {
    let change = act(move |proof| async move {
        let key = security::begin(&proof).await?;
        panel.step.try_set(Step::Key(key));
        Ok(())
    });
    proof::form(panel.form(Vec::new(), t!("two_factor.next"), change))
}

fn confirm(panel: Panel, key: &Key) -> AnyView {
    let code = Field::code();
    let send = move |failure: RwSignal<Option<Failure>>| {
        spawn_local(async move {
            match security::confirm(code.value.get_untracked().trim()).await {
                Ok(codes) => drop(panel.step.try_set(Step::Codes(codes))),
                Err(why) => drop(failure.try_set(Some(why))),
            }
        });
    };
    view! {
        <p class="text-sm text-ink-2">{t!("two_factor.scan")}</p>
        <div class="w-52 rounded-xl bg-white p-2" role="img" aria-label=t!("two_factor.picture") inner_html=key.picture.clone()></div>
        <p class="text-sm">
            {t!("two_factor.type")} " "
            <code class="mono text-xs break-all" data-secret="">{key.secret.clone()}</code>
        </p>
        {form(panel, vec![code], t!("two_factor.confirm"), send)}
    }
    .into_any()
}

/// Recovery codes that were just made, shown this once.
pub fn codes(codes: Vec<String>, back: impl Fn() + 'static) -> AnyView {
    let list = codes.into_iter().map(|code| view! { <li class="mono" data-code="">{code}</li> }).collect_view();
    let done = move |_| {
        back();
        // Whoever had to do this may go on now.
        spawn_local(async {
            if let Ok(me) = auth::me().await {
                app().session.set_me(me);
            }
        });
    };
    view! {
        <div class="rounded-xl bg-ok-bg p-4 text-ok-fg" role="status">
            <h3 class="flex items-center gap-2 text-sm font-semibold">{icon("key-round", "i")} {t!("two_factor.codes")}</h3>
            <p class="mt-1 text-sm">{t!("two_factor.codes_text")}</p>
            <ul class="mt-3 grid grid-cols-2 gap-1 rounded-lg bg-base-100 p-3 text-sm text-base-content">{list}</ul>
        </div>
        <div><button type="button" class="btn btn-sm btn-primary max-md:h-11" on:click=done>{t!("two_factor.kept")}</button></div>
    }
    .into_any()
}

fn renew(panel: Panel) -> AnyView {
    let code = Field::code();
    let send = move |failure: RwSignal<Option<Failure>>| {
        spawn_local(async move {
            match security::renew(code.value.get_untracked().trim()).await {
                Ok(codes) => drop(panel.step.try_set(Step::Codes(codes))),
                Err(why) => drop(failure.try_set(Some(why))),
            }
        });
    };
    form(panel, vec![code], t!("two_factor.renew"), send)
}

fn disable(panel: Panel) -> AnyView {
    let code = Field::code();
    let change = act(move |proof| async move {
        security::disable(&proof, code.value.get_untracked().trim()).await?;
        toast::say(t!("two_factor.disabled"));
        panel.back();
        if let Ok(me) = auth::me().await {
            app().session.set_me(me);
        }
        Ok(())
    });
    proof::form(panel.form(vec![code], t!("two_factor.disable"), change))
}
