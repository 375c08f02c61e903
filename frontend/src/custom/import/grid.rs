//! The refused rows as a grid: cells are corrected and checked at once.

use conexao_domain::kernel::value::digits;
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value as Json};

use super::{fix, preview::why, problems::heading, wizard::Wizard};
use crate::{
    api::imports::{self, ImportRow},
    format, t,
    ui::{
        icon::{glyph, icon},
        toast,
    },
};

/// The panel of the grid.
pub fn panel(wizard: Wizard) -> AnyView {
    let rows = Memo::new(move |_| wizard.failed.ready().map(|rows| rows.items).unwrap_or_default());
    let columns = Memo::new(move |_| columns(wizard));
    let head = move || {
        let cells = columns.get().into_iter().map(|column| {
            let title = heading(wizard, &column);
            view! { <th scope="col" class="mono">{title}</th> }
        });
        cells.collect_view()
    };
    let line = move |row: ImportRow| one(wizard, row, columns.get_untracked());
    view! {
        <section class="panel overflow-hidden" aria-label=t!("import.grid")>
            <header class="panel-head">
                <h2 class="panel-title">{t!("import.grid")}</h2>
                <span class="hint">{t!("import.grid_hint")}</span>
                <div class="ml-auto flex items-center gap-1">
                    <button type="button" class="icon-btn icon-btn-sm" aria-label=t!("close") on:click=move |_| wizard.grid.set(false)>
                        {icon("x", "i")}
                    </button>
                </div>
            </header>
            <div class="tbl-wrap max-h-[70vh] overflow-y-auto" tabindex="0" role="region" aria-label=t!("import.grid")>
                <table class="tbl tbl-compact">
                    <thead>
                        <tr>
                            <th scope="col">{t!("import.line")}</th>
                            <th scope="col" class="min-w-64">{t!("import.reason")}</th>
                            {head}
                        </tr>
                    </thead>
                    <tbody><For each=move || rows.get() key=|row| row.line children=line /></tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// Mapped columns and those with an error, in the order of the file.
fn columns(wizard: Wizard) -> Vec<String> {
    let mut wanted: Vec<usize> =
        wizard.import.with(|import| import.mapping.iter().filter(|m| m.field.is_some()).map(|m| m.column).collect());
    let rows = wizard.failed.ready().map(|rows| rows.items).unwrap_or_default();
    let wrong = rows.iter().flat_map(|row| &row.errors).filter_map(|error| fix::column(error)?.parse::<usize>().ok());
    wanted.extend(wrong);
    wanted.sort_unstable();
    wanted.dedup();
    wanted.into_iter().map(|column| column.to_string()).collect()
}

fn one(wizard: Wizard, row: ImportRow, columns: Vec<String>) -> AnyView {
    let line = row.line;
    let state = RwSignal::new(row);
    let busy = RwSignal::new(false);
    let cells = columns.into_iter().map(|column| cell(wizard, state, busy, column)).collect_view();
    let reason = move || {
        state.with(|row| {
            if row.errors.is_empty() {
                view! { <span class="inline-flex items-center gap-1.5 text-ok-fg">{glyph("success")} {t!("import.row_fixed")}</span> }.into_any()
            } else {
                let errors = row.errors.iter().map(|error| view! { <span class="block">{why(error)}</span> }).collect_view();
                view! { <span class="text-xs leading-4.5 text-danger-fg">{errors}</span> }.into_any()
            }
        })
    };
    view! {
        <tr aria-busy=move || busy.get().to_string()>
            <th scope="row" class="num static! bg-transparent! font-normal!">{format::integer(line)}</th>
            <td class="whitespace-normal!" role="status">{reason}</td>
            {cells}
        </tr>
    }
    .into_any()
}

fn cell(wizard: Wizard, row: RwSignal<ImportRow>, busy: RwSignal<bool>, column: String) -> AnyView {
    let text = {
        let column = column.clone();
        move || row.with(|row| row.cells.get(&column).and_then(Json::as_str).unwrap_or_default().to_owned())
    };
    let wrong = {
        let column = column.clone();
        Signal::derive(move || {
            row.with(|row| row.errors.iter().any(|error| fix::column(error).as_deref() == Some(&column)))
        })
    };
    let label = t!(
        "import.cell",
        column = heading(wizard, &column),
        line = format::integer(row.with_untracked(|row| row.line))
    );
    // Codes stay narrow, names get room.
    let width = if digits(&untrack(&text)).len() > 6 { "input input-sm num w-40" } else { "input input-sm w-48" };
    let change = move |event| correct(wizard, row, busy, column.clone(), event_target_value(&event));
    view! {
        <td>
            <input
                class=move || if wrong.get() { format!("{width} field-bad") } else { width.to_owned() }
                aria-label=label
                aria-invalid=move || wrong.get().then_some("true")
                prop:value=text
                on:change=change
            />
        </td>
    }
    .into_any()
}

fn correct(wizard: Wizard, row: RwSignal<ImportRow>, busy: RwSignal<bool>, column: String, value: String) {
    let line = row.with_untracked(|row| row.line);
    row.update(|row| drop(row.cells.insert(column.clone(), value.clone().into())));
    busy.set(true);
    let id = wizard.id();
    spawn_local(async move {
        match imports::correct(&id, line, Map::from_iter([(column, Json::from(value))])).await {
            Ok(checked) => drop(row.try_set(checked)),
            Err(failure) => toast::fail(&failure),
        }
        busy.try_set(false);
    });
}
