//! What was refused: line, column, value and reason; corrected, or taken away as a file.

use leptos::{ev::KeyboardEvent, html::Div, prelude::*, task::spawn_local};
use serde_json::{Map, Value as Json};

use super::{
    fix::{self, Fix},
    preview::why,
    wizard::Wizard,
};
use crate::{
    api::{
        imports::{self, ImportRow, ImportRows},
        jobs::RowError,
    },
    format, t, tn,
    ui::{
        focus,
        icon::icon,
        more,
        popover::{Item, Trigger, menu},
        toast,
    },
};

/// The panel; nothing while nothing was refused.
pub fn panel(wizard: Wizard) -> AnyView {
    let shown = move || {
        let rows = wizard.failed.ready()?;
        let rows = ImportRows { items: rows.items.into_iter().filter(|row| row.state != "ready").collect(), ..rows };
        let fixes: Vec<Fix> = rows.items.iter().filter_map(fix::leading_zeros).collect();
        let items = rows
            .items
            .iter()
            .flat_map(|row| row.errors.iter().map(|error| one(wizard, row, error)).collect::<Vec<_>>());
        let items = items.collect_view();
        let more = rows.next.map(|_| more::button(wizard.failed.waiting, Box::new(move || wizard.more_failed())));
        Some(view! {
            <section class="panel overflow-hidden" aria-label=t!("import.problems")>
                <header class="panel-head">
                    <h2 class="panel-title">{t!("import.problems")}</h2>
                    <div class="ml-auto flex items-center gap-1">{kinds(wizard)} {tools(wizard)}</div>
                </header>
                {(!fixes.is_empty()).then(|| offer(wizard, fixes))}
                <ul class="max-h-120 divide-y divide-line overflow-y-auto">{items}</ul>
                {more}
            </section>
        })
    };
    shown.into_any()
}

/// Errors or warnings, where there are both.
fn kinds(wizard: Wizard) -> AnyView {
    let (failed, warned) =
        wizard.import.with(|import| import.summary.as_ref().map_or((0, 0), |s| (s.failed, s.warnings)));
    let node = NodeRef::<Div>::new();
    let keys = move |event: KeyboardEvent| {
        if let Some(root) = node.get_untracked() {
            focus::radios(&root, &event);
        }
    };
    let one = |name: &'static str, label: String| {
        let chosen = move || wizard.shown.get() == name;
        let choose = move |_| {
            wizard.shown.set(name);
            wizard.list_failed();
        };
        view! {
            <button
                type="button"
                role="radio"
                class="h-6! px-2!"
                aria-checked=move || chosen().to_string()
                tabindex=move || if chosen() { "0" } else { "-1" }
                on:click=choose
            >
                {label}
            </button>
        }
    };
    let failed = (failed > 0).then(|| one("failed", t!("import.errors_n", n = format::integer(failed))));
    let warned = (warned > 0).then(|| one("warning", t!("import.warnings_n", n = format::integer(warned))));
    view! { <div class="seg" role="radiogroup" aria-label=t!("import.problem_kind") node_ref=node on:keydown=keys>{failed} {warned}</div> }.into_any()
}

fn tools(wizard: Wizard) -> AnyView {
    let trigger = Trigger {
        class: "icon-btn icon-btn-sm",
        label: Some(t!("import.download_failed")),
        inside: icon("download", "i"),
    };
    let items = move || {
        ["xlsx", "csv"]
            .map(|format| Item::new("file-spreadsheet", format.to_uppercase(), move || download(wizard, format)))
            .into()
    };
    let open = move || wizard.grid.get();
    view! {
        <button
            type="button"
            class="icon-btn icon-btn-sm"
            aria-label=t!("import.grid_open")
            title=t!("import.grid_open")
            aria-pressed=move || open().to_string()
            on:click=move |_| wizard.grid.update(|open| *open = !*open)
        >
            {icon("table-2", "i")}
        </button>
        {menu(trigger, "right-0 top-8 w-32", items)}
    }
    .into_any()
}

fn download(wizard: Wizard, format: &'static str) {
    let id = wizard.id();
    spawn_local(async move {
        match imports::failed_file(&id, format).await {
            Ok(file) => file.save(),
            Err(failure) => toast::fail(&failure),
        }
    });
}

/// The heading of a column, by the index that rows use.
pub fn heading(wizard: Wizard, column: &str) -> String {
    let title = wizard.import.with_untracked(|import| {
        let columns = &import.shape.as_ref()?.columns;
        columns.iter().find(|c| c.index.to_string() == column).map(|c| c.title.clone())
    });
    title.unwrap_or_else(|| column.to_owned())
}

fn one(wizard: Wizard, row: &ImportRow, error: &RowError) -> AnyView {
    let column = fix::column(error);
    let value = error.value.as_str().map(ToOwned::to_owned);
    let value =
        value.or_else(|| column.as_ref().and_then(|c| row.cells.get(c)).and_then(Json::as_str).map(ToOwned::to_owned));
    let title = column.map(|column| heading(wizard, &column)).or_else(|| error.field.clone());
    let shown = title.map(|title| {
        let value = value.unwrap_or_default();
        view! {
            <p class="text-sm leading-5">
                <span class="mono text-xs font-medium">{title}</span>
                <span class="text-ink-3">" = "</span>
                <span class="mono text-xs break-all text-danger-fg">{format!("“{value}”")}</span>
            </p>
        }
    });
    view! {
        <li class="grid grid-cols-[3.25rem_minmax(0,1fr)] gap-x-3 px-4 py-2">
            <span class="num pt-px text-xs leading-5 text-ink-3">{t!("import.line_short", n = format::integer(row.line))}</span>
            <div class="min-w-0">
                {shown}
                <p class="text-xs leading-4.5 text-ink-2">{why(error)}</p>
            </div>
        </li>
    }
    .into_any()
}

/// One button for a mistake that many rows share.
fn offer(wizard: Wizard, fixes: Vec<Fix>) -> AnyView {
    let count = i64::try_from(fixes.len()).unwrap_or_default();
    let busy = RwSignal::new(false);
    let apply = move |_| {
        if !busy.get_untracked() {
            busy.set(true);
            put_right(wizard, fixes.clone());
        }
    };
    view! {
        <p class="notice notice-new items-center rounded-none">
            {icon("wand-sparkles", "i")}
            <span class="flex-1">{t!("import.zeros_lost")}</span>
            <button type="button" class="shrink-0 font-semibold underline underline-offset-2" disabled=busy on:click=apply>
                {tn!("import.zeros_fix", count)}
            </button>
        </p>
    }
    .into_any()
}

fn put_right(wizard: Wizard, fixes: Vec<Fix>) {
    spawn_local(async move {
        let id = wizard.id();
        let mut done = 0;
        for fix in fixes {
            let cells = Map::from_iter([(fix.column, Json::from(fix.value))]);
            match imports::correct(&id, fix.line, cells).await {
                Ok(row) if row.errors.is_empty() => done += 1,
                Ok(_) => {}
                Err(failure) => {
                    toast::fail(&failure);
                    break;
                }
            }
        }
        toast::say(tn!("import.fixed", done));
        wizard.reload();
    });
}
