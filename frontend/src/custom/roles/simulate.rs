//! What a role would mean before it is saved: who gains and loses what, and
//! what somebody with this role alone would see.

use std::time::Duration;

use conexao_domain::{
    identity::role::{ROLE, Scope},
    kernel::resource::VERBS,
    registry,
};
use leptos::{leptos_dom::helpers::set_timeout, prelude::*};

use super::{cell, grants::Grant, matrix::Grants};
use crate::{
    api::rights::{self, GrantDraft, PowerChange, RolePreview, SeenResource, Simulation},
    format, i18n,
    resource::form::state::Form,
    state::app,
    t,
    ui::{icon::icon, load::Load, skeleton},
};

/// How long nothing changes before it is asked what it would mean.
const SETTLE: Duration = Duration::from_millis(400);

/// Grants as they are sent.
pub fn drafts(grants: &[Grant]) -> Vec<GrantDraft> {
    let draft = |grant: &Grant| GrantDraft {
        permission: grant.permission.clone(),
        scope: grant.scope.map(|scope| scope.name().to_owned()),
    };
    grants.iter().map(draft).collect()
}

/// The panel below the matrix of a role's form.
pub fn panel(form: Form, grants: Grants) -> AnyView {
    if !app().session.may(&ROLE, "read") {
        return ().into_any();
    }
    let id = Some(form.base().id().to_owned()).filter(|id| !id.is_empty());
    let load = Load::<Simulation>::new();
    let turn = StoredValue::new(0_u32);
    Effect::new(move || {
        let (drafts, scope) = (drafts(&grants.list.get()), grants.base.get());
        let mine = turn.get_value().wrapping_add(1);
        turn.set_value(mine);
        let id = id.clone();
        let ask = move || {
            if turn.try_get_value() == Some(mine) {
                load.run(async move { rights::simulate(id.as_deref(), scope.name(), &drafts).await });
            }
        };
        set_timeout(ask, SETTLE);
    });
    let shown = move || match load.answer.get() {
        Some(Ok(simulation)) => view! { {changes(&simulation)} {preview(&simulation.preview)} }.into_any(),
        Some(Err(failure)) => view! { <p class="hint">{failure.message()}</p> }.into_any(),
        None if load.slow.get() => skeleton::lines(3),
        None => ().into_any(),
    };
    view! {
        <section class="panel" aria-label=t!("roles.foresight")>
            <header class="panel-head"><h2 class="panel-title">{t!("roles.foresight")}</h2></header>
            <div class="panel-body grid gap-4" aria-live="polite">{shown}</div>
        </section>
    }
    .into_any()
}

/// Who gains and who loses.
pub fn changes(simulation: &Simulation) -> AnyView {
    if simulation.gains.is_empty() && simulation.losses.is_empty() {
        let text = if simulation.people == 0 { t!("roles.nobody_has") } else { t!("roles.no_change") };
        return view! { <p class="text-sm text-ink-2">{text}</p> }.into_any();
    }
    let lists = [
        ("arrow-up", "text-success-fg", t!("roles.gains"), &simulation.gains),
        ("arrow-down", "text-danger-fg", t!("roles.losses"), &simulation.losses),
    ];
    let lists = lists.into_iter().filter(|(.., changes)| !changes.is_empty()).map(|(art, tone, heading, changes)| {
        let lines = changes.iter().map(change).collect_view();
        let tone = format!("inline-flex {tone}");
        view! {
            <div>
                <h3 class="mb-1 flex items-center gap-1.5 text-sm font-semibold"><span class=tone>{icon(art, "i i-sm")}</span> {heading}</h3>
                <ul class="grid gap-1 text-sm">{lines}</ul>
            </div>
        }
    });
    let more = simulation.more.then(|| view! { <p class="hint">{t!("roles.more_people")}</p> });
    view! { <div class="grid gap-3 md:grid-cols-2">{lists.collect_view()}</div> {more} }.into_any()
}

fn change(change: &PowerChange) -> AnyView {
    let scope = |name: &Option<String>| cell::word(name.as_deref().and_then(Scope::parse));
    let mut names: Vec<String> = change.people.iter().map(|person| person.name.clone()).collect();
    let hidden = change.count - i64::try_from(names.len()).unwrap_or_default();
    if hidden > 0 {
        names.push(t!("roles.and_more", n = format::integer(hidden)));
    }
    let people = crate::tn!("roles.people", change.count);
    view! {
        <li>
            <span class="font-medium">{label(&change.permission)}</span>
            <span class="text-ink-2">": "{scope(&change.before)}" → "{scope(&change.after)}</span>
            <span class="hint block">{people}": "{names.join(", ")}</span>
        </li>
    }
    .into_any()
}

/// A permission in words, e.g. "Clientes: Editar".
pub fn label(permission: &str) -> String {
    let parts = permission.split_once('.').and_then(|(name, verb)| Some((registry::by_name(name)?, verb)));
    match parts {
        Some((resource, verb)) => format!("{}: {}", i18n::resources(resource), action(resource.name, verb)),
        None => i18n::permission(permission),
    }
}

fn action(resource: &str, verb: &str) -> String {
    if VERBS.contains(&verb) { i18n::verb(verb) } else { i18n::step(resource, verb) }
}

/// What somebody with this role alone would see.
fn preview(preview: &RolePreview) -> AnyView {
    if preview.resources.is_empty() && preview.administration.is_empty() {
        return view! { <p class="text-sm text-ink-2">{t!("roles.sees_nothing")}</p> }.into_any();
    }
    let resources = preview.resources.iter().map(seen).collect_view();
    let rest: Vec<String> = preview.administration.iter().map(|name| i18n::permission(name)).collect();
    let rest = (!rest.is_empty())
        .then(|| view! { <li><span class="font-medium">{t!("roles.administration")}</span><span class="hint block">{rest.join(", ")}</span></li> });
    view! {
        <div>
            <h3 class="mb-1 flex items-center gap-1.5 text-sm font-semibold">{icon("eye", "i i-sm text-ink-3")} {t!("roles.sees")}</h3>
            <ul class="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-2 xl:grid-cols-3">{resources} {rest}</ul>
        </div>
    }
    .into_any()
}

fn seen(seen: &SeenResource) -> Option<AnyView> {
    let resource = registry::by_name(&seen.resource)?;
    let verbs = seen.actions.iter().map(|action| {
        let scope = Scope::parse(&action.scope).filter(|scope| *scope != Scope::All);
        let word = self::action(resource.name, &action.verb);
        scope.map_or_else(|| word.clone(), |scope| format!("{word} ({})", cell::word(Some(scope)).to_lowercase()))
    });
    let rows = seen.rows.map(|rows| {
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        if seen.rows_more {
            t!("roles.rows_more", n = format::integer(rows - 1))
        } else {
            crate::tn!("roles.rows", rows)
        }
    });
    let line = view! {
        <li class="min-w-0">
            <span class="flex items-center gap-1.5 font-medium">{icon(resource.icon, "i i-sm text-ink-3")} {i18n::resources(resource)} <span class="font-normal text-ink-2">{rows}</span></span>
            <span class="hint block">{verbs.collect::<Vec<_>>().join(", ")}</span>
        </li>
    };
    Some(line.into_any())
}
