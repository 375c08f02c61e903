//! The values of a record, in panels as the declaration groups them.

use conexao_domain::kernel::{
    field::{Field, Kind, Writer},
    record::Record,
    resource::Resource,
};
use leptos::prelude::*;

use super::{
    lines,
    page::Page,
    party,
    reveal::{self, Looker},
    value,
};
use crate::{custom, i18n, resource::form::mention::masked, screen::Screen, t, ui::icon::icon};

/// The panels of the main column and of the side column.
pub fn columns(page: Page) -> (AnyView, AnyView) {
    let names = names(page.resource);
    let has_lines = page.resource.lines().next().is_some();
    let (mut main, mut side) = (Vec::new(), Vec::new());
    side.push(party::panels(page));
    for (at, name) in names.into_iter().enumerate() {
        let fields = plain_fields(page.resource, name);
        let wide = at == 0 || !has_lines || fields.iter().any(|field| matches!(field.kind, Kind::LongText { .. }));
        if !fields.is_empty() {
            let panel = section(page, name, fields, wide);
            if wide { main.push(panel) } else { side.push(panel) }
        }
        main.extend(line_panels(page, name));
    }
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

fn plain_fields(resource: &'static Resource, name: &str) -> Vec<&'static Field> {
    let inside = |field: &&&'static Field| field.section == Some(name) && !matches!(field.kind, Kind::Lines(_));
    resource.fields.iter().collect::<Vec<_>>().iter().filter(inside).copied().collect()
}

fn section(page: Page, name: &'static str, fields: Vec<&'static Field>, wide: bool) -> AnyView {
    let some = {
        let fields = fields.clone();
        Memo::new(move |_| page.record.with(|record| fields.iter().any(|field| told(field, record))))
    };
    let heading = i18n::section(name);
    let panel = move || {
        some.get().then(|| {
            let fields = fields.clone();
            let body = move || page.record.with(|record| list(page, &fields, record, wide));
            view! {
                <section class="panel">
                    <header class="panel-head"><h2 class="panel-title">{heading.clone()}</h2></header>
                    <div class="panel-body">{body}</div>
                </section>
            }
        })
    };
    panel.into_any()
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
pub fn list(page: Page, fields: &[&'static Field], record: &Record, wide: bool) -> AnyView {
    let fields: Vec<&'static Field> = fields.iter().copied().filter(|field| told(field, record)).collect();
    if let [only] = fields.as_slice()
        && matches!(only.kind, Kind::LongText { .. })
    {
        return view! { <p class="text-base whitespace-pre-line">{value::plain(page.resource.name, only, record)}</p> }
            .into_any();
    }
    if fields.iter().any(|field| field.kind == Kind::Cep) {
        return place(page, &fields, record);
    }
    let pair = |field: &&'static Field| pair(page, field, record);
    if !wide || fields.len() < 4 {
        return view! { <dl class=KV>{fields.iter().map(pair).collect_view()}</dl> }.into_any();
    }
    let (left, right) = fields.split_at(fields.len().div_ceil(2));
    view! {
        <div class="grid gap-x-8 gap-y-1.5 md:grid-cols-2">
            <dl class=format!("{KV} content-start")>{left.iter().map(pair).collect_view()}</dl>
            <dl class=format!("{KV} content-start")>{right.iter().map(pair).collect_view()}</dl>
        </div>
    }
    .into_any()
}

/// An address as on a letter; what is beside it stays a list.
fn place(page: Page, fields: &[&'static Field], record: &Record) -> AnyView {
    let part = |name: &str| {
        let field = fields.iter().find(|field| field.name.rsplit('_').next() == Some(name))?;
        Some(value::plain(page.resource.name, field, record)).filter(|text| !text.is_empty())
    };
    let join = |parts: [Option<String>; 3], by: &str| parts.into_iter().flatten().collect::<Vec<_>>().join(by);
    let street = join([part("street"), part("number"), part("complement")], ", ");
    let city = join([part("city"), part("uf"), None], "/");
    let town = join([part("district"), Some(city).filter(|city| !city.is_empty()), None], " · ");
    let known = ["street", "number", "complement", "district", "city", "uf", "cep", "address"];
    let rest = fields.iter().filter(|field| !known.contains(&field.name.rsplit('_').next().unwrap_or_default()));
    let rest = rest.map(|field| pair(page, field, record)).collect_view();
    view! {
        <address class="text-sm leading-5 not-italic">
            <span class="block">{street}</span>
            <span class="block">{town}</span>
            <span class="num block">{part("cep")}</span>
        </address>
        <dl class=format!("{KV} not-empty:mt-3")>{rest}</dl>
    }
    .into_any()
}

fn pair(page: Page, field: &'static Field, record: &Record) -> AnyView {
    let label = i18n::field(page.resource.name, field);
    let hidden = masked(record).any(|name| name == field.name);
    let shown = if hidden && page.may("reveal") {
        reveal::masked(Looker::on(page), page.resource.name, field, record, &label)
    } else {
        value::show(page.resource.name, field, record)
    };
    view! {
        <dt>{label}</dt>
        <dd class="flex min-h-5 flex-wrap items-center gap-1 self-start">{shown}</dd>
    }
    .into_any()
}

fn line_panels(page: Page, name: &'static str) -> Vec<AnyView> {
    let inside = page.resource.lines().filter(|(field, _)| field.section == Some(name));
    let panel = |(field, declared): (&'static Field, &'static conexao_domain::kernel::field::Lines)| {
        let heading = i18n::field(page.resource.name, field);
        let shown = move || {
            page.record.with(|record| match custom::lines_shown(page, field, record) {
                Some(view) => view,
                None => lines::panel_of(page, field, declared, record, heading.clone()),
            })
        };
        shown.into_any()
    };
    inside.map(panel).collect()
}

/// What the system worked out, and who made the record when.
fn about(page: Page) -> AnyView {
    let shown = move || page.record.with(|record| about_list(page, record));
    view! {
        <section class="panel">
            <header class="panel-head"><h2 class="panel-title">{t!("detail.about")}</h2></header>
            <div class="panel-body">{shown}</div>
        </section>
    }
    .into_any()
}

fn about_list(page: Page, record: &Record) -> AnyView {
    let resource = page.resource;
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
    let fields: Vec<&'static Field> = own.chain(always).collect();
    list(page, &fields, record, false)
}

/// The way to change a record.
pub fn edit_link(page: Page) -> Option<AnyView> {
    let path = Screen::Edit(page.resource, page.id()).path();
    page.may("update").then(|| {
        view! {
            <a class="icon-btn icon-btn-sm" href=path aria-label=t!("detail.edit") title=t!("detail.edit")>
                {icon("pencil", "i i-sm")}
            </a>
        }
        .into_any()
    })
}
