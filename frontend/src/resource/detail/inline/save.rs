//! Sending what was changed in place. The page shows it at once and goes back
//! when the server refuses; what was typed is never lost.

use conexao_domain::kernel::{
    field::{Field, Writer},
    record::Record,
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value as Json};

use super::{Clash, Editing, Inline, Page, Target, close, is_hidden, return_to};
use crate::{
    api::{Failure, records},
    resource::{
        detail::undo,
        form::{conflict::merge, state::Form},
    },
    t,
    ui::toast,
};

/// How often a change is merged with those of others before somebody is asked.
const TRIES: usize = 3;

/// Everything a change needs once its editor is closed.
struct Change {
    page: Page,
    target: Target,
    base: Record,
    /// All values of the editor.
    mine: Record,
    /// Those that changed.
    values: Map<String, Json>,
    /// What the page showed before.
    before: Record,
}

impl Inline {
    /// The editor that is open, with its values.
    fn current(self) -> Option<(Editing, Form)> {
        let form = self.open.get_value()?.form;
        Some((self.editing.get_untracked()?, form))
    }
}

/// Saves what is open; says whether nothing stays open.
pub fn settle(page: Page) -> bool {
    page.inline().current().is_none() || save(page, false)
}

/// Saves the open editor, unless something is wrong with it.
pub fn save(page: Page, back: bool) -> bool {
    let Some((editing, form)) = page.inline().current() else { return true };
    form.tried.set(true);
    if !untrack(|| form.wrong()).is_empty() {
        return false;
    }
    let values = form.to_send();
    if values.is_empty() {
        close(page);
        return true;
    }
    let (mine, after) = untrack(|| (form.model.record(), form.derived()));
    let before = page.record.get_untracked();
    let Editing { target, base, .. } = editing;
    page.inline().forget();
    page.inline().editing.set(None);
    if back {
        return_to(&target);
    }
    page.record.set(expected(page, &before, &after, &mine, &values));
    spawn_local(send(Change { page, target, base, mine, values, before }));
    true
}

/// The record as it will be: what was written, and what follows from it.
fn expected(page: Page, before: &Record, after: &Record, mine: &Record, values: &Map<String, Json>) -> Record {
    let mut record = before.clone();
    let mut refs = before.get("_refs").as_object().cloned().unwrap_or_default();
    let written = |field: &&Field| values.contains_key(field.name) && !is_hidden(field, before);
    for field in page.resource.fields.iter().filter(written) {
        record.set(field.name, after.get(field.name).clone());
        match mine.get("_refs").get(field.name) {
            Some(named) => drop(refs.insert(field.name.to_owned(), named.clone())),
            None => drop(refs.remove(field.name)),
        }
    }
    let follows = |field: &&Field| field.writer == Writer::System && !after.get(field.name).is_null();
    for field in page.resource.fields.iter().filter(follows) {
        record.set(field.name, after.get(field.name).clone());
    }
    record.set("_refs", refs);
    record
}

async fn send(change: Change) {
    let (page, id) = (change.page, change.base.id().to_owned());
    let (mut version, mut values) = (change.base.version(), change.values.clone());
    for _ in 0..TRIES {
        let failure = match records::patch(page.resource, &id, version, values).await {
            Ok(record) => return done(&change, record),
            Err(failure) if failure.is("stale") => failure,
            Err(failure) => return refused(change, &failure),
        };
        let theirs = match theirs(&change, &failure).await {
            Ok(theirs) => theirs,
            Err(failure) => return refused(change, &failure),
        };
        let merged = merge(page.resource, &change.base, &change.values, &theirs);
        if !merged.both.is_empty() {
            if page.is_there() {
                let Change { target, base, mine, .. } = change;
                page.refresh();
                page.inline().clash.set(Some(Clash { target, base, mine, theirs }));
            }
            return;
        }
        // They changed something else: both stay.
        version = theirs.version();
        values = merged.mine.into_iter().map(|d| (d.field.name.to_owned(), d.mine)).collect();
        if values.is_empty() {
            return done(&change, theirs);
        }
    }
    refused(change, &Failure::network());
}

/// The record as it is now, as far as the editor saw it.
async fn theirs(change: &Change, failure: &Failure) -> Result<Record, Failure> {
    let page = change.page;
    let mut theirs = match failure.current.clone() {
        Some(current) => current,
        None => records::get(page.resource, change.base.id()).await?,
    };
    let seen = change.target.fields(page.resource).into_iter().filter(|field| !is_hidden(field, &change.base));
    let hidden: Vec<&Field> = seen.filter(|field| is_hidden(field, &theirs)).collect();
    for field in hidden {
        records::look_behind(page.resource, field, &mut theirs).await;
    }
    Ok(theirs)
}

fn done(change: &Change, record: Record) {
    let (page, label) = (change.page, change.target.label(change.page.resource));
    undo::offer(t!("inline.saved", what = label), page.resource, "update", &record);
    if page.is_there() {
        page.take(record);
    }
}

/// Back to what was shown, with the editor open on what was typed.
fn refused(change: Change, failure: &Failure) {
    let page = change.page;
    if failure.errors.is_empty() {
        toast::fail(failure);
    }
    if !page.is_there() {
        return;
    }
    if page.record.with_untracked(|now| now.version() == change.before.version()) {
        page.record.set(change.before);
    } else {
        page.refresh();
    }
    // Another editor may be open by now; it goes first.
    if page.inline().editing.with_untracked(Option::is_none) {
        let Change { target, base, mine, .. } = change;
        page.inline().editing.set(Some(Editing { target, base, start: mine, refused: failure.errors.clone() }));
    } else {
        toast::fail(failure);
    }
}
