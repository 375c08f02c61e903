//! Controls one chooses from.

use conexao_domain::kernel::value::Uf;
use leptos::prelude::*;
use serde_json::Value as Json;

use super::{Control, segment};
use crate::i18n;

/// One of the declared words.
pub fn choice(control: Control, choices: &'static [&'static str]) -> AnyView {
    if segment::fits(&control, choices) {
        return segment::segment(control, choices);
    }
    let (owner, name) = (control.owner, control.field.name);
    let options = choices.iter().map(|word| ((*word).to_owned(), i18n::choice(owner, name, word)));
    select(&control, options.collect())
}

/// One of the states of Brazil.
pub fn uf(control: Control) -> AnyView {
    let options = Uf::ALL.iter().map(|uf| (uf.as_str().to_owned(), format!("{} · {}", uf.as_str(), uf.name())));
    select(&control, options.collect())
}

fn select(control: &Control, options: Vec<(String, String)>) -> AnyView {
    let value = control.value;
    let change = move |event| {
        let text = event_target_value(&event);
        value.set(if text.is_empty() { Json::Null } else { text.into() });
    };
    let chosen = move |option: &str| value.get().as_str().unwrap_or_default() == option;
    // A required choice that has a value cannot go back to none.
    let none = !control.required || value.get_untracked().is_null();
    let empty = none.then(|| view! { <option value="" selected=move || chosen("")>"—"</option> });
    let rows = options.into_iter().map(|(option, label)| {
        let this = option.clone();
        view! { <option value=option selected=move || chosen(&this)>{label}</option> }
    });
    view! {
        <select
            id=control.id.clone()
            name=control.id.clone()
            class=control.class("select max-md:h-11")
            disabled=control.locked
            required=control.required
            aria-invalid=control.invalid()
            aria-describedby=control.described()
            on:change=change
        >
            {empty}
            {rows.collect_view()}
        </select>
    }
    .into_any()
}

/// Yes or no, with the label beside the box.
pub fn checkbox(control: Control) -> AnyView {
    let value = control.value;
    let label = control.label();
    let class = if control.bare { "sr-only" } else { "" };
    view! {
        <span class="flex min-h-8 items-center gap-2.5 text-sm">
            <input
                id=control.id.clone()
                name=control.id.clone()
                type="checkbox"
                class="checkbox checkbox-xs"
                disabled=control.locked
                aria-describedby=control.described()
                prop:checked=move || value.get().as_bool().unwrap_or_default()
                on:change=move |event| value.set(event_target_checked(&event).into())
            />
            <label for=control.id.clone() class=class>{label}</label>
        </span>
    }
    .into_any()
}
