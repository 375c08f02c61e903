//! Earlier imports of the same kind.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::{flow::Tone, resource::Resource};
use leptos::prelude::*;

use crate::{
    api::imports::{self, Import},
    format,
    screen::Screen,
    t, td, tn,
    ui::{chip::chip, icon::icon, load::Load},
};

/// The tone of a state of an import.
pub fn tone(state: &str) -> Tone {
    match state {
        "simulating" | "running" | "reverting" => Tone::Progress,
        "done" => Tone::Success,
        "failed" => Tone::Danger,
        "cancelled" | "reverted" => Tone::Muted,
        _ => Tone::New,
    }
}

/// The state as a chip.
pub fn state(name: &str) -> AnyView {
    chip(tone(name), td!("import.state.", name))
}

pub fn panel(resource: &'static Resource) -> AnyView {
    let load = Load::<Vec<Import>>::new();
    load.run(async move { imports::list(resource.name).await });
    let rows = move || match load.answer.get() {
        None => ().into_any(),
        Some(Err(failure)) => view! { <p class="hint px-4 py-3">{failure.message()}</p> }.into_any(),
        Some(Ok(all)) if all.is_empty() => view! { <p class="hint px-4 py-3">{t!("import.no_history")}</p> }.into_any(),
        Some(Ok(all)) => {
            let rows = all.into_iter().map(row).collect_view();
            view! { <ul class="divide-y divide-line">{rows}</ul> }.into_any()
        }
    };
    view! {
        <section class="panel self-start">
            <header class="panel-head"><h2 class="panel-title">{t!("import.history")}</h2></header>
            {rows}
        </section>
    }
    .into_any()
}

fn row(import: Import) -> AnyView {
    let path = Screen::ImportRun(import.id).path();
    let when = import.created_at.as_deref().and_then(|at| at.parse::<DateTime<Utc>>().ok()).map(format::ago);
    let rows = import.summary.map(|summary| tn!("import.rows", summary.rows));
    let hint = when.into_iter().chain(rows).collect::<Vec<_>>().join(" · ");
    view! {
        <li>
            <a href=path class="flex items-center gap-2.5 px-4 py-2 hover:bg-hover">
                {icon("file-spreadsheet", "i text-ink-3")}
                <span class="min-w-0 flex-1">
                    <span class="block truncate text-sm leading-4.5 font-medium">{import.file_name}</span>
                    <span class="hint num block">{hint}</span>
                </span>
                {state(&import.state)}
            </a>
        </li>
    }
    .into_any()
}
