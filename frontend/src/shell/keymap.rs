//! Which key does what: one table for the whole application, and what each
//! person made of it.

use leptos::prelude::*;
use serde_json::{Map, Value as Json, json};
use web_sys::KeyboardEvent;

use crate::{
    prefs::{recall, remember},
    state::app,
    ui::focus,
};

/// Where a shortcut works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Everywhere,
    List,
    Detail,
}

/// A line of the table.
#[derive(Debug)]
pub struct Shortcut {
    /// Stable: people's own keys are kept under it, and `shortcut.<name>` says what it does.
    pub name: &'static str,
    pub place: Place,
    /// As [`stroke`] writes it.
    pub keys: &'static str,
    /// What one needs to be allowed to do to records of the kind shown; empty when everybody may.
    pub verb: &'static str,
}

const fn line(name: &'static str, place: Place, keys: &'static str, verb: &'static str) -> Shortcut {
    Shortcut { name, place, keys, verb }
}

/// Every shortcut, in the order of the overview.
pub const TABLE: &[Shortcut] = &[
    line("palette", Place::Everywhere, "Ctrl+K", ""),
    line("search", Place::Everywhere, "/", ""),
    line("go", Place::Everywhere, "G", ""),
    line("new", Place::Everywhere, "N", ""),
    line("undo", Place::Everywhere, "Ctrl+Z", ""),
    line("menu", Place::Everywhere, "[", ""),
    line("shortcuts", Place::Everywhere, "?", ""),
    line("list.next", Place::List, "J", ""),
    line("list.previous", Place::List, "K", ""),
    line("list.select", Place::List, "X", ""),
    line("list.range", Place::List, "Shift+X", ""),
    line("list.page", Place::List, "Ctrl+A", ""),
    line("list.open", Place::List, "Enter", ""),
    line("list.preview", Place::List, "Space", ""),
    line("list.cell", Place::List, "E", "update"),
    line("list.assign", Place::List, "A", "update"),
    line("list.filter", Place::List, "F", ""),
    line("detail.next", Place::Detail, "J", ""),
    line("detail.previous", Place::Detail, "K", ""),
    line("detail.step", Place::Detail, "Ctrl+Enter", ""),
    line("detail.comment", Place::Detail, "C", ""),
    line("detail.edit", Place::Detail, "E", "update"),
    line("detail.duplicate", Place::Detail, "D", "create"),
];

/// The first of two strokes: what the second one is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leader {
    /// Going somewhere.
    Go,
    /// Making something.
    New,
}

/// Where the keys are kept in this browser, so that they work before the server answers.
const KEPT: &str = "conexao.own.keys";

/// What the person made of the table.
#[derive(Debug, Clone, Copy)]
pub struct Keymap {
    /// Keys by the name of what they do, where they differ from the table.
    pub own: RwSignal<Map<String, Json>>,
    /// Keys without Ctrl or Alt do nothing.
    pub off: RwSignal<bool>,
    /// The first stroke of two was made.
    pub leader: RwSignal<Option<Leader>>,
}

impl Keymap {
    /// As this browser remembers them.
    pub fn stored() -> Self {
        let kept: Json = recall(KEPT).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let own = kept.get("own").and_then(Json::as_object).cloned().unwrap_or_default();
        let off = kept.get("off").and_then(Json::as_bool).unwrap_or_default();
        Self { own: RwSignal::new(own), off: RwSignal::new(off), leader: RwSignal::new(None) }
    }

    /// Takes over what the server or the person says, and keeps it here.
    pub fn take(self, own: Map<String, Json>, off: bool) {
        remember(KEPT, &json!({ "own": own, "off": off }).to_string());
        self.own.set(own);
        self.off.set(off);
    }

    /// Back to the table: whoever chose leaves.
    pub fn clear(self) {
        self.own.set(Map::new());
        self.off.set(false);
    }

    /// The keys of a shortcut as they are now; tracked.
    pub fn keys(self, shortcut: &Shortcut) -> String {
        self.own.with(|own| own.get(shortcut.name).and_then(Json::as_str).unwrap_or(shortcut.keys).to_owned())
    }
}

