//! A record: what it is, where it stands, what may be done, what happened.

mod actions;
mod activity;
mod documents;
mod flow_bar;
mod head;
pub mod inline;
mod keys;
pub mod lines;
mod long;
mod offers;
pub mod page;
mod party;
pub mod presence;
mod print;
mod related;
pub mod reveal;
mod sections;
pub mod step_dialog;
pub mod undo;
pub mod value;
mod walk;

use conexao_domain::kernel::resource::Resource;
use leptos::prelude::*;

use crate::{
    api::{Failure, records},
    custom, i18n,
    screen::Screen,
    t,
    ui::{
        empty::{empty, failed},
        load::Load,
        skeleton,
        title::title,
    },
};
pub use actions::next_step;
pub use head::heading;
use page::{Over, Page};

/// The page of a record.
pub fn page(resource: &'static Resource, id: String) -> AnyView {
    let load = Load::new();
    let ask = move || {
        let id = id.clone();
        load.run(async move { records::get(resource, &id).await });
    };
    ask();
    let again = StoredValue::new(ask);
    let shown = move || match load.answer.get() {
        Some(Ok(record)) => whole(Page::new(resource, record)),
        Some(Err(failure)) => missing(resource, &failure, move || again.with_value(|ask| ask())),
        None if load.slow.get() => waiting(),
        None => ().into_any(),
    };
    shown.into_any()
}

/// The shape of the page, while it takes long.
fn waiting() -> AnyView {
    let panel = |count| view! { <section class="panel">{skeleton::lines(count)}</section> };
    view! {
        <div aria-busy="true">
            <div class="mb-4 grid gap-2" aria-hidden="true">{skeleton::bar("h-6 w-64")} {skeleton::bar("h-3 w-80")}</div>
            <div class="grid gap-4 xl:grid-cols-[minmax(0,1fr)_21.5rem]">
                <div class="grid content-start gap-4">{panel(5)} {panel(8)}</div>
                <div class="grid content-start gap-4">{panel(6)} {panel(3)}</div>
            </div>
        </div>
    }
    .into_any()
}

fn missing(resource: &'static Resource, failure: &Failure, again: impl Fn() + Send + Sync + 'static) -> AnyView {
    let content = if matches!(failure.status, 403 | 404) {
        let list = Screen::List(resource).path();
        let back = view! { <a class="btn btn-sm btn-primary" href=list>{t!("form.to_list")}</a> };
        empty("search-x", t!("detail.missing"), t!("detail.missing_text"), back.into_any())
    } else {
        failed(t!("detail.not_loaded"), failure, again)
    };
    view! {
        <div class="page-head">{title(i18n::resource(resource))}</div>
        <section class="panel">{content}</section>
    }
    .into_any()
}

fn whole(page: Page) -> AnyView {
    keys::listen(page);
    offers::offer(page);
    custom::opened(page);
    presence::stay(page);
    undo::follow(page);
    let clashing = move || page.inline().clash.with(Option::is_some);
    view! {
        <div class:hidden=clashing>{content(page)}</div>
        {move || page.inline().clash.get().map(|clash| inline::clash(page, clash))}
        {move || opened(page)}
    }
    .into_any()
}

fn content(page: Page) -> AnyView {
    let (main, side) = sections::columns(page);
    view! {
        {print::head(page)}
        {head::head(page)}
        {presence::notice(page)}
        {flow_bar::bar(page)}
        {custom::secret_panel(page)}
        <div class="grid gap-4 xl:grid-cols-[minmax(0,1fr)_21.5rem]">
            <div class="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-4">
                {main}
                {custom::extra(page)}
                <div class="grid gap-4 md:grid-cols-2 md:[&>:only-child]:col-span-2 print:hidden">
                    {related::panels(page)}
                    {custom::messages_about(page)}
                    {documents::panel(page)}
                </div>
                <div class="print:hidden">{activity::panel(page)}</div>
            </div>
            <div class="grid min-w-0 content-start gap-4 md:max-xl:grid-cols-2">{side}</div>
        </div>
    }
    .into_any()
}

fn opened(page: Page) -> AnyView {
    match page.over.get() {
        None => ().into_any(),
        Some(Over::Step(step)) => step_dialog::open(page, step),
        Some(Over::Custom(name)) => custom::dialog(page, name),
    }
}
