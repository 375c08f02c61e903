//! Unicode's tables: a crate's on the server, the browser's own in a browser.

#[cfg(not(target_arch = "wasm32"))]
pub(super) use native::{decompose, without_marks};
#[cfg(target_arch = "wasm32")]
pub(super) use web::{decompose, without_marks};

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

    /// Letters and their accents apart, compatibility forms replaced (NFKD).
    pub fn decompose(text: &str) -> String {
        text.nfkd().collect()
    }

    /// Without the accents that stand apart.
    pub fn without_marks(text: &str) -> String {
        text.chars().filter(|c| !is_combining_mark(*c)).collect()
    }
}

#[cfg(target_arch = "wasm32")]
mod web {
    use js_sys::{JsString, RegExp};

    /// Letters and their accents apart, compatibility forms replaced (NFKD).
    pub fn decompose(text: &str) -> String {
        String::from(JsString::from(text).normalize("NFKD"))
    }

    /// Without the accents that stand apart.
    pub fn without_marks(text: &str) -> String {
        String::from(JsString::from(text).replace_by_pattern(&RegExp::new(r"\p{M}", "gu"), ""))
    }
}
