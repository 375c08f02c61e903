//! Words people read, by key, in Portuguese and English. Screens add their own
//! texts; names of things, states, steps and problems live here, because the
//! server writes them too.

use std::{collections::HashMap, sync::OnceLock};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    #[default]
    PtBr,
    En,
}

impl Locale {
    pub const ALL: &'static [Self] = &[Self::PtBr, Self::En];

    /// BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::PtBr => "pt-BR",
            Self::En => "en",
        }
    }

    /// The better of our languages for an `Accept-Language` header.
    pub fn negotiate(header: &str) -> Self {
        let first = header.split(',').next().unwrap_or_default().trim();
        if first.to_ascii_lowercase().starts_with("en") { Self::En } else { Self::PtBr }
    }

    fn source(self) -> &'static str {
        match self {
            Self::PtBr => include_str!("../locales/pt-BR.json"),
            Self::En => english::source(),
        }
    }

    fn table(self) -> &'static HashMap<String, String> {
        static TABLES: [OnceLock<HashMap<String, String>>; 2] = [OnceLock::new(), OnceLock::new()];
        let [pt, en] = &TABLES;
        let cell = if self == Self::PtBr { pt } else { en };
        cell.get_or_init(|| serde_json::from_str(self.source()).unwrap_or_default())
    }
}

/// The English texts, for whoever carries them.
pub const ENGLISH: &str = include_str!("../locales/en.json");

#[cfg(not(target_arch = "wasm32"))]
mod english {
    pub fn source() -> &'static str {
        super::ENGLISH
    }
}

/// A browser fetches English when somebody reads it, and says so with `supply`
/// before it shows the first text of it.
#[cfg(target_arch = "wasm32")]
pub mod english {
    use std::sync::OnceLock;

    static SUPPLIED: OnceLock<&str> = OnceLock::new();

    pub(super) fn source() -> &'static str {
        SUPPLIED.get().copied().unwrap_or("{}")
    }

    /// Gives the texts, usually [`super::ENGLISH`].
    pub fn supply(texts: &'static str) {
        let _ = SUPPLIED.set(texts);
    }
}

/// The text for a key, `None` when nobody wrote it.
pub fn find(locale: Locale, key: &str) -> Option<&'static str> {
    locale.table().get(key).map(String::as_str)
}

/// The text for a key; the key itself when nobody wrote it (a test forbids that).
pub fn text(locale: Locale, key: &str) -> String {
    find(locale, key).map_or_else(|| key.to_owned(), str::to_owned)
}

/// Label of a field: its own (`field.customer.name`), else the shared one (`field.name`).
pub fn field(locale: Locale, owner: &str, field: &str) -> String {
    let own = find(locale, &format!("field.{owner}.{field}"));
    own.map_or_else(|| text(locale, &format!("field.{field}")), str::to_owned)
}

/// Label of a choice: its own, else the shared one.
pub fn choice(locale: Locale, owner: &str, field: &str, value: &str) -> String {
    let own = find(locale, &format!("choice.{owner}.{field}.{value}"));
    own.map_or_else(|| text(locale, &format!("choice.{field}.{value}")), str::to_owned)
}

/// Label of a state or step: its own, else the shared one. `what` is `state` or `step`.
pub fn flow(locale: Locale, what: &str, resource: &str, name: &str) -> String {
    let own = find(locale, &format!("{what}.{resource}.{name}"));
    own.map_or_else(|| text(locale, &format!("{what}.{name}")), str::to_owned)
}

#[cfg(test)]
mod tests;
