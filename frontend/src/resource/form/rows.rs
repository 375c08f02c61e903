//! The lines of a record in a form: added, removed, put in another order.

use conexao_domain::kernel::{
    field::{Field, Kind, Writer},
    record::Record,
};
use leptos::{ev::KeyboardEvent, prelude::*};

use super::{
    address::{self, Address},
    model::{Block, Cell, Row},
    path, section, span,
    state::Form,
};
use crate::{
    format, i18n,
    resource::detail,
    t,
    ui::{
        control::{Control, control},
        focus,
        icon::icon,
    },
};

/// The panel of one kind of lines.
pub fn panel(form: Form, block: Block, heading: String) -> AnyView {
    if let Some(lock) = form.lock(block.field) {
        let note = section::why(lock);
        return detail::lines::panel(block.field, block.lines, &form.base(), heading, Some(note));
    }
    let derived = Memo::new(move |_| form.derived());
    let count = move || format::integer(i64::try_from(block.rows.with(Vec::len)).unwrap_or_default());
    let rows = move |row: Row| one(form, block, row, derived);
    let empty =
        move || block.rows.with(Vec::is_empty).then(|| view! { <p class="hint px-4 py-3">{t!("form.no_lines")}</p> });
    view! {
        <section class="panel" id=path::id_in(form.model.place, block.field.name) tabindex="-1">
            <header class="panel-head">
                <h2 class="panel-title">{heading}</h2>
                <span class="hint num">{count}</span>
            </header>
            <ol class="divide-y divide-line">
                <For each=move || block.rows.get() key=|row| row.key children=rows />
            </ol>
            {empty}
            {foot(form, block, derived)}
        </section>
    }
    .into_any()
}

fn foot(form: Form, block: Block, derived: Memo<Record>) -> AnyView {
    let name = block.field.name;
    let error = form.error(path::id_in(form.model.place, name), move || name.to_owned());
    let full = move || block.rows.with(Vec::len) >= block.lines.max;
    let wrong = move || {
        error.get().map(|text| view! { <p class="field-err w-full">{icon("circle-alert", "i i-xs")} {text}</p> })
    };
    view! {
        <div class="flex flex-wrap items-center gap-2 border-t border-line px-4 py-2.5">
            <button
                type="button"
                id=format!("{}-add", path::id_in(form.model.place, name))
                class="btn btn-sm btn-line max-md:h-11 max-md:w-full"
                disabled=full
                on:click=move |_| add(form, block)
            >
                {icon("plus", "i")} {t!("form.add_line")}
            </button>
            <span class="num ml-auto text-sm text-ink-2">{move || totals(form, block, &derived.get())}</span>
            {wrong}
        </div>
    }
    .into_any()
}

/// Sums of the record that come from these lines, e.g. the total of the items.
fn totals(form: Form, block: Block, record: &Record) -> AnyView {
    let sums = block.lines.fields.iter().filter_map(|line| {
        let field = form.resource().field(line.name)?;
        let is_sum = line.writer == Writer::System && field.writer == Writer::System && field.kind == Kind::Money;
        let text = detail::value::plain(form.resource().name, field, record);
        is_sum.then(|| view! { {i18n::field(form.resource().name, field)} " " <b class="font-semibold text-base-content">{text}</b> })
    });
    sums.collect_view().into_any()
}

fn one(form: Form, block: Block, row: Row, derived: Memo<Record>) -> AnyView {
    let cells = row.cells.get_value();
    let fields: Vec<&Field> = cells.iter().map(|cell| cell.field).collect();
    let address = span::is_address(&fields).then(|| address::follow(&cells)).flatten();
    let controls = cells.into_iter().map(|cell| field(form, block, row, cell, address)).collect_view();
    let position = move || block.position(row.key).map_or(0, |at| at + 1);
    let label = move || t!("form.line", n = position());
    let keys = move |event: KeyboardEvent| {
        let up = match (event.alt_key(), event.key().as_str()) {
            (true, "ArrowUp") => true,
            (true, "ArrowDown") => false,
            _ => return,
        };
        event.prevent_default();
        let before = focus::active();
        block.shift(row.key, up);
        request_animation_frame(move || focus::give(before));
    };
    view! {
        <li class="grid gap-2 px-4 pt-2 pb-3" on:keydown=keys>
            <div class="flex items-center gap-1">
                <span class="hint num">{label}</span>
                <span class="num ml-auto text-xs text-ink-2">{move || sums(block, row, &derived.get())}</span>
                {tools(form, block, row)}
            </div>
            <div class="grid grid-cols-2 items-start gap-x-3 gap-y-2.5 md:grid-cols-6">{controls}</div>
        </li>
    }
    .into_any()
}

