//! The table on a phone: one role, its permissions as a list.

use leptos::prelude::*;

use super::{Column, Table, groups, words};
use crate::{custom::roles::cell, t, ui::icon::icon};

/// The choice of a role, and what it may do.
pub(super) fn one_role(table: Table) -> AnyView {
    let columns = table.columns.get_value();
    let chosen = RwSignal::new(columns.first().map(|column| column.id.clone()).unwrap_or_default());
    let options = columns.iter().map(|column| {
        let (id, this) = (column.id.clone(), column.id.clone());
        let people = crate::tn!("roles.people", column.people);
        view! { <option value=id selected=move || chosen.get() == this>{format!("{} ({people})", column.name)}</option> }
    });
    let options = options.collect_view();
    let column = move || table.columns.with_value(|all| all.iter().find(|column| column.id == chosen.get()).cloned());
    let lists = move || column().map(|column| lists(table, &column));
    view! {
        <div class="field">
            <label for="role-chosen">{t!("roles.one")}</label>
            <select id="role-chosen" class="select h-11 w-full" on:change=move |event| chosen.set(event_target_value(&event))>
                {options}
            </select>
        </div>
        <div class="mt-3 grid gap-3">{lists}</div>
    }
    .into_any()
}

fn lists(table: Table, column: &Column) -> AnyView {
    let whole = column.grants.iter().any(|grant| grant.permission == "*");
    let can = Table::open() && !whole;
    let panels = groups().into_iter().map(|(art, heading, lines)| {
        let rows = lines.into_iter().map(|(permission, label)| {
            let (mine, this) = (column.clone(), permission.clone());
            let reach = Signal::derive(move || table.reach(&mine, &this));
            let said = format!("{}, {heading}, {label}", column.name);
            let found = words(&heading, &label, &permission);
            let mine = column.clone();
            let choose: Option<Box<dyn Fn(_)>> =
                if can { Some(Box::new(move |to| table.set(&mine, &permission, to))) } else { None };
            view! {
                <li class="flex min-h-12 items-center justify-between gap-3 border-t border-line px-4 text-sm" class:hidden=move || !table.shows(&found)>
                    <span class="min-w-0">{label.clone()}</span> {cell::line(reach, said, choose)}
                </li>
            }
        });
        let rows = rows.collect_view();
        view! {
            <section class="panel">
                <h3 class="flex h-11 items-center gap-2 px-4 text-sm font-semibold">{icon(art, "i i-sm text-ink-3")} {heading.clone()}</h3>
                <ul>{rows}</ul>
            </section>
        }
    });
    panels.collect_view().into_any()
}
