//! What every role may do, side by side: permissions down, roles across; on a
//! phone one role at a time. Cells change in place and are saved together.

mod bar;
mod phone;

use std::collections::BTreeMap;

use conexao_domain::{
    identity::role::{ROLE, Scope},
    kernel::{
        resource::{Resource, VERBS},
        value::fold,
    },
    registry::{ADMINISTRATION, RESOURCES},
};
use leptos::prelude::*;

use super::{
    cell,
    grants::{self, Grant},
};
use crate::{
    api::rights::{self, RoleRow},
    i18n,
    screen::Screen,
    state::app,
    t,
    ui::{icon::icon, load::Load},
};

/// A role with what it is granted.
#[derive(Debug, Clone, PartialEq)]
struct Column {
    id: String,
    version: i64,
    name: String,
    scope: Scope,
    people: i64,
    grants: Vec<Grant>,
}

impl Column {
    fn read(row: RoleRow) -> Self {
        let scope = Scope::parse(&row.scope).unwrap_or(Scope::All);
        let grant = |draft: rights::GrantDraft| {
            let own = draft.scope.as_deref().and_then(Scope::parse).filter(|own| *own != scope);
            Grant { permission: draft.permission, scope: own }
        };
        let grants = row.grants.into_iter().map(grant).collect();
        Self { id: row.id, version: row.version, name: row.name, scope, people: row.people, grants }
    }
}

/// Grants that are not saved yet, by role.
type Changed = BTreeMap<String, Vec<Grant>>;

/// The table while it is on the screen.
#[derive(Clone, Copy)]
struct Table {
    columns: StoredValue<Vec<Column>>,
    changed: RwSignal<Changed>,
    /// What the permissions are narrowed to.
    wanted: RwSignal<String>,
}

impl Table {
    fn reach(self, column: &Column, permission: &str) -> Option<Scope> {
        self.changed.with(|changed| {
            let grants = changed.get(&column.id).unwrap_or(&column.grants);
            grants::reach(grants, column.scope, permission)
        })
    }

    fn set(self, column: &Column, permission: &str, reach: Option<Scope>) {
        self.changed.update(|changed| {
            let grants = changed.get(&column.id).unwrap_or(&column.grants);
            let next = grants::set(grants, column.scope, permission, reach);
            let same = every()
                .all(|p| grants::reach(&next, column.scope, &p) == grants::reach(&column.grants, column.scope, &p));
            if same {
                changed.remove(&column.id)
            } else {
                changed.insert(column.id.clone(), next)
            };
        });
    }

    /// How many cells are not as they were saved.
    fn count(self) -> usize {
        self.changed.with(|changed| {
            let differs = |column: &Column, grants: &[Grant]| {
                every()
                    .filter(|p| {
                        grants::reach(grants, column.scope, p) != grants::reach(&column.grants, column.scope, p)
                    })
                    .count()
            };
            self.columns.with_value(|columns| {
                columns.iter().filter_map(|column| Some(differs(column, changed.get(&column.id)?))).sum()
            })
        })
    }

    /// Whether cells may be changed by who looks.
    fn open() -> bool {
        app().session.may(&ROLE, "update")
    }

    fn shows(self, words: &str) -> bool {
        let wanted = self.wanted.get();
        fold(&wanted).split_whitespace().all(|word| words.contains(word))
    }
}

fn every() -> impl Iterator<Item = String> {
    conexao_domain::registry::permissions().into_iter()
}

/// Permissions of a resource, each with its label.
fn lines(resource: &'static Resource) -> Vec<(String, String)> {
    let verbs = VERBS.iter().map(|verb| (format!("{}.{verb}", resource.name), i18n::verb(verb)));
    let steps = resource.flow.map(|flow| flow.steps).unwrap_or_default().iter();
    let steps = steps.map(|step| (format!("{}.{}", resource.name, step.name), i18n::step(resource.name, step.name)));
    verbs.chain(steps).collect()
}

