//! What the parts of a list share: its rows, what is chosen, where one is.

use std::collections::BTreeSet;

use conexao_domain::kernel::{query::MAX_LIMIT, record::Record, resource::Resource};
use leptos::prelude::*;

use super::{
    act::Act,
    columns::{Column, chosen},
    own::Own,
    query::ListQuery,
    row_menu::RowMenu,
};
use crate::{
    api::{
        Params, records,
        records::{Page, Selection},
    },
    resource::trail::Trail,
    screen::Screen,
    state::app,
    tn,
    ui::load::Load,
};

/// A list on the screen.
#[derive(Clone, Copy)]
pub struct List {
    pub resource: &'static Resource,
    pub query: Memo<ListQuery>,
    pub page: Load<Page>,
    pub columns: RwSignal<Vec<Column>>,
    /// The row of the keyboard.
    pub cursor: RwSignal<Option<String>>,
    pub selected: RwSignal<BTreeSet<String>>,
    /// Everything that matches is selected, not only this page.
    pub every: RwSignal<bool>,
    /// Records that others added since the page was read.
    pub arrived: RwSignal<i64>,
    pub menu: RwSignal<Option<RowMenu>>,
    /// The act whose dialog is open.
    pub act: RwSignal<Option<Act>>,
    pub(super) own: StoredValue<Own>,
}

impl List {
    /// A list that follows the address.
    pub fn new(resource: &'static Resource) -> Self {
        let list = Self {
            resource,
            query: query_of(resource),
            page: Load::new(),
            columns: RwSignal::new(chosen(resource)),
            cursor: RwSignal::new(None),
            selected: RwSignal::new(BTreeSet::new()),
            every: RwSignal::new(false),
            arrived: RwSignal::new(0),
            menu: RwSignal::new(None),
            act: RwSignal::new(None),
            own: StoredValue::new(Own::new(resource)),
        };
        super::position::keep(list);
        list.follow_address();
        super::live::follow(list);
        list
    }

    fn follow_address(self) {
        let narrowing = Memo::new(move |_| self.query.read().narrowing());
        let mut kept = super::position::come_back(self);
        Effect::new(move || {
            // Read, not only tracked: a memo nobody read follows nothing.
            drop(self.query.read());
            // Rows that are there already stay until they were read again.
            match std::mem::take(&mut kept) {
                Some(rows) => self.refill(rows),
                None => self.load_page(),
            }
        });
        Effect::new(move || {
            drop(narrowing.read());
            self.clear_selection();
            self.load_count();
        });
        self.load_states();
    }

    /// Reads the page of the address, and no more than that.
    pub fn load_page(self) {
        let (resource, params) = (self.resource, self.query.get_untracked().request());
        self.arrived.set(0);
        self.page.run(async move { records::list(resource, &params).await });
    }

    /// Reads again as many rows as there were.
    fn refill(self, rows: usize) {
        let (resource, query) = (self.resource, self.query.get_untracked());
        self.page.run(async move {
            let mut all = records::list(resource, &query.request()).await?;
            while let Some(next) = all.next.clone().filter(|_| all.items.len() < rows) {
                let left = u64::try_from(rows.saturating_sub(all.items.len())).unwrap_or(MAX_LIMIT);
                let query = ListQuery { after: next, limit: left.min(MAX_LIMIT), ..query.clone() };
                let more = records::list(resource, &query.request()).await?;
                all.items.extend(more.items);
                all.next = more.next;
            }
            Ok(all)
        });
    }

    /// What brings the list back as it is now.
    pub(super) fn kept(self) -> Option<Trail> {
        Some(Trail {
            resource: self.resource,
            query: self.query.get_untracked(),
            page: self.page.answer.get_untracked()?.ok()?,
            starts: self.own.get_value().starts.get_value(),
            cursor: self.cursor.get_untracked(),
            scroll: self.own.get_value().scroll.get_value(),
        })
    }

    /// Shows the list as it was left.
    pub(super) fn take_back(self, kept: Trail) {
        self.own.get_value().starts.set_value(kept.starts);
        self.cursor.set(kept.cursor);
        self.own.get_value().scroll.set_value(kept.scroll);
        self.page.answer.set(Some(Ok(kept.page)));
    }

    pub(super) fn scrolled(self, to: f64) {
        self.own.get_value().scroll.set_value(to);
    }

    fn load_count(self) {
        let (resource, params) = (self.resource, self.query.get_untracked().narrowing());
        self.count().run(async move { records::count(resource, &params).await });
    }

    fn load_states(self) {
        let resource = self.resource;
        if resource.flow.is_some() {
            self.states().run(async move { records::aggregate(resource, "status", None, &Params::default()).await });
        }
    }

    /// Reads page and counts anew.
    pub fn reload(self) {
        self.arrived.set(0);
        match untrack(|| self.loaded()) {
            0 => self.load_page(),
            // Rows that were added below stay there.
            rows => self.refill(rows),
        }
        self.load_count();
        self.load_states();
    }

    /// Shows another query; `replace` leaves no trace in the history.
    pub fn go(self, query: &ListQuery, replace: bool) {
        if query.after.is_empty() {
            self.own.get_value().starts.set_value(vec![String::new()]);
        }
        app().nav.query(&query.address(), replace);
    }

