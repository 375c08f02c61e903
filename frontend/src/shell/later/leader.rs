//! The second of two strokes: the letters, and the hint that shows them.

use std::{collections::HashSet, time::Duration};

use conexao_domain::kernel::value::fold;
use leptos::{ev, leptos_dom::helpers::set_timeout, prelude::*};

use super::Frame;
use crate::{
    i18n,
    screen::Screen,
    shell::{
        keymap::{Leader, stroke},
        menu,
    },
    state::app,
    t,
    ui::icon::icon,
};

/// After this the kind of record shown is made without a second stroke.
const SHORT: Duration = Duration::from_millis(900);

/// Somewhere a letter leads.
#[derive(Clone)]
pub struct Goal {
    pub letter: char,
    pub label: String,
    pub art: &'static str,
    pub screen: Screen,
}

/// Where the second stroke may lead this person.
pub fn goals(leader: Leader) -> Vec<Goal> {
    let places: Vec<(String, &'static str, Screen)> = match leader {
        Leader::Go => {
            let own = [
                (t!("home.name"), "layout-dashboard", Screen::Home),
                (t!("jobs.name"), "list-checks", Screen::Jobs),
                (t!("notices.title"), "bell", Screen::Notifications),
            ];
            let lists = menu::visible().map(|r| (i18n::resources(r), r.icon, Screen::List(r)));
            let more = menu::entries().into_iter().map(|entry| (entry.label, entry.icon, entry.screen));
            own.into_iter().chain(lists).chain(more).collect()
        }
        Leader::New => {
            let may = menu::visible().filter(|resource| app().session.may(resource, "create"));
            may.map(|r| (i18n::resource(r), r.icon, Screen::New(r))).collect()
        }
    };
    let letters = letters(places.iter().map(|(label, ..)| label.as_str()), leader);
    let goals = places.into_iter().zip(letters);
    goals.filter_map(|((label, art, screen), letter)| Some(Goal { letter: letter?, label, art, screen })).collect()
}

/// A letter for each name, of the name where one is free.
fn letters<'a>(names: impl Iterator<Item = &'a str>, leader: Leader) -> Vec<Option<char>> {
    // Twice the same stroke makes what is shown.
    let mut taken: HashSet<char> = (leader == Leader::New).then_some('N').into_iter().collect();
    let letter = |name: &str| {
        let own: Vec<char> = fold(name).to_uppercase().chars().filter(char::is_ascii_alphabetic).collect();
        let found = own.into_iter().chain('A'..='Z').chain('1'..='9').find(|letter| !taken.contains(letter));
        taken.extend(found);
        found
    };
    names.map(letter).collect()
}

/// The hint, while a second stroke is awaited.
pub fn hint(frame: Frame) -> AnyView {
    let shown = move || app().keys.leader.get().map(|leader| waiting(frame, leader));
    shown.into_any()
}

fn waiting(frame: Frame, leader: Leader) -> AnyView {
    let goals = goals(leader);
    let here =
        frame.screen.get_untracked().resource().filter(|r| leader == Leader::New && app().session.may(r, "create"));
    let here = here.map(Screen::New);
    let end = || app().keys.leader.set(None);
    let make = {
        let here = here.clone();
        move || {
            end();
            if let Some(screen) = &here {
                app().nav.to(&screen.path());
            }
        }
    };
    if here.is_some() {
        let make = make.clone();
        let alive = RwSignal::new(());
        let due = move || {
            if alive.try_get_untracked().is_some() {
                make();
            }
        };
        set_timeout(due, SHORT);
    }
    let targets = goals.clone();
    let listener = window_event_listener(ev::keydown, move |event| {
        let Some(second) = stroke(&event) else { return };
        event.prevent_default();
        let goal = targets.iter().find(|goal| goal.letter.to_string() == second);
        match goal {
            Some(goal) => {
                end();
                app().nav.to(&goal.screen.path());
            }
            None if second == "N" && leader == Leader::New => make(),
            None => end(),
        }
    });
    let outside = window_event_listener(ev::pointerdown, move |_| end());
    on_cleanup(move || {
        listener.remove();
        outside.remove();
    });
    let title = if leader == Leader::Go { t!("leader.go") } else { t!("leader.new") };
    let now = here.is_some().then(|| view! { <p class="hint px-2.5 pt-1">{t!("leader.wait")}</p> });
    view! {
        <div class="pop fixed inset-x-4 bottom-5 z-50 mx-auto max-h-[60vh] w-fit max-w-200 overflow-y-auto p-3" role="status" tabindex="0" aria-label=title.clone()>
            <p class="px-2.5 pb-1.5 text-xs font-medium text-ink-2">{title.clone()}</p>
            <ul class="columns-1 gap-x-2 sm:columns-2 lg:columns-3">{goals.into_iter().map(row).collect_view()}</ul>
            {now}
        </div>
    }
    .into_any()
}

fn row(goal: Goal) -> AnyView {
    view! {
        <li class="flex h-8 break-inside-avoid items-center gap-2.5 px-2.5 text-sm">
            <kbd class="kbd">{goal.letter.to_string()}</kbd> {icon(goal.art, "i i-sm text-ink-2")} <span class="truncate">{goal.label}</span>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_gets_a_letter_of_its_own() {
        let of =
            |names: &[&str], leader| letters(names.iter().copied(), leader).into_iter().flatten().collect::<String>();
        assert_eq!(of(&["Início", "Clientes", "Convites", "Índices"], Leader::Go), "ICON");
        assert_eq!(of(&["Nota"], Leader::New), "O", "the first stroke again is taken");
        let many = vec!["A"; 40];
        assert_eq!(of(&many, Leader::Go).len(), 35);
    }
}
