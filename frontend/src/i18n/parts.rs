//! The texts of what is fetched later, in Portuguese: those that the first
//! load needs are in `pt-BR.json`. English comes whole.

#![cfg_attr(
    target_arch = "wasm32",
    expect(clippy::unnecessary_wraps, reason = "a fetched function fails where it is called")
)]

use std::sync::OnceLock;

use super::Table;

/// The texts.
const TEXTS: &str = include_str!("../../locales/pt-BR.parts.json");

static TABLE: OnceLock<Table> = OnceLock::new();

/// The text of a key, once they came.
pub fn text(key: &str) -> Option<String> {
    #[cfg(not(target_arch = "wasm32"))]
    supply(TEXTS);
    TABLE.get()?.get(key).cloned()
}

fn supply(source: &str) {
    TABLE.get_or_init(|| serde_json::from_str(source).unwrap_or_default());
}

#[cfg(target_arch = "wasm32")]
pub use web::fetch;

#[cfg(target_arch = "wasm32")]
mod web {
    use conexao_domain::locale::Locale;
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    use super::{TABLE, TEXTS, supply};
    use crate::i18n::locale;

    /// Fetches the texts, where they are not here and somebody reads them.
    pub async fn fetch() -> Result<(), SplitLoaderError> {
        if locale() == Locale::PtBr && TABLE.get().is_none() {
            supply(texts().await?);
        }
        Ok(())
    }

    #[wasm_split(texts, fallible)]
    fn texts() -> Result<&'static str, SplitLoaderError> {
        Ok(TEXTS)
    }
}

/// Nothing is fetched in native tests.
#[cfg(not(target_arch = "wasm32"))]
pub async fn fetch() -> Result<(), wasm_split_helpers::SplitLoaderError> {
    Ok(())
}
