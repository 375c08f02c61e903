//! The frame around every screen: menu, top bar, what lies over the page.

mod account;
mod acts;
mod brand;
mod clock;
mod clock_dialog;
mod jobs;
pub mod keymap;
mod keys;
pub mod later;
mod lock;
pub mod menu;
pub mod notices;
mod sidebar;
mod tabbar;
mod topbar;

use std::time::Duration;

pub use account::{choose_density, choose_locale, choose_theme};
pub use acts::{Acts, Source};
pub use brand::logo_picture;
pub use jobs::{download as download_job, undo as undo_job};
pub use keymap::Keymap;
use leptos::{leptos_dom::helpers::set_timeout, prelude::*};
pub use lock::ask as ask_again;

use crate::{
    outbox,
    part::{self, Tool},
    screen::Screen,
    state::app,
    t,
    ui::fresh::fresh,
};

/// When what nobody waits for is fetched: the first screen has come by then.
const LATER: Duration = Duration::from_millis(2500);

/// What is open over the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    Nothing,
    Palette,
    Notices,
    Shortcuts,
    Clock,
    /// What was written without a network.
    Outbox,
    /// How to have the application beside others.
    Install,
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
                {when_quiet(frame)}
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

/// What stands by: nobody needs it before the first screen is there.
fn when_quiet(frame: Frame) -> AnyView {
    let due = RwSignal::new(false);
    let wake = move || {
        due.try_set(true);
    };
    set_timeout(wake, LATER);
    // Once there it stays: what it was told must not be lost with it.
    let due = Memo::new(move |there: Option<&bool>| {
        there == Some(&true)
            || due.get()
            || app().live.lost.read().is_some()
            || app().keys.leader.get().is_some()
            || app().outbox.leaving.get()
    });
    let shown = move || due.get().then(|| part::aside(Tool::Later(frame)));
    shown.into_any()
}

fn opened(frame: Frame) -> Option<AnyView> {
    (frame.over.get() != Over::Nothing).then(|| part::tool(Tool::Over(frame)))
}

/// What is open over the page.
pub fn over(frame: Frame) -> AnyView {
    match frame.over.get_untracked() {
        Over::Nothing => ().into_any(),
        Over::Palette => later::palette(frame),
        Over::Notices => notices::drawer(frame),
        Over::Shortcuts => later::shortcuts(frame),
        Over::Outbox => outbox::sheet(frame),
        Over::Install => later::install(frame),
        Over::Clock => clock_dialog::clock_dialog(frame),
    }
}
