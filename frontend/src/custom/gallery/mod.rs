//! Every component in every state on one page (`/dev/ui`), for whoever builds
//! screens and for the browser tests, which look at it in both themes. It is
//! there in debug builds and in companies with demonstration data; elsewhere
//! the address leads nowhere. Its own words are English, like the code they are about.

mod basics;
mod charts;
mod controls;
mod doc;
mod lists;
mod overlays;
mod records;

use conexao_domain::settings::TenantKind;
use leptos::prelude::*;

use crate::{state::app, ui::title::title};

/// Whether the gallery is there.
pub fn is_open() -> bool {
    cfg!(debug_assertions) || TenantKind::parse(&app().session.kind_now()) == TenantKind::Demo
}

/// A component with its states.
struct Section {
    /// Its anchor.
    id: &'static str,
    name: &'static str,
    doc: String,
    /// Each state with its name.
    states: Vec<(&'static str, AnyView)>,
}

/// The page.
pub fn page() -> AnyView {
    let sections: Vec<Section> = [basics::sections(), controls::sections(), lists::sections(), records::sections()]
        .into_iter()
        .chain([overlays::sections(), charts::sections()])
        .flatten()
        .collect();
    let links = sections.iter().map(|section| {
        let href = format!("/dev/ui#{}", section.id);
        view! { <li><a class="lnk inline-flex min-h-6 items-center text-sm" href=href>{section.name}</a></li> }
    });
    let links = links.collect_view();
    let shown = sections.into_iter().map(one).collect_view();
    view! {
        <div lang="en">
            <div class="page-head">
                <div>
                    {title("Components".to_owned())}
                    <p class="page-sub">"Everything in frontend/src/ui, in every state."</p>
                </div>
            </div>
            <nav aria-label="Components" class="panel mb-4 p-4">
                <ul class="flex flex-wrap gap-x-4 gap-y-1">{links}</ul>
            </nav>
            <div class="grid gap-4">{shown}</div>
        </div>
    }
    .into_any()
}

fn one(section: Section) -> AnyView {
    let heading = format!("{}-name", section.id);
    let grid =
        if section.id == "chart" { "grid gap-x-8 gap-y-6 p-4 xl:grid-cols-2" } else { "grid gap-x-6 gap-y-5 p-4" };
    let states = section.states.into_iter().map(|(name, view)| {
        view! {
            <div class="grid min-w-0 content-start gap-2" data-state=name>
                <p class="eyebrow">{name}</p>
                <div class="min-w-0">{view}</div>
            </div>
        }
    });
    view! {
        <section id=section.id class="panel scroll-mt-20" aria-labelledby=heading.clone()>
            <header class="panel-head"><h2 id=heading.clone() class="panel-title">{section.name}</h2></header>
            <p class="px-4 pt-3 text-sm text-ink-2">{section.doc}</p>
            <div class=grid>{states.collect_view()}</div>
        </section>
    }
    .into_any()
}

/// Things beside each other.
fn row(things: Vec<AnyView>) -> AnyView {
    view! { <div class="flex flex-wrap items-center gap-3">{things.into_iter().collect_view()}</div> }.into_any()
}
