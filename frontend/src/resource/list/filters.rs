//! The bar above the rows: search, filters in force, columns, density.

use std::{sync::Arc, time::Duration};

use conexao_domain::kernel::{
    field::{Field, Kind},
    resource::{Resource, SYSTEM_FIELDS},
};
use leptos::{ev::KeyboardEvent, leptos_dom::helpers::set_timeout, prelude::*};

use super::{columns, describe::describe, editor::editor, model::List, query::ListQuery};
use crate::{
    i18n,
    part::{self, Tool},
    shell::choose_density,
    state::app,
    t,
    ui::{
        icon::icon,
        overlay::{sheet, sheet_head},
        popover::{Trigger, popover},
    },
};

/// Typing pauses this long before the list follows.
const PAUSE: Duration = Duration::from_millis(220);

/// The bar.
pub fn bar(list: List) -> AnyView {
    let fields = move || list.query.read().filtered_fields();
    let clear = move || {
        let narrowed = list.query.read().is_narrowed();
        narrowed.then(|| {
            view! {
                <button type="button" class="btn btn-sm btn-quiet max-lg:hidden" on:click=move |_| list.change(ListQuery::cleared)>
                    {t!("filter.clear")}
                </button>
            }
        })
    };
    view! {
        <div class="filters py-3">
            {search(list)}
            <For each=fields key=|field| field.name let(field)>{chip(list, field)}</For>
            {move || grouped(list)}
            <div class="max-lg:hidden">{add(list)}</div>
            {clear}
            {phone(list)}
            <div class="ml-auto flex items-center gap-2 max-lg:hidden">
                {columns::chooser(list)} {density()}
            </div>
        </div>
    }
    .into_any()
}

/// The fields a list may be narrowed by.
pub fn filterable(resource: &'static Resource) -> impl Iterator<Item = &'static Field> {
    resource.fields.iter().chain(SYSTEM_FIELDS).filter(|field| field.filter && field.name != "id")
}

fn search(list: List) -> AnyView {
    let text = RwSignal::new(list.query.get_untracked().q);
    let turn = StoredValue::new(0_u32);
    // The address may change from elsewhere: back, a tab, "clear".
    Effect::new(move || {
        let q = list.query.read().q.clone();
        if text.get_untracked().trim() != q {
            text.set(q);
        }
    });
    let apply = move || {
        let typed = text.get_untracked();
        if typed.trim() != list.query.get_untracked().q {
            list.go(&list.query.get_untracked().with_search(&typed), true);
        }
    };
    let input = move |event| {
        text.set(event_target_value(&event));
        let this = turn.get_value().wrapping_add(1);
        turn.set_value(this);
        set_timeout(
            move || {
                if turn.try_get_value() == Some(this) {
                    apply();
                }
            },
            PAUSE,
        );
    };
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            apply();
        }
    };
    view! {
        <label class="input input-sm w-72 max-lg:w-auto max-lg:flex-1 max-md:h-11">
            {icon("search", "i i-sm text-ink-3")}
            <input
                type="search"
                class="min-w-0"
                placeholder=placeholder(list.resource)
                aria-label=t!("list.search", what = i18n::resources(list.resource))
                prop:value=text
                on:input=input
                on:keydown=keys
            />
            <kbd class="kbd max-lg:hidden">"/"</kbd>
        </label>
    }
    .into_any()
}

/// As many of the searched fields as the box has room for: "Número, cliente…".
fn placeholder(resource: &'static Resource) -> String {
    let mut text = String::new();
    for field in resource.fields.iter().filter(|field| field.search) {
        let name = i18n::field(resource.name, field);
        if text.is_empty() {
            text = name;
        } else if text.chars().count() + name.chars().count() < ROOM {
            text = format!("{text}, {}", lower(&name));
        }
    }
    if text.is_empty() { t!("list.search_short") } else { format!("{text}…") }
}

/// Characters of the search box before its key hint.
const ROOM: usize = 30;

/// A name inside a sentence; abbreviations stay as they are.
fn lower(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}

