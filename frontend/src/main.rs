//! Conexão in the browser: one shell, generic pages drawn from the same
//! declarations the server reads, and a few screens made by hand.

#![expect(clippy::needless_pass_by_value, reason = "views own what they draw")]

mod api;
mod app;
mod custom;
mod format;
mod i18n;
mod nav;
mod outbox;
mod part;
mod prefs;
mod resource;
mod screen;
mod session;
mod shell;
mod state;
mod ui;

use conexao_domain::locale::Locale;
use leptos::prelude::document;
use wasm_bindgen_futures::spawn_local;

use crate::prefs::Prefs;

fn main() {
    console_error_panic_hook::set_once();
    if Prefs::remembered() == Locale::PtBr {
        begin();
    } else {
        spawn_local(async {
            // Without them the screens are in Portuguese.
            if !i18n::english::fetch().await {
                Prefs::remember_locale(Locale::PtBr);
            }
            begin();
        });
    }
}

fn begin() {
    // Before anything mounts, so that the shared signals belong to no component.
    let app = state::app();
    app.prefs.apply();
    leptos::mount::mount_to_body(app::App);
    if let Some(splash) = document().get_element_by_id("boot") {
        splash.remove();
    }
}
