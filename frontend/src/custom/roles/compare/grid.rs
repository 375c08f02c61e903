//! The table on a wide screen. Its cells are a text each, written as one piece
//! of HTML, since they are thousands; a list to choose from lies over the one
//! that somebody opened.

mod cells;
mod picker;

use conexao_domain::identity::role::ROLE;
use leptos::{
    ev::{FocusEvent, KeyboardEvent, MouseEvent},
    html,
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{Changed, Table};
use crate::{
    custom::roles::cell,
    screen::Screen,
    t,
    ui::{focus, icon::icon},
};

/// A cell: the places of its line and its column.
type Place = (usize, usize);

/// The table while it is on the screen.
#[derive(Clone, Copy)]
struct Grid {
    table: Table,
    root: NodeRef<html::Table>,
    /// The one cell that the Tab key stops at.
    cursor: StoredValue<Place>,
    /// The cell that is chosen for.
    open: RwSignal<Option<Place>>,
}

pub(super) fn wide(table: Table) -> AnyView {
    let grid = Grid { table, root: NodeRef::new(), cursor: StoredValue::new((0, 0)), open: RwSignal::new(None) };
    grid.paint();
    grid.narrow();
    let heads = table.columns.with_value(|columns| {
        columns.iter().map(|column| head(&column.id, column.name.clone(), column.people)).collect_view()
    });
    let bodies = cells::bodies(table).into_iter().map(|html| view! { <tbody inner_html=html></tbody> });
    // Without the right to change anything it is a table to read.
    let role = Table::open().then_some("grid");
    view! {
        <section class="panel overflow-hidden">
            <header class="panel-head h-auto flex-wrap gap-x-5 gap-y-2 py-2.5">
                <h2 class="panel-title">{t!("roles.compare")}</h2>
                {search(table)}
                <div class="ml-auto">{cell::legend()}</div>
            </header>
            <div class="tbl-wrap" tabindex="0" role="region" aria-label=t!("roles.compare")>
                <table
                    class="tbl tbl-compact"
                    role=role
                    node_ref=grid.root
                    on:click=move |event| grid.click(&event)
                    on:keydown=move |event| grid.key(&event)
                    on:focusin=move |event| grid.enter(&event)
                >
                    <caption class="sr-only">{t!("roles.compare")}</caption>
                    <thead>
                        <tr><th scope="col" class="left-0 z-2! min-w-52">{t!("roles.permission")}</th> {heads}</tr>
                    </thead>
                    {bodies.collect_view()}
                </table>
                {picker::picker(grid)}
            </div>
        </section>
    }
    .into_any()
}

fn head(id: &str, name: String, people: i64) -> AnyView {
    let path = Screen::Detail(&ROLE, id.to_owned()).path();
    view! {
        <th scope="col" class="h-15! min-w-21 px-1! text-center! leading-4 whitespace-normal!">
            <a class="hover:underline" href=path>{name}</a><span class="sub font-normal">{crate::tn!("roles.people", people)}</span>
        </th>
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

/// The cell something happened in.
fn place(event: &web_sys::Event) -> Option<Place> {
    let element: Element = event.target()?.dyn_into().ok()?;
    let text = element.closest("[data-at]").ok()??.get_attribute("data-at")?;
    let (line, column) = text.split_once('-')?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

impl Grid {
    fn cell(self, (line, column): Place) -> Option<HtmlElement> {
        let root = self.root.get_untracked()?;
        root.query_selector(&format!("[data-at='{line}-{column}']")).ok()??.dyn_into().ok()
    }

    fn rows(self) -> Vec<HtmlElement> {
        self.root.get().map(|root| focus::all(&root, "tr[data-line]")).unwrap_or_default()
    }

    /// Draws the cells anew that are not what they were.
    fn paint(self) {
        Effect::new(move |before: Option<Changed>| {
            let (before, now) = (before.unwrap_or_default(), self.table.changed.get());
            let touched = before.keys().chain(now.keys()).copied().collect::<std::collections::BTreeSet<_>>();
            for column in touched {
                let count = self.table.plan.with_value(|plan| plan.lines.len());
                for line in 0..count {
                    let at = |changed: &Changed| changed.get(&column)?.reach.get(line).copied();
                    let (old, new) = (at(&before), at(&now));
                    let saved = self.table.saved(column, line);
                    if old.unwrap_or(saved) != new.unwrap_or(saved)
                        && let Some(cell) = self.cell((line, column))
                    {
                        cell.set_inner_html(&cell::html(new.unwrap_or(saved), new.is_some_and(|new| new != saved)));
                    }
                }
            }
            now
        });
    }

    /// Hides what was not searched for.
    fn narrow(self) {
        Effect::new(move || {
            let shown = self.table.shown();
            for (row, shown) in self.rows().iter().zip(&shown) {
                row.set_hidden(!shown);
            }
            let Some(root) = self.root.get() else { return };
            let groups = self.table.plan.with_value(|plan| plan.groups.clone());
            for (body, group) in focus::all(&root, "tbody").iter().zip(groups) {
                body.set_hidden(!shown.get(group.lines).is_some_and(|lines| lines.contains(&true)));
            }
            // The Tab key has to find something.
            let (line, column) = self.cursor.get_value();
            if shown.get(line) == Some(&false)
                && let Some(first) = shown.iter().position(|shown| *shown)
            {
                self.go((first, column));
            }
        });
    }

    /// Moves the one stop of the Tab key.
    fn go(self, to: Place) {
        if !Table::open() {
            return;
        }
        let from = self.cursor.get_value();
        self.cursor.set_value(to);
        if let Some(cell) = self.cell(from).filter(|_| from != to) {
            let _ = cell.remove_attribute("tabindex");
        }
        if let Some(cell) = self.cell(to) {
            cell.set_tab_index(0);
        }
    }

    fn enter(self, event: &FocusEvent) {
        if let Some(place) = place(event) {
            self.go(place);
        }
    }

    fn click(self, event: &MouseEvent) {
        if let Some(place) = place(event) {
            self.choose(place);
        }
    }

    /// Opens the list of a cell that may be changed.
    fn choose(self, place: Place) {
        self.go(place);
        let fixed = self.table.columns.with_value(|columns| columns.get(place.1).is_none_or(super::Column::is_fixed));
        if Table::open() && !fixed {
            self.open.set(Some(place));
        }
    }

    fn key(self, event: &KeyboardEvent) {
        let Some(from) = place(event) else { return };
        if matches!(event.key().as_str(), "Enter" | " " | "F2") {
            event.prevent_default();
            return self.choose(from);
        }
        let Some(to) = self.beside(from, &event.key(), event.ctrl_key()) else { return };
        event.prevent_default();
        self.go(to);
        focus::give(self.cell(to));
    }

    /// Where a key leads to.
    fn beside(self, (line, column): Place, key: &str, far: bool) -> Option<Place> {
        let last = self.table.columns.with_value(Vec::len).checked_sub(1)?;
        let shown = untrack(|| self.table.shown());
        let is_shown = |at: &usize| shown.get(*at) == Some(&true);
        let (top, bottom) = ((0..shown.len()).find(is_shown)?, (0..shown.len()).rfind(is_shown)?);
        match key {
            "ArrowUp" => (0..line).rfind(is_shown).map(|line| (line, column)),
            "ArrowDown" => (line + 1..shown.len()).find(is_shown).map(|line| (line, column)),
            "ArrowLeft" => column.checked_sub(1).map(|column| (line, column)),
            "ArrowRight" => (column < last).then_some((line, column + 1)),
            "Home" => Some((if far { top } else { line }, 0)),
            "End" => Some((if far { bottom } else { line }, last)),
            _ => None,
        }
    }
}
