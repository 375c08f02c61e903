//! What every role may do, side by side: permissions down, roles across.

use conexao_domain::{
    kernel::{
        record::Record,
        resource::{Resource, VERBS},
    },
    registry::{ADMINISTRATION, RESOURCES},
};
use futures_util::future::join_all;
use leptos::prelude::*;

use super::grants;
use crate::{
    api::{Failure, Params, records},
    i18n,
    resource::list::name_of,
    screen::Screen,
    t,
    ui::{
        icon::{glyph, icon},
        load::Load,
    },
};

/// A role with what it is granted.
#[derive(Debug, Clone, PartialEq)]
struct Column {
    id: String,
    name: String,
    /// Only records of one's own.
    own: bool,
    grants: Vec<String>,
}

impl Column {
    fn read(resource: &'static Resource, record: &Record) -> Self {
        let grants = record.lines("grants");
        Self {
            id: record.id().to_owned(),
            name: name_of(resource, record),
            own: record.text("scope") == Some("own"),
            grants: grants.iter().filter_map(|line| line.text("permission").map(str::to_owned)).collect(),
        }
    }
}

async fn columns(resource: &'static Resource) -> Result<Vec<Column>, Failure> {
    let page = records::list(resource, &Params::default().with("limit", "200")).await?;
    // Lists leave the lines out.
    let whole = page.items.iter().map(|role| records::get(resource, role.id(), false));
    let whole: Result<Vec<Record>, Failure> = join_all(whole).await.into_iter().collect();
    Ok(whole?.iter().map(|role| Column::read(resource, role)).collect())
}

/// The panel below the list of roles.
pub fn panel(resource: &'static Resource) -> AnyView {
    let load = Load::new();
    load.run(async move { columns(resource).await });
    let shown = move || load.ready().filter(|columns| !columns.is_empty()).map(|columns| table(resource, &columns));
    view! { <div class="mt-6 min-w-0">{shown}</div> }.into_any()
}

fn table(resource: &'static Resource, columns: &[Column]) -> AnyView {
    let heads = columns.iter().map(|column| {
        let path = Screen::Detail(resource, column.id.clone()).path();
        view! { <th scope="col" class="h-12! min-w-17 px-1! text-center! leading-4 whitespace-normal!"><a class="hover:underline" href=path>{column.name.clone()}</a></th> }
    });
    let groups = RESOURCES.iter().map(|resource| group(resource, columns)).collect_view();
    let administration = ADMINISTRATION.iter().map(|name| line(columns, name, i18n::permission(name))).collect_view();
    view! {
        <section class="panel overflow-hidden">
            <header class="panel-head h-auto flex-wrap gap-y-1 py-2.5">
                <h2 class="panel-title">{t!("roles.compare")}</h2>
                {legend()}
            </header>
            <div class="tbl-wrap" tabindex="0" role="region" aria-label=t!("roles.compare")>
                <table class="tbl tbl-compact">
                    <caption class="sr-only">{t!("roles.compare")}</caption>
                    <thead>
                        <tr><th scope="col" class="left-0 z-2! min-w-44">{t!("roles.permission")}</th> {heads.collect_view()}</tr>
                    </thead>
                    {groups}
                    <tbody>{title("settings", t!("roles.administration"), columns.len())} {administration}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn legend() -> AnyView {
    let one = |mark: AnyView, text: String| view! { <span class="inline-flex items-center gap-1">{mark} {text}</span> };
    view! {
        <p class="ml-auto flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
            {one(mark(Some(false)), i18n::choice("role", "scope", "all"))}
            {one(mark(Some(true)), i18n::choice("role", "scope", "own"))}
            {one(mark(None), t!("roles.no_access"))}
        </p>
    }
    .into_any()
}

/// Granted for all records or (`Some(true)`) one's own, or not.
fn mark(own: Option<bool>) -> AnyView {
    match own {
        Some(false) => view! { <span class="inline-flex text-primary-ink">{glyph("success")}</span> }.into_any(),
        Some(true) => {
            view! { <span class="inline-flex text-waiting-fg">{icon("user-round", "i i-sm")}</span> }.into_any()
        }
        None => view! { <span class="inline-flex text-ink-3">{icon("minus", "i i-sm")}</span> }.into_any(),
    }
}

fn group(resource: &'static Resource, columns: &[Column]) -> AnyView {
    let verbs = VERBS.iter().map(|verb| (format!("{}.{verb}", resource.name), i18n::verb(verb)));
    let steps = resource.flow.map(|flow| flow.steps).unwrap_or_default().iter();
    let steps = steps.map(|step| (format!("{}.{}", resource.name, step.name), i18n::step(resource.name, step.name)));
    let lines = verbs.chain(steps).map(|(permission, label)| line(columns, &permission, label)).collect_view();
    view! { <tbody>{title(resource.icon, i18n::resources(resource), columns.len())} {lines}</tbody> }.into_any()
}

fn title(art: &'static str, label: String, roles: usize) -> AnyView {
    view! {
        <tr>
            <th scope="rowgroup" class="static! h-9!" colspan=roles + 1>
                <span class="sticky left-4 inline-flex items-center gap-2 text-sm text-base-content">{icon(art, "i i-sm text-ink-3")} {label}</span>
            </th>
        </tr>
    }
    .into_any()
}

fn line(columns: &[Column], permission: &str, label: String) -> AnyView {
    let cells = columns.iter().map(|column| {
        let own = grants::has(&column.grants, permission).then_some(column.own);
        let word = match own {
            Some(false) => i18n::choice("role", "scope", "all"),
            Some(true) => i18n::choice("role", "scope", "own"),
            None => t!("roles.no_access"),
        };
        view! { <td class="text-center" title=format!("{}: {word}", column.name)>{mark(own)}<span class="sr-only">{word.clone()}</span></td> }
    });
    view! {
        <tr>
            <th scope="row" class="top-auto! left-0 h-auto! bg-base-100! pl-9! text-sm! font-normal! text-base-content!">{label}</th>
            {cells.collect_view()}
        </tr>
    }
    .into_any()
}
