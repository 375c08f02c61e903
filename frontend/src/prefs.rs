//! How somebody likes the screen: language, theme, density, menu. Kept in this
//! browser; language and theme also on the server (`/me`).

use conexao_domain::locale::Locale;
use leptos::{prelude::*, task::spawn_local};

use crate::i18n::english;

/// Follows the system unless the person chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn parse(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Prefs {
    pub locale: RwSignal<Locale>,
    pub theme: RwSignal<Theme>,
    /// Rows of 34 px instead of 44 px.
    pub compact: RwSignal<bool>,
    /// The sidebar as a strip of icons.
    pub rail: RwSignal<bool>,
}

const LOCALE: &str = "conexao.locale";
const THEME: &str = "conexao.theme";
const COMPACT: &str = "conexao.compact";
const RAIL: &str = "conexao.rail";

/// What this browser keeps under a key; nothing when storage is blocked.
pub fn recall(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a value in this browser; a blocked storage is not an error.
pub fn remember(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}

/// Takes a value out of this browser.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// The keys under which this browser keeps something that begin so.
pub fn kept(beginning: &str) -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or_default()).filter_map(|at| storage.key(at).ok().flatten());
    keys.filter(|key| key.starts_with(beginning)).collect()
}

/// Begins the keys of what is about the person: it goes when they leave.
pub const OWN: &str = "conexao.own.";

/// Takes out everything that is about the person.
pub fn forget_own() {
    for key in kept(OWN) {
        forget(&key);
    }
}

/// Whether this browser keeps things and does not have this one.
pub fn is_new_browser(key: &str) -> bool {
    storage().is_some() && recall(key).is_none()
}

#[cfg(target_arch = "wasm32")]
fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// There is no browser in native tests.
#[cfg(not(target_arch = "wasm32"))]
fn storage() -> Option<web_sys::Storage> {
    None
}

impl Prefs {
    /// As this browser remembers them.
    pub fn stored() -> Self {
        let flag = |key| recall(key).as_deref() == Some("true");
        Self {
            locale: RwSignal::new(Self::remembered()),
            theme: RwSignal::new(Theme::parse(&recall(THEME).unwrap_or_default())),
            compact: RwSignal::new(flag(COMPACT)),
            rail: RwSignal::new(flag(RAIL)),
        }
    }

    /// The language, untracked: a change of language draws everything anew.
    pub fn locale_now(self) -> Locale {
        self.locale.get_untracked()
    }

    /// Writes language and theme on the document, as `theme.js` did before the first paint.
    pub fn apply(self) {
        let Some(root) = document().document_element() else { return };
        let _ = root.set_attribute("lang", self.locale.get_untracked().tag());
        let name = if self.is_dark() { "conexao-dark" } else { "conexao" };
        let _ = root.set_attribute("data-theme", name);
    }

    /// Whether the screen is dark now; the system decides unless the person did.
    pub fn is_dark(self) -> bool {
        match self.theme.get_untracked() {
            Theme::Light => false,
            Theme::Dark => true,
            Theme::System => system_is_dark(),
        }
    }

    /// Tracks the theme and says whether it is dark.
    pub fn dark(self) -> bool {
        self.theme.track();
        self.is_dark()
    }

    pub fn set_theme(self, theme: Theme) {
        remember(THEME, theme.name());
        self.theme.set(theme);
        self.apply();
    }

    /// Keeps a language for the next start.
    pub fn remember_locale(locale: Locale) {
        remember(LOCALE, locale.tag());
    }

    /// Speaks the language of whoever came in. The application starts anew when
    /// it is another: changed texts would take views away from under their events.
    pub fn set_locale(self, locale: Locale) {
        remember(LOCALE, locale.tag());
        if self.locale.get_untracked() == locale {
            return;
        }
        spawn_local(async move {
            // Meanwhile the person may have changed their mind, and without the
            // texts a new start would end where it began.
            let there = locale == Locale::PtBr || english::fetch().await;
            if there && Self::remembered() == locale {
                let _ = window().location().reload();
            }
        });
    }

    /// The language this browser remembers.
    pub fn remembered() -> Locale {
        Locale::negotiate(&recall(LOCALE).unwrap_or_default())
    }

    pub fn set_compact(self, compact: bool) {
        remember(COMPACT, if compact { "true" } else { "false" });
        self.compact.set(compact);
    }

    pub fn set_rail(self, rail: bool) {
        remember(RAIL, if rail { "true" } else { "false" });
        self.rail.set(rail);
    }
}

fn system_is_dark() -> bool {
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    query.is_some_and(|query| query.matches())
}
