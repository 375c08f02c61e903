//! What the rows become: new records, changes of existing ones, or both.

use leptos::{ev::KeyboardEvent, html::Div, prelude::*};
use serde_json::json;

use super::wizard::Wizard;
use crate::{api::imports::Import, t, td, ui::focus};

const MODES: [&str; 3] = ["create", "update", "upsert"];

pub fn panel(wizard: Wizard) -> AnyView {
    let mode = Signal::derive(move || wizard.import.with(|import| import.mode.clone()));
    let hint = move || td!("import.mode_hint.", &mode.get());
    let keyed = move || mode.get() != "create";
    view! {
        <section class="panel" aria-label=t!("import.destination")>
            <header class="panel-head"><h2 class="panel-title">{t!("import.destination")}</h2></header>
            <div class="panel-body flex flex-wrap items-center gap-x-4 gap-y-3">
                {modes(wizard, mode)}
                {move || keyed().then(|| key(wizard))}
                <p class="hint basis-full" role="status">{hint}</p>
            </div>
        </section>
    }
    .into_any()
}

fn modes(wizard: Wizard, mode: Signal<String>) -> AnyView {
    let node = NodeRef::<Div>::new();
    let choose = move |name: &'static str| {
        if !untrack(|| wizard.at_work()) {
            wizard.import.update(|import| name.clone_into(&mut import.mode));
            wizard.change(json!({ "mode": name }));
        }
    };
    let keys = move |event: KeyboardEvent| {
        if let Some(root) = node.get_untracked() {
            focus::radios(&root, &event);
        }
    };
    let rows = MODES.iter().map(|name| {
        let chosen = move || mode.get() == *name;
        view! {
            <button
                type="button"
                role="radio"
                aria-checked=move || chosen().to_string()
                tabindex=move || if chosen() { "0" } else { "-1" }
                disabled=move || wizard.at_work()
                on:click=move |_| choose(name)
            >
                {td!("import.mode.", name)}
            </button>
        }
    });
    view! { <div class="seg max-sm:flex max-sm:w-full max-sm:flex-col max-sm:[&>*]:h-11" role="radiogroup" aria-label=t!("import.mode") node_ref=node on:keydown=keys>{rows.collect_view()}</div> }.into_any()
}

/// Fields that find a record, and codes of other systems that a column goes to.
fn keys(import: &Import) -> Vec<(String, String)> {
    let declared =
        import.targets.iter().filter(|target| target.key).map(|target| (target.field.clone(), target.label.clone()));
    let other = |name: &&String| name.contains('.') && !import.targets.iter().any(|target| target.field == **name);
    let codes =
        import.mapping.iter().filter_map(|m| m.field.as_ref()).filter(other).map(|name| (name.clone(), name.clone()));
    declared.chain(codes).collect()
}

/// Which field finds the record that a row is about.
fn key(wizard: Wizard) -> AnyView {
    let options = move || {
        let keys = wizard.import.with(keys);
        let rows = keys.into_iter().map(|(name, label)| {
            let chosen = wizard.import.with(|import| import.key.as_deref() == Some(name.as_str()));
            view! { <option value=name selected=chosen>{label}</option> }
        });
        rows.collect_view()
    };
    let change = move |event| {
        let name = event_target_value(&event);
        wizard.import.update(|import| import.key = Some(name.clone()));
        wizard.change(json!({ "key": name }));
    };
    view! {
        <label class="flex items-center gap-2 text-sm">
            {t!("import.key")}
            <select class="select select-sm w-48 max-md:h-11" disabled=move || wizard.at_work() on:change=change>{options}</select>
        </label>
    }
    .into_any()
}
