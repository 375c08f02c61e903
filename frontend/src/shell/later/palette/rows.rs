//! The lines of the search.

use leptos::prelude::*;

use super::{
    choose,
    model::{Goal, Hit, State, Wanted, marked},
};
use crate::{
    shell::{Frame, later::shortcuts::caps},
    t,
    ui::{avatar::avatar_mute, icon::icon},
};

/// All lines, under their headings.
pub fn rows(state: State, frame: Frame) -> AnyView {
    let hits = state.hits.get();
    let typed = Wanted::read(&state.text.get_untracked());
    let mut group = String::new();
    let mut out = Vec::new();
    for (at, hit) in hits.into_iter().enumerate() {
        if hit.group != group {
            group.clone_from(&hit.group);
            let head = view! { <li class="px-2.5 pt-2.5 pb-1 text-xs font-medium text-ink-3" role="presentation">{hit.group.clone()}</li> };
            out.push(head.into_any());
        }
        out.push(row(at, hit, &typed, state, frame));
    }
    out.into_any()
}

/// What is said instead of lines: on the way, or that there are none.
pub fn nothing(state: State) -> AnyView {
    let text = move || if state.busy.get() { t!("palette.searching") } else { t!("palette.nothing") };
    view! { <p class="px-4 py-6 text-center text-sm text-ink-2">{text}</p> }.into_any()
}

fn row(at: usize, hit: Hit, typed: &Wanted, state: State, frame: Frame) -> AnyView {
    let mark = match &hit.art {
        Some(art) => view! { <span class="grid h-7 w-7 shrink-0 place-items-center rounded-md bg-mute-bg text-ink-2">{icon(art, "i i-sm")}</span> }.into_any(),
        None => avatar_mute(&hit.title, ""),
    };
    let title = marked(&hit.title, &typed.words).into_iter().map(|(found, piece)| {
        if found {
            view! { <mark class="bg-transparent text-primary-ink underline underline-offset-2">{piece}</mark> }
                .into_any()
        } else {
            piece.into_any()
        }
    });
    let title = title.collect_view();
    let subtitle = hit.reason.clone().or_else(|| hit.subtitle.clone());
    let subtitle = subtitle.map(|text| view! { <span class="hint num truncate max-sm:hidden">{text}</span> });
    let refused = hit.reason.is_some();
    let keys = hit.keys.as_deref().map(caps);
    let opens = matches!(hit.goal, Goal::Path(_));
    let open = move || {
        (opens && state.at.get() == at).then(|| {
            view! { <span class="hint flex shrink-0 items-center gap-1.5 max-sm:hidden">{t!("palette.do_open")} <kbd class="kbd">"↵"</kbd></span> }
        })
    };
    let name_class = if refused { "truncate text-ink-3" } else { "truncate font-medium" };
    view! {
        <li
            role="option"
            id=format!("pal-{at}")
            class="pal-item cursor-pointer"
            aria-selected=move || (state.at.get() == at).to_string()
            aria-disabled=refused.then_some("true")
            on:click=move |event| choose(frame, &hit, event.ctrl_key() || event.meta_key())
            on:pointermove=move |_| state.at.set(at)
        >
            {mark}
            <span class="flex min-w-0 flex-1 items-baseline gap-2"><span class=name_class>{title}</span> {subtitle}</span>
            {keys} {open}
        </li>
    }
    .into_any()
}