    /// Changes the query, from what it is now.
    pub fn change(self, change: impl FnOnce(ListQuery) -> ListQuery) {
        self.go(&change(self.query.get_untracked()), false);
    }

    fn place(self) -> usize {
        let after = self.query.get_untracked().after;
        self.own.get_value().starts.with_value(|starts| starts.iter().position(|a| *a == after)).unwrap_or_default()
    }

    /// Where the next rows begin.
    fn following(self) -> Option<String> {
        self.page.answer.with_untracked(|answer| answer.as_ref()?.as_ref().ok()?.next.clone())
    }

    /// The next page.
    pub fn next(self) {
        let Some(next) = self.following() else { return };
        let at = self.place();
        self.own.get_value().starts.update_value(|starts| {
            starts.truncate(at.saturating_add(1));
            starts.push(next.clone());
        });
        self.change(|query| ListQuery { after: next, ..query });
    }

    /// The page before; the first one when it is not known.
    pub fn previous(self) {
        let before = self.place().checked_sub(1);
        let after = before
            .and_then(|at| self.own.get_value().starts.with_value(|starts| starts.get(at).cloned()))
            .unwrap_or_default();
        self.change(|query| ListQuery { after, ..query });
    }

    /// Adds the next page below, as lists on phones do.
    pub fn more(self) {
        let Some(next) = self.following() else { return };
        let resource = self.resource;
        let query = self.query.get_untracked();
        let limit = if self.endless().get_untracked() { MAX_LIMIT } else { query.limit };
        let params = ListQuery { after: next, limit, ..query }.request();
        self.page.add(async move { records::list(resource, &params).await }, |page, next| {
            page.items.extend(next.items);
            page.next = next.next;
        });
    }

    /// How many rows are loaded; tracked.
    pub fn loaded(self) -> usize {
        self.with_rows(<[Record]>::len)
    }

    /// Looks at the rows that are loaded; tracked.
    pub fn with_rows<T: Default>(self, look: impl FnOnce(&[Record]) -> T) -> T {
        self.page.answer.with(|answer| match answer {
            Some(Ok(page)) => look(&page.items),
            _ => T::default(),
        })
    }

    /// Whether more rows follow; tracked.
    pub fn has_more(self) -> bool {
        self.page
            .answer
            .with(|answer| answer.as_ref().is_some_and(|a| a.as_ref().is_ok_and(|page| page.next.is_some())))
    }

    /// Where a record is among the rows.
    pub fn place_of(self, id: &str) -> Option<usize> {
        untrack(|| self.with_rows(|rows| rows.iter().position(|row| row.id() == id)))
    }

    /// The rows of the page; tracked.
    pub fn rows(self) -> Vec<Record> {
        self.page.ready().map(|page| page.items).unwrap_or_default()
    }

    pub fn row(self, id: &str) -> Option<Record> {
        untrack(|| self.with_rows(|rows| rows.iter().find(|row| row.id() == id).cloned()))
    }

    /// Puts a record in the place of its older self.
    pub fn put(self, record: &Record) {
        self.page.patch(|page| {
            if let Some(row) = page.items.iter_mut().find(|row| row.id() == record.id()) {
                row.clone_from(record);
            }
        });
    }

    /// Takes rows off the page, before the server confirms.
    pub fn take_off(self, ids: &BTreeSet<String>) {
        self.page.patch(|page| page.items.retain(|row| !ids.contains(row.id())));
    }

    pub fn clear_selection(self) {
        self.every.set(false);
        if !self.selected.read_untracked().is_empty() {
            self.selected.set(BTreeSet::new());
        }
    }

    pub fn toggle(self, id: &str) {
        self.every.set(false);
        self.selected.update(|selected| {
            if !selected.remove(id) {
                selected.insert(id.to_owned());
            }
        });
    }

    /// Selects the whole page, or nothing when it is selected already.
    pub fn toggle_page(self) {
        let ids: BTreeSet<String> =
            untrack(|| self.with_rows(|rows| rows.iter().map(|row| row.id().to_owned()).collect()));
        let all = *self.selected.read_untracked() == ids;
        self.every.set(false);
        self.selected.set(if all { BTreeSet::new() } else { ids });
    }

    /// What a bulk act is about.
    pub fn selection(self) -> Selection {
        if self.every.get_untracked() {
            Selection::Matching(self.query.get_untracked().narrowing().text())
        } else {
            Selection::Ids(self.selected.get_untracked().into_iter().collect())
        }
    }

    /// How many records a bulk act is about; tracked.
    pub fn selected_count(self) -> i64 {
        let page = i64::try_from(self.selected.read().len()).unwrap_or_default();
        if self.every.get() { self.count().ready().unwrap_or(page) } else { page }
    }

    /// "3 registros", of the selection.
    pub fn selected_words(self) -> String {
        tn!("list.records", untrack(|| self.selected_count()))
    }
}

/// The query of the address; another screen's address leaves it as it was.
fn query_of(resource: &'static Resource) -> Memo<ListQuery> {
    let path = Screen::List(resource).path();
    Memo::new(move |before: Option<&ListQuery>| {
        let search = app().nav.search();
        match before {
            Some(before) if app().nav.path() != path => before.clone(),
            _ => ListQuery::read(resource, &search),
        }
    })
}
