//! The privacy desk: on a request's page, and as a page of its own.

pub mod desk;
mod found;
mod kept;
mod preview;

use conexao_domain::privacy::SEARCH;
use leptos::prelude::*;
use serde_json::{Map, Value as Json};

use super::missing;
use crate::{
    api::privacy::{self, Found},
    state::app,
    t,
    ui::{
        empty::{empty, failed},
        icon::icon,
        load::Load,
        skeleton,
        tabs::{Tab, tabs},
        title::title,
    },
};

/// The page.
pub fn page() -> AnyView {
    if !app().session.can(SEARCH) {
        return missing::page();
    }
    let now = RwSignal::new("find");
    let rows = vec![
        Tab::new("find", t!("privacy.tab_find")),
        Tab::new("due", t!("privacy.tab_due")),
        Tab::new("kept", t!("privacy.tab_kept")),
        Tab::new("years", t!("privacy.tab_years")),
    ];
    let shown = move || match now.get() {
        "due" => kept::proposals(),
        "kept" => kept::list(),
        "years" => kept::timetable(),
        _ => search(),
    };
    view! {
        <div class="page-head">
            <div>
                {title(t!("privacy.title"))}
                <p class="page-sub">{t!("privacy.text")}</p>
            </div>
        </div>
        <div class="panel-head px-0">{tabs(t!("privacy.title"), rows, now)}</div>
        <div class="mt-3">{shown}</div>
    }
    .into_any()
}

const FIELDS: [&str; 4] = ["document", "email", "phone", "name"];

/// The search by what somebody is known by.
fn search() -> AnyView {
    let load = Load::<Found>::new();
    let values = StoredValue::new(Map::<String, Json>::new());
    let look = move || {
        let identity = values.get_value();
        if !identity.is_empty() {
            load.run(async move { privacy::search(identity).await });
        }
    };
    let fields = FIELDS.map(|name| field(name, values)).collect_view();
    let shown = move || match load.answer.get() {
        None if load.slow.get() => skeleton::lines(4),
        None => empty("search", t!("privacy.find_start"), t!("privacy.find_start_text"), ().into_any()),
        Some(Ok(found)) => found::groups(&found, None),
        Some(Err(failure)) => failed(t!("privacy.not_found"), &failure, look),
    };
    view! {
        <form
            class="panel panel-body grid gap-3 sm:grid-cols-2 lg:grid-cols-5 lg:items-end"
            on:submit=move |event| {
                event.prevent_default();
                look();
            }
        >
            {fields}
            <button type="submit" class="btn btn-sm btn-primary max-md:h-11" disabled=move || load.waiting.get()>
                {icon("search", "i")} {t!("privacy.find")}
            </button>
        </form>
        <section class="panel mt-3" aria-label=t!("privacy.results") aria-live="polite">{shown}</section>
    }
    .into_any()
}

fn field(name: &'static str, values: StoredValue<Map<String, Json>>) -> AnyView {
    let label = match name {
        "document" => t!("privacy.document"),
        "email" => t!("privacy.email"),
        "phone" => t!("privacy.phone"),
        _ => t!("privacy.name"),
    };
    let id = format!("privacy-{name}");
    let typed = move |event| {
        let text = event_target_value(&event).trim().to_owned();
        values.update_value(|values| {
            if text.is_empty() {
                values.remove(name)
            } else {
                values.insert(name.to_owned(), text.into())
            };
        });
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id class="input max-md:h-11" type="text" autocomplete="off" spellcheck="false" maxlength="160" on:input=typed />
        </div>
    }
    .into_any()
}
