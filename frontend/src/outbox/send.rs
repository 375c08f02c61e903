//! Writing now or later, and sending what waited.

use std::{cell::Cell, time::Duration};

use conexao_domain::kernel::problem::Code;
use leptos::{leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};
use serde_json::Value as Json;

use super::{
    Entry,
    entry::{Refused, next},
    store,
};
use crate::{
    api::{Failure, client, live::out_of_reach},
    state::app,
    t, tn,
    ui::toast,
};

/// After this long a server that was busy is asked again.
const AGAIN: Duration = Duration::from_secs(20);

thread_local! {
    /// Entries go one after the other.
    static SENDING: Cell<bool> = const { Cell::new(false) };
}

/// What became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Sent,
    /// It waits on the device.
    Kept,
}

/// Writes, or keeps the write until there is a network. Something that waits
/// for the same record is not overtaken.
pub async fn write(entry: Entry) -> Result<Outcome, Failure> {
    let waits = |other: &Entry| other.is_about(&entry.resource, &entry.record) && other.refused.is_none();
    let behind = app().outbox.entries.with_untracked(|entries| entries.iter().any(waits));
    if !(entry.may_wait() && (behind || app().live.is_lost())) {
        match call(&entry).await {
            Ok(_) => return Ok(Outcome::Sent),
            Err(failure) if !(out_of_reach(&failure) && entry.may_wait()) => return Err(failure),
            Err(_) => app().live.lose(),
        }
    }
    if store::put(&entry).await.is_err() {
        return Err(crate::api::out_of_reach());
    }
    read().await;
    if behind && !app().live.is_lost() {
        flush();
    }
    Ok(Outcome::Kept)
}

async fn call(entry: &Entry) -> Result<Json, Failure> {
    let client = client();
    let call = if entry.method == "PATCH" { client.patch(&entry.path) } else { client.post(&entry.path) };
    let call = match entry.version {
        Some(version) => call.if_match(version),
        None => call,
    };
    call.keyed(&entry.id).json(entry.body.clone()).value().await
}

/// Reads what waits; what somebody else left behind goes.
async fn read() {
    let Ok(found) = store::all().await else { return };
    let me = app().session.user_id();
    let (mine, others): (Vec<Entry>, Vec<Entry>) = found.into_iter().partition(|entry| entry.owner == me);
    for other in others {
        drop(store::remove(&other.id).await);
    }
    app().outbox.put(mine);
}

/// Reads what waits and sends it whenever the server can be reached. Called
/// once by what stands by.
pub fn start() {
    spawn_local(read());
    Effect::new(move || {
        let there = app().live.connected.get() && app().live.lost.read().is_none();
        let waits = app().outbox.entries.with(|entries| next(entries).is_some());
        if there && waits {
            flush();
        }
    });
}

/// Sends what waits, in order.
pub fn flush() {
    if SENDING.replace(true) {
        return;
    }
    spawn_local(async {
        let sent = send_all().await;
        SENDING.set(false);
        if sent > 0 {
            toast::say(tn!("outbox.sent", sent));
        }
    });
}

async fn send_all() -> i64 {
    let mut sent = 0_i64;
    // Another tab may have sent some meanwhile.
    read().await;
    while let Some(entry) = app().outbox.entries.with_untracked(|entries| next(entries).cloned()) {
        match call(&entry).await {
            Ok(_) => {
                sent = sent.saturating_add(1);
                drop(store::remove(&entry.id).await);
                app().outbox.sent.set(Some(entry.record.clone()));
            }
            Err(failure) if out_of_reach(&failure) => {
                app().live.lose();
                break;
            }
            Err(failure) if is_passing(&failure) => {
                set_timeout(flush, AGAIN);
                break;
            }
            Err(failure) => refuse(entry, &failure).await,
        }
        read().await;
        // Whoever left meanwhile sends nothing more.
        if !app().session.is_inside() {
            break;
        }
    }
    sent
}

/// Whether the same may be taken a little later.
fn is_passing(failure: &Failure) -> bool {
    failure.status == 401 || failure.status == 429 || failure.status >= 500 || failure.is(Code::InProgress.name())
}

async fn refuse(entry: Entry, failure: &Failure) {
    let why = failure.message();
    toast::warn(t!("outbox.refused", title = entry.title, why = why));
    let entry = Entry { refused: Some(Refused { status: failure.status, why }), ..entry };
    drop(store::put(&entry).await);
}

/// Tries a refused entry again.
pub fn again(entry: Entry) {
    spawn_local(async move {
        drop(store::put(&Entry { refused: None, ..entry }).await);
        read().await;
        flush();
    });
}

/// Gives an entry up; for ten seconds it can be taken back.
pub fn discard(entry: Entry) {
    spawn_local(async move {
        drop(store::remove(&entry.id).await);
        read().await;
        toast::undo(t!("outbox.discarded"), move || put_back(entry.clone()));
    });
}

fn put_back(entry: Entry) {
    spawn_local(async move {
        drop(store::put(&entry).await);
        read().await;
    });
}
