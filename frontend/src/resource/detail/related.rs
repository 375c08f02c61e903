//! Records of other kinds that refer to this one.

use conexao_domain::kernel::{record::Record, resource::Resource};
use conexao_domain::registry;
use leptos::prelude::*;
use serde::Deserialize;

use super::page::Page;
use crate::{
    api::{
        Params,
        records::{self, Page as Rows},
    },
    format, i18n,
    resource::list::name_of,
    screen::Screen,
    state::app,
    t,
    ui::{chip, icon::icon, load::Load, skeleton},
};

/// How many are shown at once.
const SHOWN: &str = "5";

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Known {
    resource: String,
    field: String,
    count: i64,
}

/// One panel per kind of record.
pub fn panels(page: Page) -> AnyView {
    let known = Memo::new(move |_| {
        let known = page.record.with(|record| record.get("_related").clone());
        serde_json::from_value::<Vec<Known>>(known).unwrap_or_default()
    });
    let shown = move || known.get().into_iter().filter_map(|known| panel(page, &known)).collect_view();
    shown.into_any()
}

fn panel(page: Page, known: &Known) -> Option<AnyView> {
    let target = registry::by_name(&known.resource)?;
    let filter = Params::default().with(&format!("filter[{}]", known.field), &page.id());
    let all = format!("{}{}", Screen::List(target).path(), filter.suffix());
    let create = app().session.may(target, "create").then(|| {
        let query = Params::default().with(&known.field, &page.id());
        let path = format!("{}{}", Screen::New(target).path(), query.suffix());
        let label = i18n::new_resource(target);
        view! { <a class="icon-btn icon-btn-sm" href=path aria-label=label.clone() title=label>{icon("plus", "i")}</a> }
    });
    let load = Load::<Rows>::new();
    let query = filter.with("limit", SHOWN);
    load.run(async move { records::list(target, &query).await });
    let none = known.count == 0;
    let rows = move || match load.answer.get() {
        Some(Ok(rows)) => rows.items.into_iter().map(|record| row(target, &record)).collect_view().into_any(),
        Some(Err(failure)) => view! { <li class="hint px-4 py-3" role="alert">{failure.message()}</li> }.into_any(),
        None if load.slow.get() && !none => view! { <li class="px-4 py-3">{skeleton::lines(2)}</li> }.into_any(),
        None => ().into_any(),
    };
    let empty = none.then(|| view! { <p class="hint px-4 py-3">{t!("detail.no_related")}</p> });
    let more = (known.count > 5).then(|| {
        view! { <p class="panel-foot text-xs"><a class="lnk" href=all.clone()>{t!("detail.see_all", n = format::integer(known.count))}</a></p> }
    });
    let panel = view! {
        <section class="panel">
            <header class="panel-head">
                <h2 class="panel-title"><a class="hover:underline" href=all.clone()>{i18n::resources(target)}</a></h2>
                <span class="hint num">{format::integer(known.count)}</span>
                <div class="ml-auto flex shrink-0 items-center gap-1">{create}</div>
            </header>
            <ul class="divide-y divide-line">{rows}</ul>
            {empty}
            {more}
        </section>
    };
    Some(panel.into_any())
}

fn row(target: &'static Resource, record: &Record) -> AnyView {
    let path = Screen::Detail(target, record.id().to_owned()).path();
    let state = record.text("status").filter(|_| target.flow.is_some()).map(|name| chip::state(target, name));
    let made = record.instant("created_at").map(format::ago);
    let amount = target.field("total").and_then(|_| record.integer("total")).map(format::money);
    let hint = [made, amount].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <li>
            <a href=path class="flex items-center gap-2.5 px-4 py-2 hover:bg-hover">
                {icon(target.icon, "i text-ink-3")}
                <span class="min-w-0 flex-1">
                    <span class="num block truncate text-sm leading-4.5 font-medium">{name_of(target, record)}</span>
                    <span class="hint num block truncate">{hint}</span>
                </span>
                {state}
            </a>
        </li>
    }
    .into_any()
}