/// The keys of what is called so; tracked, none where it is unknown or they are off.
pub fn keys_of(name: &str) -> Option<String> {
    let shortcut = TABLE.iter().find(|shortcut| shortcut.name == name)?;
    Some(app().keys.keys(shortcut)).filter(|keys| !app().keys.off.get() || !is_single(keys))
}

/// Whether keys are pressed without Ctrl and Alt, so that dictation may press them.
fn is_single(keys: &str) -> bool {
    !keys.starts_with("Ctrl+") && !keys.starts_with("Alt+")
}

/// What a key means at a place. Nothing while somebody types (searching
/// everything aside), while something lies over the page, while a second
/// stroke is awaited, and when somebody else took the event.
pub fn action(event: &KeyboardEvent, place: Place) -> Option<&'static str> {
    let keys = app().keys;
    if event.default_prevented() || keys.leader.get_untracked().is_some() {
        return None;
    }
    let made = stroke(event)?;
    if keys.off.get_untracked() && is_single(&made) {
        return None;
    }
    let meant = TABLE.iter().find(|s| s.place == place && untrack(|| keys.keys(s)) == made)?;
    let everywhere = meant.name == "palette";
    let waits = (focus::is_typing(event) && !everywhere) || is_covered(everywhere);
    (!waits).then_some(meant.name)
}

/// Whether a key closes what the page itself has open.
pub fn closes(event: &KeyboardEvent) -> bool {
    let free = !event.default_prevented() && app().keys.leader.get_untracked().is_none();
    event.key() == "Escape" && free && !focus::is_typing(event) && !is_covered(false)
}

/// Whether a dialog or drawer lies over the page, or, unless only those count,
/// a menu.
fn is_covered(dialogs: bool) -> bool {
    let selector = if dialogs { "[aria-modal='true']" } else { "[aria-modal='true'], .pop[role]" };
    document().query_selector(selector).ok().flatten().is_some()
}

/// A key with its modifiers as the table writes it, e.g. `Ctrl+Enter`, `Shift+X`, `?`.
/// None for modifiers alone and while characters are composed.
pub fn stroke(event: &KeyboardEvent) -> Option<String> {
    let key = event.key();
    if event.is_composing() || matches!(key.as_str(), "Shift" | "Control" | "Alt" | "Meta" | "AltGraph" | "Dead") {
        return None;
    }
    // The key that reaches third characters also claims to be Ctrl and Alt.
    let third = event.get_modifier_state("AltGraph");
    let control = !third && (event.ctrl_key() || event.meta_key());
    Some(written(&key, control, !third && event.alt_key(), event.shift_key()))
}

/// Of characters other than letters Shift is a part, not a modifier.
fn written(key: &str, control: bool, alt: bool, shift: bool) -> String {
    let mut characters = key.chars();
    let only = characters.next().filter(|_| characters.next().is_none());
    let name = match only {
        Some(' ') => "Space".to_owned(),
        Some(letter) => letter.to_uppercase().collect(),
        None => key.to_owned(),
    };
    let shift = shift && only.is_none_or(|character| character == ' ' || character.is_alphabetic());
    let mut text = String::new();
    for (held, modifier) in [(control, "Ctrl+"), (alt, "Alt+"), (shift, "Shift+")] {
        if held {
            text.push_str(modifier);
        }
    }
    text + &name
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn keys_are_written_in_one_way() {
        assert_eq!(written("k", true, false, false), "Ctrl+K");
        assert_eq!(written("X", false, false, true), "Shift+X");
        assert_eq!(written("?", false, false, true), "?");
        assert_eq!(written(" ", false, false, false), "Space");
        assert_eq!(written("Enter", true, false, true), "Ctrl+Shift+Enter");
        assert_eq!(written("ç", false, true, false), "Alt+Ç");
    }

    #[test]
    fn no_key_of_the_table_means_two_things_at_a_place() {
        let mut names = HashSet::new();
        for one in TABLE {
            assert!(names.insert(one.name), "{} twice", one.name);
            let rival = TABLE.iter().find(|other| {
                let meet = other.place == one.place || other.place == Place::Everywhere;
                other.name != one.name && meet && other.keys == one.keys
            });
            assert!(rival.is_none(), "{}: {rival:?}", one.name);
        }
    }
}