fn chip(list: List, field: &'static Field) -> AnyView {
    let label = i18n::field(list.resource.name, field);
    let text = move || describe(list.resource, field, &list.query.read().of_field(field));
    let inside = view! { <span>{label.clone()} ": " <b>{text}</b></span> };
    let trigger = Trigger { class: "h-auto w-auto", label: None, inside: inside.into_any() };
    let remove = move |_| list.change(|query| query.with_field(field, Vec::new()));
    view! {
        <span class="fchip max-lg:hidden">
            {popover(trigger, "left-0 top-7 w-72 font-normal text-base-content", move |_| part::tool(Tool::Filter(list, field)))}
            <button type="button" aria-label=t!("filter.remove", name = label) on:click=remove>{icon("x", "i i-xs")}</button>
        </span>
    }
    .into_any()
}

/// The chip of the conditions in groups.
fn grouped(list: List) -> Option<AnyView> {
    let words = list.query.read().groups.as_ref().map(|groups| groups.words(list.resource))?;
    let remove = move |_| list.change(|query| ListQuery { groups: None, ..query.first_page() });
    Some(
        view! {
            <span class="fchip max-lg:hidden">
                <button type="button" class="h-auto w-auto" aria-haspopup="dialog" on:click=move |_| list.groups().set(true)>
                    <span>{t!("groups.name")} ": " <b>{words}</b></span>
                </button>
                <button type="button" aria-label=t!("filter.remove", name = t!("groups.name")) on:click=remove>{icon("x", "i i-xs")}</button>
            </span>
        }
        .into_any(),
    )
}

/// "+ Filtro": first the field, then its values.
fn add(list: List) -> AnyView {
    let inside = view! { {icon("plus", "i i-sm")} {t!("filter.add")} <kbd class="kbd" aria-hidden="true">"F"</kbd> };
    let trigger = Trigger { class: "fadd", label: None, inside: inside.into_any() };
    let content = move |open: RwSignal<bool>| {
        let field = RwSignal::new(None::<&'static str>);
        let shown = move || match field.get().and_then(|name| list.resource.filterable(name)) {
            None => pick(list, field, open),
            Some(chosen) => chosen_editor(list, chosen, field, open),
        };
        shown.into_any()
    };
    popover(trigger, "left-0 top-9 w-72", content)
}

fn pick(list: List, chosen: RwSignal<Option<&'static str>>, open: RwSignal<bool>) -> AnyView {
    let rows = filterable(list.resource).map(|field| {
        let art = art_of(field);
        view! {
            <button type="button" class="menu-item" on:click=move |_| chosen.set(Some(field.name))>
                {icon(art, "i i-sm text-ink-3")} {i18n::field(list.resource.name, field)}
            </button>
        }
    });
    let groups = move |_| {
        open.set(false);
        list.groups().set(true);
    };
    view! {
        <div class="grid max-h-80 overflow-y-auto p-1.5">{rows.collect_view()}</div>
        <div class="border-t border-line p-1.5">
            <button type="button" class="menu-item" aria-haspopup="dialog" on:click=groups>
                {icon("brackets", "i i-sm text-ink-3")} {t!("groups.open")}
            </button>
        </div>
    }
    .into_any()
}

const fn art_of(field: &Field) -> &'static str {
    match field.kind {
        Kind::Date | Kind::Instant => "calendar",
        Kind::Money => "banknote",
        Kind::Integer { .. } | Kind::Rate | Kind::Quantity => "scale",
        Kind::Reference(_) => "link-2",
        Kind::User => "user-round",
        Kind::Tags => "tag",
        Kind::State | Kind::Choice(_) | Kind::Boolean => "list-checks",
        Kind::Phone => "phone",
        Kind::Email => "mail",
        Kind::Uf | Kind::Cep | Kind::Municipality => "map-pin",
        _ => "file-text",
    }
}

fn chosen_editor(
    list: List,
    field: &'static Field,
    chosen: RwSignal<Option<&'static str>>,
    open: RwSignal<bool>,
) -> AnyView {
    view! {
        <div class="flex items-center gap-1 border-b border-line p-1.5">
            <button type="button" class="icon-btn icon-btn-sm" aria-label=t!("filter.other") on:click=move |_| chosen.set(None)>
                {icon("arrow-left", "i i-sm")}
            </button>
            <span class="flex-1 text-sm font-semibold">{i18n::field(list.resource.name, field)}</span>
            <button type="button" class="btn btn-xs btn-primary" on:click=move |_| open.set(false)>{t!("filter.done")}</button>
        </div>
        {part::tool(Tool::Filter(list, field))}
    }
    .into_any()
}

