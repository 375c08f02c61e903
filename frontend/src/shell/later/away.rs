//! Notices when the network goes and comes, and remembers who is in for a start
//! without one.

use leptos::{ev, prelude::*, task::spawn_local};
use serde_json::Value as Json;

use super::recent;
use crate::{api::client, prefs::remember, session::KEPT_ME, state::app};

/// Listens for as long as the frame stands.
pub fn watch() {
    let live = app().live;
    if !window().navigator().on_line() {
        live.lose();
    }
    let gone = window_event_listener(ev::offline, move |_| live.lose());
    let back = window_event_listener(ev::online, move |_| live.start());
    // A laptop that was opened again does not wait for the next attempt.
    let seen = window_event_listener(ev::focus, move |_| {
        if live.is_lost() {
            live.start();
        }
    });
    on_cleanup(move || {
        gone.remove();
        back.remove();
        seen.remove();
    });
    recent::sweep();
    spawn_local(keep());
}

/// Keeps what the server says of the person, without any token.
async fn keep() {
    if app().live.is_lost() || app().session.must_enrol() {
        return;
    }
    let Ok(me) = client().get("/me").read::<Json>().await else { return };
    if app().session.is_inside() {
        remember(KEPT_ME, &me.to_string());
    }
}
