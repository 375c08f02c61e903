//! Which cells may be changed where they stand. The editor itself comes later.

use conexao_domain::kernel::{
    field::{Field, Kind, Writer},
    record::Record,
    resource::Resource,
};
use leptos::prelude::*;
use serde_json::Value as Json;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{
    columns::{Column, cells},
    model::List,
    rows,
};
use crate::{
    part::{self, Tool},
    resource::form::mention::masked,
    state::app,
    ui::media,
};

/// Under this name a row keeps when it was changed here, until the server answers.
pub const EDITED: &str = "_edited";

/// A cell that is being changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Editing {
    pub id: String,
    pub field: &'static Field,
    /// What was typed and refused, with the reason.
    pub refused: Option<(Json, String)>,
}

/// Whether people write this field, one value at a time.
pub fn is_plain(field: &Field) -> bool {
    let plain = !matches!(field.kind, Kind::Lines(_) | Kind::State | Kind::Municipality);
    plain && field.writer != Writer::System && field.section.is_some()
}

/// Whether the person may change the column's values at all.
pub fn is_open(resource: &Resource, field: &Field) -> bool {
    is_plain(field) && app().session.may(resource, "update")
}

/// Whether the person may change this value now.
pub fn may_change(resource: &Resource, field: &Field, row: &Record) -> bool {
    let state = row.text("status").unwrap_or_default();
    let locked = matches!(field.writer, Writer::While(states) if !states.contains(&state));
    is_open(resource, field) && !locked && !masked(row).any(|name| name == field.name)
}

/// The fields shown, in the order of the cells.
pub fn shown(list: List) -> Vec<&'static Field> {
    let columns: Vec<Column> = list.columns.read_untracked().clone();
    let each = cells(&columns).into_iter().flat_map(|cell| [Some(cell.top), cell.below]);
    each.flatten().map(|column| column.field).collect()
}

/// Opens the editor of a cell; false when the value may not be changed.
pub fn open(list: List, id: &str, name: &str) -> bool {
    let field = shown(list).into_iter().find(|field| field.name == name && !is_hidden(id, name));
    let Some(field) = field.filter(|field| list.row(id).is_some_and(|row| may_change(list.resource, field, &row)))
    else {
        return false;
    };
    list.cursor.set(Some(id.to_owned()));
    list.editing().set(Some(Editing { id: id.to_owned(), field, refused: None }));
    true
}

/// Whether the window has no room for the column.
fn is_hidden(id: &str, name: &str) -> bool {
    let cell = rows::element(id).and_then(|row| row.query_selector(&format!("[data-cell='{name}']")).ok().flatten());
    let cell = cell.and_then(|cell| cell.closest("td").ok().flatten()?.dyn_into::<HtmlElement>().ok());
    cell.is_some_and(|cell| cell.offset_parent().is_none())
}

/// The cell of the cursor's row that was changed last, else its first.
pub fn open_first(list: List) -> bool {
    let Some(id) = list.cursor.get_untracked().filter(|_| untrack(media::wide)) else { return false };
    let before = list.edited_last().get_value();
    let names = before.into_iter().chain(shown(list).into_iter().map(|field| field.name));
    names.into_iter().any(|name| open(list, &id, name))
}

/// Where the open editor is drawn.
pub fn place(list: List) -> AnyView {
    let shown = move || list.editing().get().map(|editing| part::tool(Tool::Cell(list, editing)));
    shown.into_any()
}
