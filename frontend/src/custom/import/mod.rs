//! The import wizard: the file, what its columns mean, a trial run, the import.

mod bar;
mod destination;
mod fix;
mod grid;
mod head;
mod history;
mod mapping;
mod preview;
mod problems;
mod result;
mod revert;
mod settings;
mod simulation;
mod targets;
mod upload;
mod wizard;

use conexao_domain::{kernel::resource::Resource, registry};
use leptos::prelude::*;

use crate::{
    api::imports::{self, Import},
    i18n,
    screen::Screen,
    state::app,
    t,
    ui::{
        empty::{empty, failed},
        load::Load,
        skeleton,
        title::title,
    },
};
use wizard::{Step, Wizard};

/// The first step: the file.
pub fn start(resource: &'static Resource) -> AnyView {
    if !app().session.may(resource, "import") {
        return forbidden(resource);
    }
    view! {
        {head::head(resource, None, Signal::stored(Step::File))}
        <div class="grid gap-4 xl:grid-cols-[minmax(0,1fr)_27.5rem]">{upload::panel(resource)} {history::panel(resource)}</div>
    }
    .into_any()
}

/// An import that has its file.
pub fn run(id: String) -> AnyView {
    let load = Load::<Import>::new();
    let ask = move || {
        let id = id.clone();
        load.run(async move { imports::get(&id).await });
    };
    ask();
    let again = StoredValue::new(ask);
    let shown = move || match load.answer.get() {
        Some(Ok(import)) => match registry::by_name(&import.resource) {
            Some(resource) => whole(Wizard::new(resource, import)),
            None => ().into_any(),
        },
        Some(Err(failure)) => {
            let retry = move || again.with_value(|ask| ask());
            view! {
                <div class="page-head">{title(t!("import.title"))}</div>
                <section class="panel">{failed(t!("import.not_loaded"), &failure, retry)}</section>
            }
            .into_any()
        }
        None if load.slow.get() => view! { <section class="panel">{skeleton::lines(8)}</section> }.into_any(),
        None => ().into_any(),
    };
    shown.into_any()
}

fn whole(wizard: Wizard) -> AnyView {
    under(wizard.resource);
    let step = Signal::derive(move || wizard.step());
    let content = move || match wizard.step() {
        Step::File | Step::Mapping => view! {
            <div class="grid gap-4 pb-16 xl:grid-cols-[minmax(0,1fr)_27.5rem]">
                <div class="grid min-w-0 content-start gap-4">
                    {move || wizard.grid.get().then(|| grid::panel(wizard))}
                    {destination::panel(wizard)}
                    {mapping::panel(wizard)}
                </div>
                <div class="grid min-w-0 content-start gap-4 max-xl:order-first">
                    {simulation::panel(wizard)}
                    {problems::panel(wizard)}
                </div>
            </div>
        }
        .into_any(),
        Step::Import => view! {
            <div class="grid gap-4 pb-16 xl:grid-cols-[minmax(0,1fr)_27.5rem]">
                <div class="grid min-w-0 content-start gap-4">
                    {result::panel(wizard)}
                    {move || wizard.grid.get().then(|| grid::panel(wizard))}
                </div>
                <div class="grid min-w-0 content-start gap-4">{problems::panel(wizard)}</div>
            </div>
        }
        .into_any(),
    };
    view! {
        {head::head(wizard.resource, Some(wizard), step)}
        {content}
        {bar::bar(wizard)}
        {revert::place(wizard)}
    }
    .into_any()
}

/// The crumbs lead to the list while an import of it is shown.
fn under(resource: &'static Resource) {
    app().nav.under.set(Some(resource));
    on_cleanup(|| app().nav.under.set(None));
}

fn forbidden(resource: &'static Resource) -> AnyView {
    let list = Screen::List(resource).path();
    let back = view! { <a class="btn btn-sm btn-line" href=list>{t!("form.to_list")}</a> };
    view! {
        <div class="page-head">{title(t!("import.of", what = i18n::resources(resource)))}</div>
        <section class="panel">{empty("lock", t!("form.forbidden"), t!("form.forbidden_text"), back.into_any())}</section>
    }
    .into_any()
}
