//! Copying a text, and saying so.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use crate::{t, ui::toast};

/// Puts a text where it can be pasted from.
pub fn copy(text: String) {
    spawn_local(async move {
        match JsFuture::from(window().navigator().clipboard().write_text(&text)).await {
            Ok(_) => toast::say(t!("copied")),
            Err(_) => toast::warn(t!("copy_failed")),
        }
    });
}
