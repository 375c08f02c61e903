//! The row of the keyboard in a drawer: what it is about, in short, and its
//! next step. The list stays in use beside it.

use conexao_domain::kernel::{
    field::{Field, Kind, Lines},
    record::Record,
    resource::Resource,
};
use leptos::{ev::KeyboardEvent, html::Section, prelude::*};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;

use super::value::{show, told};
use crate::{
    api::records,
    format, i18n,
    resource::{
        detail::{heading, next_step, value::plain},
        list::{List, act, act::Act, keys, row_menu::RowMenu},
    },
    screen::Screen,
    state::app,
    t, tn,
    ui::{chip, focus, icon::icon, load::Load, overlay::close_button, skeleton::lines},
};

/// Values of a section, and lines, that are shown; the record has the others.
const VALUES: usize = 6;
const LINES: usize = 3;

/// The drawer.
pub fn drawer(list: List) -> AnyView {
    let node = NodeRef::<Section>::new();
    let before = SendWrapper::new(focus::active());
    Effect::new(move || {
        if let Some(root) = node.get() {
            let _ = root.focus();
        }
    });
    on_cleanup(move || focus::give(before.take()));
    let record = follow(list);
    let name =
        move || record.with(|record| record.as_ref().map(|record| heading(list.resource, record)).unwrap_or_default());
    let body = move || match record.get() {
        Some(record) => whole(list.resource, &record),
        None => view! { <div class="p-4">{lines(8)}</div> }.into_any(),
    };
    let foot = move || record.get().map(|record| foot(list, &record));
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            list.preview().set(false);
        }
    };
    view! {
        <section
            class="sheet preview"
            role="dialog"
            tabindex="-1"
            aria-label=move || t!("preview.name", name = name())
            node_ref=node
            on:keydown=keys
        >
            {head(list, record)}
            <div class="min-h-0 flex-1 overflow-y-auto" tabindex="0" role="group" aria-label=t!("preview.values")>{body}</div>
            {foot}
        </section>
    }
    .into_any()
}

/// The record of the cursor: the row at once, then with its steps and lines.
fn follow(list: List) -> Memo<Option<Record>> {
    let load = Load::<Record>::new();
    // One memo for both: what makes the record be read again is whose it is, and its version.
    let wanted = Memo::new(move |_| {
        let id = list.cursor.get()?;
        let version = list.with_rows(|rows| rows.iter().find(|row| row.id() == id).map(Record::version));
        Some((id, version))
    });
    Effect::new(move || {
        if let Some((id, _)) = wanted.get() {
            let resource = list.resource;
            load.run(async move { records::get(resource, &id).await });
        }
    });
    Memo::new(move |_| {
        let id = list.cursor.get()?;
        let full = load.ready().filter(|record| record.id() == id);
        full.or_else(|| list.with_rows(|rows| rows.iter().find(|row| row.id() == id).cloned()))
    })
}

fn whole(resource: &'static Resource, record: &Record) -> AnyView {
    view! { {about(resource, record)} {sections(resource, record)} {all_lines(resource, record)} }.into_any()
}

/// Drawn once, so that the focus stays on the arrows while records change.
fn head(list: List, record: Memo<Option<Record>>) -> AnyView {
    let resource = list.resource;
    let of = move |tell: fn(&Resource, &Record) -> String| {
        move || record.with(|record| record.as_ref().map(|record| tell(resource, record)).unwrap_or_default())
    };
    let state = move || {
        let name = record.with(|record| record.as_ref()?.text("status").map(str::to_owned))?;
        resource.flow.is_some().then(|| chip::state(resource, &name))
    };
    let path = move || {
        record.with(|record| record.as_ref().map(|record| Screen::Detail(resource, record.id().to_owned()).path()))
    };
    let turn = |by: isize, art: &'static str, label: String| {
        view! {
            <button type="button" class="icon-btn" aria-label=label.clone() title=label on:click=move |_| { keys::step(list, by); }>
                {icon(art, "i i-md")}
            </button>
        }
    };
    let open = t!("preview.open_key");
    view! {
        <div class="flex h-14 shrink-0 items-center gap-1 border-b border-line pr-3 pl-4">
            <h2 class="num min-w-0 truncate text-md font-semibold tracking-tight">{of(heading)}</h2>
            <span class="ml-1 shrink-0 max-sm:hidden">{state}</span>
            <span class="ml-auto flex shrink-0 gap-0.5">
                {turn(-1, "chevron-up", t!("preview.previous"))}
                {turn(1, "chevron-down", t!("preview.next"))}
                <a class="icon-btn" href=path aria-label=open.clone() title=open>{icon("maximize-2", "i i-md")}</a>
                {close_button(std::sync::Arc::new(move || list.preview().set(false)))}
            </span>
        </div>
    }
    .into_any()
}

/// Whom or what it is about, and what tells how urgent it is.
fn about(resource: &'static Resource, record: &Record) -> AnyView {
    let listed = |field: &&'static Field| {
        field.list > 0 && field.name != resource.title && field.kind != Kind::State && told(field, record)
    };
    pairs(resource, record, resource.fields.iter().filter(listed).collect(), None)
}

