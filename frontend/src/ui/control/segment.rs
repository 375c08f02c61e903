//! A choice among few, all of them in sight.

use conexao_domain::registry;
use leptos::{ev::KeyboardEvent, html::Div, prelude::*};

use super::Control;
use crate::{i18n, ui::focus};

/// Few words, always one of them chosen, and room beside nothing else.
pub fn fits(control: &Control, choices: &[&str]) -> bool {
    let always = control.field.default.is_some() && !control.value.with_untracked(serde_json::Value::is_null);
    let own = registry::by_name(control.owner).is_some();
    choices.len() <= 3 && always && own && !control.bare && !control.locked
}

/// The buttons; one is pressed.
pub fn segment(control: Control, choices: &'static [&'static str]) -> AnyView {
    let (owner, name, value) = (control.owner, control.field.name, control.value);
    let node = NodeRef::<Div>::new();
    let keys = move |event: KeyboardEvent| {
        if let Some(root) = node.get_untracked() {
            focus::radios(&root, &event);
        }
    };
    // Who is sent to the field means its chosen button.
    let enter = move |_| {
        if let Some(root) = node.get_untracked() {
            focus::give(focus::inside(&root, "[aria-checked='true']").into_iter().next());
        }
    };
    let buttons = choices.iter().map(|word| {
        let chosen = Memo::new(move |_| value.with(|value| value.as_str() == Some(*word)));
        view! {
            <button
                type="button"
                role="radio"
                aria-checked=move || chosen.get().to_string()
                tabindex=move || if chosen.get() { "0" } else { "-1" }
                on:click=move |_| value.set((*word).into())
            >
                {i18n::choice(owner, name, word)}
            </button>
        }
    });
    view! {
        <div
            class="seg justify-self-start max-md:[&>*]:h-10"
            id=control.id.clone()
            tabindex="-1"
            role="radiogroup"
            aria-label=control.label()
            aria-describedby=control.described()
            node_ref=node
            on:keydown=keys
            on:focus=enter
        >
            {buttons.collect_view()}
        </div>
    }
    .into_any()
}
