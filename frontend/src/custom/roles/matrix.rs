//! What a role may do, resource by verb: set in the form, shown on its page.

use conexao_domain::{
    identity::role::Scope,
    kernel::resource::{Resource, VERBS},
};
use leptos::prelude::*;

use super::{
    cell,
    grants::{self, Grant},
    held,
};
use crate::{i18n, t, ui::icon::icon};

/// Grants to set, or only to see.
#[derive(Clone, Copy)]
pub struct Grants {
    pub list: Signal<Vec<Grant>>,
    /// The rows a grant reaches where it says nothing else.
    pub base: Signal<Scope>,
    /// Whether grants may reach less than all rows.
    pub scoped: bool,
    /// Takes the changed grants; none where they are only shown.
    pub change: Option<Callback<Vec<Grant>>>,
}

impl Grants {
    fn reach(self, permission: &str) -> Option<Scope> {
        self.list.with(|list| grants::reach(list, self.base.get(), permission))
    }

    fn set(self, permission: &str, reach: Option<Scope>) {
        self.put(grants::set(&self.list.get_untracked(), self.base.get_untracked(), permission, reach));
    }

    fn set_all(self, pattern: &str, granted: bool) {
        let list = self.list.get_untracked();
        self.put(if granted {
            grants::give_all(&list, pattern)
        } else {
            grants::take_all(&list, self.base.get_untracked(), pattern)
        });
    }

    fn put(self, grants: Vec<Grant>) {
        if let Some(change) = self.change {
            change.run(grants);
        }
    }
}

/// The table.
pub fn matrix(grants: Grants) -> AnyView {
    let head = VERBS.iter().map(|verb| {
        view! { <th scope="col" class="h-12! w-[8%] text-center! leading-4 whitespace-normal!">{i18n::verb(verb)}</th> }
    });
    let rows = held::resources().map(|resource| row(grants, resource)).collect_view();
    view! {
        <div class="tbl-wrap" tabindex="0" role="region" aria-label=t!("roles.matrix")>
            <table class="tbl tbl-compact">
                <caption class="sr-only">{t!("roles.matrix")}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="min-w-36">{t!("roles.resource")}</th>
                        {head.collect_view()}
                        <th scope="col" class="min-w-44">{t!("roles.steps")}</th>
                    </tr>
                </thead>
                <tbody>{rows} {administration(grants)}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(grants: Grants, resource: &'static Resource) -> AnyView {
    let name = i18n::resources(resource);
    let cells = VERBS.iter().map(|verb| {
        let permission = format!("{}.{verb}", resource.name);
        let label = format!("{name}: {}", i18n::verb(verb));
        view! { <td class="text-center">{one(grants, permission, label)}</td> }
    });
    let steps = resource.flow.map(|flow| flow.steps).unwrap_or_default().iter().map(|step| {
        let permission = format!("{}.{}", resource.name, step.name);
        labelled(grants, permission, i18n::step(resource.name, step.name))
    });
    // Tags stand closer than ticks with their words.
    let gap = if grants.change.is_some() {
        "flex flex-wrap gap-x-4 gap-y-1.5 py-1.5"
    } else {
        "flex flex-wrap gap-1.5 py-1.5"
    };
    view! {
        <tr>
            <th scope="row" class="static! h-auto! bg-transparent! text-sm! font-medium! text-base-content!">
                <span class="flex items-center gap-2">{icon(resource.icon, "i i-sm text-ink-3")} {name.clone()} {whole(grants, resource, &name)}</span>
            </th>
            {cells.collect_view()}
            <td class="whitespace-normal!"><span class=gap>{steps.collect_view()}</span></td>
        </tr>
    }
    .into_any()
}

/// Everything of a resource at once.
fn whole(grants: Grants, resource: &'static Resource, name: &str) -> Option<AnyView> {
    grants.change?;
    let pattern = format!("{}.*", resource.name);
    let all = Memo::new(move |_| resource.permissions().iter().all(|permission| grants.reach(permission).is_some()));
    let label = move || if all.get() { t!("roles.none") } else { t!("roles.all") };
    let described = t!("roles.all_of", name = name);
    let button = view! {
        <button
            type="button"
            class="lnk ml-auto text-xs"
            aria-label=move || format!("{described}: {}", label())
            on:click=move |_| grants.set_all(&pattern, !all.get_untracked())
        >
            {label}
        </button>
    };
    Some(button.into_any())
}

fn one(grants: Grants, permission: String, label: String) -> AnyView {
    let this = permission.clone();
    let reach = Signal::derive(move || grants.reach(&this));
    if grants.change.is_none() {
        return (move || cell::seen(reach.get(), &label)).into_any();
    }
    cell::choice(reach, label, grants.scoped, Signal::stored(false), move |to| grants.set(&permission, to))
}

/// A permission with its words beside it; where it is only shown, granted ones alone.
fn labelled(grants: Grants, permission: String, label: String) -> AnyView {
    let this = permission.clone();
    let reach = Signal::derive(move || grants.reach(&this));
    if grants.change.is_none() {
        let mark = move || {
            reach.get().map(|scope| {
                let far = (scope != Scope::All).then(|| format!(" · {}", cell::word(Some(scope))));
                view! { <span class="tag">{label.clone()} {far}</span> }
            })
        };
        return mark.into_any();
    }
    let choice = cell::choice(reach, label.clone(), grants.scoped, Signal::stored(false), move |to| {
        grants.set(&permission, to);
    });
    view! { <span class="inline-flex min-h-6 items-center gap-1 text-xs">{choice} {label}</span> }.into_any()
}

/// What belongs to no resource.
fn administration(grants: Grants) -> AnyView {
    let ticks =
        held::administration().map(|permission| labelled(grants, permission.to_owned(), i18n::permission(permission)));
    let span = VERBS.len() + 1;
    view! {
        <tr>
            <th scope="row" class="static! h-auto! bg-transparent! text-sm! font-medium! text-base-content!">
                <span class="flex items-center gap-2">{icon("settings", "i i-sm text-ink-3")} {t!("roles.administration")}</span>
            </th>
            <td colspan=span class="whitespace-normal!"><span class="flex flex-wrap gap-x-4 gap-y-1 py-1">{ticks.collect_view()}</span></td>
        </tr>
    }
    .into_any()
}

/// The tick for everything there is and will be.
pub fn everything(grants: Grants) -> AnyView {
    let all = move || grants.list.with(|list| list.iter().any(|grant| grant.permission == "*"));
    if grants.change.is_none() {
        return (move || {
            all().then(|| view! { <p class="border-b border-line px-4 py-2.5 text-sm">{t!("roles.everything")}</p> })
        })
        .into_any();
    }
    view! {
        <label class="flex items-center gap-2.5 border-b border-line px-4 py-2.5 text-sm">
            <input
                type="checkbox"
                class="checkbox checkbox-xs"
                prop:checked=all
                on:change=move |event| grants.set_all("*", event_target_checked(&event))
            />
            {t!("roles.everything")}
        </label>
    }
    .into_any()
}
