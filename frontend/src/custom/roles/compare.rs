//! What every role may do, side by side: permissions down, roles across; on a
//! phone one role at a time. Cells change in place and are saved together.

mod bar;
mod grid;
mod phone;
mod plan;

use std::collections::BTreeMap;

use conexao_domain::{
    identity::role::{ROLE, Scope},
    kernel::value::fold,
};
use leptos::prelude::*;

use self::plan::Plan;
use super::grants::{self, Grant};
use crate::{
    api::rights::{self, RoleRow},
    state::app,
    ui::load::Load,
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
    /// What the grants reach, line by line of the plan.
    saved: Vec<Option<Scope>>,
}

impl Column {
    fn read(row: RoleRow, plan: &Plan) -> Self {
        let scope = Scope::parse(&row.scope).unwrap_or(Scope::All);
        let grant = |draft: rights::GrantDraft| {
            let own = draft.scope.as_deref().and_then(Scope::parse).filter(|own| *own != scope);
            Grant { permission: draft.permission, scope: own }
        };
        let grants: Vec<_> = row.grants.into_iter().map(grant).collect();
        let saved = plan.reach(&grants, scope);
        Self { id: row.id, version: row.version, name: row.name, scope, people: row.people, grants, saved }
    }

    /// What grants everything is only changed in the role's own form.
    fn is_fixed(&self) -> bool {
        self.grants.iter().any(|grant| grant.permission == "*")
    }
}

/// Grants that are not saved yet, and what they reach.
#[derive(Debug, Clone, PartialEq)]
struct Draft {
    grants: Vec<Grant>,
    reach: Vec<Option<Scope>>,
}

/// What is not saved yet, by the place of its column.
type Changed = BTreeMap<usize, Draft>;

/// The table while it is on the screen. Cells are named by the places of their
/// column and line, because there are thousands.
#[derive(Clone, Copy)]
struct Table {
    columns: StoredValue<Vec<Column>>,
    plan: StoredValue<Plan>,
    changed: RwSignal<Changed>,
    /// What the permissions are narrowed to.
    wanted: RwSignal<String>,
}

impl Table {
    fn reach(self, column: usize, line: usize) -> Option<Scope> {
        let at = |reach: &[Option<Scope>]| reach.get(line).copied().flatten();
        self.changed.with(|changed| match changed.get(&column) {
            Some(draft) => at(&draft.reach),
            None => self.saved(column, line),
        })
    }

    fn saved(self, column: usize, line: usize) -> Option<Scope> {
        self.columns.with_value(|columns| columns.get(column)?.saved.get(line).copied().flatten())
    }

    fn set(self, at: usize, line: usize, reach: Option<Scope>) {
        let Some(column) = self.columns.with_value(|columns| columns.get(at).cloned()) else { return };
        let draft = self.changed.with_untracked(|changed| {
            let grants = changed.get(&at).map_or(&column.grants, |draft| &draft.grants);
            self.plan.with_value(|plan| {
                let grants = grants::set(grants, column.scope, &plan.line(line)?.permission, reach);
                Some(Draft { reach: plan.reach(&grants, column.scope), grants })
            })
        });
        let Some(draft) = draft else { return };
        self.changed.update(|changed| {
            if draft.reach == column.saved {
                changed.remove(&at);
            } else {
                changed.insert(at, draft);
            }
        });
    }

    /// How many cells are not as they were saved.
    fn count(self) -> usize {
        let differing = |column: &Column, draft: &Draft| {
            column.saved.iter().zip(&draft.reach).filter(|(saved, now)| saved != now).count()
        };
        self.changed.with(|changed| {
            self.columns.with_value(|columns| {
                changed.iter().filter_map(|(at, draft)| Some(differing(columns.get(*at)?, draft))).sum()
            })
        })
    }

    /// What a cell is about, in words.
    fn says(self, column: usize, line: usize) -> Option<String> {
        let name = self.columns.with_value(|columns| columns.get(column).map(|column| column.name.clone()))?;
        self.plan.with_value(|plan| plan.line(line).map(|line| format!("{name}, {}, {}", line.heading, line.label)))
    }

    /// Whether cells may be changed by who looks.
    fn open() -> bool {
        app().session.may(&ROLE, "update")
    }

    /// Which lines are shown; tracked.
    fn shown(self) -> Vec<bool> {
        let wanted = fold(&self.wanted.get());
        let words: Vec<&str> = wanted.split_whitespace().collect();
        self.plan.with_value(|plan| {
            plan.lines.iter().map(|line| words.iter().all(|word| line.words.contains(word))).collect()
        })
    }
}

/// The panel below the list of roles.
pub fn panel() -> AnyView {
    let load = Load::new();
    let ask = move || load.run(async move { rights::roles().await });
    ask();
    let shown = move || {
        let rows = load.ready().filter(|rows| !rows.is_empty())?;
        let plan = Plan::new();
        let columns = rows.into_iter().map(|row| Column::read(row, &plan)).collect::<Vec<_>>();
        let table = Table {
            columns: StoredValue::new(columns),
            plan: StoredValue::new(plan),
            changed: RwSignal::new(Changed::new()),
            wanted: RwSignal::new(String::new()),
        };
        Some(whole(table, Callback::new(move |()| ask())))
    };
    view! { <div class="mt-6 min-w-0">{shown}</div> }.into_any()
}

fn whole(table: Table, saved: Callback<()>) -> AnyView {
    let shown = if is_wide() { grid::wide(table) } else { phone::one_role(table) };
    view! { {shown} {bar::bar(table, saved)} }.into_any()
}

/// Whether there is room for the table (`md`).
fn is_wide() -> bool {
    let query = window().match_media("(min-width: 48rem)").ok().flatten();
    query.is_none_or(|query| query.matches())
}
