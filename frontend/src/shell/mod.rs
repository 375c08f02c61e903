//! The frame around every screen: menu, top bar, what lies over the page.

mod account;
mod brand;
mod clock;
mod clock_dialog;
mod jobs;
mod keys;
mod lock;
pub mod menu;
pub mod notices;
mod palette;
mod shortcuts;
mod sidebar;
mod tabbar;
mod topbar;

pub use account::{choose_density, choose_locale, choose_theme};
pub use brand::logo_picture;
pub use jobs::{download as download_job, undo as undo_job};
use leptos::prelude::*;
pub use lock::ask as ask_again;

use crate::{
    part::{self, Tool},
    screen::Screen,
    state::app,
    t,
    ui::fresh::fresh,
};

/// What is open over the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    Nothing,
    Palette,
    Notices,
    Shortcuts,
    Clock,
}

/// What the parts of the frame share.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    pub screen: Memo<Screen>,
    pub over: RwSignal<Over>,
    /// The menu as a drawer, below 1024 px.
    pub drawer: RwSignal<bool>,
}

impl Frame {
    fn close(self) {
        self.over.set(Over::Nothing);
    }
}

/// The shell with the present screen inside.
pub fn frame(screen: Memo<Screen>) -> AnyView {
    let frame = Frame { screen, over: RwSignal::new(Over::Nothing), drawer: RwSignal::new(false) };
    app().live.start();
    jobs::watch();
    menu::watch_counts();
    keys::listen(frame);
    part::foresee();
    brand::dress();
    Effect::new(move || {
        drop(screen.read());
        frame.drawer.set(false);
        frame.close();
    });
    let rail = move || app().prefs.rail.get();
    view! {
        <a class="skip" href="#conteudo" on:click=skip>{t!("shell.skip")}</a>
        <input type="checkbox" id="nav-open" hidden prop:checked=frame.drawer />
        <div class="app" class:is-rail=rail>
            {sidebar::sidebar(frame)}
            <div class="app-main">
                {topbar::topbar(frame)}
                {clock::banner(frame)}
                <main id="conteudo" class="page" tabindex="-1">
                    {fresh(move || screen.get().path(), |path| part::screen(&Screen::parse(&path)))}
                </main>
            </div>
        </div>
        <div class="nav-scrim" on:click=move |_| frame.drawer.set(false)></div>
        {tabbar::tabbar(frame)}
        {move || opened(frame)}
        {lock::lock()}
    }
    .into_any()
}

/// Moves the focus to the content without changing the address.
fn skip(event: leptos::ev::MouseEvent) {
    event.prevent_default();
    if let Some(content) = document().get_element_by_id("conteudo") {
        crate::ui::focus::give(wasm_bindgen::JsCast::dyn_into(content).ok());
    }
}

fn opened(frame: Frame) -> Option<AnyView> {
    (frame.over.get() != Over::Nothing).then(|| part::tool(Tool::Over(frame)))
}

/// What is open over the page.
pub fn over(frame: Frame) -> AnyView {
    match frame.over.get_untracked() {
        Over::Nothing => ().into_any(),
        Over::Palette => palette::palette(frame),
        Over::Notices => notices::drawer(frame),
        Over::Shortcuts => shortcuts::shortcuts(frame),
        Over::Clock => clock_dialog::clock_dialog(frame),
    }
}
