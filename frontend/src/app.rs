//! The root: the router, the guard and which screen the address shows.

use leptos::prelude::*;
use leptos_router::{
    WildcardSegment,
    components::{FlatRoutes, Route, Router},
    hooks::{use_location, use_navigate},
};

use crate::{
    api::Params,
    custom, part,
    screen::Screen,
    session::Phase,
    shell,
    state::app,
    ui::{fresh::fresh, icon::logo, toast},
};

/// The application.
#[component]
pub fn App() -> impl IntoView {
    app().session.start();
    view! {
        <Router>
            <FlatRoutes fallback=|| ()>
                <Route path=WildcardSegment("path") view=Root />
            </FlatRoutes>
        </Router>
        {toast::place()}
    }
}

/// One route for all addresses: [`Screen`] reads them, so that nothing is
/// compiled once per route.
#[component]
fn Root() -> impl IntoView {
    let location = use_location();
    let path = location.pathname;
    app().nav.install(use_navigate(), location);
    let screen = Memo::new(move |_| Screen::parse(&path.get()));
    guard(screen);
    let phase = app().session.phase;
    // Language and phase draw everything anew; a screen alone keeps the shell.
    // A page for people who cannot come in yet is the same for those who are in.
    let door = Memo::new(move |_| Some(screen.get()).filter(Screen::is_door));
    let enrolling = Memo::new(move |_| app().session.me().is_some_and(|me| me.must_enrol));
    let key = move || {
        let outside = matches!(phase.get(), Phase::Starting | Phase::Guest);
        let door = door.get().map(|screen| screen.path());
        (phase.get() == Phase::Starting, outside, app().prefs.locale.get().tag(), door, enrolling.get())
    };
    fresh(key, move |(starting, outside, _, door, enrolling)| match (starting, outside) {
        (true, _) => splash(),
        _ if door.is_some() => part::screen(&screen.get_untracked()),
        (_, true) => custom::login::page(),
        _ if enrolling => part::enrolment(),
        _ => shell::frame(screen),
    })
}

/// The splash of the page, until it is known who is there.
fn splash() -> AnyView {
    view! { <main class="boot" aria-busy="true">{logo("boot-mark")}</main> }.into_any()
}

/// Sends guests to the login with the wanted address, and those who are in to it.
fn guard(screen: Memo<Screen>) {
    let phase = app().session.phase;
    Effect::new(move || {
        let at_login = screen.get() == Screen::Login;
        match (phase.get(), at_login) {
            _ if screen.get().is_door() => {}
            (Phase::Guest, false) => {
                let wanted = Params::default().with(WANTED, &app().nav.address());
                app().nav.replace(&format!("/entrar?{}", wanted.text()));
            }
            (Phase::Inside, true) => app().nav.replace(&wanted()),
            _ => {}
        }
    });
    Effect::new(move |before: Option<()>| {
        drop(screen.read());
        if before.is_some() {
            app().nav.mark_moved();
        }
    });
}

/// Query parameter of the login: where to go afterwards.
const WANTED: &str = "para";

/// The address wanted before the login; only inside this application.
fn wanted() -> String {
    let params = Params::parse(&untrack(|| app().nav.search()));
    let path = params.get(WANTED).filter(|p| p.starts_with('/') && !p.starts_with("//") && !p.contains('\\'));
    path.unwrap_or("/").to_owned()
}
