//! The person's own menu: profile, language, theme, density, leaving.

use conexao_domain::locale::Locale;
use leptos::{prelude::*, task::spawn_local};

use super::{Frame, Over, clock};
use crate::{
    api::auth,
    outbox,
    prefs::{Prefs, Theme},
    screen::Screen,
    state::app,
    t,
    ui::{
        avatar::face,
        icon::icon,
        popover::{Item, Trigger, menu},
        toast,
    },
};

/// Applies a theme here and keeps it on the server.
pub fn choose_theme(theme: Theme) {
    app().prefs.set_theme(theme);
    keep("theme", theme.name());
}

/// Keeps a language on the server and starts anew in it: every text on the
/// screen changes, also those of views that are about to close.
pub fn choose_locale(locale: Locale) {
    spawn_local(async move {
        match auth::save("locale", locale.tag()).await {
            Ok(_) => {
                Prefs::remember_locale(locale);
                let _ = window().location().reload();
            }
            Err(failure) => toast::fail(&failure),
        }
    });
}

/// Applies a density of lists here and keeps it on the server.
pub fn choose_density(compact: bool) {
    app().prefs.set_compact(compact);
    keep("density", if compact { "compact" } else { "comfortable" });
}

fn keep(field: &'static str, value: &'static str) {
    spawn_local(async move {
        match auth::save(field, value).await {
            Ok(me) => app().session.set_me(me),
            Err(failure) => toast::fail(&failure),
        }
    });
}

/// The button with the person's name and its menu.
pub fn account(frame: Frame) -> AnyView {
    let shown = move || {
        let me = app().session.me()?;
        let name = me.user.name.clone();
        let role = me.roles.first().map(|role| role.name.clone()).unwrap_or_default();
        let inside = view! {
            {face(Some(&me.user.id), &name, "ava-md")}
            <span class="hidden text-left xl:block">
                <span class="block text-sm font-medium leading-4">{name.clone()}</span>
                <span class="block text-xs leading-4 text-ink-3">{role}</span>
            </span>
            {icon("chevron-down", "i i-sm hidden text-ink-3 xl:block")}
        };
        let trigger = Trigger {
            class: "ml-1 flex items-center gap-2 rounded-lg p-0.5 lg:pr-1.5 hover:bg-hover",
            label: Some(t!("account.of", name = name)),
            inside: inside.into_any(),
        };
        Some(menu(trigger, "right-0 top-10 w-60", move || items(frame)))
    };
    shown.into_any()
}

fn items(frame: Frame) -> Vec<Item> {
    let locale = app().prefs.locale_now();
    let theme = app().prefs.theme.get_untracked();
    let languages = [(Locale::PtBr, "Português"), (Locale::En, "English")];
    let themes =
        [(Theme::System, t!("theme.system")), (Theme::Light, t!("theme.light")), (Theme::Dark, t!("theme.dark"))];
    let mut items = vec![Item::new("user-round", t!("profile.name"), || app().nav.to(&Screen::Profile.path()))];
    items.extend(
        languages
            .map(|(one, name)| Item::new("check", name.to_owned(), move || choose_locale(one)).chosen(one == locale)),
    );
    items.extend(themes.map(|(one, name)| Item::new("check", name, move || choose_theme(one)).chosen(one == theme)));
    let compact = app().prefs.compact.get_untracked();
    let densities = [(false, t!("density.comfortable")), (true, t!("density.compact"))];
    items.extend(
        densities.map(|(one, name)| Item::new("check", name, move || choose_density(one)).chosen(one == compact)),
    );
    if clock::may_move() {
        items.push(Item::new("clock", t!("clock.move"), move || frame.over.set(Over::Clock)));
    }
    items.push(Item::new("keyboard", t!("shortcuts.title"), move || frame.over.set(Over::Shortcuts)));
    if document().document_element().is_some_and(|root| root.has_attribute("data-install")) {
        items.push(Item::new("download", t!("install.name"), move || frame.over.set(Over::Install)));
    }
    items.push(Item::new("power", t!("account.leave"), outbox::leave));
    items
}
