//! Changing keys by pressing them.

use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};
use serde_json::{Map, Value as Json, json};

use super::caps;
use crate::{
    api::client,
    shell::keymap::{Place, Shortcut, TABLE, stroke},
    state::app,
    t, td,
    ui::toast,
};

/// Keys the browser does not give away, or that every page needs for itself.
const RESERVED: [&str; 14] = [
    "Escape",
    "Tab",
    "Shift+Tab",
    "Ctrl+T",
    "Ctrl+N",
    "Ctrl+W",
    "Ctrl+Shift+T",
    "Ctrl+Shift+N",
    "Ctrl+R",
    "F5",
    "Ctrl+C",
    "Ctrl+V",
    "Ctrl+P",
    "Ctrl+L",
];

/// Keys that mean something else already.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Conflict {
    name: &'static str,
    keys: String,
    /// Who has them; nobody when the browser does.
    holder: Option<&'static str>,
}

/// The state of the overview.
#[derive(Debug, Clone, Copy)]
pub struct Remap {
    /// Whose keys are awaited.
    pub editing: RwSignal<Option<&'static str>>,
    conflict: RwSignal<Option<Conflict>>,
}

impl Remap {
    pub fn new() -> Self {
        Self { editing: RwSignal::new(None), conflict: RwSignal::new(None) }
    }

    /// Begins to wait for keys.
    pub fn edit(self, shortcut: &'static Shortcut) {
        self.conflict.set(None);
        self.editing.set(Some(shortcut.name));
    }

    /// Waits no longer.
    pub fn stop(self, shortcut: &Shortcut) {
        if self.editing.get_untracked() == Some(shortcut.name) {
            self.editing.set(None);
        }
    }

    /// A key while it waits.
    pub fn pressed(self, shortcut: &'static Shortcut, event: &KeyboardEvent) {
        if self.editing.get_untracked() != Some(shortcut.name) {
            return;
        }
        let Some(keys) = stroke(event) else { return };
        if matches!(keys.as_str(), "Tab" | "Shift+Tab") {
            self.editing.set(None);
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        self.editing.set(None);
        if keys == "Escape" {
            return;
        }
        let holder = holder(shortcut, &keys);
        if RESERVED.contains(&keys.as_str()) || holder.is_some() {
            self.conflict.set(Some(Conflict { name: shortcut.name, keys, holder: holder.map(|other| other.name) }));
        } else {
            set(&[(shortcut, keys)]);
        }
    }

    /// What is in the way of the keys just pressed; tracked.
    pub fn conflict(self) -> Option<AnyView> {
        let Conflict { name, keys, holder } = self.conflict.get()?;
        let shown = caps(&keys);
        let text = match holder {
            Some(holder) => t!("shortcuts.taken", name = td!("shortcut.", holder)),
            None => t!("shortcuts.reserved"),
        };
        let swap = holder.map(|holder| {
            let swap = move |_| {
                self.conflict.set(None);
                swap(name, holder);
            };
            view! { <button type="button" class="lnk font-semibold" on:click=swap>{t!("shortcuts.swap")}</button> }
        });
        let leave = move |_| self.conflict.set(None);
        let notice = view! {
            <div class="notice notice-waiting mb-3 flex-wrap items-center" role="alert">
                {shown} <span class="min-w-0 flex-1">{text}</span> {swap}
                <button type="button" class="lnk" on:click=leave>{t!("shortcuts.keep")}</button>
            </div>
        };
        Some(notice.into_any())
    }

    /// Whether a shortcut has keys of the person's own; tracked.
    pub fn is_own(shortcut: &Shortcut) -> bool {
        app().keys.own.with(|own| own.contains_key(shortcut.name))
    }

    /// Whether any has; tracked.
    pub fn any() -> bool {
        app().keys.own.with(|own| !own.is_empty())
    }

    /// Back to the key of the table, which may be somebody else's by now.
    pub fn reset(self, shortcut: &'static Shortcut) {
        self.conflict.set(None);
        match holder(shortcut, shortcut.keys) {
            Some(other) => {
                let keys = shortcut.keys.to_owned();
                self.conflict.set(Some(Conflict { name: shortcut.name, keys, holder: Some(other.name) }));
            }
            None => set(&[(shortcut, shortcut.keys.to_owned())]),
        }
    }

    pub fn reset_all(self) {
        self.conflict.set(None);
        keep(Map::new(), app().keys.off.get_untracked());
    }

    /// All on, or all off.
    pub fn turn(on: bool) {
        keep(app().keys.own.get_untracked(), !on);
    }
}

/// Who has these keys where the shortcut works.
fn holder(shortcut: &Shortcut, keys: &str) -> Option<&'static Shortcut> {
    let meets = |other: &Shortcut| {
        shortcut.place == other.place || shortcut.place == Place::Everywhere || other.place == Place::Everywhere
    };
    TABLE.iter().find(|other| other.name != shortcut.name && meets(other) && untrack(|| app().keys.keys(other)) == keys)
}

fn named(name: &str) -> Option<&'static Shortcut> {
    TABLE.iter().find(|shortcut| shortcut.name == name)
}

/// Gives the keys of one to the other. The keys wanted are the other's.
fn swap(name: &str, holder: &str) {
    let (Some(one), Some(other)) = (named(name), named(holder)) else { return };
    let (mine, theirs) = untrack(|| (app().keys.keys(one), app().keys.keys(other)));
    set(&[(one, theirs), (other, mine)]);
}

fn set(changes: &[(&Shortcut, String)]) {
    let mut own = app().keys.own.get_untracked();
    for (shortcut, keys) in changes {
        if *keys == shortcut.keys {
            own.remove(shortcut.name);
        } else {
            own.insert(shortcut.name.to_owned(), Json::String(keys.clone()));
        }
    }
    keep(own, app().keys.off.get_untracked());
}

/// Here at once, and on the server for other browsers.
fn keep(own: Map<String, Json>, off: bool) {
    app().keys.take(own.clone(), off);
    let shortcuts = if own.is_empty() { Json::Null } else { Json::Object(own) };
    spawn_local(async move {
        match client().change_me(json!({ "shortcuts": shortcuts, "shortcuts_off": off })).await {
            Ok(me) => app().session.set_me(me),
            Err(failure) => toast::fail(&failure),
        }
    });
}