/// The rest as the declaration groups it.
fn sections(resource: &'static Resource, record: &Record) -> AnyView {
    let mut names = Vec::new();
    for name in resource.fields.iter().filter_map(|field| field.section) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let section = |name: &'static str| {
        let inside = |field: &&'static Field| {
            field.section == Some(name)
                && field.list == 0
                && field.name != resource.title
                && !matches!(field.kind, Kind::Lines(_))
                && told(field, record)
        };
        let fields: Vec<_> = resource.fields.iter().filter(inside).take(VALUES).collect();
        (!fields.is_empty()).then(|| pairs(resource, record, fields, Some(i18n::section(name))))
    };
    names.into_iter().filter_map(section).collect_view().into_any()
}

fn pairs(resource: &'static Resource, record: &Record, fields: Vec<&'static Field>, title: Option<String>) -> AnyView {
    let title = title.map(|title| view! { <h3 class="panel-title mb-2">{title}</h3> });
    let pair = |field: &'static Field| {
        view! { <dt>{i18n::field(resource.name, field)}</dt> <dd class="min-w-0">{show(resource, field, record)}</dd> }
    };
    view! {
        <div class="border-b border-line p-4">
            {title} <dl class="kv">{fields.into_iter().map(pair).collect_view()}</dl>
        </div>
    }
    .into_any()
}

fn all_lines(resource: &'static Resource, record: &Record) -> AnyView {
    let one = |(field, lines): (&'static Field, &'static Lines)| {
        let rows = record.lines(field.name);
        (!rows.is_empty()).then(|| some_lines(resource, field, lines, &rows))
    };
    resource.lines().filter_map(one).collect_view().into_any()
}

/// The first lines: what each is called, what it is worth.
fn some_lines(resource: &'static Resource, field: &'static Field, lines: &'static Lines, rows: &[Record]) -> AnyView {
    let one = |row: &Record| {
        let texts = lines.fields.iter().filter(|f| f.kind != Kind::Money && told(f, row));
        let texts: Vec<String> = texts.map(|f| plain(lines.table, f, row)).take(4).collect();
        let (first, rest) =
            texts.split_first().map(|(first, rest)| (first.clone(), rest.join(" · "))).unwrap_or_default();
        let money = lines.fields.iter().rfind(|f| f.kind == Kind::Money);
        let money = money.map(|f| format::value(lines.table, f, row.get(f.name)));
        view! {
            <li class="flex items-start gap-3 text-sm">
                <span class="min-w-0 flex-1">
                    <span class="block font-medium">{first}</span>
                    <span class="block text-xs text-ink-2">{rest}</span>
                </span>
                <span class="num font-medium">{money}</span>
            </li>
        }
    };
    let more = rows.len().saturating_sub(LINES);
    let more = (more > 0).then(|| {
        view! { <p class="hint mt-2">{tn!("preview.more", i64::try_from(more).unwrap_or_default())}</p> }
    });
    view! {
        <div class="border-b border-line p-4 last:border-0">
            <h3 class="panel-title mb-2">{i18n::field(resource.name, field)}</h3>
            <ul class="grid gap-2">{rows.iter().take(LINES).map(one).collect_view()}</ul>
            {more}
        </div>
    }
    .into_any()
}

/// The usual next step, with the reason when it cannot be taken, and the way to the record.
fn foot(list: List, record: &Record) -> AnyView {
    let (resource, id) = (list.resource, record.id().to_owned());
    let path = Screen::Detail(resource, id.clone()).path();
    let next = next_step(resource, record);
    let why = next.as_ref().filter(|(_, allowed, _)| !allowed).and_then(|(_, _, why)| why.clone());
    let why = why.map(|why| view! { <p class="hint px-4 pt-3" id="preview-reason">{why}</p> });
    let has_step = next.is_some();
    let step = next.map(|(step, allowed, _)| {
        let this = id.clone();
        let take = move |_| {
            if allowed {
                act::start(list, Act::step_of(this.clone(), step));
            }
        };
        view! {
            <button
                type="button"
                class="btn btn-sm btn-primary flex-1 max-md:h-11"
                disabled=!allowed
                aria-describedby="preview-reason"
                on:click=take
            >
                {i18n::step(resource.name, step.name)}
            </button>
        }
    });
    let open = if has_step { "btn btn-sm btn-line max-md:h-11" } else { "btn btn-sm btn-primary flex-1 max-md:h-11" };
    let edit = app().session.may(resource, "update").then(|| {
        let path = Screen::Edit(resource, id.clone()).path();
        view! { <a class="btn btn-sm btn-line max-md:h-11" href=path>{t!("list.edit")}</a> }
    });
    let more = move |event: leptos::ev::MouseEvent| {
        let button = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        list.menu.set(button.and_then(|button| RowMenu::at(id.clone(), &button)));
    };
    view! {
        <div class="shrink-0 border-t border-line">
            {why}
            <div class="flex items-center gap-2 px-4 py-3">
                {step} <a class=open href=path>{t!("list.open_one")}</a> {edit}
                <button type="button" class="btn btn-sm btn-line btn-square max-md:h-11 max-md:w-11" aria-haspopup="menu" aria-label=t!("list.acts") on:click=more>
                    {icon("ellipsis", "i")}
                </button>
            </div>
        </div>
    }
    .into_any()
}
