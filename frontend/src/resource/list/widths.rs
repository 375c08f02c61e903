//! How wide this person made the columns. Widths are custom properties of the
//! table, so that a change touches no row.

use std::collections::BTreeMap;

use conexao_domain::kernel::resource::Resource;
use leptos::{ev::PointerEvent, html::Table, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{columns::Column, model::List};
use crate::prefs::{recall, remember};

/// Pixels by the name of the column; what is not there is as wide as it needs.
pub type Widths = BTreeMap<String, i32>;

/// No column is narrower or wider, in pixels.
const BOUNDS: (i32, i32) = (64, 640);

fn key(resource: &Resource) -> String {
    format!("conexao.widths.{}", resource.name)
}

/// The widths this person chose.
pub fn chosen(resource: &Resource) -> Widths {
    let text = recall(&key(resource)).unwrap_or_default();
    let one = |part: &str| {
        let (name, width) = part.split_once(':')?;
        Some((name.to_owned(), width.parse::<i32>().ok()?.clamp(BOUNDS.0, BOUNDS.1)))
    };
    text.split(',').filter_map(one).collect()
}

fn save(resource: &Resource, widths: &Widths) {
    let parts = widths.iter().map(|(name, width)| format!("{name}:{width}"));
    remember(&key(resource), &parts.collect::<Vec<_>>().join(","));
}

/// Forgets them.
pub fn reset(list: List) {
    list.widths().set(Widths::new());
    save(list.resource, &Widths::new());
}

/// Makes a column this much wider than it is now; zero lets it be as wide as it needs.
pub fn change(list: List, name: &str, by: i32) {
    let head = document().query_selector(&format!("th[data-head='{name}']")).ok().flatten();
    let now = head.and_then(|head| head.dyn_into::<HtmlElement>().ok()).map_or(BOUNDS.0, |head| head.offset_width());
    list.widths().update(|widths| {
        if by == 0 {
            widths.remove(name);
        } else {
            widths.insert(name.to_owned(), now.saturating_add(by).clamp(BOUNDS.0, BOUNDS.1));
        }
    });
    save(list.resource, &list.widths().read_untracked());
}

/// Writes the widths on the table.
pub fn dress(list: List, table: NodeRef<Table>) {
    Effect::new(move || {
        let Some(table) = table.get() else { return };
        let style = HtmlElement::style(&table);
        list.widths().with(|widths| {
            for column in list.columns.read().iter() {
                let name = column.field.name;
                let width = widths.get(name).map(|width| format!("{width}px")).unwrap_or_default();
                let _ = style.set_property(&format!("--w-{name}"), &width);
            }
        });
    });
}

/// How a cell of the column reads its width.
pub fn of(column: Column, usual: &str) -> String {
    format!("var(--w-{}{usual})", column.field.name)
}

/// The edge of a column's head that is dragged. The choice of columns does the
/// same with buttons, so nothing here is for the keyboard.
pub fn grip(list: List, name: &'static str) -> AnyView {
    let drag = StoredValue::new(None::<(i32, i32)>);
    let begin = move |event: PointerEvent| {
        let Some(grip) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return };
        event.prevent_default();
        let _ = grip.set_pointer_capture(event.pointer_id());
        let head = grip.closest("th").ok().flatten().and_then(|head| head.dyn_into::<HtmlElement>().ok());
        drag.set_value(head.map(|head| (event.client_x(), head.offset_width())));
    };
    let follow = move |event: PointerEvent| {
        let Some((from, width)) = drag.get_value() else { return };
        let width = width.saturating_add(event.client_x()).saturating_sub(from).clamp(BOUNDS.0, BOUNDS.1);
        list.widths().update(|widths| {
            widths.insert(name.to_owned(), width);
        });
    };
    let end = move |_| {
        if drag.get_value().is_some() {
            drag.set_value(None);
            save(list.resource, &list.widths().read_untracked());
        }
    };
    view! {
        <span
            class="grip"
            aria-hidden="true"
            on:pointerdown=begin
            on:pointermove=follow
            on:pointerup=end
            on:pointercancel=end
            on:dblclick=move |_| change(list, name, 0)
        ></span>
    }
    .into_any()
}
