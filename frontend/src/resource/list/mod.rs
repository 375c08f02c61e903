//! The list of any resource: search, filters, columns, rows, pages, bulk acts.

mod act;
mod bulk;
mod cards;
mod cell;
mod columns;
mod describe;
mod edit;
mod editor;
mod export;
mod filters;
mod groups;
mod keys;
mod later;
mod live;
mod model;
mod names;
mod offers;
mod own;
mod pager;
mod position;
mod query;
mod row_menu;
mod rows;
mod states;
mod table;
mod view_form;
mod views;
mod widths;

use conexao_domain::kernel::resource::Resource;
use leptos::prelude::*;

pub use act::{Act, ask};
pub use cell::{deadline, is_closed, mention, name_of};
pub use edit::Editing;
pub use editor::editor;
pub use filters::drawer;
pub use later::{cell_editor, column_choice, groups as group_choice, preview};
pub use model::List;
pub use offers::offers;
pub use query::ListQuery;
pub use view_form::content as view_form;
pub use views::Views;

use crate::{
    custom, format, i18n,
    part::{self, Tool},
    screen::Screen,
    shell::Source,
    state::app,
    t, tn,
    ui::{
        empty::{empty, failed},
        icon::icon,
        media,
        title::title,
    },
};

/// The list page.
pub fn page(resource: &'static Resource) -> AnyView {
    let list = List::new(resource);
    keys::listen(list);
    app().acts.offer(Source::List(Box::new(list)));
    let kept = Views::new();
    views::follow(list, kept);
    view! {
        {head(list)}
        <div class="views-row">{states::tabs(list, kept)} {views::keeper(list, kept)}</div>
        {filters::bar(list)}
        {move || arrived(list)}
        {move || content(list)}
        {custom::below_list(resource)}
        {bulk::bar(list)}
        {row_menu::place(list)}
        {act::place(list)}
        {edit::place(list)}
        {move || list.preview().get().then(|| part::tool(Tool::Preview(list)))}
        {move || list.groups().get().then(|| part::tool(Tool::Groups(list)))}
    }
    .into_any()
}

fn head(list: List) -> AnyView {
    let resource = list.resource;
    let may = |verb: &str| app().session.may(resource, verb);
    let import = (may("import") && resource.is_importable()).then(|| {
        let path = Screen::Import(resource).path();
        view! { <a class="btn btn-sm btn-line max-sm:hidden" href=path>{icon("upload", "i")} {t!("list.import")}</a> }
    });
    let export = may("export").then(|| export::button(list));
    let create = may("create").then(|| create_button(resource));
    view! {
        <div class="page-head mb-2">
            <div>
                {title(i18n::resources(resource))}
                <p class="page-sub num" role="status">{move || summary(list)}</p>
            </div>
            <div class="flex items-center gap-2">{import} {export} {create}</div>
        </div>
    }
    .into_any()
}

fn create_button(resource: &'static Resource) -> AnyView {
    let path = Screen::New(resource).path();
    view! {
        <a class="btn btn-sm btn-primary max-sm:btn-square" href=path>
            {icon("plus", "i")}
            <span class="max-sm:sr-only">{i18n::new_resource(resource)}</span>
            <span class="max-sm:hidden"><kbd class="kbd border-current/40 bg-transparent text-inherit">"N"</kbd></span>
        </a>
    }
    .into_any()
}

/// "138 em aberto · 1.284 no total", or how many were found.
fn summary(list: List) -> AnyView {
    let Some(count) = list.count().ready() else { return "\u{a0}".into_any() };
    if list.query.read().is_narrowed() {
        return tn!("list.found", count).into_any();
    }
    let total = t!("list.total", n = format::integer(count));
    match states::open(list) {
        Some(open) => {
            view! { {t!("list.open", n = format::integer(open))} <span class="dot-sep"></span> {total} }.into_any()
        }
        None => tn!("list.records", count).into_any(),
    }
}

/// What others added waits for a click, so that no row moves under the cursor.
fn arrived(list: List) -> AnyView {
    let count = list.arrived.get();
    if count == 0 {
        return ().into_any();
    }
    view! {
        <div class="mb-2 flex justify-center">
            <button type="button" class="btn btn-xs btn-line" on:click=move |_| list.reload()>
                {icon("arrow-up", "i i-sm")} {tn!("list.arrived", count)}
            </button>
        </div>
    }
    .into_any()
}

/// Rows, or the reason why there are none.
fn content(list: List) -> AnyView {
    let shape = Memo::new(move |_| shape(list));
    // Cards stand for rows where there is no room for a table; never both.
    let wide = Memo::new(move |_| media::wide());
    let shown = move || match shape.get() {
        Shape::Quiet => ().into_any(),
        Shape::Loading => table::skeleton(list),
        Shape::Rows if wide.get() => table::table(list),
        Shape::Rows => cards::cards(list),
        Shape::Empty => view! { <section class="panel">{nothing(list)}</section> }.into_any(),
        Shape::Failed => view! { <section class="panel">{failure(list)}</section> }.into_any(),
    };
    shown.into_any()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Nothing yet, for less than 150 ms.
    Quiet,
    Loading,
    Rows,
    Empty,
    Failed,
}

fn shape(list: List) -> Shape {
    match &*list.page.answer.read() {
        None if list.page.slow.get() => Shape::Loading,
        None => Shape::Quiet,
        Some(Err(_)) => Shape::Failed,
        Some(Ok(page)) if page.items.is_empty() => Shape::Empty,
        Some(Ok(_)) => Shape::Rows,
    }
}

fn failure(list: List) -> AnyView {
    let shown = move || list.page.failed().map(|why| failed(t!("list.failed"), &why, move || list.reload()));
    shown.into_any()
}

fn nothing(list: List) -> AnyView {
    let shown = move || {
        let query = list.query.get();
        if query.is_narrowed() { no_result(list, &query) } else { first_use(list.resource) }
    };
    shown.into_any()
}

fn no_result(list: List, query: &query::ListQuery) -> AnyView {
    let heading = if query.q.is_empty() { t!("list.no_match") } else { t!("list.nothing_for", q = query.q) };
    let filters = i64::try_from(query.filtered_fields().len()).unwrap_or_default();
    let text = if filters == 0 { t!("list.check_term") } else { tn!("list.check_filters", filters) };
    let clear = view! {
        <button type="button" class="btn btn-sm btn-line" on:click=move |_| list.change(query::ListQuery::cleared)>{t!("list.clear_all")}</button>
    };
    empty("search-x", heading, text, clear.into_any())
}

fn first_use(resource: &'static Resource) -> AnyView {
    let may = |verb: &str| app().session.may(resource, verb);
    let create = may("create").then(|| {
        let path = Screen::New(resource).path();
        view! { <a class="btn btn-sm btn-primary" href=path>{icon("plus", "i")} {i18n::new_resource(resource)}</a> }
    });
    let import = (may("import") && resource.is_importable()).then(|| {
        let path = Screen::Import(resource).path();
        view! { <a class="btn btn-sm btn-line" href=path>{icon("upload", "i")} {t!("list.import_sheet")}</a> }
    });
    let text = match (may("create"), import.is_some()) {
        (false, _) => t!("list.first_use_reader"),
        (true, false) => t!("list.first_use_create"),
        (true, true) => t!("list.first_use_text"),
    };
    empty("package-open", t!("list.first_use"), text, view! { {create} {import} }.into_any())
}