/// What the system works out for a line.
fn sums(block: Block, row: Row, record: &Record) -> String {
    let Some(line) = block.position(row.key).and_then(|at| record.lines(block.field.name).into_iter().nth(at)) else {
        return String::new();
    };
    let worked_out =
        block.lines.fields.iter().filter(|field| field.writer == Writer::System && !line.get(field.name).is_null());
    let texts = worked_out.map(|field| {
        format!("{} {}", i18n::field(block.lines.table, field), detail::value::plain(block.lines.table, field, &line))
    });
    texts.collect::<Vec<_>>().join(" · ")
}

fn tools(form: Form, block: Block, row: Row) -> AnyView {
    let at = move || block.position(row.key).map_or(0, |at| at + 1);
    let last = move || at() >= block.rows.with(Vec::len);
    let remove = move |_| {
        block.remove(row.key);
        let add = format!("{}-add", path::id_in(form.model.place, block.field.name));
        request_animation_frame(move || focus::give(focus::by_id(&add)));
    };
    view! {
        <button
            type="button"
            class="icon-btn icon-btn-sm"
            aria-label=move || t!("form.line_up", n = at())
            title=t!("form.line_up_title")
            disabled=move || { at() <= 1 }
            on:click=move |_| block.shift(row.key, true)
        >
            {icon("arrow-up", "i i-sm")}
        </button>
        <button
            type="button"
            class="icon-btn icon-btn-sm"
            aria-label=move || t!("form.line_down", n = at())
            title=t!("form.line_down_title")
            disabled=last
            on:click=move |_| block.shift(row.key, false)
        >
            {icon("arrow-down", "i i-sm")}
        </button>
        <button
            type="button"
            class="icon-btn icon-btn-sm"
            aria-label=move || t!("form.line_remove", n = at())
            title=t!("form.line_remove_title")
            on:click=remove
        >
            {icon("trash-2", "i i-sm")}
        </button>
    }
    .into_any()
}

/// The value of a contact is a phone or an address of its channel.
static PHONE: Field = Field::new("value", Kind::Phone).required();
static EMAIL: Field = Field::new("value", Kind::Email).required();

/// The control of a value of a line.
pub fn field(form: Form, block: Block, row: Row, cell: Cell, address: Option<Address>) -> AnyView {
    let Some(channel) = row.cell("channel").filter(|_| cell.field.name == "value") else {
        return drawn(form, block, row, cell, address);
    };
    let is_email = Memo::new(move |_| channel.value.with(|channel| channel.as_str() == Some("email")));
    let shown = move || {
        let field = if is_email.get() { &EMAIL } else { &PHONE };
        drawn(form, block, row, Cell { field, ..cell }, address)
    };
    shown.into_any()
}

fn drawn(form: Form, block: Block, row: Row, cell: Cell, address: Option<Address>) -> AnyView {
    let (lines, name) = (block.field.name, cell.field.name);
    let id = path::line_id(form.model.place, lines, row.key, name);
    let error = form.error(id.clone(), move || {
        let at = block.position(row.key).map_or_else(String::new, |at| at.to_string());
        format!("{lines}.{at}.{name}")
    });
    let class = span::of_line(cell.field, address.is_some());
    let inner = Control {
        mention: cell.mention,
        note: address.map_or_else(|| Signal::stored(None), |address| address.note(cell)),
        within: address.map_or_else(|| Signal::stored(None), Address::within),
        ..Control::new(block.lines.table, cell.field, id.clone(), cell.value, error)
    };
    view! { <div class=class on:focusout=move |_| form.touch(&id, lines)>{control(inner)}</div> }.into_any()
}

/// Adds an empty line and goes to it.
pub fn add(form: Form, block: Block) {
    if let Some(key) = block.add() {
        focus_first(form.model.place, block, key);
    }
}

/// A new line begins where its first value goes.
fn focus_first(place: &str, block: Block, key: u32) {
    let first = block.lines.fields.iter().find(|field| field.writer != Writer::System);
    if let Some(field) = first {
        let id = path::line_id(place, block.field.name, key, field.name);
        request_animation_frame(move || focus::give(focus::by_id(&id)));
    }
}
