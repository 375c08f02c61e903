//! What the search of everything may do with a list: with its selection, else
//! with the row of the keyboard.

use leptos::prelude::*;

use super::{act, act::Act, cell::name_of, export, model::List, row_menu};
use crate::{i18n, screen::Screen, state::app, t, ui::popover::Item};

/// A heading and the acts below it.
pub fn offers(list: List) -> (String, Vec<Item>) {
    let any = !list.selected.read_untracked().is_empty();
    let cursor = list.cursor.get_untracked().and_then(|id| list.row(&id));
    match cursor {
        _ if any => (list.selected_words(), selection(list)),
        Some(row) => (name_of(list.resource, &row), one(list, &row)),
        None => (i18n::resources(list.resource), whole(list)),
    }
}

fn may(list: List, verb: &str) -> bool {
    app().session.may(list.resource, verb)
}

fn selection(list: List) -> Vec<Item> {
    let mut items = Vec::new();
    if act::can_assign(list) {
        items.push(Item::new("user-round-plus", t!("bulk.assign"), move || act::start(list, Act::assign())));
    }
    items.extend(untrack(|| super::bulk::common_steps(list)).into_iter().map(|step| {
        Item::new("route", i18n::step(list.resource.name, step.name), move || act::start(list, Act::step(step)))
    }));
    if may(list, "export") {
        items.push(Item::new("download", t!("list.export"), move || export::selection(list)));
    }
    if may(list, "delete") {
        items.push(Item::new("trash-2", t!("list.delete"), move || super::bulk::delete(list)).danger());
    }
    items.push(Item::new("x", t!("bulk.clear"), move || list.clear_selection()));
    items
}

fn one(list: List, row: &conexao_domain::kernel::record::Record) -> Vec<Item> {
    let resource = list.resource;
    let id = row.id().to_owned();
    let open = id.clone();
    let go = move |screen: &Screen| app().nav.to(&screen.path());
    let mut items =
        vec![Item::new("external-link", t!("list.open_one"), move || go(&Screen::Detail(resource, open.clone())))];
    if may(list, "update") {
        let id = id.clone();
        items.push(Item::new("pencil", t!("list.edit"), move || go(&Screen::Edit(resource, id.clone()))));
    }
    items.extend(row_menu::possible(list, row).into_iter().map(|step| {
        let id = id.clone();
        Item::new("route", i18n::step(resource.name, step.name), move || {
            act::start(list, Act::step_of(id.clone(), step));
        })
    }));
    if may(list, "delete") {
        let row = row.clone();
        items.push(Item::new("trash-2", t!("list.delete"), move || act::remove_one(list, row.clone())).danger());
    }
    items
}

fn whole(list: List) -> Vec<Item> {
    let resource = list.resource;
    let mut items = Vec::new();
    if may(list, "export") {
        let named = |format: String| format!("{}: {format}", t!("list.export"));
        items.push(Item::new("file-spreadsheet", named(t!("export.xlsx")), move || export::all(list, "xlsx")));
        items.push(Item::new("file-text", named(t!("export.csv")), move || export::all(list, "csv")));
    }
    if may(list, "import") && resource.is_importable() {
        items.push(Item::new("upload", t!("list.import"), move || app().nav.to(&Screen::Import(resource).path())));
    }
    items
}
