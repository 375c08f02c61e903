//! What is looked for.

use std::sync::Arc;

use chrono::NaiveDate;
use conexao_domain::{
    identity::user::USER,
    kernel::field::{Field, Kind},
    locale,
    registry::RESOURCES,
};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::{Explorer, clear};
use crate::{
    api::records,
    i18n,
    state::app,
    t,
    ui::{
        control::{
            self, Control,
            combo::{Combo, combo},
        },
        icon::icon,
    },
};

/// Acts that are no step of a flow.
const ACTIONS: &[&str] = &[
    "create",
    "update",
    "delete",
    "restore",
    "reveal",
    "export",
    "import",
    "import_revert",
    "merge",
    "comment",
    "attach",
    "login",
    "login_failed",
    "set_password",
    "queue",
];
/// What leaves entries without being a resource, and the key of its name.
const OTHERS: [(&str, &str); 4] = [
    ("job", "audit.job"),
    ("import", "audit.import_file"),
    ("audit", "audit.trail"),
    ("saved_view", "audit.saved_view"),
];

static FROM: Field = Field::new("from", Kind::Date);
static TO: Field = Field::new("to", Kind::Date);

/// The bar of filters; a phone unfolds it.
pub fn bar(explorer: Explorer) -> AnyView {
    let given = move || !explorer.wanted.read().is_empty();
    let unfolded = RwSignal::new(untrack(given));
    let reset = move || {
        given().then(|| {
            view! {
                <button type="button" class="btn btn-sm btn-ghost" on:click=move |_| clear()>
                    {icon("x", "i")} {t!("audit.clear")}
                </button>
            }
        })
    };
    view! {
        <button
            type="button"
            class="btn btn-line mb-3 w-full sm:hidden"
            aria-expanded=move || unfolded.get().to_string()
            aria-controls="audit-filters"
            on:click=move |_| unfolded.update(|shown| *shown = !*shown)
        >
            {icon("list-filter", "i")} {t!("audit.filters")}
        </button>
        <search
            id="audit-filters"
            class="panel panel-body grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-4"
            class=("max-sm:hidden", move || !unfolded.get())
            aria-label=t!("audit.filters")
        >
            {input(explorer, "q", "search", t!("audit.q"))}
            {actor(explorer)}
            {select(explorer, "action", t!("audit.action"), actions())}
            {select(explorer, "resource", t!("audit.kind"), resources())}
            {day(explorer, &FROM, t!("audit.from"))}
            {day(explorer, &TO, t!("audit.to"))}
            {input(explorer, "ip", "text", t!("audit.ip"))}
            {input(explorer, "request", "text", t!("audit.request"))}
            <div class="flex flex-wrap items-center gap-2 sm:col-span-2 lg:col-span-4" class:hidden=move || !given()>
                {move || record(explorer)} {reset}
            </div>
        </search>
    }
    .into_any()
}

fn input(explorer: Explorer, name: &'static str, kind: &'static str, label: String) -> AnyView {
    let id = format!("audit-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                type=kind
                class="input input-sm max-md:h-11"
                maxlength="200"
                autocomplete="off"
                prop:value=move || explorer.get(name)
                on:change=move |event| explorer.set(name, &event_target_value(&event))
            />
        </div>
    }
    .into_any()
}

/// A day as it is written here, with a calendar; the address has it as YYYY-MM-DD.
fn day(explorer: Explorer, field: &'static Field, label: String) -> AnyView {
    let id = format!("audit-{}", field.name);
    let json = |text: String| if text.is_empty() { Json::Null } else { text.into() };
    let value = RwSignal::new(json(explorer.get(field.name)));
    Effect::new(move || value.set(json(explorer.get(field.name))));
    Effect::new(move || {
        let day = value.get();
        let text = day.as_str().filter(|text| text.parse::<NaiveDate>().is_ok());
        let known = untrack(|| explorer.get(field.name));
        if (day.is_null() || text.is_some()) && text.unwrap_or_default() != known {
            explorer.set(field.name, text.unwrap_or_default());
        }
    });
    let control = Control::new("audit", field, id.clone(), value, Signal::stored(None));
    view! { <div class="field"><label for=id>{label}</label>{control::day(control)}</div> }.into_any()
}

