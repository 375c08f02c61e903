//! The way back from a change one just made to a record.

use conexao_domain::kernel::{
    record::Record,
    resource::{Resource, Undo},
};
use leptos::{prelude::*, task::spawn_local};

use super::{page::Page, step_dialog};
use crate::{
    api::{Params, live::RecordEvent, records},
    i18n,
    resource::list::name_of,
    screen::Screen,
    state::app,
    t,
    ui::toast,
};

/// Query parameter: the step that the page of a record begins.
pub const STEP: &str = "passo";

/// Says what was done to a record (`update` or a step) and offers to take it
/// back; where that is not allowed, the step that balances it.
pub fn offer(text: String, resource: &'static Resource, act: &str, record: &Record) {
    let (id, version) = (record.id().to_owned(), record.version());
    match (resource.undo, resource.undoable(act)) {
        (_, Ok(())) => toast::undo(text, move || take_back(resource, id.clone(), version)),
        (Undo::Reversal(step), _) if act != step => {
            let path = format!("{}?{STEP}={step}", Screen::Detail(resource, id).path());
            toast::offer(text, i18n::step(resource.name, step), move || app().nav.to(&path));
        }
        _ => toast::say(text),
    }
}

/// Begins the step that the address asks for.
pub fn follow(page: Page) {
    Effect::new(move || {
        let params = Params::parse(&app().nav.search());
        let step = params.get(STEP).and_then(|name| page.resource.flow?.step(name));
        if let Some(step) = step {
            app().nav.query("", true);
            step_dialog::start(page, step);
        }
    });
}

fn take_back(resource: &'static Resource, id: String, version: i64) {
    spawn_local(async move {
        match records::undo(resource, &id, version).await {
            Ok(record) => {
                tell(resource, &record);
                toast::say(t!("detail.undone", title = name_of(resource, &record)));
            }
            Err(failure) => toast::fail(&failure),
        }
    });
}

/// The same for a record that was just made: it is removed again.
pub fn offer_removal(text: String, resource: &'static Resource, record: &Record) {
    if !app().session.may(resource, "delete") {
        toast::say(text);
        return;
    }
    let (id, version) = (record.id().to_owned(), record.version());
    toast::undo(text, move || take_out(resource, id.clone(), version));
}

fn take_out(resource: &'static Resource, id: String, version: i64) {
    spawn_local(async move {
        match records::remove(resource, &id, version).await {
            Ok(()) => {
                // Whoever went on meanwhile is left where they are.
                if app().nav.path() == Screen::Detail(resource, id).path() {
                    app().nav.to(&Screen::List(resource).path());
                }
            }
            Err(failure) => toast::fail(&failure),
        }
    });
}

/// What shows the record reads it anew without waiting for the stream.
fn tell(resource: &Resource, record: &Record) {
    app().live.record.set(Some(RecordEvent {
        resource: resource.name.to_owned(),
        id: record.id().to_owned(),
        version: record.version(),
        action: "undo".to_owned(),
        actor_id: Some(app().session.user_id()),
    }));
}
