//! How the first rows would be stored.

use leptos::prelude::*;

use super::{targets, wizard::Wizard};
use crate::{
    api::{imports::PreviewRow, jobs::RowError},
    format, i18n, t,
    ui::icon::icon,
};

/// One row at a time, with arrows through the others.
pub fn preview(wizard: Wizard) -> AnyView {
    let at = RwSignal::new(0_usize);
    let rows = Signal::derive(move || wizard.preview.ready().unwrap_or_default());
    Effect::new(move || {
        rows.track();
        at.set(0);
    });
    let row = Signal::derive(move || rows.get().into_iter().nth(at.get()));
    let shown = move || row.get().map(|row| one(wizard, &row));
    let last = move || at.get() + 1 >= rows.with(Vec::len);
    let place = move || row.get().map(|row| t!("import.line_of_file", n = format::integer(row.line)));
    let some = move || !rows.with(Vec::is_empty);
    let content = move || {
        some().then(|| {
            view! {
                <div class="border-t border-line px-4 pt-3 pb-3.5">
                    <p class="mb-2 flex items-center gap-1">
                        <span class="panel-title">{t!("import.preview")}</span>
                        <span class="hint num ml-auto" role="status">{place}</span>
                        <button
                            type="button"
                            class="icon-btn icon-btn-sm"
                            aria-label=t!("import.previous_row")
                            disabled=move || at.get() == 0
                            on:click=move |_| at.update(|at| *at = at.saturating_sub(1))
                        >
                            {icon("chevron-left", "i i-sm")}
                        </button>
                        <button
                            type="button"
                            class="icon-btn icon-btn-sm"
                            aria-label=t!("import.next_row")
                            disabled=last
                            on:click=move |_| at.update(|at| *at += 1)
                        >
                            {icon("chevron-right", "i i-sm")}
                        </button>
                    </p>
                    {shown}
                </div>
            }
        })
    };
    content.into_any()
}

fn one(wizard: Wizard, row: &PreviewRow) -> AnyView {
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    let values = row.values.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| {
        let wrong = row.errors.iter().find(|error| error.field.as_deref() == Some(name.as_str()));
        let class = if wrong.is_some() { "text-danger-fg" } else { "" };
        let text = text(value);
        view! { <div><dt>{wizard.import.with_untracked(|import| targets::label(import, name))}</dt><dd class=class title=text.clone()>{text.clone()}</dd></div> }
    });
    let values = values.collect_view();
    let errors = row.errors.iter().map(|error| view! { <li>{why(error)}</li> }).collect_view();
    view! {
        <dl class="num grid grid-cols-2 gap-x-4 gap-y-2 text-sm md:grid-cols-4 [&_dd]:truncate [&_dt]:text-xs [&_dt]:text-ink-3">{values}</dl>
        <ul class="mt-2 grid gap-1 text-xs text-danger-fg empty:hidden">{errors}</ul>
    }
    .into_any()
}

/// The wording of a refused value.
pub fn why(error: &RowError) -> String {
    if error.message.is_empty() { i18n::invalid(&error.code) } else { error.message.clone() }
}