fn select(explorer: Explorer, name: &'static str, label: String, options: Vec<(String, String)>) -> AnyView {
    let id = format!("audit-{name}");
    let options = options.into_iter().map(|(value, label)| {
        let own = value.clone();
        view! { <option value=value selected=move || explorer.get(name) == own>{label}</option> }
    });
    let unknown = options.collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                id=id
                class="select select-sm max-md:h-11"
                on:change=move |event| explorer.set(name, &event_target_value(&event))
            >
                <option value="" selected=move || explorer.get(name).is_empty()>{t!("audit.any")}</option>
                {unknown}
            </select>
        </div>
    }
    .into_any()
}

fn actions() -> Vec<(String, String)> {
    let language = i18n::locale();
    let general = ACTIONS.iter().map(|name| ((*name).to_owned(), locale::text(language, &format!("audit.{name}"))));
    let mut options: Vec<(String, String)> = general.collect();
    for resource in RESOURCES {
        for step in resource.flow.map(|flow| flow.steps).unwrap_or_default() {
            let label = i18n::step(resource.name, step.name);
            // One name may be a step of several kinds of record.
            match options.iter_mut().find(|(name, _)| name == step.name) {
                Some((_, known)) if *known == label => {}
                Some((_, known)) => *known = format!("{known} / {label}"),
                None => options.push((step.name.to_owned(), label)),
            }
        }
    }
    options
}

fn resources() -> Vec<(String, String)> {
    let declared = RESOURCES.iter().map(|resource| (resource.name.to_owned(), i18n::resources(resource)));
    let others = OTHERS.iter().map(|(name, key)| ((*name).to_owned(), locale::text(i18n::locale(), key)));
    declared.chain(others).collect()
}

/// Who did it: a name that is looked up, where the person may see users.
fn actor(explorer: Explorer) -> AnyView {
    if !app().session.may(&USER, "read") {
        return ().into_any();
    }
    let named = RwSignal::new((String::new(), String::new()));
    let shown = Signal::derive(move || {
        let id = explorer.get("actor");
        let (known, name) = named.get();
        if id.is_empty() || known == id {
            return if id.is_empty() { String::new() } else { name };
        }
        // An address that somebody passed on names only the id; the entries know more.
        let page = explorer.page.ready();
        let entry = page.and_then(|page| page.items.into_iter().find(|e| e.actor.id.as_deref() == Some(&id)));
        entry.map_or(id, |entry| entry.actor.name)
    });
    let choose = move |chosen: Option<records::Mention>| {
        let id = chosen.as_ref().map(|chosen| chosen.id.clone()).unwrap_or_default();
        named.set((id.clone(), chosen.map(|chosen| chosen.title).unwrap_or_default()));
        explorer.set("actor", &id);
    };
    let find = Arc::new(move |text: String| -> std::pin::Pin<Box<dyn Future<Output = _>>> {
        Box::pin(async move { records::lookup(&USER, &text).await })
    });
    let field = combo(Combo {
        id: "audit-actor".to_owned(),
        class: Signal::stored("input input-sm max-md:h-11".to_owned()),
        placeholder: t!("audit.any"),
        shown,
        find,
        choose: Arc::new(choose),
        disabled: false,
        invalid: Signal::stored(None),
        described: String::new(),
        create: None,
    });
    view! { <div class="field"><label for="audit-actor">{t!("audit.actor")}</label>{field}</div> }.into_any()
}

/// The one record that is looked at, and the way to all of them.
fn record(explorer: Explorer) -> AnyView {
    let id = explorer.get("record");
    if id.is_empty() {
        return ().into_any();
    }
    let page = explorer.page.ready();
    let about = page.and_then(|page| page.items.into_iter().find_map(|e| e.record.filter(|r| r.id == id)));
    let name = about.and_then(|record| record.title).unwrap_or(id);
    let label = t!("audit.without_record", name = name);
    view! {
        <span class="fchip">
            {t!("audit.record")} " " <b>{name}</b>
            <button type="button" aria-label=label on:click=move |_| explorer.set("record", "")>{icon("x", "i i-sm")}</button>
        </span>
    }
    .into_any()
}