/// Icon, heading, and permissions with their labels.
type Group = (&'static str, String, Vec<(String, String)>);

/// Groups of permissions.
fn groups() -> Vec<Group> {
    let mut all: Vec<_> = RESOURCES.iter().map(|r| (r.icon, i18n::resources(r), lines(r))).collect();
    let administration = ADMINISTRATION.iter().map(|name| ((*name).to_owned(), i18n::permission(name)));
    all.push(("settings", t!("roles.administration"), administration.collect()));
    all
}

/// The panel below the list of roles.
pub fn panel() -> AnyView {
    let load = Load::new();
    let ask = move || load.run(async move { rights::roles().await });
    ask();
    let shown = move || {
        let rows = load.ready().filter(|rows| !rows.is_empty())?;
        let columns = StoredValue::new(rows.into_iter().map(Column::read).collect::<Vec<_>>());
        let table = Table { columns, changed: RwSignal::new(Changed::new()), wanted: RwSignal::new(String::new()) };
        Some(whole(table, Callback::new(move |()| ask())))
    };
    view! { <div class="mt-6 min-w-0">{shown}</div> }.into_any()
}

fn whole(table: Table, saved: Callback<()>) -> AnyView {
    let shown = if is_wide() { wide(table) } else { phone::one_role(table) };
    view! { {shown} {bar::bar(table, saved)} }.into_any()
}

/// Whether there is room for the table (`md`).
fn is_wide() -> bool {
    let query = window().match_media("(min-width: 48rem)").ok().flatten();
    query.is_none_or(|query| query.matches())
}

fn wide(table: Table) -> AnyView {
    let columns = table.columns.get_value();
    let heads = columns.iter().map(|column| {
        let path = Screen::Detail(&ROLE, column.id.clone()).path();
        let people = crate::tn!("roles.people", column.people);
        view! {
            <th scope="col" class="h-15! min-w-21 px-1! text-center! leading-4 whitespace-normal!">
                <a class="hover:underline" href=path>{column.name.clone()}</a><span class="sub font-normal">{people}</span>
            </th>
        }
    });
    let bodies = groups().into_iter().map(|(art, heading, lines)| group(table, &columns, art, heading, lines));
    view! {
        <section class="panel overflow-hidden">
            <header class="panel-head h-auto flex-wrap gap-x-5 gap-y-2 py-2.5">
                <h2 class="panel-title">{t!("roles.compare")}</h2>
                {search(table)}
                <div class="ml-auto">{cell::legend()}</div>
            </header>
            <div class="tbl-wrap" tabindex="0" role="region" aria-label=t!("roles.compare")>
                <table class="tbl tbl-compact">
                    <caption class="sr-only">{t!("roles.compare")}</caption>
                    <thead>
                        <tr><th scope="col" class="left-0 z-2! min-w-52">{t!("roles.permission")}</th> {heads.collect_view()}</tr>
                    </thead>
                    {bodies.collect_view()}
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn search(table: Table) -> AnyView {
    view! {
        <label class="input input-sm w-64 max-md:h-11 max-md:w-full">
            {icon("search", "i i-sm text-ink-3")}
            <input
                type="search"
                placeholder=t!("roles.search")
                aria-label=t!("roles.search")
                prop:value=table.wanted
                on:input=move |event| table.wanted.set(event_target_value(&event))
            />
        </label>
    }
    .into_any()
}

/// What a line is found by.
fn words(heading: &str, label: &str, permission: &str) -> String {
    fold(&format!("{heading} {label} {permission}"))
}

fn group(
    table: Table,
    columns: &[Column],
    art: &'static str,
    heading: String,
    lines: Vec<(String, String)>,
) -> AnyView {
    let found: Vec<String> = lines.iter().map(|(permission, label)| words(&heading, label, permission)).collect();
    let any = move || found.iter().any(|words| table.shows(words));
    let rows = lines.into_iter().map(|(permission, label)| line(table, columns, &heading, permission, label));
    let rows = rows.collect_view();
    let span = columns.len() + 1;
    view! {
        <tbody class:hidden=move || !any()>
            <tr class="bg-sunken">
                <th scope="rowgroup" class="static! h-9!" colspan=span>
                    <span class="sticky left-4 inline-flex items-center gap-2 text-sm text-base-content">{icon(art, "i i-sm text-ink-3")} {heading}</span>
                </th>
            </tr>
            {rows}
        </tbody>
    }
    .into_any()
}

fn line(table: Table, columns: &[Column], heading: &str, permission: String, label: String) -> AnyView {
    let found = words(heading, &label, &permission);
    let cells = columns.iter().map(|column| {
        let said = format!("{}, {heading}, {label}", column.name);
        view! { <td class="text-center">{one(table, column.clone(), permission.clone(), said)}</td> }
    });
    let cells = cells.collect_view();
    view! {
        <tr class:hidden=move || !table.shows(&found)>
            <th scope="row" class="top-auto! left-0 h-auto! bg-base-100! pl-9! text-sm! font-normal! text-base-content!">{label}</th>
            {cells}
        </tr>
    }
    .into_any()
}

/// A cell: a choice where it may be changed. What grants everything is only changed in the role's own form.
fn one(table: Table, column: Column, permission: String, label: String) -> AnyView {
    let whole = column.grants.iter().any(|grant| grant.permission == "*");
    let reach = {
        let (column, permission) = (column.clone(), permission.clone());
        Memo::new(move |_| table.reach(&column, &permission))
    };
    if whole || !Table::open() {
        return (move || cell::seen(reach.get(), &label)).into_any();
    }
    let before = grants::reach(&column.grants, column.scope, &permission);
    let changed = Signal::derive(move || reach.get() != before);
    cell::choice(reach.into(), label, true, changed, move |to| table.set(&column, &permission, to))
}
