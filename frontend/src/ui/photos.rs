//! Photos of colleagues: who has one is asked once, each photo when it is first
//! shown, and both are kept while the page is open.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};

use conexao_client::Client;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{client, files},
    state::app,
};

/// By user: which photo it is.
type Known = HashMap<String, String>;

struct Photos {
    /// For whom `known` was read, so that somebody else reads anew.
    reader: RefCell<String>,
    known: ArcRwSignal<Known>,
    /// Addresses of photos that came, by version.
    here: ArcRwSignal<HashMap<String, String>>,
    asked: RefCell<HashSet<String>>,
}

thread_local! {
    static PHOTOS: Photos = Photos {
        reader: RefCell::default(),
        known: ArcRwSignal::new(Known::new()),
        here: ArcRwSignal::new(HashMap::new()),
        asked: RefCell::default(),
    };
}

fn known() -> ArcRwSignal<Known> {
    PHOTOS.with(|photos| photos.known.clone())
}

/// Reads anew who has a photo.
pub fn read_anew() {
    spawn_local(async {
        if let Ok(found) = client().photos().await {
            known().set(found.into_iter().map(|photo| (photo.user_id, photo.version)).collect());
        }
    });
}

fn ready() {
    let me = app().session.user_id();
    let fresh = PHOTOS.with(|photos| photos.reader.replace(me.clone()) != me);
    if fresh && !me.is_empty() {
        known().set(Known::new());
        read_anew();
    }
}

/// Whether somebody has a photo; tracked.
pub fn has(user: &str) -> bool {
    ready();
    known().with(|known| known.contains_key(user))
}

/// The address of somebody's photo once it is here; tracked.
pub fn of(user: &str) -> Option<String> {
    ready();
    let version = known().with(|known| known.get(user).cloned())?;
    let here = PHOTOS.with(|photos| photos.here.clone());
    if let Some(address) = here.with(|here| here.get(&version).cloned()) {
        return Some(address);
    }
    if PHOTOS.with(|photos| photos.asked.borrow_mut().insert(version.clone())) {
        let path = Client::photo_path(user);
        spawn_local(async move {
            let come = files::download(path).await.ok().and_then(|file| file.address());
            if let Some(address) = come {
                here.update(|here| drop(here.insert(version, address)));
            }
        });
    }
    None
}
