//! English, which is fetched when somebody reads it; Portuguese is there from the start.

/// The texts of the screens.
const TEXTS: &str = include_str!("../../locales/en.json");

#[cfg(target_arch = "wasm32")]
pub use web::{fetch, source};

#[cfg(not(target_arch = "wasm32"))]
pub fn source() -> &'static str {
    TEXTS
}

/// Nothing is fetched in native tests.
#[cfg(not(target_arch = "wasm32"))]
pub async fn fetch() -> bool {
    true
}

#[cfg(target_arch = "wasm32")]
mod web {
    #![expect(clippy::unnecessary_wraps, reason = "a fetched function fails where it is called")]

    use std::sync::OnceLock;

    use conexao_domain::locale;
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    use super::TEXTS;

    static SUPPLIED: OnceLock<&str> = OnceLock::new();

    pub fn source() -> &'static str {
        SUPPLIED.get().copied().unwrap_or("{}")
    }

    /// Fetches the texts and says whether they came.
    pub async fn fetch() -> bool {
        let Ok((screens, domain)) = texts().await else { return false };
        let _ = SUPPLIED.set(screens);
        locale::english::supply(domain);
        true
    }

    #[wasm_split(english, fallible)]
    fn texts() -> Result<(&'static str, &'static str), SplitLoaderError> {
        Ok((TEXTS, locale::ENGLISH))
    }
}
