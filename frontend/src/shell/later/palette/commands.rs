//! What works everywhere: looks, language, leaving.

use conexao_domain::locale::Locale;
use leptos::prelude::*;

use super::model::Hit;
use crate::{
    i18n, outbox,
    prefs::Theme,
    screen::Screen,
    shell::{Frame, Over, choose_density, choose_locale, choose_theme, keymap::keys_of, later::clipboard, menu},
    state::app,
    t,
};

/// All commands, under one heading.
pub fn all(frame: Frame) -> Vec<Hit> {
    let compact = app().prefs.compact.get_untracked();
    let theme = app().prefs.theme.get_untracked();
    let locale = app().prefs.locale_now();
    let over = |over| move || frame.over.set(over);
    let mut all = vec![
        command("link", t!("command.link"), "link-2", || {
            let origin = window().location().origin().unwrap_or_default();
            clipboard::copy(format!("{origin}{}", app().nav.address()));
        }),
        with_keys("shortcuts", command("shortcuts", t!("shortcuts.title"), "keyboard", over(Over::Shortcuts))),
        command("notices", t!("notices.title"), "bell", over(Over::Notices)),
        with_keys(
            "menu",
            command("menu", t!("command.menu"), "panel-left-close", || {
                app().prefs.set_rail(!app().prefs.rail.get_untracked());
            }),
        ),
        command(
            "density",
            if compact { t!("command.comfortable") } else { t!("command.compact") },
            "rows-4",
            move || {
                choose_density(!compact);
            },
        ),
    ];
    let themes = [
        (Theme::Light, "theme.light", t!("command.light"), "sun"),
        (Theme::Dark, "theme.dark", t!("command.dark"), "moon"),
        (Theme::System, "theme.system", t!("command.system"), "settings-2"),
    ];
    let themes = themes.into_iter().filter(|(one, ..)| *one != theme);
    all.extend(themes.map(|(one, name, title, art)| command(name, title, art, move || choose_theme(one))));
    let languages = [(Locale::PtBr, "pt", "Português"), (Locale::En, "en", "English")];
    let languages = languages.into_iter().filter(|(one, ..)| *one != locale);
    all.extend(languages.map(|(one, name, title)| {
        command(name, t!("command.language", name = title), "message-square", move || choose_locale(one))
    }));
    if outbox::Outbox::holds() {
        all.push(command("outbox", t!("outbox.title"), "cloud-off", over(Over::Outbox)));
    }
    if document().document_element().is_some_and(|root| root.has_attribute("data-install")) {
        all.push(command("install", t!("install.name"), "download", over(Over::Install)));
    }
    all.push(command("leave", t!("account.leave"), "power", outbox::leave));
    all
}

fn command(name: &'static str, title: String, art: &str, act: impl Fn() + Send + Sync + 'static) -> Hit {
    Hit { command: name, ..Hit::run(t!("palette.commands"), title, art, act) }
}

fn with_keys(name: &str, hit: Hit) -> Hit {
    Hit { keys: untrack(|| keys_of(name)), ..hit }
}

/// Places to go and things to make.
pub fn places() -> Vec<Hit> {
    let go = |title: String, screen: &Screen, art: &str| Hit::open(t!("palette.go"), title, screen.path(), art);
    let lists = menu::visible().map(|r| go(i18n::resources(r), &Screen::List(r), r.icon));
    let fixed = [
        go(t!("home.name"), &Screen::Home, "layout-dashboard"),
        go(t!("jobs.name"), &Screen::Jobs, "list-checks"),
        go(t!("notices.title"), &Screen::Notifications, "bell"),
        go(t!("profile.name"), &Screen::Profile, "user-round"),
    ];
    let more = menu::entries().into_iter().map(|entry| go(entry.label, &entry.screen, entry.icon));
    lists.chain(fixed).chain(more).collect()
}

/// Things to make.
pub fn news() -> Vec<Hit> {
    let may = menu::visible().filter(|resource| app().session.may(resource, "create"));
    may.map(|r| Hit::open(t!("palette.create"), i18n::new_resource(r), Screen::New(r).path(), "plus")).collect()
}
