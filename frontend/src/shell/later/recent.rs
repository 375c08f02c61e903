//! What this person opened and did last, kept in this browser until they leave.

use serde::{Deserialize, Serialize};

use crate::{
    prefs::{OWN, forget, kept, recall, remember},
    state::app,
};

/// More is not remembered.
const LONGEST: usize = 12;

/// A record that was opened, or a command by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// The address of a record; empty for a command.
    #[serde(default)]
    pub path: String,
    /// The name of a command; empty for a record.
    #[serde(default)]
    pub command: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub subtitle: Option<String>,
    #[serde(default)]
    pub art: String,
}

fn key() -> String {
    format!("{OWN}recent.{}", app().session.user_id())
}

/// The last ones, newest first.
pub fn all() -> Vec<Recent> {
    recall(&key()).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// Remembers one.
fn add(recent: Recent) {
    let all = first(all(), recent);
    if let Ok(text) = serde_json::to_string(&all) {
        remember(&key(), &text);
    }
}

/// A list with something in the first place, once.
fn first(mut all: Vec<Recent>, recent: Recent) -> Vec<Recent> {
    all.retain(|other| other.path != recent.path || other.command != recent.command);
    all.insert(0, recent);
    all.truncate(LONGEST);
    all
}

/// A record was opened.
pub fn note(path: String, title: String, subtitle: Option<String>, art: &str) {
    if app().session.is_inside() && !title.is_empty() {
        add(Recent { path, command: String::new(), title, subtitle, art: art.to_owned() });
    }
}

/// A command was run.
pub fn ran(command: &str) {
    add(Recent {
        path: String::new(),
        command: command.to_owned(),
        title: String::new(),
        subtitle: None,
        art: String::new(),
    });
}

/// Takes out what others left in this browser.
pub fn sweep() {
    let mine = key();
    let others = kept(&format!("{OWN}recent."));
    for other in others.into_iter().filter(|key| *key != mine) {
        forget(&other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(path: &str) -> Recent {
        Recent {
            path: path.to_owned(),
            command: String::new(),
            title: path.to_owned(),
            subtitle: None,
            art: String::new(),
        }
    }

    #[test]
    fn the_last_one_is_first_and_there_once() {
        let all = ["/a", "/b", "/a"].into_iter().fold(Vec::new(), |all, path| first(all, record(path)));
        assert_eq!(all.iter().map(|recent| recent.path.as_str()).collect::<Vec<_>>(), ["/a", "/b"]);
        let many = (0..30).fold(Vec::new(), |all, n| first(all, record(&format!("/{n}"))));
        assert_eq!(many.len(), LONGEST);
        assert_eq!(many.first().map(|recent| recent.path.as_str()), Some("/29"));
    }
}
