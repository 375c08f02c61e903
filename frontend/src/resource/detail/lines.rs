//! The lines of a record as a table; on a phone as cards.

use conexao_domain::kernel::{
    field::{Field, Kind, Lines},
    record::Record,
};
use leptos::prelude::*;

use super::{
    inline::{self, Target},
    page::Page,
    reveal::{self, Looker},
    sections, value,
};
use crate::{
    format, i18n,
    resource::form::mention::masked,
    t, tn,
    ui::{
        chip,
        icon::{glyph, icon},
    },
};

/// The panel of a page, with the ways to change and to reveal; `edited` is the
/// line and column being changed.
pub fn panel_of(
    page: Page,
    field: &'static Field,
    lines: &'static Lines,
    record: &Record,
    heading: String,
    edited: Option<(String, &'static str)>,
) -> AnyView {
    let looker = page.may("reveal").then(|| Looker::on(page).within(field.name));
    let editable = inline::may(page, field, record);
    let tools = editable.then(|| tools(page, field, lines, record));
    let hands = Hands { looker, cells: editable.then_some(Cells { page, field, edited }) };
    drawn(field, lines, record, heading, None, (tools.into_any(), hands))
}

/// Adding a line, and changing all of them.
fn tools(page: Page, field: &'static Field, lines: &'static Lines, record: &Record) -> AnyView {
    let room = record.lines(field.name).len() < lines.max;
    let add = move |_| inline::begin(page, Target::Lines { field: field.name, add: true });
    let add = room.then(|| {
        view! {
            <button type="button" class="btn btn-xs btn-quiet max-md:h-11 print:hidden" on:click=add>
                {icon("plus", "i i-sm")} {t!("inline.add")}
                <span class="sr-only">{i18n::field(page.resource.name, field)}</span>
            </button>
        }
    });
    let pencil = inline::panel_pencil(page, Target::Lines { field: field.name, add: false });
    view! { {add} {pencil} }.into_any()
}

/// What one may do with values of lines.
#[derive(Clone, Default)]
struct Hands {
    looker: Option<Looker>,
    cells: Option<Cells>,
}

/// Cells that can be changed one by one.
#[derive(Clone)]
struct Cells {
    page: Page,
    field: &'static Field,
    edited: Option<(String, &'static str)>,
}

/// The panel alone, with a note above the lines.
pub fn panel(
    field: &'static Field,
    lines: &'static Lines,
    record: &Record,
    heading: String,
    note: Option<String>,
) -> AnyView {
    drawn(field, lines, record, heading, note, (().into_any(), Hands::default()))
}

fn drawn(
    field: &'static Field,
    lines: &'static Lines,
    record: &Record,
    heading: String,
    note: Option<String>,
    (tools, hands): (AnyView, Hands),
) -> AnyView {
    let rows = record.lines(field.name);
    let count = i64::try_from(rows.len()).unwrap_or_default();
    let note = note.map(|note| view! { <p class="hint border-b border-line px-4 py-2">{note}</p> });
    let content = if rows.is_empty() {
        view! { <p class="hint px-4 py-3">{t!("detail.no_lines")}</p> }.into_any()
    } else {
        let shown = columns(lines, &rows);
        view! { {table(lines, &shown, &rows, record, &hands)} {cards(lines, &shown, &rows, hands.looker)} }.into_any()
    };
    view! {
        <section class="panel">
            <header class="panel-head">
                <h2 class="panel-title">{heading}</h2>
                <span class="hint num">{format::integer(count)}</span>
                <div class="ml-auto flex shrink-0 items-center gap-1">{tools}</div>
            </header>
            {note}
            <div class="overflow-hidden rounded-b-xl">{content}</div>
        </section>
    }
    .into_any()
}

/// Columns in which at least one line has something.
fn columns(lines: &'static Lines, rows: &[Record]) -> Vec<&'static Field> {
    let used = |field: &&'static Field| rows.iter().any(|row| !value::is_empty(row.get(field.name)));
    let place = lines.fields.iter().any(|field| field.name == "city");
    // The city beside it says the same as the code.
    let needed = |field: &&'static Field| !(place && field.kind == Kind::Municipality);
    lines.fields.iter().filter(|field| used(field)).filter(needed).collect()
}

const fn is_figure(kind: Kind) -> bool {
    matches!(kind, Kind::Integer { .. } | Kind::Money | Kind::Rate | Kind::Quantity)
}

fn table(
    lines: &'static Lines,
    columns: &[&'static Field],
    rows: &[Record],
    record: &Record,
    hands: &Hands,
) -> AnyView {
    let head = columns.iter().map(|field| {
        let class = if is_figure(field.kind) { "r" } else { "" };
        view! { <th scope="col" class=class>{i18n::field(lines.table, field)}</th> }
    });
    let body = rows.iter().map(|row| {
        let cells = columns.iter().enumerate().map(|(at, field)| {
            let class = match (is_figure(field.kind), at) {
                (true, _) => "r",
                (false, 0) => "font-medium",
                (false, _) if matches!(field.kind, Kind::Text { max: ..=60 }) => "",
                (false, _) => "whitespace-normal! leading-4.5",
            };
            view! { <td class=class>{handled(lines, field, row, hands)}</td> }
        });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    view! {
        <div class="tbl-wrap max-md:hidden">
            <table class="tbl">
                <thead><tr>{head.collect_view()}</tr></thead>
                <tbody>{body.collect_view()}</tbody>
                {foot(columns, rows, record)}
            </table>
        </div>
    }
    .into_any()
}

/// How many lines, and the sums that the record keeps of them.
fn foot(columns: &[&'static Field], rows: &[Record], record: &Record) -> Option<AnyView> {
    let summed = |field: &&&'static Field| field.kind == Kind::Money && record.integer(field.name).is_some();
    columns.iter().find(summed)?;
    let count = i64::try_from(rows.len()).unwrap_or_default();
    let cells = columns.iter().enumerate().map(|(at, field)| match (at, field.kind) {
        (0, _) => view! { <td>{tn!("value.lines", count)}</td> }.into_any(),
        (_, Kind::Quantity) => view! { <td class="r">{format::quantity(total(field, rows))}</td> }.into_any(),
        (_, Kind::Money) if record.integer(field.name).is_some() => {
            view! { <td class="r">{record.integer(field.name).map(format::money)}</td> }.into_any()
        }
        _ => view! { <td></td> }.into_any(),
    });
    Some(view! { <tfoot><tr>{cells.collect_view()}</tr></tfoot> }.into_any())
}

fn total(field: &Field, rows: &[Record]) -> i64 {
    rows.iter().filter_map(|row| row.integer(field.name)).fold(0, i64::saturating_add)
}

/// A value of a line with the way to change it, or its editor.
fn handled(lines: &'static Lines, column: &'static Field, row: &Record, hands: &Hands) -> AnyView {
    let shown = cell(lines, column, row, hands.looker);
    let Some(Cells { page, field, edited }) = hands.cells.clone() else { return shown };
    if edited.is_some_and(|(id, name)| id == row.id() && name == column.name) {
        return inline::cell(page, field, column);
    }
    if row.id().is_empty() || !inline::fits_cell(page.resource, field, column) {
        return shown;
    }
    let target = Target::Cell { lines: field.name, row: row.id().to_owned(), column: column.name };
    // Beside the value, so that nothing moves when it appears.
    let side = if is_figure(column.kind) { "right-full mr-1" } else { "left-full ml-1" };
    let class = format!("absolute top-1/2 -translate-y-1/2 {side}");
    let pencil = inline::pencil(page, target.clone(), &i18n::field(lines.table, column), &class);
    let open = move |_| inline::begin(page, target.clone());
    view! {
        <div class="group/val flex min-h-6 items-center in-[.r]:justify-end" on:dblclick=open>
            <span class="relative min-w-0">{shown} {pencil}</span>
        </div>
    }
    .into_any()
}

fn cell(lines: &'static Lines, field: &'static Field, row: &Record, looker: Option<Looker>) -> AnyView {
    if let Some(looker) = looker.filter(|_| is_masked(field, row)) {
        let value = reveal::masked(looker, lines.table, field, row, &i18n::field(lines.table, field));
        return view! { <span class="inline-flex items-center gap-1">{value}</span> }.into_any();
    }
    match field.kind {
        Kind::Boolean => row.flag(field.name).then(|| yes(i18n::field(lines.table, field))).into_any(),
        Kind::Choice(_) if field.name == "consent" => consent(lines, field, row),
        _ => value::show(lines.table, field, row),
    }
}

fn is_masked(field: &Field, row: &Record) -> bool {
    masked(row).any(|name| name == field.name)
}

fn yes(label: String) -> AnyView {
    view! { <span class="inline-flex text-ok" title=label>{glyph("success")}<span class="sr-only">{t!("yes")}</span></span> }.into_any()
}

/// Whether somebody may be contacted is a fact with a tone.
fn consent(lines: &'static Lines, field: &'static Field, row: &Record) -> AnyView {
    use conexao_domain::kernel::flow::Tone;
    let tone = match row.text(field.name) {
        Some("opt_in") => Tone::Success,
        Some("opt_out") => Tone::Danger,
        _ => return value::show(lines.table, field, row),
    };
    chip::chip(tone, value::plain(lines.table, field, row))
}

/// On a phone: what it is and how much, then the rest in one line each kind.
fn cards(lines: &'static Lines, columns: &[&'static Field], rows: &[Record], looker: Option<Looker>) -> AnyView {
    let rows = rows.iter().map(|row| card(lines, columns, row, looker)).collect_view();
    view! { <ul class="md:hidden">{rows}</ul> }.into_any()
}

fn card(lines: &'static Lines, columns: &[&'static Field], row: &Record, looker: Option<Looker>) -> AnyView {
    let told = |field: &&&'static Field| !value::is_empty(row.get(field.name)) && row.get(field.name) != false;
    let told: Vec<&'static Field> = columns.iter().filter(told).copied().collect();
    let (figures, texts): (Vec<&'static Field>, Vec<&'static Field>) =
        told.into_iter().partition(|field| is_figure(field.kind));
    let mut texts = texts.into_iter();
    let first = texts.next().map(|field| cell(lines, field, row, looker));
    // A mask keeps its eye.
    let (hidden, texts): (Vec<&'static Field>, Vec<&'static Field>) = texts.partition(|field| is_masked(field, row));
    let hidden = hidden.into_iter().map(|field| cell(lines, field, row, looker)).collect_view();
    // Moments and ticks say nothing without their names.
    let (named, plain): (Vec<&'static Field>, Vec<&'static Field>) =
        texts.into_iter().partition(|field| matches!(field.kind, Kind::Boolean | Kind::Instant | Kind::Date));
    let chips = plain
        .iter()
        .filter(|field| field.name == "consent")
        .map(|field| cell(lines, field, row, looker))
        .collect_view();
    let plain = plain.iter().filter(|field| field.name != "consent").map(|field| value::plain(lines.table, field, row));
    let plain = plain.collect::<Vec<_>>().join(" · ");
    let amount = figures.last().map(|field| value::plain(lines.table, field, row));
    let others = figures.iter().rev().skip(1).rev().map(|field| value::plain(lines.table, field, row));
    let others = others.collect::<Vec<_>>().join(" × ");
    let named = named.into_iter().map(|field| {
        view! { <dt>{i18n::field(lines.table, field)}</dt> <dd>{cell(lines, field, row, looker)}</dd> }
    });
    view! {
        <li class="rowcard border-b border-line last:border-0">
            <span class="flex items-start gap-2">
                <span class="min-w-0 flex-1">
                    <span class="block text-sm font-medium">{first}</span>
                    <span class="num block text-xs text-ink-2">{hidden}</span>
                    <span class="num block text-xs text-ink-2">{plain}</span>
                </span>
                <span class="num text-right text-sm font-medium whitespace-nowrap">
                    {amount} <span class="hint block font-normal">{others}</span>
                </span>
            </span>
            <span class="flex flex-wrap gap-1 text-xs empty:hidden">{chips}</span>
            <dl class=format!("{} text-xs empty:hidden", sections::KV)>{named.collect_view()}</dl>
        </li>
    }
    .into_any()
}
