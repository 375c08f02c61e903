//! What a role may do, resource by verb: ticked in the form, shown on its page.

use conexao_domain::{
    kernel::resource::{Resource, VERBS},
    registry::{ADMINISTRATION, RESOURCES},
};
use leptos::prelude::*;

use super::grants;
use crate::{
    i18n, t,
    ui::icon::{glyph, icon},
};

/// Grants to tick, or only to see.
#[derive(Clone, Copy)]
pub struct Grants {
    pub list: Signal<Vec<String>>,
    /// Takes the changed grants; none where they are only shown.
    pub change: Option<Callback<Vec<String>>>,
}

impl Grants {
    fn has(self, permission: &str) -> bool {
        self.list.with(|list| grants::has(list, permission))
    }

    fn set(self, permission: &str, granted: bool) {
        let change = if granted { grants::give } else { grants::take };
        self.put(change(&self.list.get_untracked(), permission));
    }

    fn set_all(self, pattern: &str, granted: bool) {
        let change = if granted { grants::give_all } else { grants::take_all };
        self.put(change(&self.list.get_untracked(), pattern));
    }

    fn put(self, grants: Vec<String>) {
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
    let rows = RESOURCES.iter().map(|resource| row(grants, resource)).collect_view();
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
        view! { <td class="text-center">{cell(grants, permission, label)}</td> }
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
    let all = Memo::new(move |_| resource.permissions().iter().all(|permission| grants.has(permission)));
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

fn cell(grants: Grants, permission: String, label: String) -> AnyView {
    if grants.change.is_none() {
        return shown(grants, permission, label);
    }
    let this = permission.clone();
    view! {
        <input
            type="checkbox"
            class="checkbox checkbox-xs"
            aria-label=label
            prop:checked=move || grants.has(&this)
            on:change=move |event| grants.set(&permission, event_target_checked(&event))
        />
    }
    .into_any()
}

fn shown(grants: Grants, permission: String, label: String) -> AnyView {
    let mark = move || {
        if grants.has(&permission) {
            let label = format!("{label}: {}", t!("yes"));
            view! { <span class="cell cell-all" title=label.clone()>{glyph("success")}<span class="sr-only">{label.clone()}</span></span> }.into_any()
        } else {
            let label = format!("{label}: {}", t!("no"));
            view! { <span class="cell" title=label.clone()>{icon("minus", "i i-sm")}<span class="sr-only">{label.clone()}</span></span> }.into_any()
        }
    };
    mark.into_any()
}

/// A tick with its words beside it; where it is only shown, granted ones alone.
fn labelled(grants: Grants, permission: String, label: String) -> AnyView {
    if grants.change.is_none() {
        let mark = move || grants.has(&permission).then(|| view! { <span class="tag">{label.clone()}</span> });
        return mark.into_any();
    }
    let this = permission.clone();
    view! {
        <label class="inline-flex min-h-6 items-center gap-1.5 text-xs">
            <input
                type="checkbox"
                class="checkbox checkbox-xs"
                prop:checked=move || grants.has(&this)
                on:change=move |event| grants.set(&permission, event_target_checked(&event))
            />
            {label}
        </label>
    }
    .into_any()
}

/// What belongs to no resource.
fn administration(grants: Grants) -> AnyView {
    let ticks = ADMINISTRATION
        .iter()
        .map(|permission| labelled(grants, (*permission).to_owned(), i18n::permission(permission)));
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
    let all = move || grants.list.with(|list| list.iter().any(|grant| grant == "*"));
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
