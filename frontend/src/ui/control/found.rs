//! What a combo found, as a list below its box.

use std::sync::Arc;

use leptos::{ev::PointerEvent, prelude::*};

use super::combo::{Choose, Create, State, begin, take};
use crate::{
    api::records::Mention,
    t, tn,
    ui::{avatar::face, icon::icon},
};

/// The list below the box.
pub fn results(state: State, list: String, choose: Choose, create: Option<Create>) -> AnyView {
    let rows = {
        let list = list.clone();
        move || {
            let found = state.found.get().into_iter().enumerate();
            found.map(|(at, mention)| row(state, &list, at, mention, &choose)).collect_view()
        }
    };
    let none = move || state.found.with(Vec::is_empty);
    let nothing = move || {
        (state.open.get() && none())
            .then(|| view! { <p class="hint px-2.5 py-2" aria-hidden="true">{t!("control.nothing")}</p> })
    };
    let recent = move || {
        (state.offered.get() && !none())
            .then(|| view! { <p class="hint px-2.5 pt-1 pb-1.5">{t!("control.recent")}</p> })
    };
    let foot = create.map(|create| foot(state, list.clone(), create));
    // `.combo > .pop` follows the focus; closed by choice it hides although the focus stays.
    view! {
        <div class="pop max-h-80 overflow-y-auto in-[.dlg]:static in-[.dlg]:mt-1 in-[.dlg]:w-full" class:hidden=move || !state.open.get()>
            {recent}
            {nothing}
            <ul id=list role="listbox" aria-label=t!("control.found")>{rows} {foot}</ul>
        </div>
    }
    .into_any()
}

/// The way to a new record, below what was found.
fn foot(state: State, list: String, create: Create) -> AnyView {
    let at = move || state.found.with(Vec::len);
    let label = create.label.clone();
    let open = move |event: PointerEvent| {
        event.prevent_default();
        begin(state, &create);
    };
    view! {
        <li
            role="option"
            id=move || format!("{list}-{}", at())
            class="pal-item sticky -bottom-1.5 mt-1 cursor-pointer border-t border-line bg-base-100 font-medium text-primary-ink aria-selected:bg-base-300"
            aria-selected=move || (state.at.get() == at()).to_string()
            on:pointerdown=open
            on:pointermove=move |_| state.at.set(at())
        >
            {icon("plus", "i i-sm")}
            <span class="flex-1">{label}</span>
            <span class="hint flex items-center gap-1.5 max-md:hidden" aria-hidden="true">
                <kbd class="kbd">"↑"</kbd> <kbd class="kbd">"↓"</kbd> <kbd class="kbd">"↵"</kbd>
            </span>
        </li>
    }
    .into_any()
}

/// Records and people have a face, places a pin.
fn picture(mention: &Mention) -> AnyView {
    let place = mention.resource.is_empty() && mention.id.len() == IBGE;
    if place { icon("map-pin", "i i-sm text-ink-3") } else { face(Some(&mention.id), &mention.title, "") }
}

/// Digits of a municipality's code.
const IBGE: usize = 7;

fn row(state: State, list: &str, at: usize, mention: Mention, choose: &Choose) -> AnyView {
    let id = format!("{list}-{at}");
    let picked = mention.clone();
    let choose = Arc::clone(choose);
    // Pointer down, not click: the box must not lose the focus first.
    let pick = move |event: PointerEvent| {
        event.prevent_default();
        take(state, &choose, picked.clone());
    };
    let picture = picture(&mention);
    let subtitle = mention.subtitle.map(|text| view! { <span class="hint num block truncate">{text}</span> });
    view! {
        <li
            role="option"
            id=id
            class="pal-item cursor-pointer"
            aria-selected=move || (state.at.get() == at).to_string()
            on:pointerdown=pick
            on:pointermove=move |_| state.at.set(at)
        >
            {picture}
            <span class="min-w-0 flex-1"><span class="block truncate font-medium">{mention.title}</span>{subtitle}</span>
        </li>
    }
    .into_any()
}

/// What those hear who do not see the list.
pub fn spoken(state: State) -> String {
    match (state.open.get(), state.found.with(Vec::len)) {
        (false, _) => String::new(),
        (true, 0) => t!("control.nothing"),
        (true, count) => tn!("control.options", i64::try_from(count).unwrap_or_default()),
    }
}
