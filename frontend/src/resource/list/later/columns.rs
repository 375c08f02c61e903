//! The choice of columns: which, in which order, how wide.

use conexao_domain::kernel::field::Field;
use leptos::prelude::*;

use crate::{
    i18n,
    resource::list::{
        List,
        columns::{self, Column, possible},
        widths,
    },
    t,
    ui::{focus, icon::icon},
};

/// By so many pixels a click changes a width.
const STEP: i32 = 24;

/// What the button of the columns opens.
pub fn content(list: List) -> AnyView {
    let all = possible(list.resource);
    let total = all.len();
    let count = move || t!("columns.count", n = list.columns.read().len(), total = total);
    let rows = move || {
        let now = list.columns.get();
        let hidden = all.iter().copied().filter(|f| !now.iter().any(|c| c.field.name == f.name));
        let rows = now.iter().map(|c| (c.field, true)).chain(hidden.map(|f| (f, false)));
        rows.map(|(field, shown)| row(list, field, shown)).collect_view()
    };
    let reset = move |_| {
        widths::reset(list);
        columns::choose(list, None);
    };
    view! {
        <p class="flex items-center justify-between px-2.5 pt-1 pb-2">
            <span class="text-sm font-semibold">{t!("columns.visible")}</span>
            <span class="hint num">{count}</span>
        </p>
        <ul class="grid max-h-[60vh] overflow-y-auto">{rows}</ul>
        <div class="mt-1 flex justify-between border-t border-line px-1 pt-2">
            <button type="button" class="btn btn-xs btn-quiet" on:click=reset>{t!("columns.reset")}</button>
        </div>
    }
    .into_any()
}

fn row(list: List, field: &'static Field, shown: bool) -> AnyView {
    let fixed = field.name == list.resource.title;
    let label = i18n::field(list.resource.name, field);
    let toggle = move |event| {
        let mut columns = list.columns.get_untracked();
        columns.retain(|c| c.field.name != field.name);
        if event_target_checked(&event) {
            columns.push(Column { field, priority: 1 });
        }
        columns::choose(list, Some(columns));
    };
    let moves =
        (shown && !fixed).then(|| view! { {mover(list, field, &label, false)} {mover(list, field, &label, true)} });
    let wide = shown.then(|| view! { {sizer(list, field, &label, false)} {sizer(list, field, &label, true)} });
    let hint = fixed.then(|| view! { <span class="hint">{t!("columns.fixed")}</span> });
    view! {
        <li class="menu-item gap-1">
            <label class="flex min-w-0 flex-1 items-center gap-2.5">
                <input type="checkbox" class="checkbox checkbox-xs" checked=shown disabled=fixed on:change=toggle />
                <span class="truncate">{label.clone()}</span>
            </label>
            {hint} {moves} {wide}
        </li>
    }
    .into_any()
}

fn button(id: String, art: &'static str, label: String, act: impl Fn() + 'static) -> AnyView {
    view! {
        <button type="button" class="icon-btn h-6 w-6" id=id aria-label=label.clone() title=label on:click=move |_| act()>
            {icon(art, "i i-sm")}
        </button>
    }
    .into_any()
}

fn mover(list: List, field: &'static Field, label: &str, down: bool) -> AnyView {
    let (art, label) = if down {
        ("chevron-down", t!("columns.down", name = label))
    } else {
        ("chevron-up", t!("columns.up", name = label))
    };
    let id = format!("column-{}-{}", field.name, if down { "down" } else { "up" });
    let this = id.clone();
    button(id, art, label, move || {
        let mut columns = list.columns.get_untracked();
        shift(&mut columns, field, down);
        columns::choose(list, Some(columns));
        // The rows are drawn anew; the focus stays with the column.
        let this = this.clone();
        request_animation_frame(move || focus::give(focus::by_id(&this)));
    })
}

/// The same as dragging the edge of a column's head, for keys and single clicks.
fn sizer(list: List, field: &'static Field, label: &str, wider: bool) -> AnyView {
    let (art, label, by) = if wider {
        ("plus", t!("columns.wider", name = label), STEP)
    } else {
        ("minus", t!("columns.narrower", name = label), -STEP)
    };
    let id = format!("column-{}-{}", field.name, if wider { "wider" } else { "narrower" });
    button(id, art, label, move || widths::change(list, field.name, by))
}

/// Changes places with the neighbour; the first column stays first.
fn shift(columns: &mut [Column], field: &Field, down: bool) {
    let Some(at) = columns.iter().position(|c| c.field.name == field.name) else { return };
    let other = if down { at.checked_add(1) } else { at.checked_sub(1) };
    if let Some(other) = other.filter(|other| *other > 0 && *other < columns.len()) {
        columns.swap(at, other);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::registry::by_name;

    use super::*;

    #[test]
    fn columns_change_places_but_the_first() {
        let names = |columns: &[Column]| columns.iter().map(|c| c.field.name).collect::<Vec<_>>();
        let mut columns = columns::usual(by_name("warranty").unwrap());
        let before = names(&columns);
        let second = columns.get(1).unwrap().field;
        shift(&mut columns, second, false);
        assert_eq!(names(&columns), before);
        shift(&mut columns, second, true);
        assert_eq!(columns.get(2).unwrap().field.name, second.name);
    }
}
