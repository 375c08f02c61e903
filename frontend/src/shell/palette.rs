//! One search for everything: records of every kind, and places to go.

use std::{sync::Arc, time::Duration};

use conexao_domain::kernel::resource::Resource;
use futures_util::future::join_all;
use leptos::{ev::KeyboardEvent, leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};

use super::{Frame, menu};
use crate::{
    api::records,
    i18n,
    screen::Screen,
    state::app,
    t, tn,
    ui::{avatar::avatar_mute, icon::icon, overlay::over},
};

const PAUSE: Duration = Duration::from_millis(120);

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
struct Hit {
    group: String,
    path: String,
    title: String,
    subtitle: Option<String>,
    /// Icon of a place or a thing; people show initials.
    art: Option<&'static str>,
}

#[derive(Clone, Copy)]
struct State {
    text: RwSignal<String>,
    /// Only this resource, when chosen.
    only: RwSignal<Option<&'static str>>,
    hits: RwSignal<Vec<Hit>>,
    at: RwSignal<usize>,
    turn: StoredValue<u32>,
}

/// The palette.
pub fn palette(frame: Frame) -> AnyView {
    let state = State {
        text: RwSignal::new(String::new()),
        only: RwSignal::new(None),
        hits: RwSignal::new(places("")),
        at: RwSignal::new(0),
        turn: StoredValue::new(0),
    };
    Effect::new(move || {
        let text = state.text.get();
        search(state, text, state.only.get());
    });
    let active = move || (!state.hits.read().is_empty()).then(|| format!("pal-{}", state.at.get()));
    let keys = move |event: KeyboardEvent| on_key(&event, state, frame);
    let count = move || tn!("palette.count", i64::try_from(state.hits.read().len()).unwrap_or_default());
    let content = view! {
        <div class="flex items-center gap-2.5 border-b border-line px-4 py-3">
            {icon("search", "i i-lg text-ink-3")}
            <input
                class="h-7 min-w-0 flex-1 bg-transparent text-md outline-none"
                type="text"
                role="combobox"
                autocomplete="off"
                data-focus=""
                aria-expanded="true"
                aria-controls="pal-list"
                aria-autocomplete="list"
                aria-activedescendant=active
                aria-label=t!("palette.open")
                placeholder=t!("palette.placeholder")
                prop:value=state.text
                on:input=move |event| state.text.set(event_target_value(&event))
                on:keydown=keys
            />
            <span class="hint num max-sm:hidden" role="status">{count}</span>
            <kbd class="kbd">"Esc"</kbd>
        </div>
        {filters(state)}
        <ul id="pal-list" role="listbox" aria-label=t!("palette.results") class="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
            {move || rows(state, frame)}
        </ul>
    };
    over("palette", "dialog", t!("palette.open"), content.into_any(), Arc::new(move || frame.close()))
}

fn filters(state: State) -> AnyView {
    let one = |name: Option<&'static str>, label: String| {
        let chosen = move || state.only.get() == name;
        view! {
            <button
                type="button"
                class="tag h-6 px-2 text-xs"
                class:tag-strong=chosen
                aria-pressed=move || chosen().to_string()
                on:click=move |_| state.only.set(name)
            >
                {label}
            </button>
        }
    };
    let resources = menu::visible().map(|resource| one(Some(resource.name), i18n::resources(resource))).collect_view();
    view! {
        <div class="flex gap-1.5 overflow-x-auto border-b border-line px-4 py-2 [scrollbar-width:none]">
            {one(None, t!("palette.all"))} {resources}
        </div>
    }
    .into_any()
}

/// Screens whose name holds the text.
fn places(text: &str) -> Vec<Hit> {
    let wanted = text.trim().to_lowercase();
    let go = |title: String, screen: Screen, art| Hit {
        group: t!("palette.go"),
        path: screen.path(),
        title,
        subtitle: None,
        art: Some(art),
    };
    let lists = menu::visible().map(|r| go(i18n::resources(r), Screen::List(r), r.icon));
    let creatable = menu::visible().filter(|r| app().session.may(r, "create"));
    let news = creatable.map(|r| go(i18n::new_resource(r), Screen::New(r), "plus"));
    let fixed = [
        go(t!("home.name"), Screen::Home, "layout-dashboard"),
        go(t!("jobs.name"), Screen::Jobs, "list-checks"),
        go(t!("notices.title"), Screen::Notifications, "bell"),
        go(t!("profile.name"), Screen::Profile, "user-round"),
    ];
    let more = menu::entries().into_iter().map(|entry| go(entry.label, entry.screen, entry.icon));
    lists.chain(news).chain(fixed).chain(more).filter(|hit| hit.title.to_lowercase().contains(&wanted)).collect()
}

