//! One's own passkeys: listed, added, named, removed.

use std::rc::Rc;

use conexao_domain::kernel::flow::Tone;
use leptos::{prelude::*, task::spawn_local};

use super::{
    confirm::{self, Form, act},
    field::Field,
    two_factor::codes,
};
use crate::{
    api::{
        auth, client,
        passkey::{self, Passkey, Passkeys},
    },
    format::{ago, moment},
    state::app,
    t,
    ui::{chip::chip, empty::failed, icon::icon, load::Load, skeleton::lines, toast},
};

/// What the panel shows.
#[derive(Clone)]
enum Step {
    List,
    Add,
    /// Recovery codes that came with the first factor.
    Codes(Vec<String>),
    Remove(Passkey),
    Rename(Passkey),
}

#[derive(Clone, Copy)]
struct Panel {
    step: RwSignal<Step>,
    found: Load<Passkeys>,
}

impl Panel {
    fn read(self) {
        self.found.run(async { client().passkeys().await });
    }

    fn back(self) {
        self.step.set(Step::List);
        self.read();
    }

    /// Whether there is a passkey to prove oneself with.
    fn signs(self) -> bool {
        self.found.ready().is_some_and(|found| found.items.iter().any(|key| !key.blocked))
    }
}

/// The panel of the profile.
pub fn panel() -> AnyView {
    let panel = Panel { step: RwSignal::new(Step::List), found: Load::new() };
    panel.read();
    let body = move || match panel.step.get() {
        Step::List => list(panel),
        Step::Add => add(panel),
        Step::Codes(made) => codes(made, move || panel.back()),
        Step::Remove(key) => remove(panel, key),
        Step::Rename(key) => rename(panel, key),
    };
    view! {
        <section class="panel" aria-labelledby="passkeys">
            <header class="panel-head"><h2 class="panel-title" id="passkeys">{t!("passkey.title")}</h2></header>
            <div class="panel-body grid content-start gap-4">{body}</div>
        </section>
    }
    .into_any()
}

fn list(panel: Panel) -> AnyView {
    let shown = move || {
        if let Some(failure) = panel.found.failed() {
            return failed(t!("passkey.failed"), &failure, move || panel.read());
        }
        let Some(Passkeys { items, available }) = panel.found.ready() else { return lines(2) };
        let none = items.is_empty();
        let rows = items.into_iter().map(|key| row(panel, key)).collect_view();
        let can = available && passkey::is_known();
        let add = can.then(|| {
            view! { <div><button type="button" class="btn btn-sm btn-primary max-md:h-11" on:click=move |_| panel.step.set(Step::Add)>{t!("passkey.add")}</button></div> }
        });
        let cannot = (!can).then(|| view! { <p class="hint">{t!("passkey.unknown_here")}</p> });
        view! {
            <p class="text-sm text-ink-2">{t!("passkey.text")}</p>
            {(!none).then(|| view! { <ul class="grid divide-y divide-line">{rows}</ul> })}
            {add} {cannot}
        }
        .into_any()
    };
    shown.into_any()
}

fn row(panel: Panel, key: Passkey) -> AnyView {
    let made = moment(&key.created_at);
    let used = key.last_used_at.as_ref().and_then(|at| at.parse().ok()).map(ago);
    let used = used.map_or_else(|| t!("passkey.never_used"), |ago| t!("passkey.used", ago = ago));
    let (name, blocked) = (key.name.clone(), key.blocked);
    let (renamed, removed) = (key.clone(), key);
    let labels = (t!("passkey.rename_one", name = name), t!("passkey.remove_one", name = name));
    view! {
        <li class="flex flex-wrap items-center gap-3 py-3" data-passkey="">
            {icon("key-round", "i i-md text-ink-3")}
            <div class="min-w-0 flex-1">
                <p class="flex flex-wrap items-center gap-2 text-sm font-medium">{name} {blocked.then(|| chip(Tone::Danger, t!("passkey.blocked")))}</p>
                <p class="text-xs text-ink-2">{used} " · " {t!("passkey.since", at = made)}</p>
            </div>
            <div class="flex gap-1">
                <button type="button" class="icon-btn icon-btn-sm max-md:h-11 max-md:w-11" aria-label=labels.0.clone() title=labels.0 on:click=move |_| panel.step.set(Step::Rename(renamed.clone()))>{icon("pencil", "i i-sm")}</button>
                <button type="button" class="icon-btn icon-btn-sm max-md:h-11 max-md:w-11" aria-label=labels.1.clone() title=labels.1 on:click=move |_| panel.step.set(Step::Remove(removed.clone()))>{icon("trash-2", "i i-sm")}</button>
            </div>
        </li>
    }
    .into_any()
}

fn add(panel: Panel) -> AnyView {
    let name = Field::name(t!("passkey.this_device"));
    let change = act(move |proof| {
        let text = name.value.get_untracked();
        async move {
            let added = passkey::add(&proof, text.trim()).await?;
            toast::say(t!("passkey.added"));
            let next = if added.recovery_codes.is_empty() { Step::List } else { Step::Codes(added.recovery_codes) };
            panel.step.try_set(next);
            panel.read();
            Ok(())
        }
    });
    let form = Form {
        fields: vec![name],
        label: t!("two_factor.next"),
        signs: panel.signs(),
        act: change,
        back: Rc::new(move || panel.back()),
    };
    view! { <p class="text-sm text-ink-2">{t!("passkey.add_text")}</p> {confirm::form(form)} }.into_any()
}

fn remove(panel: Panel, key: Passkey) -> AnyView {
    let question = t!("passkey.remove_text", name = key.name);
    let change = act(move |proof| {
        let id = key.id.clone();
        async move {
            client().remove_passkey(&id, &proof).await?;
            toast::say(t!("passkey.removed"));
            panel.back();
            if let Ok(me) = auth::me().await {
                app().session.set_me(me);
            }
            Ok(())
        }
    });
    let form = Form {
        fields: Vec::new(),
        label: t!("passkey.remove"),
        signs: panel.signs(),
        act: change,
        back: Rc::new(move || panel.back()),
    };
    view! { <p class="text-sm text-ink-2">{question}</p> {confirm::form(form)} }.into_any()
}

fn rename(panel: Panel, key: Passkey) -> AnyView {
    let name = Field::name(key.name);
    let failure = RwSignal::new(None);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let id = key.id.clone();
        spawn_local(async move {
            match client().rename_passkey(&id, name.value.get_untracked().trim()).await {
                Ok(()) => panel.back(),
                Err(why) => drop(failure.try_set(Some(why))),
            }
        });
    };
    view! {
        <form class="grid gap-4" novalidate on:submit=submit>
            {super::field::input(name, failure)} {super::field::whole(failure)}
            <div class="flex gap-2">
                <button type="submit" class="btn btn-sm btn-primary max-md:h-11">{t!("save")}</button>
                <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| panel.back()>{t!("cancel")}</button>
            </div>
        </form>
    }
    .into_any()
}
