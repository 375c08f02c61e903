//! Whom a record is about: the main data of the records it refers to, and its
//! counterpart in a form.

use conexao_domain::kernel::{
    field::{Field, Kind},
    record::Record,
    resource::Resource,
};
use conexao_domain::registry;
use leptos::prelude::*;

use super::{
    page::Page,
    reveal::{self, Looker},
    value,
};
use crate::{
    api::records,
    i18n,
    resource::{form::mention::masked, list::name_of},
    screen::Screen,
    state::app,
    t,
    ui::{chip, load::Load},
};

/// One panel per reference that the record has.
pub fn panels(page: Page) -> AnyView {
    let references = page.resource.fields.iter().filter_map(|field| match field.kind {
        Kind::Reference(target) => registry::by_name(target).map(|target| (field, target)),
        _ => None,
    });
    let panels = references.filter(|(_, target)| app().session.may(target, "read")).map(|(field, target)| {
        let id = Memo::new(move |_| page.record.with(|record| record.text(field.name).map(str::to_owned)));
        (move || id.get().map(|id| panel(target, i18n::field(page.resource.name, field), id))).into_any()
    });
    panels.collect_view().into_any()
}

/// The main data of one record.
pub fn panel(target: &'static Resource, heading: String, id: String) -> AnyView {
    let load = Load::<Record>::new();
    let path = Screen::Detail(target, id.clone()).path();
    let wanted = id.clone();
    load.run(async move { records::get(target, &wanted).await });
    let shown = move || {
        let record = load.ready()?;
        let looker = Looker::at(target, id.clone());
        Some(view! {
            <section class="panel">
                <header class="panel-head">
                    <h2 class="panel-title truncate">{heading.clone()}</h2>
                    <div class="ml-auto flex shrink-0 items-center gap-1 print:hidden">
                        <a class="lnk inline-flex min-h-6 items-center px-1 text-xs max-md:min-h-11" href=path.clone()>{t!("detail.open_party")}</a>
                    </div>
                </header>
                <div class="panel-body">{facts(target, &record, looker)}</div>
            </section>
        })
    };
    shown.into_any()
}

fn facts(target: &'static Resource, record: &Record, looker: Looker) -> AnyView {
    let state = record.text("status").filter(|_| target.flow.is_some()).map(|name| chip::state(target, name));
    let told = |field: &&&'static Field| {
        field.list > 0
            && field.name != target.title
            && !matches!(field.kind, Kind::State | Kind::Tags)
            && !value::is_empty(record.get(field.name))
    };
    let fields: Vec<&'static Field> =
        target.fields.iter().collect::<Vec<_>>().iter().filter(told).take(6).copied().collect();
    let pairs = fields.into_iter().map(|field| {
        let label = i18n::field(target.name, field);
        let hidden = masked(record).any(|name| name == field.name) && app().session.may(target, "reveal");
        let shown = if hidden {
            reveal::masked(looker, target.name, field, record, &label)
        } else {
            value::show(target.name, field, record)
        };
        view! {
            <dt>{label}</dt>
            <dd class="flex min-h-5 flex-wrap items-center gap-1 self-start">{shown}</dd>
        }
    });
    view! {
        <p class="mb-2 flex flex-wrap items-center gap-2">
            <b class="text-sm font-semibold">{name_of(target, record)}</b>
            {state}
        </p>
        <dl class=super::sections::KV>{pairs.collect_view()}</dl>
    }
    .into_any()
}
