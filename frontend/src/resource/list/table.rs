//! The rows as a table, from 1024 px.

use conexao_domain::kernel::{field::Kind, record::Record};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{
    cell::{cell, name_of},
    columns::{Cell, Column, cells},
    model::List,
    query::SIZES,
    row_menu::RowMenu,
};
use crate::{
    format, i18n,
    state::app,
    t, tn,
    ui::{icon::icon, skeleton::bar},
};

/// The table with its pager.
pub fn table(list: List) -> AnyView {
    let busy = move || list.page.slow.get();
    let compact = move || app().prefs.compact.get();
    let columns = list.columns;
    // Another choice of columns draws every row anew.
    let rows = move || {
        let shape: Vec<&str> = columns.read().iter().map(|c| c.field.name).collect();
        let shape = shape.join(",");
        list.rows().into_iter().map(|row| (shape.clone(), row)).collect::<Vec<_>>()
    };
    view! {
        <section class="panel relative overflow-hidden max-lg:hidden" aria-label=i18n::resources(list.resource) aria-busy=move || busy().to_string()>
            <div class="absolute inset-x-0 top-0 z-2 h-0.5 bg-base-300" class:hidden=move || !busy()><div class="h-full w-1/3 bg-primary"></div></div>
            <div class="tbl-wrap">
                <table class="tbl" class:tbl-compact=compact>
                    <caption class="sr-only">{i18n::resources(list.resource)}</caption>
                    <thead>{move || head(list, &columns.get())}</thead>
                    <tbody>
                        <For each=rows key=|(shape, row)| (shape.clone(), row.id().to_owned(), row.version()) let((_, row))>
                            {line(list, row)}
                        </For>
                    </tbody>
                </table>
            </div>
            {pager(list)}
        </section>
    }
    .into_any()
}

fn head(list: List, columns: &[Column]) -> AnyView {
    let heads = cells(columns).into_iter().map(|cell| column_head(list, cell.top)).collect_view();
    let all = move || {
        let rows = list.rows();
        !rows.is_empty() && rows.iter().all(|row| list.selected.read().contains(row.id()))
    };
    let some = move || !all() && !list.selected.read().is_empty();
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
    if !column.field.sort {
        return view! { <th scope="col" class=classes(column)>{label}</th> }.into_any();
    }
    let sorted = Memo::new(move |_| {
        let query = list.query.get();
        let (by, descending) = query.sorted_by(list.resource);
        (by == name).then_some(descending)
    });
    let order = move || sorted.get().map(|descending| if descending { "descending" } else { "ascending" });
    let arrow = move || icon(if sorted.get() == Some(true) { "arrow-down" } else { "arrow-up" }, "i");
    view! {
        <th scope="col" class=classes(column) aria-sort=order>
            <button type="button" class="sort" on:click=move |_| list.change(|query| query.toggled_sort(list.resource, name))>
                {label} {arrow}
            </button>
        </th>
    }
    .into_any()
}

fn line(list: List, row: Record) -> AnyView {
    let name = name_of(list.resource, &row);
    let cells = cells(&list.columns.read_untracked()).into_iter().map(|cell| one(list, cell, &row)).collect_view();
    let id = StoredValue::new(row.id().to_owned());
    let selected = Memo::new(move |_| list.every.get() || list.selected.read().contains(&id.get_value()));
    let cursor = move || list.cursor.read().as_deref() == Some(id.get_value().as_str());
    let open_menu = move |event: leptos::ev::MouseEvent| {
        let button = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        list.menu.set(button.and_then(|button| RowMenu::at(id.get_value(), &button)));
    };
    view! {
        <tr
            data-row=id.get_value()
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
    let below = below
        .map(|column| format::value(resource.name, column.field, row.get(column.field.name)))
        .filter(|text| !text.is_empty());
    let below = below.map(|text| view! { <span class="sub">{text}</span> });
    view! { <td class=class>{cell(resource, top.field, row)} {below}</td> }.into_any()
}

/// Names and free texts are cut where there is no room; figures, dates and states never.
const fn is_long(column: Column) -> bool {
    matches!(column.field.kind, Kind::Text { .. } | Kind::Reference(_) | Kind::Email)
}

fn pager(list: List) -> AnyView {
    let sizes = SIZES.map(|size| {
        let chosen = move || list.query.read().limit == size;
        view! { <option value=size.to_string() selected=chosen>{size}</option> }
    });
    let resize = move |event| {
        let limit = event_target_value(&event).parse().unwrap_or_default();
        list.change(|query| super::query::ListQuery { limit, ..query.first_page() });
    };
    let loaded = move || tn!("list.loaded", i64::try_from(list.rows().len()).unwrap_or_default());
    let has_next =
        move || list.page.answer.read().as_ref().is_some_and(|a| a.as_ref().is_ok_and(|page| page.next.is_some()));
    let more = move || if has_next() { t!("list.has_more") } else { t!("list.is_last") };
    let is_first = move || list.query.read().after.is_empty();
    view! {
        <footer class="pager">
            <label class="flex items-center gap-2">
                {t!("list.per_page")} <select class="select select-sm w-18" on:change=resize>{sizes.into_iter().collect_view()}</select>
            </label>
            <span class="num">{loaded} <span class="dot-sep"></span> {more}</span>
            <span class="ml-auto flex items-center gap-2">
                <button type="button" class="btn btn-sm btn-line" disabled=is_first on:click=move |_| list.previous()>
                    {icon("chevron-left", "i")} {t!("list.previous")}
                </button>
                <button type="button" class="btn btn-sm btn-line" disabled=move || !has_next() on:click=move |_| list.next()>
                    {t!("list.next")} {icon("chevron-right", "i")}
                </button>
            </span>
        </footer>
    }
    .into_any()
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