/// Rows of 44 or 34 px.
fn density() -> AnyView {
    let one = |compact: bool, art: &'static str, label: String| {
        let checked = move || (app().prefs.compact.get() == compact).to_string();
        view! {
            <button type="button" role="radio" aria-checked=checked aria-label=label.clone() title=label on:click=move |_| choose_density(compact)>
                {icon(art, "i")}
            </button>
        }
    };
    view! {
        <div class="seg seg-icon" role="radiogroup" aria-label=t!("density.name")>
            {one(false, "rows-2", t!("density.comfortable"))} {one(true, "rows-4", t!("density.compact"))}
        </div>
    }
    .into_any()
}

/// The button and drawer that hold filters and sort on small screens.
fn phone(list: List) -> AnyView {
    let open = RwSignal::new(false);
    let label = move || t!("filter.phone", n = list.query.read().filtered_fields().len());
    let any = move || !list.query.read().conditions.is_empty() || list.query.read().groups.is_some();
    let dot = move || any().then(|| view! { <span class="rail-dot"></span> });
    let shown = move || open.get().then(|| part::tool(Tool::Filters(list, open)));
    view! {
        <button type="button" class="btn btn-sm btn-line btn-square relative lg:hidden max-md:h-11 max-md:w-11" aria-haspopup="dialog" aria-label=label on:click=move |_| open.set(true)>
            {icon("list-filter", "i")} {dot}
        </button>
        {shown}
    }
    .into_any()
}

/// Filters and order on small screens.
pub fn drawer(list: List, open: RwSignal<bool>) -> AnyView {
    let close = Arc::new(move || open.set(false));
    let head = view! { <h2 class="text-md font-semibold tracking-tight">{t!("filter.title")}</h2> };
    let fields = filterable(list.resource).map(|field| fold(list, field)).collect_view();
    let groups = move |_| {
        open.set(false);
        list.groups().set(true);
    };
    let content = view! {
        {sheet_head(head.into_any(), ().into_any(), close.clone())}
        <div class="min-h-0 flex-1 divide-y divide-line overflow-y-auto">
            <div class="p-4">{sort(list)}</div>
            {fields}
            <button type="button" class="flex min-h-11 w-full items-center gap-2 px-4 text-sm" aria-haspopup="dialog" on:click=groups>
                {icon("brackets", "i i-sm text-ink-3")} {t!("groups.open")}
            </button>
        </div>
        <div class="flex gap-2 border-t border-line p-3">
            <button type="button" class="btn btn-line h-11 flex-1" on:click=move |_| list.change(ListQuery::cleared)>{t!("filter.clear")}</button>
            <button type="button" class="btn btn-primary h-11 flex-1" on:click=move |_| open.set(false)>{t!("filter.done")}</button>
        </div>
    };
    sheet(t!("filter.title"), content.into_any(), close)
}

fn fold(list: List, field: &'static Field) -> AnyView {
    let now = move || {
        let conditions = list.query.read().of_field(field);
        (!conditions.is_empty()).then(
            || view! { <b class="ml-auto truncate text-primary-ink">{describe(list.resource, field, &conditions)}</b> },
        )
    };
    view! {
        <details>
            <summary class="flex min-h-11 items-center gap-2 px-4 text-sm">
                {icon(art_of(field), "i i-sm text-ink-3")} {i18n::field(list.resource.name, field)} {now}
            </summary>
            {editor(list, field)}
        </details>
    }
    .into_any()
}

fn sort(list: List) -> AnyView {
    let resource = list.resource;
    let sortable = resource.fields.iter().chain(SYSTEM_FIELDS).filter(|field| field.sort);
    let both = sortable.flat_map(|field| {
        let label = i18n::field(resource.name, field);
        [
            (field.name.to_owned(), t!("sort.up", name = label)),
            (format!("-{}", field.name), t!("sort.down", name = label)),
        ]
    });
    let options = both.map(|(sort, label)| {
        let this = sort.clone();
        let chosen = move || {
            let query = list.query.get();
            let first = query.sorts(resource).into_iter().next();
            first == Some((this.strip_prefix('-').unwrap_or(&this), this.starts_with('-')))
        };
        view! { <option value=sort selected=chosen>{label}</option> }
    });
    let change = move |event| {
        let sort = event_target_value(&event);
        list.change(|query| ListQuery { sort, ..query.first_page() });
    };
    view! {
        <div class="field">
            <label for="list-sort">{t!("sort.name")}</label>
            <select id="list-sort" class="select h-11" on:change=change>{options.collect_view()}</select>
        </div>
    }
    .into_any()
}
