//! The rows as a table, from 1024 px.

use conexao_domain::kernel::{field::Kind, record::Record};
use leptos::{ev::MouseEvent, html::Table, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    cell::{cell, name_of},
    columns::{Cell, Column, cells},
    edit,
    edit::EDITED,
    model::List,
    pager::pager,
    row_menu::RowMenu,
    rows,
    rows::Span,
    widths,
};
use crate::{
    format, i18n,
    state::app,
    t,
    ui::{icon::icon, skeleton::bar},
};

/// The table with its pager.
pub fn table(list: List) -> AnyView {
    let busy = move || list.page.slow.get();
    let compact = move || app().prefs.compact.get();
    let sized = move || !list.widths().read().is_empty();
    let columns = list.columns;
    let node = NodeRef::<Table>::new();
    widths::dress(list, node);
    let span = rows::follow(list, node);
    let total = move || {
        let loaded = list.loaded();
        let all = list.count().ready().and_then(|count| usize::try_from(count).ok()).filter(|_| list.endless().get());
        // The head is a row as well.
        all.unwrap_or(loaded).max(loaded).saturating_add(1).to_string()
    };
    let (above, below) = (Memo::new(move |_| room(list, span).0), Memo::new(move |_| room(list, span).1));
    view! {
        <section class="panel relative overflow-hidden" aria-label=i18n::resources(list.resource) aria-busy=move || busy().to_string()>
            <div class="absolute inset-x-0 top-0 z-2 h-0.5 bg-base-300" class:hidden=move || !busy()><div class="h-full w-1/3 bg-primary"></div></div>
            <div class="tbl-wrap">
                <table
                    class="tbl"
                    class:tbl-compact=compact
                    class:tbl-sized=sized
                    data-list=list.resource.name
                    aria-rowcount=total
                    node_ref=node
                    on:dblclick=move |event| change_cell(list, &event)
                >
                    <caption class="sr-only">{i18n::resources(list.resource)}</caption>
                    <thead>{move || head(list, &columns.get())}</thead>
                    {move || spacer(above.get())}
                    <tbody>
                        <For each=move || drawn(list, span) key=|row| row.key.clone() let(row)>
                            {line(list, row)}
                        </For>
                    </tbody>
                    {move || spacer(below.get())}
                </table>
            </div>
            {pager(list)}
        </section>
    }
    .into_any()
}

/// A row that is drawn, and what another drawing of it follows from: the
/// choice of columns, its place, its version, a change not confirmed yet.
#[derive(Clone)]
struct Row {
    key: (String, usize, String, i64, i64),
    record: Record,
}

fn drawn(list: List, span: RwSignal<Span>) -> Vec<Row> {
    let shape = list.columns.read().iter().map(|c| c.field.name).collect::<Vec<_>>().join(",");
    list.with_rows(|rows| {
        let (from, to) = span.get().of(rows.len());
        // Where all rows are drawn their order says it.
        let counted = list.endless().get() || to.saturating_sub(from) < rows.len();
        let one = |(at, record): (usize, &Record)| {
            let place = if counted { from.saturating_add(at).saturating_add(2) } else { 0 };
            let stamp = record.get(EDITED).as_i64().unwrap_or_default();
            let key = (shape.clone(), place, record.id().to_owned(), record.version(), stamp);
            Row { key, record: record.clone() }
        };
        rows.get(from..to).unwrap_or_default().iter().enumerate().map(one).collect()
    })
}

/// How much room the rows that are not drawn take, above and below.
fn room(list: List, span: RwSignal<Span>) -> (Option<String>, Option<String>) {
    let (rows, span) = (list.loaded(), span.get());
    let (from, to) = span.of(rows);
    let of = |rows: usize| (rows > 0).then(|| span.room(rows));
    (of(from), of(rows.saturating_sub(to)))
}

fn spacer(height: Option<String>) -> AnyView {
    let row = height.map(|height| {
        view! { <tbody class="spacer" aria-hidden="true"><tr><td colspan="99" style:height=height></td></tr></tbody> }
    });
    row.into_any()
}