fn search(state: State, text: String, only: Option<&'static str>) {
    let turn = state.turn.get_value().wrapping_add(1);
    state.turn.set_value(turn);
    if text.trim().is_empty() {
        state.at.set(0);
        state.hits.set(places(""));
        return;
    }
    let ask = move || {
        if state.turn.try_get_value() != Some(turn) {
            return;
        }
        spawn_local(async move {
            let wanted = menu::visible().filter(|r| only.is_none_or(|name| name == r.name));
            let found = join_all(wanted.map(|resource| records_of(resource, &text))).await;
            let goes = if only.is_none() { places(&text) } else { Vec::new() };
            if state.turn.try_get_value() == Some(turn) {
                state.at.set(0);
                state.hits.set(found.into_iter().flatten().chain(goes).collect());
            }
        });
    };
    set_timeout(ask, PAUSE);
}

async fn records_of(resource: &'static Resource, text: &str) -> Vec<Hit> {
    let found = records::lookup(resource, text).await.unwrap_or_default();
    let hit = |mention: records::Mention| Hit {
        group: i18n::resources(resource),
        path: Screen::Detail(resource, mention.id).path(),
        title: mention.title,
        subtitle: mention.subtitle,
        art: (resource.title != "name").then_some(resource.icon),
    };
    found.into_iter().take(6).map(hit).collect()
}

fn on_key(event: &KeyboardEvent, state: State, frame: Frame) {
    let count = state.hits.with_untracked(Vec::len);
    let at = state.at.get_untracked();
    let next = match event.key().as_str() {
        "ArrowDown" if count > 0 => (at + 1) % count,
        "ArrowUp" if count > 0 => at.checked_sub(1).unwrap_or(count - 1),
        "Enter" => {
            if let Some(hit) = state.hits.with_untracked(|hits| hits.get(at).cloned()) {
                open(frame, &hit.path);
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    state.at.set(next);
    let element = document().get_element_by_id(&format!("pal-{next}"));
    if let Some(element) = element {
        element.scroll_into_view_with_bool(false);
    }
}

fn open(frame: Frame, path: &str) {
    frame.close();
    app().nav.to(path);
}

fn rows(state: State, frame: Frame) -> AnyView {
    let hits = state.hits.get();
    if hits.is_empty() {
        return view! { <li class="px-2.5 py-6 text-center text-sm text-ink-2" role="presentation">{t!("palette.nothing")}</li> }.into_any();
    }
    let mut group = String::new();
    let mut out = Vec::new();
    for (at, hit) in hits.into_iter().enumerate() {
        if hit.group != group {
            group.clone_from(&hit.group);
            let head = view! { <li class="px-2.5 pt-2.5 pb-1 text-xs font-medium text-ink-3" role="presentation">{hit.group.clone()}</li> };
            out.push(head.into_any());
        }
        out.push(row(at, hit, state, frame));
    }
    out.into_any()
}

fn row(at: usize, hit: Hit, state: State, frame: Frame) -> AnyView {
    let Hit { path, title, subtitle, art, .. } = hit;
    let mark = match art {
        Some(art) => view! { <span class="grid h-7 w-7 shrink-0 place-items-center rounded-md bg-mute-bg text-ink-2">{icon(art, "i i-sm")}</span> }.into_any(),
        None => avatar_mute(&title, ""),
    };
    let subtitle = subtitle.map(|text| view! { <span class="hint num truncate max-sm:hidden">{text}</span> });
    view! {
        <li
            role="option"
            id=format!("pal-{at}")
            class="pal-item cursor-pointer"
            aria-selected=move || (state.at.get() == at).to_string()
            on:click=move |_| open(frame, &path)
            on:pointermove=move |_| state.at.set(at)
        >
            {mark}
            <span class="flex min-w-0 flex-1 items-baseline gap-2"><span class="truncate font-medium">{title}</span> {subtitle}</span>
        </li>
    }
    .into_any()
}
