//! How the file is written, as detected; every guess can be corrected.

use leptos::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::wizard::Wizard;
use crate::{api::imports::Shape, t, td};

const ENCODINGS: &[&str] = &["utf-8", "utf-8-bom", "windows-1252", "utf-16-le", "utf-16-be"];
const DELIMITERS: &[&str] = &["semicolon", "comma", "tab", "pipe"];
const MARKS: &[&str] = &["comma", "dot"];
const ORDERS: &[&str] = &["dmy", "mdy", "ymd"];

/// Whether the file is delimited text rather than a workbook.
fn is_text(shape: &Shape) -> bool {
    shape.sheets.is_empty()
}

/// The line with what was detected, and the way to change it.
pub fn settings(wizard: Wizard) -> AnyView {
    let open = RwSignal::new(false);
    let line = move || wizard.import.with(|import| import.shape.as_ref().map(told));
    let label = move || if open.get() { t!("import.settings_done") } else { t!("import.settings_change") };
    view! {
        <div class="border-b border-line bg-sunken px-4 py-2">
            <p class="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-ink-2">
                {line}
                <button type="button" class="lnk" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>
                    {label}
                </button>
            </p>
            {move || open.get().then(|| form(wizard))}
        </div>
    }
    .into_any()
}

fn told(shape: &Shape) -> AnyView {
    let one = |label: String, value: String| view! { <span>{label} " " <b class="font-medium text-base-content">{value}</b></span> };
    let header = match shape.header_row.as_u64() {
        Some(line) => t!("import.header_line", n = line),
        None => t!("import.header_none"),
    };
    let text = is_text(shape);
    let encoding = shape
        .encoding
        .as_deref()
        .filter(|_| text)
        .map(|name| one(t!("import.encoding"), td!("import.encoding.", name)));
    let delimiter = shape
        .delimiter
        .as_deref()
        .filter(|_| text)
        .map(|name| one(t!("import.delimiter"), td!("import.delimiter.", name)));
    let sheet = shape.sheet.as_str().filter(|_| !text).map(|name| one(t!("import.sheet"), name.to_owned()));
    let mark = shape.decimal_mark.as_deref().map(|name| one(t!("import.mark"), td!("import.mark.", name)));
    let order = shape.date_order.as_deref().map(|name| one(t!("import.order"), td!("import.order.", name)));
    view! { {encoding} {delimiter} {sheet} {one(t!("import.header"), header)} {mark} {order} }.into_any()
}

/// Changes one setting and keeps the others that were fixed before.
fn fix(wizard: Wizard, name: &str, value: Json) {
    let mut options: Map<String, Json> =
        wizard.import.with_untracked(|import| import.options.as_object().cloned().unwrap_or_default());
    options.insert(name.to_owned(), value);
    wizard.change(json!({ "options": options }));
}

fn form(wizard: Wizard) -> AnyView {
    let Some(shape) = wizard.import.with_untracked(|import| import.shape.clone()) else { return ().into_any() };
    let text = is_text(&shape);
    let words = |all: &'static [&'static str], label: fn(&str) -> String| {
        all.iter().map(|word| ((*word).to_owned(), label(word))).collect::<Vec<_>>()
    };
    let encoding = text.then(|| {
        let now = shape.encoding.clone().unwrap_or_default();
        choice(t!("import.encoding"), "encoding", now, words(ENCODINGS, |w| td!("import.encoding.", w)), wizard)
    });
    let delimiter = text.then(|| {
        let now = shape.delimiter.clone().unwrap_or_default();
        choice(t!("import.delimiter"), "delimiter", now, words(DELIMITERS, |w| td!("import.delimiter.", w)), wizard)
    });
    let sheet = (!text).then(|| {
        let now = shape.sheet.as_str().unwrap_or_default().to_owned();
        let sheets = shape.sheets.iter().map(|name| (name.clone(), name.clone())).collect();
        choice(t!("import.sheet"), "sheet", now, sheets, wizard)
    });
    let mark = choice(
        t!("import.mark"),
        "decimal_mark",
        shape.decimal_mark.clone().unwrap_or_default(),
        words(MARKS, |w| td!("import.mark.", w)),
        wizard,
    );
    let order = choice(
        t!("import.order"),
        "date_order",
        shape.date_order.clone().unwrap_or_default(),
        words(ORDERS, |w| td!("import.order.", w)),
        wizard,
    );
    view! {
        <div class="mt-2 grid grid-cols-2 gap-3 pb-1 md:grid-cols-3">{encoding} {delimiter} {sheet} {header(wizard, &shape)} {mark} {order}</div>
    }
    .into_any()
}

fn choice(label: String, name: &'static str, now: String, options: Vec<(String, String)>, wizard: Wizard) -> AnyView {
    let id = format!("import-{name}");
    let rows = options.into_iter().map(|(value, label)| {
        let selected = value == now;
        view! { <option value=value selected=selected>{label}</option> }
    });
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id class="select select-sm max-md:h-11" on:change=move |event| fix(wizard, name, event_target_value(&event).into())>
                {rows.collect_view()}
            </select>
        </div>
    }
    .into_any()
}

/// The line of the header; 0 says that there is none.
fn header(wizard: Wizard, shape: &Shape) -> AnyView {
    let now = shape.header_row.as_u64().unwrap_or_default();
    let change = move |event| {
        let line = event_target_value(&event).parse::<u64>().unwrap_or_default();
        fix(wizard, "header_row", if line == 0 { json!(0) } else { json!(line) });
    };
    view! {
        <div class="field">
            <label for="import-header">{t!("import.header_field")}</label>
            <input
                id="import-header"
                class="input input-sm num max-md:h-11"
                type="number"
                min="0"
                max="1000"
                inputmode="numeric"
                aria-describedby="import-header-hint"
                prop:value=now.to_string()
                on:change=change
            />
            <p class="hint" id="import-header-hint">{t!("import.header_hint")}</p>
        </div>
    }
    .into_any()
}