/// A double click in a cell changes its value where it stands.
fn change_cell(list: List, event: &MouseEvent) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else { return };
    let of = |selector: &str, name: &str| target.closest(selector).ok().flatten()?.get_attribute(name);
    if let (Some(id), Some(name)) = (of("[data-row]", "data-row"), of("[data-cell]", "data-cell")) {
        edit::open(list, &id, &name);
    }
}

fn head(list: List, columns: &[Column]) -> AnyView {
    let heads = cells(columns).into_iter().map(|cell| column_head(list, cell.top)).collect_view();
    let all = Memo::new(move |_| {
        let selected = list.selected.read();
        list.with_rows(|rows| rows.len() <= selected.len() && rows.iter().all(|row| selected.contains(row.id())))
    });
    let some = move || !all.get() && !list.selected.read().is_empty();
    view! {
        <tr>
            <th scope="col" class="w-8">
                <input
                    type="checkbox"
                    class="checkbox checkbox-xs align-middle"
                    aria-label=t!("list.select_page")
                    prop:checked=all
                    prop:indeterminate=some
                    on:change=move |_| list.toggle_page()
                />
            </th>
            {heads}
            <th scope="col"><span class="sr-only">{t!("list.acts")}</span></th>
        </tr>
    }
    .into_any()
}

fn classes(column: Column) -> String {
    let figure = if column.is_figure() { "r" } else { "" };
    format!("{} {figure}", column.class())
}

fn column_head(list: List, column: Column) -> AnyView {
    let name = column.field.name;
    let label = i18n::field(list.resource.name, column.field);
    let grip = widths::grip(list, name);
    let width = widths::of(column, "");
    let inside = if column.field.sort { sorter(list, name, label) } else { label.into_any() };
    // Only the first of several is what assistive technology calls sorted.
    let order = move || {
        let first = list.query.read().sorts(list.resource).first().filter(|(by, _)| *by == name).map(|(_, down)| *down);
        first.map(|descending| if descending { "descending" } else { "ascending" })
    };
    view! {
        <th
            scope="col"
            class=classes(column)
            data-head=name
            aria-sort=order
            style:width=width.clone()
            style:min-width=width.clone()
            style:max-width=width
        >
            {inside} {grip}
        </th>
    }
    .into_any()
}

/// The button of a head: with Shift the column joins those that sort already.
fn sorter(list: List, name: &'static str, label: String) -> AnyView {
    let sorted = Memo::new(move |_| {
        let query = list.query.read();
        let all = query.sorts(list.resource);
        let place = all.iter().position(|(by, _)| *by == name)?;
        Some((place.saturating_add(1), all.get(place)?.1, all.len() > 1))
    });
    let arrow = move || icon(if matches!(sorted.get(), Some((_, true, _))) { "arrow-down" } else { "arrow-up" }, "i");
    let place = move || {
        let (place, descending, _) = sorted.get().filter(|(_, _, several)| *several)?;
        let said = if descending { t!("sort.place_down", n = place) } else { t!("sort.place_up", n = place) };
        Some(view! { <span class="num text-2xs" aria-hidden="true">{place}</span><span class="sr-only">{said}</span> })
    };
    let click = move |event: MouseEvent| {
        let add = event.shift_key();
        list.change(|query| query.toggled_sort(list.resource, name, add));
    };
    view! {
        <button type="button" class="sort" class:is-sorted=move || sorted.get().is_some() title=t!("sort.hint") on:click=click>
            {label} {arrow} {place}
        </button>
    }
    .into_any()
}

