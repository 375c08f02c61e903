//! Sending a form: what is wrong first, then the server, then where to go.

use conexao_domain::kernel::record::Record;
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value as Json};

use super::{keep::Keeper, path, state::Form};
use crate::{
    api::{Failure, records},
    resource::form::conflict::Conflict,
    screen::Screen,
    state::app,
    t,
    ui::focus,
};

/// What follows a success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Shows the record.
    Open,
    /// Shows the record, of which nothing was changed.
    Unchanged,
    /// Begins another one.
    Again,
}

/// The sending of one form.
#[derive(Clone, Copy)]
pub struct Saving {
    pub form: Form,
    pub keeper: Keeper,
    pub busy: RwSignal<bool>,
    /// Why the last attempt failed as a whole.
    pub failure: RwSignal<Option<Failure>>,
    /// Somebody else saved first.
    pub conflict: RwSignal<Option<Conflict>>,
    /// One key per content, so that a repeated click or a lost answer has one effect.
    attempt: StoredValue<Option<(Map<String, Json>, String)>>,
    /// Takes the record that was saved.
    done: Callback<(Record, Then)>,
    /// What follows when the values are given up; the record's page unless set.
    given_up: StoredValue<Option<Callback<()>>>,
}

/// Where the summary of what is wrong stands.
pub const SUMMARY: &str = "form-errors";

impl Saving {
    pub fn new(form: Form, keeper: Keeper, done: Callback<(Record, Then)>) -> Self {
        Self {
            form,
            keeper,
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            conflict: RwSignal::new(None),
            attempt: StoredValue::new(None),
            done,
            given_up: StoredValue::new(None),
        }
    }

    /// The same with something else to do when the values are given up.
    pub fn or_else(self, act: Callback<()>) -> Self {
        self.given_up.set_value(Some(act));
        self
    }

    /// Gives up what was typed.
    pub fn give_up(self) {
        self.keeper.stop();
        match self.given_up.get_value() {
            Some(act) => act.run(()),
            None => app().nav.to(&Screen::Detail(self.form.resource(), self.form.base().id().to_owned()).path()),
        }
    }

    /// Saves, unless something is wrong or a saving is under way.
    pub fn save(self, then: Then) {
        if self.busy.get_untracked() {
            return;
        }
        self.failure.set(None);
        self.form.tried.set(true);
        if !untrack(|| self.form.wrong()).is_empty() {
            self.show_wrong();
            return;
        }
        let values = self.form.to_send();
        if !self.form.is_new() && values.is_empty() {
            self.finish(self.form.base(), Then::Unchanged);
            return;
        }
        self.busy.set(true);
        let version = self.form.base().version();
        spawn_local(async move {
            let answer = self.send(version, values).await;
            self.busy.set(false);
            match answer {
                Ok(record) => self.finish(record, then),
                Err(failure) => self.refused(failure).await,
            }
        });
    }

    /// Saves chosen values over the version somebody else saved.
    pub fn save_over(self, version: i64, values: Map<String, Json>) {
        if values.is_empty() {
            self.finish(self.form.base(), Then::Unchanged);
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = self.send(version, values).await;
            self.busy.set(false);
            match answer {
                Ok(record) => self.finish(record, Then::Open),
                Err(failure) => self.refused(failure).await,
            }
        });
    }

    async fn send(self, version: i64, values: Map<String, Json>) -> Result<Record, Failure> {
        let resource = self.form.resource();
        if self.form.is_new() {
            let key = self.key(&values);
            return records::create(resource, key, values).await;
        }
        records::patch(resource, self.form.base().id(), version, values).await
    }

    /// The key of this content: the same again until something changes.
    fn key(self, values: &Map<String, Json>) -> String {
        let known = self.attempt.get_value().filter(|(sent, _)| sent == values).map(|(_, key)| key);
        known.unwrap_or_else(|| {
            let key = uuid::Uuid::new_v4().to_string();
            self.attempt.set_value(Some((values.clone(), key.clone())));
            key
        })
    }

    fn finish(self, record: Record, then: Then) {
        self.keeper.stop();
        self.done.run((record, then));
    }

    async fn refused(self, failure: Failure) {
        if failure.is("stale") {
            match self.theirs(&failure).await {
                Ok(theirs) => self.conflict.set(Some(Conflict::new(self.form, theirs))),
                Err(failure) => self.failure.set(Some(failure)),
            }
            return;
        }
        self.conflict.set(None);
        if failure.errors.is_empty() {
            self.failure.set(Some(failure));
        } else {
            self.form.refuse(failure.errors.clone());
        }
        self.show_wrong();
    }

    /// Moves the focus to the first control that is wrong, once it says so; to
    /// the summary, where the refusal is of the whole or its control out of sight.
    fn show_wrong(self) {
        request_animation_frame(move || {
            let wrong =
                if self.failure.with_untracked(Option::is_some) { Vec::new() } else { untrack(|| self.form.wrong()) };
            let first = wrong.first().and_then(|first| focus::by_id(&path::id_of(self.form.model, &first.field)));
            match first.filter(|first| first.offset_parent().is_some()) {
                Some(first) => focus::give(Some(first)),
                None => show_summary(),
            }
        });
    }

    /// The record as it is now, in full where the form shows it in full.
    async fn theirs(self, failure: &Failure) -> Result<Record, Failure> {
        let resource = self.form.resource();
        let reveal = app().session.may(resource, "reveal");
        match failure.current.clone().filter(|_| !reveal) {
            Some(current) => Ok(current),
            None => records::writable(resource, self.form.base().id(), reveal).await,
        }
    }

    /// The button of the form.
    pub fn label(self) -> String {
        if self.form.is_new() { t!("form.create") } else { t!("form.save") }
    }
}

fn show_summary() {
    let summary = focus::by_id(SUMMARY);
    if let Some(summary) = &summary {
        summary.scroll_into_view();
    }
    focus::give(summary);
}
