//! The values of a record, in panels as the declaration groups them.

use conexao_domain::kernel::{
    field::{Field, Kind, Writer},
    record::Record,
    resource::Resource,
};
use leptos::prelude::*;

use super::{
    inline::{self, Target, plain_fields},
    lines,
    page::Page,
    party,
    reveal::{self, Looker},
    value,
};
use crate::{custom, i18n, resource::form::mention::masked, t};

/// The panels of the main column and of the side column.
pub fn columns(page: Page) -> (AnyView, AnyView) {
    let names = names(page.resource);
    let has_lines = page.resource.lines().next().is_some();
    let (mut main, mut side) = (Vec::new(), Vec::new());
    side.push(party::panels(page));
    for (at, name) in names.iter().copied().enumerate() {
        let fields = plain_fields(page.resource, name);
        let wide = at == 0 || !has_lines || fields.iter().any(|field| matches!(field.kind, Kind::LongText { .. }));
        if !fields.is_empty() {
            let panel = section(page, name, fields, wide);
            if wide { main.push(panel) } else { side.push(panel) }
        }
        main.extend(line_panels(page, name));
    }
    main.push(empty_ones(page, names));
    side.push(about(page));
    (main.collect_view().into_any(), side.collect_view().into_any())
}

fn names(resource: &Resource) -> Vec<&'static str> {
    let mut names = Vec::new();
    for name in resource.fields.iter().filter_map(|field| field.section) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn section(page: Page, name: &'static str, fields: Vec<&'static Field>, wide: bool) -> AnyView {
    let heading = i18n::section(name);
    let edited = inline::at(page, Target::Section(name));
    let shown = told_of(page, fields.clone());
    let some = Memo::new(move |_| shown.with(|shown| !shown.is_empty()));
    let body = move || shown.with(|shown| list(page, shown, wide));
    let panel = move || {
        if edited.get() {
            return inline::section(page, name, heading.clone(), !wide);
        }
        if !some.get() {
            return ().into_any();
        }
        let fields = fields.clone();
        let editable = Memo::new(move |_| page.record.with(|r| fields.iter().any(|field| inline::may(page, field, r))));
        let pencil = move || editable.get().then(|| inline::panel_pencil(page, Target::Section(name)));
        view! {
            <section class="panel">
                <header class="panel-head">
                    <h2 class="panel-title">{heading.clone()}</h2>
                    <div class="ml-auto flex shrink-0 items-center">{pencil}</div>
                </header>
                <div class="panel-body">{body}</div>
            </section>
        }
        .into_any()
    };
    panel.into_any()
}

/// Sections without any value have no panel, only a way to fill them in.
fn empty_ones(page: Page, names: Vec<&'static str>) -> AnyView {
    let is_empty = move |name: &str, record: &Record| {
        let fields = plain_fields(page.resource, name);
        !fields.iter().any(|field| told(field, record)) && fields.iter().any(|field| inline::may(page, field, record))
    };
    let shown = Memo::new(move |_| {
        let open = page.inline().editing.with(|now| now.as_ref().map(|now| now.target.clone()));
        let empty = |name: &&'static str| open != Some(Target::Section(name));
        let found: Vec<&'static str> = inline::settled(page, |record| {
            names.iter().copied().filter(empty).filter(|name| is_empty(name, record)).collect()
        });
        found
    });
    let row = move || {
        let buttons = shown.get().into_iter().map(|name| inline::panel_button(page, Target::Section(name)));
        let buttons = buttons.collect_view();
        shown.with(|shown| !shown.is_empty()).then(|| {
            view! {
                <p class="flex flex-wrap items-center gap-1 print:hidden">
                    <span class="hint">{t!("detail.still_empty")}</span>
                    {buttons}
                </p>
            }
        })
    };
    row.into_any()
}

