//! The keys by place, with one's own: only what the person may do.

mod remap;

use std::sync::Arc;

use leptos::prelude::*;

use super::leader::goals;
use crate::{
    shell::{
        Frame,
        keymap::{Leader, Place, Shortcut, TABLE},
        menu,
    },
    state::app,
    t, td,
    ui::{
        icon::icon,
        overlay::{close_button, over},
    },
};
use remap::Remap;

/// The overview.
pub fn shortcuts(frame: Frame) -> AnyView {
    let remap = Remap::new();
    let close = Arc::new(move || frame.close());
    let places = [
        (Place::Everywhere, t!("shortcuts.everywhere")),
        (Place::List, t!("shortcuts.list")),
        (Place::Detail, t!("shortcuts.detail")),
    ];
    let places = places.map(|(place, label)| group(remap, place, label)).collect_view();
    let off = app().keys.off;
    let content = view! {
        <div class="dlg-head">
            <span class="grid h-9 w-9 shrink-0 place-items-center rounded-full bg-mute-bg text-ink-2">{icon("keyboard", "i i-md")}</span>
            <div class="min-w-0 flex-1">
                <h2>{t!("shortcuts.title")}</h2>
                <p class="page-sub">{t!("shortcuts.text")}</p>
            </div>
            {close_button(close.clone())}
        </div>
        <div class="dlg-body">
            <label class="mb-3 flex min-h-8 items-center gap-2.5 text-sm">
                <input
                    type="checkbox"
                    class="toggle toggle-sm"
                    prop:checked=move || !off.get()
                    on:change=move |event| Remap::turn(event_target_checked(&event))
                />
                {t!("shortcuts.on")}
            </label>
            {move || remap.conflict()}
            <div class="grid gap-5 md:grid-cols-2">{places} {second(Leader::Go)} {second(Leader::New)}</div>
        </div>
        <div class="dlg-foot max-md:flex-col-reverse max-md:items-stretch">
            <button type="button" class="btn btn-sm btn-line max-md:h-11" disabled=move || !Remap::any() on:click=move |_| remap.reset_all()>
                {t!("shortcuts.reset_all")}
            </button>
            <button type="button" class="btn btn-sm btn-primary max-md:h-11" data-focus="" on:click=move |_| frame.close()>{t!("close")}</button>
        </div>
    };
    over("dlg dlg-lg", "dialog", t!("shortcuts.title"), content.into_any(), close)
}

/// Whether the person may do it to records of any kind.
fn is_possible(shortcut: &Shortcut) -> bool {
    shortcut.verb.is_empty() || menu::visible().any(|resource| app().session.may(resource, shortcut.verb))
}

fn group(remap: Remap, place: Place, label: String) -> AnyView {
    let lines = TABLE.iter().filter(|shortcut| shortcut.place == place && is_possible(shortcut));
    let fixed = (place == Place::Everywhere).then(|| {
        view! {
            <li class="flex min-h-10 items-center gap-2 text-sm">
                <span class="flex-1">{t!("shortcuts.close")}</span> {caps("Escape")} <span class="w-14"></span>
            </li>
        }
    });
    view! {
        <section>
            <h3 class="mb-1 text-xs font-medium text-ink-3">{label}</h3>
            <ul class="divide-y divide-line">{lines.map(|shortcut| line(remap, shortcut)).collect_view()} {fixed}</ul>
        </section>
    }
    .into_any()
}

fn line(remap: Remap, shortcut: &'static Shortcut) -> AnyView {
    let label = td!("shortcut.", shortcut.name);
    let keys = move || {
        if remap.editing.get() == Some(shortcut.name) {
            view! { <span class="hint" role="status">{t!("shortcuts.press")}</span> }.into_any()
        } else {
            let off = app().keys.off.get();
            view! { <span class:opacity-50=off>{caps(&app().keys.keys(shortcut))}</span> }.into_any()
        }
    };
    let reset = move || {
        let reset = move |_| remap.reset(shortcut);
        let name = t!("shortcuts.reset", name = td!("shortcut.", shortcut.name));
        Remap::is_own(shortcut).then(|| {
            view! {
                <button type="button" class="icon-btn icon-btn-sm" aria-label=name.clone() title=name on:click=reset>{icon("undo-2", "i i-sm")}</button>
            }
        })
    };
    let name = t!("shortcuts.change", name = label);
    view! {
        <li class="flex min-h-10 items-center gap-2 text-sm">
            <span class="min-w-0 flex-1">{label}</span>
            {keys}
            <span class="flex w-14 justify-end gap-0.5">
                {reset}
                <button
                    type="button"
                    class="icon-btn icon-btn-sm"
                    aria-label=name.clone()
                    title=name
                    aria-pressed=move || (remap.editing.get() == Some(shortcut.name)).to_string()
                    on:click=move |_| remap.edit(shortcut)
                    on:keydown=move |event| remap.pressed(shortcut, &event)
                    on:blur=move |_| remap.stop(shortcut)
                >
                    {icon("pencil", "i i-sm")}
                </button>
            </span>
        </li>
    }
    .into_any()
}

/// What may follow the first of two strokes.
fn second(leader: Leader) -> AnyView {
    let goals = goals(leader);
    if goals.is_empty() {
        return ().into_any();
    }
    let (label, first) = match leader {
        Leader::Go => (t!("leader.go"), "go"),
        Leader::New => (t!("leader.new"), "new"),
    };
    let first = TABLE.iter().find(|shortcut| shortcut.name == first);
    let row = |goal: super::leader::Goal| {
        let first = move || first.map(|first| caps(&app().keys.keys(first)));
        view! {
            <li class="flex min-h-9 items-center gap-2 text-sm">
                <span class="min-w-0 flex-1 truncate">{goal.label}</span> {first} {caps(&goal.letter.to_string())} <span class="w-14"></span>
            </li>
        }
    };
    view! {
        <section>
            <h3 class="mb-1 text-xs font-medium text-ink-3">{label}</h3>
            <ul class="divide-y divide-line">{goals.into_iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// Keys as they are on the keyboard.
pub fn caps(keys: &str) -> AnyView {
    // A plus sign alone is a key, not a joint.
    let parts: Vec<&str> = if keys.len() > 1 { keys.split('+').collect() } else { vec![keys] };
    let caps =
        parts.into_iter().filter(|part| !part.is_empty()).map(|part| view! { <kbd class="kbd">{cap(part)}</kbd> });
    view! { <span class="flex shrink-0 gap-0.5">{caps.collect_view()}</span> }.into_any()
}

fn cap(part: &str) -> String {
    match part {
        "Ctrl" if is_mac() => "⌘".to_owned(),
        "Enter" => "↵".to_owned(),
        "Escape" => "Esc".to_owned(),
        "Space" => t!("shortcuts.space"),
        "ArrowUp" => "↑".to_owned(),
        "ArrowDown" => "↓".to_owned(),
        "ArrowLeft" => "←".to_owned(),
        "ArrowRight" => "→".to_owned(),
        other => other.to_owned(),
    }
}

fn is_mac() -> bool {
    window().navigator().platform().is_ok_and(|name| name.starts_with("Mac"))
}
