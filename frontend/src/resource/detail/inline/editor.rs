//! The editors. Enter saves, Esc leaves everything as it was; one who goes on
//! without having changed anything closes it.

use std::time::Duration;

use conexao_domain::kernel::{
    field::{Field, Kind},
    problem::FieldProblem,
};
use leptos::{
    ev::KeyboardEvent,
    html::Div,
    leptos_dom::helpers::{request_animation_frame, set_timeout},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::{Open, Page, Target, close, save::save};
use crate::{
    custom,
    resource::form::{
        draft,
        keep::Keeper,
        model::Cell,
        path, rows,
        section::{self, groups},
        state::{Form, sentence},
    },
    screen::Screen,
    t,
    ui::{focus, icon::icon},
};

/// How long a click takes at most.
const SETTLE: Duration = Duration::from_millis(200);

/// The form of the editor that is open.
fn open(page: Page) -> Option<(Target, Form)> {
    let editing = page.inline().editing.get_untracked()?;
    let form = Form::new(page.resource, path::PAGE, Some(editing.base), &editing.start);
    if !editing.refused.is_empty() {
        form.refuse(editing.refused);
    }
    let inline = page.inline();
    let turn = inline.turn.get_value().wrapping_add(1);
    inline.turn.set_value(turn);
    inline.open.set_value(Some(Open { turn, form, keeper: keeper(page, form) }));
    on_cleanup(move || {
        inline.open.try_update_value(|now| {
            if now.as_ref().is_some_and(|now| now.turn == turn) {
                *now = None;
            }
        });
    });
    Some((editing.target, form))
}

/// Whoever leaves in the middle finds the values in the form. A draft that the
/// form has already stays as it is.
fn keeper(page: Page, form: Form) -> Keeper {
    let key = draft::key(page.resource, Some(&page.id()));
    if draft::read(&key).is_some() {
        return Keeper::none();
    }
    Keeper::start_for(form, key, None, Screen::Edit(page.resource, page.id()).path())
}

/// The editor of one field.
pub fn field(page: Page, field: &'static Field) -> AnyView {
    let Some((_, form)) = open(page) else { return ().into_any() };
    let Some(cell) = form.model.cell(field.name) else { return ().into_any() };
    small(page, form, section::field(form, cell, "min-w-0 flex-1", true, None), field)
}

/// The editor of one value of a line.
pub fn cell(page: Page, lines: &'static Field, column: &'static Field) -> AnyView {
    let Some((target, form)) = open(page) else { return ().into_any() };
    let found = || {
        let Target::Cell { row, .. } = &target else { return None };
        let block = form.model.block(lines.name)?;
        let row = block.rows.get_untracked().into_iter().find(|one| one.is(row))?;
        Some((block, row, row.cell(column.name)?))
    };
    let Some((block, row, cell)) = found() else { return ().into_any() };
    let inside =
        view! { <div class="min-w-0 flex-1 [&_label]:sr-only">{rows::field(form, block, row, cell, None)}</div> };
    small(page, form, inside.into_any(), column)
}

/// A control with its two buttons.
fn small(page: Page, form: Form, inside: AnyView, field: &Field) -> AnyView {
    let wide = matches!(field.kind, Kind::LongText { .. });
    let class = if wide {
        "grid w-full gap-1"
    } else {
        "-my-1 flex w-full min-w-44 flex-wrap items-start gap-x-0.5 gap-y-1 md:[&_.input]:h-8 md:[&_.select]:h-8"
    };
    let buttons = view! {
        <span class="flex shrink-0 gap-0.5 py-0.5">
            <button type="button" class="icon-btn icon-btn-sm text-ok-fg max-md:h-11 max-md:w-11" aria-label=t!("inline.save") title=t!("inline.save_key") on:click=move |_| { let _ = save(page, true); }>
                {icon("check", "i i-sm")}
            </button>
            <button type="button" class="icon-btn icon-btn-sm max-md:h-11 max-md:w-11" aria-label=t!("inline.cancel") title=t!("inline.cancel_key") on:click=move |_| close(page)>
                {icon("x", "i i-sm")}
            </button>
        </span>
    };
    let own = field.name;
    let elsewhere = others(form, move |problem| problem.split('.').any(|part| part == own));
    let inside = view! { {inside} {buttons} {elsewhere} };
    boxed(page, form, class, true, inside.into_any())
}

/// The editor of a section: all its fields, empty ones too.
pub fn section(page: Page, name: &'static str, heading: String, narrow: bool) -> AnyView {
    let Some((_, form)) = open(page) else { return ().into_any() };
    let cells: Vec<Cell> =
        groups(form).into_iter().filter(|group| group.name == name).flat_map(|group| group.cells).collect();
    let names: Vec<&'static str> = cells.iter().map(|cell| cell.field.name).collect();
    let elsewhere = others(form, move |problem| names.contains(&path::top(problem)));
    let inside = view! {
        <header class="panel-head"><h2 class="panel-title">{heading}</h2></header>
        <div class="panel-body">{section::grid(form, &cells, narrow)} {elsewhere}</div>
        {foot(page)}
    };
    boxed(page, form, "panel ring-1 ring-primary", false, inside.into_any())
}

/// The editor of all lines of a field.
pub fn lines(page: Page, field: &'static Field, heading: String) -> AnyView {
    let Some((target, form)) = open(page) else { return ().into_any() };
    let Some(block) = form.model.block(field.name) else { return ().into_any() };
    let inside = custom::lines_editor(form, block).unwrap_or_else(|| rows::panel(form, block, heading));
    if matches!(target, Target::Lines { add: true, .. }) {
        rows::add(form, block);
    }
    let elsewhere = others(form, move |problem| path::top(problem) == field.name);
    let inside = view! { {inside} {elsewhere} <div class="panel overflow-hidden">{foot(page)}</div> };
    boxed(page, form, "grid gap-2", false, inside.into_any())
}

fn foot(page: Page) -> AnyView {
    view! {
        <div class="panel-foot flex flex-wrap items-center justify-end gap-2">
            <span class="hint mr-auto max-md:hidden">{t!("inline.hint")}</span>
            <button type="button" class="btn btn-sm btn-line max-md:h-11 max-md:flex-1" on:click=move |_| close(page)>{t!("inline.cancel")}</button>
            <button type="button" class="btn btn-sm btn-primary max-md:h-11 max-md:flex-1" on:click=move |_| { let _ = save(page, true); }>{t!("inline.save")}</button>
        </div>
    }
    .into_any()
}

/// What is wrong elsewhere in the record, which keeps the change from being saved.
fn others(form: Form, here: impl Fn(&str) -> bool + Send + Sync + 'static) -> AnyView {
    let resource = form.resource();
    let row = move |problem: FieldProblem| {
        let text = format!("{}: {}", path::label(resource, &problem.field), sentence(&problem));
        view! { <p class="field-err">{icon("circle-alert", "i i-xs")} {text}</p> }
    };
    let shown = move || {
        let wrong = if form.tried.get() { form.wrong() } else { Vec::new() };
        wrong.into_iter().filter(|problem| !here(&problem.field)).map(row).collect_view()
    };
    view! { <div class="w-full empty:hidden" role="alert">{shown}</div> }.into_any()
}

/// What listens to the keys; `brief` closes by itself when one goes on.
fn boxed(page: Page, form: Form, class: &'static str, brief: bool, inside: AnyView) -> AnyView {
    let node = NodeRef::<Div>::new();
    let inline = page.inline();
    let turn = inline.turn.get_value();
    Effect::new(move || {
        if let Some(root) = node.get() {
            request_animation_frame(move || enter(&root));
        }
    });
    let left = move |_| {
        let look = move || {
            let still = inline.turn.try_get_value() == Some(turn) && untrack(|| inline.is_open());
            let outside = node.try_get_untracked().flatten().is_some_and(|root| !holds_focus(&root));
            if still && outside && form.dirty.try_get_untracked() == Some(false) {
                inline.forget();
                inline.editing.set(None);
            }
        };
        if brief {
            set_timeout(look, SETTLE);
        }
    };
    view! {
        <div class=class data-inline="" node_ref=node on:keydown=move |event| on_key(&event, page) on:focusout=left>
            {inside}
        </div>
    }
    .into_any()
}

/// The first value takes the focus, its text chosen so that typing replaces it.
fn enter(root: &Element) {
    const FIRST: &str = "input:not([disabled]):not([aria-hidden]), select:not([disabled]), textarea:not([disabled]), [role='radio'][tabindex='0']";
    if holds_focus(root) {
        return;
    }
    let first = focus::inside(root, FIRST).into_iter().next();
    let text = first.clone().and_then(|element| element.dyn_into::<HtmlInputElement>().ok());
    focus::give(first);
    if let Some(text) = text {
        text.select();
    }
}

fn holds_focus(root: &Element) -> bool {
    focus::active().is_some_and(|element| root.contains(Some(&element)))
}

fn on_key(event: &KeyboardEvent, page: Page) {
    if event.default_prevented() || event.is_composing() {
        return;
    }
    let control = event.ctrl_key() || event.meta_key();
    match event.key().as_str() {
        "Enter" if control || !has_own_enter(event) => drop(save(page, true)),
        "Escape" => close(page),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

/// Whether Enter means something to what has the focus.
fn has_own_enter(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| matches!(element.tag_name().as_str(), "TEXTAREA" | "BUTTON" | "A"))
}
