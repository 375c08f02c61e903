//! Conexão in the browser: one shell, generic pages drawn from the same
//! declarations the server reads, and a few screens made by hand.

#![expect(clippy::needless_pass_by_value, reason = "views own what they draw")]

mod api;
mod app;
mod custom;
mod format;
mod i18n;
mod nav;
mod part;
mod prefs;
mod resource;
mod screen;
mod session;
mod shell;
mod state;
mod ui;

fn main() {
    console_error_panic_hook::set_once();
    // Before anything mounts, so that the shared signals belong to no component.
    let app = state::app();
    app.prefs.apply();
    leptos::mount::mount_to_body(app::App);
}
