//! What of a list is looked at less often: apart, so that a list stays cheap
//! to copy.

use conexao_domain::kernel::resource::Resource;
use leptos::prelude::*;

use super::{edit::Editing, model::List, rows, widths, widths::Widths};
use crate::{api::records::Group, ui::load::Load};

/// What is looked at less often; apart, so that a list stays cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Own {
    pub(super) count: Load<i64>,
    pub(super) states: Load<Vec<Group>>,
    /// Where each page visited starts, in order.
    pub(super) starts: StoredValue<Vec<String>>,
    /// How far the window is scrolled, in pixels.
    pub(super) scroll: StoredValue<f64>,
    pub(super) preview: RwSignal<bool>,
    pub(super) editing: RwSignal<Option<Editing>>,
    /// The column whose cell was changed last.
    pub(super) edited: StoredValue<Option<&'static str>>,
    pub(super) widths: RwSignal<Widths>,
    pub(super) endless: RwSignal<bool>,
    pub(super) groups: RwSignal<bool>,
}

impl Own {
    pub(super) fn new(resource: &Resource) -> Self {
        Self {
            count: Load::new(),
            states: Load::new(),
            starts: StoredValue::new(vec![String::new()]),
            scroll: StoredValue::new(0.0),
            preview: RwSignal::new(false),
            editing: RwSignal::new(None),
            edited: StoredValue::new(None),
            widths: RwSignal::new(widths::chosen(resource)),
            endless: RwSignal::new(rows::likes_endless()),
            groups: RwSignal::new(false),
        }
    }
}

impl List {
    /// Whether the list still stands, for what comes later than it was asked for.
    pub fn is_there(self) -> bool {
        self.own.try_get_value().is_some()
    }

    /// How many records match.
    pub fn count(self) -> Load<i64> {
        self.own.get_value().count
    }

    /// How many records are in each state, filters aside.
    pub fn states(self) -> Load<Vec<Group>> {
        self.own.get_value().states
    }

    /// Whether the drawer with the row of the keyboard is open.
    pub fn preview(self) -> RwSignal<bool> {
        self.own.get_value().preview
    }

    /// The cell that is being changed.
    pub fn editing(self) -> RwSignal<Option<Editing>> {
        self.own.get_value().editing
    }

    /// The column whose cell was changed last.
    pub fn edited_last(self) -> StoredValue<Option<&'static str>> {
        self.own.get_value().edited
    }

    /// How wide columns were made.
    pub fn widths(self) -> RwSignal<Widths> {
        self.own.get_value().widths
    }

    /// Whether rows follow without end, instead of pages.
    pub fn endless(self) -> RwSignal<bool> {
        self.own.get_value().endless
    }

    /// Whether the conditions in groups are open.
    pub fn groups(self) -> RwSignal<bool> {
        self.own.get_value().groups
    }
}
