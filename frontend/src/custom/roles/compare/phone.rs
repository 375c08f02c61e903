//! The table on a phone: one role, its permissions as a list.

use leptos::prelude::*;

use super::{Column, Table, plan::Group};
use crate::{custom::roles::cell, t, ui::icon::icon};

/// The choice of a role, and what it may do.
pub(super) fn one_role(table: Table) -> AnyView {
    let chosen = RwSignal::new(0_usize);
    let options =
        table.columns.with_value(|columns| columns.iter().enumerate().map(|(at, one)| option(at, one)).collect_view());
    let lists = move || {
        let groups = table.plan.with_value(|plan| plan.groups.clone());
        groups.into_iter().map(|group| list(table, chosen.get(), group)).collect_view()
    };
    view! {
        <div class="field">
            <label for="role-chosen">{t!("roles.one")}</label>
            <select
                id="role-chosen"
                class="select h-11 w-full"
                on:change=move |event| chosen.set(event_target_value(&event).parse().unwrap_or_default())
            >
                {options}
            </select>
        </div>
        <div class="mt-3 grid gap-3">{lists}</div>
    }
    .into_any()
}

fn option(at: usize, column: &Column) -> AnyView {
    let people = crate::tn!("roles.people", column.people);
    view! { <option value=at.to_string()>{format!("{} ({people})", column.name)}</option> }.into_any()
}

fn list(table: Table, column: usize, group: Group) -> AnyView {
    let fixed = table.columns.with_value(|columns| columns.get(column).is_none_or(Column::is_fixed));
    let can = Table::open() && !fixed;
    let lines: Vec<_> =
        table.plan.with_value(|plan| plan.of(&group).map(|(at, line)| (at, line.label.clone())).collect());
    let rows = lines.into_iter().map(|(at, label)| {
        let reach = Signal::derive(move || table.reach(column, at));
        let said = table.says(column, at).unwrap_or_default();
        let choose: Option<Box<dyn Fn(_)>> =
            if can { Some(Box::new(move |to| table.set(column, at, to))) } else { None };
        view! {
            <li class="flex min-h-12 items-center justify-between gap-3 border-t border-line px-4 text-sm">
                <span class="min-w-0">{label}</span> {cell::line(reach, said, choose)}
            </li>
        }
    });
    view! {
        <section class="panel">
            <h3 class="flex h-11 items-center gap-2 px-4 text-sm font-semibold">{icon(group.icon, "i i-sm text-ink-3")} {group.heading}</h3>
            <ul>{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}
