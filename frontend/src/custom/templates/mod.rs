//! Texts of mail that a company writes itself: the list, and one of them.

mod editor;

use conexao_client::model::TemplateListed;
use conexao_domain::kernel::flow::Tone;
use leptos::prelude::*;

pub use editor::page as one;

use super::missing;
use crate::{
    api::client,
    format,
    screen::Screen,
    state::app,
    t,
    ui::{chip::chip, fetched::fetched, icon::icon, load::Load, title::title},
};

/// The list.
pub fn page() -> AnyView {
    if !app().session.can("settings.manage") {
        return missing::page();
    }
    let load: Load<Vec<TemplateListed>> = Load::new();
    let ask = move || load.run(async { client().templates().await });
    ask();
    let shown = fetched(load, 6, t!("templates.title"), ask, |all: Vec<TemplateListed>| {
        view! { <ul class="divide-y divide-line">{all.into_iter().map(row).collect_view()}</ul> }.into_any()
    });
    view! {
        <div class="page-head">
            <div>
                {title(t!("templates.title"))}
                <p class="page-sub">{t!("templates.text")}</p>
            </div>
        </div>
        <section class="panel overflow-hidden" aria-label=t!("templates.title")>{shown}</section>
    }
    .into_any()
}

fn row(one: TemplateListed) -> AnyView {
    let own = if one.own { chip(Tone::Progress, t!("templates.own")) } else { chip(Tone::Muted, t!("templates.ours")) };
    let changed = one.updated_at.and_then(|at| at.parse().ok()).map(format::ago);
    let path = Screen::Template(one.template.clone(), one.language.clone()).path();
    view! {
        <li>
            <a class="flex min-h-11 items-center gap-3 px-4 py-2 hover:bg-hover" href=path>
                {icon("mail", "i text-ink-3")}
                <span class="min-w-0 flex-1">
                    <span class="block truncate text-sm font-medium">{name(&one.template)}</span>
                    <span class="hint block truncate">{language(&one.language)} {changed.map(|at| format!(" · {at}"))}</span>
                </span>
                {own}
            </a>
        </li>
    }
    .into_any()
}

/// What a text is called.
fn name(template: &str) -> String {
    match template {
        "welcome" => t!("template.welcome"),
        "invitation" => t!("template.invitation"),
        "password_recovery" => t!("template.password_recovery"),
        "email_confirmation" => t!("template.email_confirmation"),
        "notification" => t!("template.notification"),
        "digest" => t!("template.digest"),
        "webhook_disabled" => t!("template.webhook_disabled"),
        "new_device" => t!("template.new_device"),
        "renewal" => t!("template.renewal"),
        other => other.to_owned(),
    }
}

fn language(tag: &str) -> String {
    if tag == "en" { "English".to_owned() } else { "Português (Brasil)".to_owned() }
}
