//! Records the server knows.

use std::time::Duration;

use conexao_domain::kernel::resource::Resource;
use futures_util::future::join_all;
use leptos::{leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};

use super::model::{Hit, Mode, Only, State, Wanted};
use crate::{api::records, i18n, screen::Screen, shell::menu};

/// Typing pauses this long before the server is asked.
const PAUSE: Duration = Duration::from_millis(120);

/// Lines of a kind; of one kind alone there may be more.
const FEW: usize = 6;

/// Looks for what was typed; the last question wins.
pub fn search(state: State, wanted: Wanted, only: Only) {
    let turn = state.turn.get_value().wrapping_add(1);
    state.turn.set_value(turn);
    let places = matches!(only, Only::Places | Only::Acts);
    if wanted.text.is_empty() || wanted.mode == Mode::Commands || places {
        state.found.set(Vec::new());
        state.busy.set(false);
        return;
    }
    state.busy.set(true);
    // What no longer fits goes at once, the rest stays until there is better.
    state.found.update(|found| found.retain(|hit| wanted.fits(&hit.title, hit.subtitle.as_deref())));
    let ask = move || {
        if state.turn.try_get_value() != Some(turn) {
            return;
        }
        spawn_local(async move {
            let asked = menu::visible().filter(|resource| is_wanted(resource, wanted.mode, only));
            let found = join_all(asked.map(|resource| records_of(resource, &wanted, only))).await;
            if state.turn.try_get_value() == Some(turn) {
                state.busy.set(false);
                state.found.set(found.into_iter().flatten().collect());
            }
        });
    };
    set_timeout(ask, PAUSE);
}

fn is_wanted(resource: &Resource, mode: Mode, only: Only) -> bool {
    let kind = match only {
        Only::Kind(name) => resource.name == name,
        _ => true,
    };
    // A number is something a sequence gave.
    kind && (mode != Mode::Number || !resource.counters.is_empty())
}

async fn records_of(resource: &'static Resource, wanted: &Wanted, only: Only) -> Vec<Hit> {
    let found = records::lookup(resource, &wanted.text).await.unwrap_or_default();
    let many = if matches!(only, Only::Kind(_)) { usize::MAX } else { FEW };
    let hit = |mention: records::Mention| {
        let path = Screen::Detail(resource, mention.id).path();
        let art = (resource.title != "name").then(|| resource.icon.to_owned());
        Hit { subtitle: mention.subtitle, art, ..Hit::open(i18n::resources(resource), mention.title, path, "") }
    };
    found.into_iter().take(many).map(hit).collect()
}
