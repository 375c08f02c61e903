//! What is known without asking the server, in the order it is shown.

use std::sync::Arc;

use super::{
    commands,
    model::{Hit, Mode, Only, Wanted},
};
use crate::{
    resource::list,
    shell::{
        Frame, Source,
        later::recent::{self, Recent},
    },
    state::app,
    t,
    ui::popover::Item,
};

/// Recent ones shown before anything is typed.
const RECENT: usize = 6;

/// Acts of the page shown before anything is typed.
const ACTS: usize = 6;

/// The lines for what was typed.
pub fn lines(frame: Frame, wanted: &Wanted, only: Only) -> Vec<Hit> {
    let typed = !wanted.words.is_empty();
    let acts = acts();
    let lines: Vec<Hit> = match (wanted.mode, only) {
        (Mode::Number, _) | (_, Only::Kind(_)) => Vec::new(),
        (Mode::Commands, _) | (_, Only::Acts) => {
            acts.into_iter().chain(commands::news()).chain(commands::all(frame)).collect()
        }
        (_, Only::Places) => commands::places(),
        (Mode::All, Only::Everything) if typed => {
            let all = acts.into_iter().chain(commands::places()).chain(commands::news());
            all.chain(commands::all(frame)).collect()
        }
        (Mode::All, Only::Everything) => {
            let begin = acts.into_iter().filter(|act| act.reason.is_none()).take(ACTS);
            // First what only opens: Enter alone changes nothing.
            recents(frame).into_iter().chain(begin).chain(commands::places()).collect()
        }
    };
    let mut fitting: Vec<Hit> =
        lines.into_iter().filter(|hit| wanted.fits(&hit.title, hit.subtitle.as_deref())).collect();
    if typed {
        group_best_first(&mut fitting, wanted);
    }
    fitting
}

/// Within each heading, what begins with the words comes first.
fn group_best_first(hits: &mut [Hit], wanted: &Wanted) {
    let mut order: Vec<String> = Vec::new();
    for hit in hits.iter() {
        if !order.contains(&hit.group) {
            order.push(hit.group.clone());
        }
    }
    hits.sort_by_key(|hit| (order.iter().position(|group| *group == hit.group), !wanted.leads(&hit.title)));
}

/// What the page says may be done with what it shows.
fn acts() -> Vec<Hit> {
    let mut out = Vec::new();
    for source in app().acts.sources() {
        let (title, items) = match source {
            Source::List(list) => list::offers(*list),
            Source::Page(title, items) => (title, items()),
        };
        out.extend(items.into_iter().map(|item| act(&title, item)));
    }
    out
}

fn act(group: &str, item: Item) -> Hit {
    let run: Arc<dyn Fn() + Send + Sync> = Arc::from(item.act);
    let hit = Hit::run(group.to_owned(), item.label, item.icon, move || run());
    Hit { reason: item.reason, ..hit }
}

/// What this person opened and did last; the page that is open aside.
fn recents(frame: Frame) -> Vec<Hit> {
    let commands = commands::all(frame);
    let here = app().nav.path();
    let heading = t!("palette.recent");
    let line = |recent: Recent| {
        if recent.command.is_empty() {
            let art = Some(recent.art.clone()).filter(|art| !art.is_empty());
            return Some(Hit {
                subtitle: recent.subtitle,
                art,
                ..Hit::open(heading.clone(), recent.title, recent.path, "")
            });
        }
        let command = commands.iter().find(|command| command.command == recent.command)?;
        Some(Hit { group: heading.clone(), ..command.clone() })
    };
    recent::all().into_iter().filter(|recent| recent.path != here).filter_map(line).take(RECENT).collect()
}
