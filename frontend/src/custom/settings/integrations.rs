//! "Configurações › Integrações": what the company is connected to.

use conexao_domain::settings::integration;
use leptos::prelude::*;

use super::{MANAGE, integration::card};
use crate::{
    api::settings::{self, Connection},
    custom::missing,
    state::app,
    t,
    ui::{empty::failed, load::Load, skeleton::lines, title::title},
};

/// The page.
pub fn page() -> AnyView {
    if !app().session.can(MANAGE) {
        return missing::page();
    }
    let load = Load::<Vec<Connection>>::new();
    load.run(settings::integrations());
    let shown = move || match load.answer.get() {
        Some(Ok(all)) => cards(&all),
        Some(Err(failure)) => failed(t!("integrations.failed"), &failure, move || load.run(settings::integrations())),
        None if load.slow.get() => view! { <section class="panel">{lines(8)}</section> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <div class="page-head">
            <div class="min-w-0">{title(t!("integrations.title"))} <p class="page-sub">{t!("integrations.about")}</p></div>
        </div>
        {shown}
    }
    .into_any()
}

fn cards(all: &[Connection]) -> AnyView {
    let known = all.iter().filter_map(|one| Some((integration::by_name(&one.name)?, one.clone())));
    let cards = known.map(|(declared, one)| card(declared, one)).collect_view();
    view! { <div class="grid content-start gap-4 xl:grid-cols-2">{cards}</div> }.into_any()
}