/// The fields that have something to say. A value being changed keeps its
/// place, whatever becomes of the record meanwhile.
fn told_of(page: Page, fields: Vec<&'static Field>) -> Memo<Vec<&'static Field>> {
    Memo::new(move |_| {
        inline::settled(page, |record| fields.iter().copied().filter(|field| told(field, record)).collect())
    })
}

/// Whether a field has something to say. "No" is what most records answer.
fn told(field: &Field, record: &Record) -> bool {
    let value = record.get(field.name);
    let quiet = field.kind == Kind::Boolean && value == false;
    !quiet && !value::is_empty(value)
}

/// Long labels wrap instead of pushing the values out.
pub const KV: &str =
    "kv grid-cols-[fit-content(10rem)_minmax(0,1fr)] max-md:grid-cols-[8.5rem_minmax(0,1fr)] [&_dt]:min-w-26";

/// Values one below the other; two columns where there is room.
pub fn list(page: Page, fields: &[&'static Field], wide: bool) -> AnyView {
    if let [only] = fields
        && matches!(only.kind, Kind::LongText { .. })
    {
        return value_of(page, only, "text-base");
    }
    if fields.iter().any(|field| field.kind == Kind::Cep) {
        return place(page, fields);
    }
    let pair = |field: &&'static Field| pair(page, field);
    if !wide || fields.len() < 4 {
        return view! { <dl class=KV>{fields.iter().map(pair).collect_view()}</dl> }.into_any();
    }
    let (left, right) = fields.split_at(fields.len().div_ceil(2));
    view! {
        <div class="grid gap-x-8 gap-y-1.5 md:grid-cols-2 print:grid-cols-2">
            <dl class=format!("{KV} content-start")>{left.iter().map(pair).collect_view()}</dl>
            <dl class=format!("{KV} content-start")>{right.iter().map(pair).collect_view()}</dl>
        </div>
    }
    .into_any()
}

/// An address as on a letter; what is beside it stays a list.
fn place(page: Page, fields: &[&'static Field]) -> AnyView {
    let known = ["street", "number", "complement", "district", "city", "uf", "cep", "address"];
    let (parts, rest): (Vec<&'static Field>, Vec<&'static Field>) =
        fields.iter().partition(|field| known.contains(&field.name.rsplit('_').next().unwrap_or_default()));
    let letter = move || page.record.with(|record| letter(page.resource, &parts, record));
    let rest = rest.into_iter().map(|field| pair(page, field)).collect_view();
    view! {
        <address class="text-sm leading-5 not-italic">{letter}</address>
        <dl class=format!("{KV} not-empty:mt-3")>{rest}</dl>
    }
    .into_any()
}

fn letter(resource: &'static Resource, fields: &[&'static Field], record: &Record) -> AnyView {
    let part = |name: &str| {
        let field = fields.iter().find(|field| field.name.rsplit('_').next() == Some(name))?;
        Some(value::plain(resource.name, field, record)).filter(|text| !text.is_empty())
    };
    let join = |parts: [Option<String>; 3], by: &str| parts.into_iter().flatten().collect::<Vec<_>>().join(by);
    let street = join([part("street"), part("number"), part("complement")], ", ");
    let city = join([part("city"), part("uf"), None], "/");
    let town = join([part("district"), Some(city).filter(|city| !city.is_empty()), None], " · ");
    view! {
        <span class="block">{street}</span>
        <span class="block">{town}</span>
        <span class="num block">{part("cep")}</span>
    }
    .into_any()
}

fn pair(page: Page, field: &'static Field) -> AnyView {
    view! {
        <dt>{i18n::field(page.resource.name, field)}</dt>
        <dd class="min-h-5 self-start">{value_of(page, field, "")}</dd>
    }
    .into_any()
}

/// A value, or its editor; a double click opens it.
fn value_of(page: Page, field: &'static Field, class: &'static str) -> AnyView {
    let edited = inline::at(page, Target::Field(field.name));
    let open = move |_| {
        if page.record.with_untracked(|record| inline::may(page, field, record)) {
            inline::begin(page, Target::Field(field.name));
        }
    };
    let class = format!("group/val flex min-h-5 flex-wrap items-center gap-1 {class}");
    let shown = move || {
        if edited.get() {
            return inline::field(page, field);
        }
        let value = move || page.record.with(|record| read_only(page, field, record));
        view! { <div class=class.clone() on:dblclick=open>{value}</div> }.into_any()
    };
    shown.into_any()
}

fn read_only(page: Page, field: &'static Field, record: &Record) -> AnyView {
    let label = i18n::field(page.resource.name, field);
    let hidden = masked(record).any(|name| name == field.name);
    let shown = if hidden && page.may("reveal") {
        reveal::masked(Looker::on(page), page.resource.name, field, record, &label)
    } else {
        value::show(page.resource.name, field, record)
    };
    let pencil =
        inline::may(page, field, record).then(|| inline::pencil(page, Target::Field(field.name), &label, "-my-1"));
    view! { {shown} {pencil} }.into_any()
}

fn line_panels(page: Page, name: &'static str) -> Vec<AnyView> {
    let inside = page.resource.lines().filter(|(field, _)| field.section == Some(name));
    let panel = |(field, declared): (&'static Field, &'static conexao_domain::kernel::field::Lines)| {
        let heading = i18n::field(page.resource.name, field);
        let (all, cell) = (inline::at_lines(page, field.name), inline::at_cell(page, field.name));
        let shown = move || {
            if all.get() {
                return inline::lines(page, field, heading.clone());
            }
            let draw = |record: &Record| match custom::lines_shown(page, field, record) {
                Some(view) => view,
                None => lines::panel_of(page, field, declared, record, heading.clone(), cell.get()),
            };
            // A line being changed stays where it is, whatever others do meanwhile.
            if cell.get().is_some() { untrack(|| inline::settled(page, draw)) } else { page.record.with(draw) }
        };
        shown.into_any()
    };
    inside.map(panel).collect()
}

/// What the system worked out, and who made the record when.
fn about(page: Page) -> AnyView {
    let shown = told_of(page, about_fields(page.resource));
    view! {
        <section class="panel">
            <header class="panel-head"><h2 class="panel-title">{t!("detail.about")}</h2></header>
            <div class="panel-body">{move || shown.with(|shown| list(page, shown, false))}</div>
        </section>
    }
    .into_any()
}

fn about_fields(resource: &'static Resource) -> Vec<&'static Field> {
    let stamps: Vec<&str> =
        resource.flow.map(|flow| flow.steps).unwrap_or_default().iter().filter_map(|step| step.stamps).collect();
    let own = resource.fields.iter().filter(|field| {
        let elsewhere = field.name == resource.title
            || field.name == "marker"
            || field.kind == Kind::State
            || stamps.contains(&field.name);
        field.writer == Writer::System && !elsewhere
    });
    let always = ["created_at", "created_by", "updated_at"].into_iter().filter_map(|name| resource.field(name));
    own.chain(always).collect()
}