fn line(list: List, Row { key: (_, at, ..), record: row }: Row) -> AnyView {
    let name = name_of(list.resource, &row);
    let cells = cells(&list.columns.read_untracked()).into_iter().map(|cell| one(list, cell, &row)).collect_view();
    let id = StoredValue::new(row.id().to_owned());
    let selected = Memo::new(move |_| list.every.get() || list.selected.read().contains(&id.get_value()));
    let cursor = move || list.cursor.read().as_deref() == Some(id.get_value().as_str());
    let open_menu = move |event: MouseEvent| {
        let button = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        list.menu.set(button.and_then(|button| RowMenu::at(id.get_value(), &button)));
    };
    view! {
        <tr
            data-row=id.get_value()
            aria-rowindex=(at > 0).then(|| at.to_string())
            aria-selected=move || selected.get().to_string()
            class:is-cursor=cursor
            on:click=move |_| list.cursor.set(Some(id.get_value()))
        >
            <td>
                <input
                    type="checkbox"
                    class="checkbox checkbox-xs align-middle"
                    aria-label=t!("list.select_one", name = name)
                    prop:checked=selected
                    on:change=move |_| list.toggle(&id.get_value())
                />
            </td>
            {cells}
            <td class="text-right">
                <button type="button" class="icon-btn icon-btn-sm" aria-haspopup="menu" aria-label=t!("list.acts_of", name = name) on:click=open_menu>
                    {icon("ellipsis", "i")}
                </button>
            </td>
        </tr>
    }
    .into_any()
}

fn one(list: List, Cell { top, below }: Cell, row: &Record) -> AnyView {
    let clip = if is_long(top) { "clip" } else { "" };
    let class = format!("{} {clip}", classes(top));
    let resource = list.resource;
    let open = |column: Column| edit::may_change(resource, column.field, row).then_some(column.field.name);
    let below = below.map(|column| {
        let text = format::value(resource.name, column.field, row.get(column.field.name));
        (!text.is_empty()).then(|| view! { <span class="sub" data-cell=open(column)>{text}</span> })
    });
    let (width, most) = (widths::of(top, ""), widths::of(top, if is_long(top) { ", 12rem" } else { "" }));
    view! {
        <td class=class data-cell=open(top) style:width=width.clone() style:min-width=width style:max-width=most>
            {cell(resource, top.field, row)} {below} {(top.field.name == resource.title).then(|| peek(list, row))}
        </td>
    }
    .into_any()
}

/// What opens the drawer of a row, under the pointer; the keyboard has a key for it.
fn peek(list: List, row: &Record) -> AnyView {
    let label = t!("list.preview_of", name = name_of(list.resource, row));
    let id = row.id().to_owned();
    let open = move |_| {
        list.cursor.set(Some(id.clone()));
        list.preview().set(true);
    };
    view! {
        <button type="button" class="icon-btn icon-btn-sm peek" tabindex="-1" aria-label=label title=t!("list.preview") on:click=open>
            {icon("eye", "i")}
        </button>
    }
    .into_any()
}

/// Names and free texts are cut where there is no room; figures, dates and states never.
const fn is_long(column: Column) -> bool {
    matches!(column.field.kind, Kind::Text { .. } | Kind::Reference(_) | Kind::Email)
}

/// The table before its first rows: the same columns, grey bars.
pub fn skeleton(list: List) -> AnyView {
    let columns = list.columns.get();
    let parts = cells(&columns);
    let cells = |cell: &Cell| {
        let class = classes(cell.top);
        view! { <td class=class>{bar("h-3 w-24 inline-block")}</td> }
    };
    let rows =
        (0..8).map(|_| view! { <tr><td>{bar("h-4 w-4")}</td>{parts.iter().map(cells).collect_view()}<td></td></tr> });
    let cards = (0..6).map(|_| view! { <li class="rowcard border-b border-line">{bar("h-3 w-32")} {bar("h-3 w-48")} {bar("h-3 w-24")}</li> });
    view! {
        <section class="panel overflow-hidden max-lg:hidden" aria-busy="true" aria-label=t!("list.loading")>
            <div class="tbl-wrap">
                <table class="tbl"><thead>{head(list, &columns)}</thead><tbody>{rows.collect_view()}</tbody></table>
            </div>
        </section>
        <ul class="panel overflow-hidden lg:hidden" aria-busy="true" aria-label=t!("list.loading")>{cards.collect_view()}</ul>
    }
    .into_any()
}
