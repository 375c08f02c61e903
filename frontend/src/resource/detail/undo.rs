//! The way back from a change one just made to a record.

use conexao_domain::kernel::{record::Record, resource::Resource};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{live::RecordEvent, records},
    resource::list::name_of,
    screen::Screen,
    state::app,
    t,
    ui::toast,
};

/// Says what was done to a record and offers to take it back, for as long as
/// nobody changes the record again.
pub fn offer(text: String, resource: &'static Resource, record: &Record) {
    let (id, version) = (record.id().to_owned(), record.version());
    toast::undo(text, move || take_back(resource, id.clone(), version));
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
