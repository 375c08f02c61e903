//! The panels of a form: one per declared section, one per kind of lines.

use conexao_domain::kernel::field::Kind;
use leptos::prelude::*;

use super::{
    address::{self, Address},
    model::{Block, Cell},
    path, rows, span,
    state::{Form, Lock},
};
use crate::{
    custom, i18n, t,
    ui::control::{Control, control},
};

/// What the declaration puts under one heading.
pub struct Group {
    pub name: &'static str,
    pub cells: Vec<Cell>,
    pub blocks: Vec<Block>,
}

/// The groups of a form, in the order of the declaration.
pub fn groups(form: Form) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut put = |name: Option<&'static str>, cell: Option<Cell>, block: Option<Block>| {
        let Some(name) = name else { return };
        if !groups.iter().any(|group| group.name == name) {
            groups.push(Group { name, cells: Vec::new(), blocks: Vec::new() });
        }
        if let Some(group) = groups.iter_mut().find(|group| group.name == name) {
            group.cells.extend(cell);
            group.blocks.extend(block);
        }
    };
    for field in super::values::fields(form.resource()) {
        match field.kind {
            Kind::Lines(_) => put(field.section, None, form.model.block(field.name)),
            _ => put(field.section, form.model.cell(field.name), None),
        }
    }
    groups
}

/// Everything of a group; `narrow` in a side column.
pub fn group(form: Form, group: Group, narrow: bool, first: bool) -> AnyView {
    let Group { name, cells, blocks } = group;
    let fields = (!cells.is_empty()).then(|| fields_panel(form, name, cells, narrow, first));
    let only = blocks.len() == 1;
    let lines = blocks.into_iter().map(|block| {
        let heading =
            if only && fields.is_none() { i18n::section(name) } else { i18n::field(form.resource().name, block.field) };
        match custom::lines_editor(form, block) {
            Some(view) => view,
            None => rows::panel(form, block, heading),
        }
    });
    let lines = lines.collect_view();
    view! { {fields} {lines} }.into_any()
}

fn fields_panel(form: Form, name: &'static str, cells: Vec<Cell>, narrow: bool, first: bool) -> AnyView {
    let needed = first.then(|| {
        view! {
            <span class="hint ml-auto max-sm:hidden">
                {t!("form.required_before")} " " <span class="text-danger-fg">"*"</span> " " {t!("form.required_after")}
            </span>
        }
    });
    let heading = i18n::section(name);
    view! {
        <section class="panel">
            <header class="panel-head">
                <h2 class="panel-title">{heading.clone()}</h2>
                {needed}
            </header>
            <div class="panel-body">{body(form, cells, narrow, &heading)}</div>
        </section>
    }
    .into_any()
}

/// A section that begins with a yes or no opens with it.
fn body(form: Form, cells: Vec<Cell>, narrow: bool, heading: &str) -> AnyView {
    // A lone field with the name of its section needs no second label.
    if let [only] = cells.as_slice()
        && i18n::field(form.resource().name, only.field) == heading
    {
        return field(form, *only, "", true, None);
    }
    let switch = cells.first().copied().filter(|cell| cell.field.kind == Kind::Boolean && cells.len() > 1);
    let Some(switch) = switch else { return grid(form, &cells, narrow).into_any() };
    let rest: Vec<Cell> = cells.into_iter().skip(1).collect();
    let open = move || switch.value.get().as_bool().unwrap_or_default();
    view! {
        <div class="grid gap-3">
            {field(form, switch, "", false, None)}
            <div class:hidden=move || !open()>{grid(form, &rest, narrow)}</div>
        </div>
    }
    .into_any()
}

/// The controls of some values, side by side where there is room; `narrow` in a side column.
pub fn grid(form: Form, cells: &[Cell], narrow: bool) -> AnyView {
    let fields: Vec<_> = cells.iter().map(|cell| cell.field).collect();
    let is_address = span::is_address(&fields);
    let address = is_address.then(|| address::follow(cells)).flatten();
    let controls = cells.iter().map(|cell| {
        let class = if narrow { "col-span-2" } else { span::of_field(cell.field, is_address) };
        field(form, *cell, class, false, address)
    });
    let class =
        if narrow { "grid grid-cols-2 gap-3" } else { "grid grid-cols-2 items-start gap-x-4 gap-y-3 md:grid-cols-6" };
    view! { <div class=class>{controls.collect_view()}</div> }.into_any()
}

/// The control of a field; without its label when `bare`.
pub fn field(form: Form, cell: Cell, class: &'static str, bare: bool, address: Option<Address>) -> AnyView {
    let name = cell.field.name;
    let id = path::id_in(form.model.place, name);
    let error = form.error(id.clone(), move || name.to_owned());
    let lock = form.lock(cell.field);
    let owner = form.resource().name;
    let inner = Control {
        mention: cell.mention,
        locked: lock.is_some(),
        bare,
        note: address.map_or_else(|| Signal::stored(None), |address| address.note(cell)),
        within: address.map_or_else(|| Signal::stored(None), Address::within),
        ..Control::new(owner, cell.field, id.clone(), cell.value, error)
    };
    let hint = lock.map(|lock| view! { <p class="hint mt-1.5">{why(lock)}</p> });
    view! { <div class=class on:focusout=move |_| form.touch(&id, name)>{control(inner)} {hint}</div> }.into_any()
}

/// Why something cannot be changed.
pub fn why(lock: Lock) -> String {
    match lock {
        Lock::State => t!("form.locked_state"),
        Lock::Masked => t!("form.locked_masked"),
    }
}
