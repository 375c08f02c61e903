//! Webhooks: choosing events, sending a test, and what was sent and answered.

use conexao_domain::{
    integration::delivery::DELIVERY,
    kernel::{record::Record, resource::Resource},
    registry,
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value as Json, json};

use super::roles;
use crate::{
    api::client,
    i18n,
    resource::{
        detail::{
            page::Page,
            reveal::{self, Looker},
        },
        form::{model::Block, path, state::Form},
    },
    screen::Screen,
    state::app,
    t,
    ui::{icon::icon, popover::Item, toast},
};

/// The events a webhook is told of, to tick.
pub fn events_editor(form: Form, block: Block) -> AnyView {
    let chosen = roles::values(block, "event");
    let (name, id) = (block.field.name, path::field_id(block.field.name));
    let error = form.error(id.clone(), move || name.to_owned());
    let groups = registry::RESOURCES.iter().filter(|r| !registry::events_of(r).is_empty());
    let groups = groups.map(|resource| group(resource, block, chosen)).collect_view();
    let wrong =
        move || error.get().map(|text| view! { <p class="field-err mt-2">{icon("circle-alert", "i i-xs")} {text}</p> });
    view! {
        <section class="panel" id=id tabindex="-1">
            <header class="panel-head">
                <h2 class="panel-title">{i18n::field(form.resource().name, block.field)}</h2>
                <span class="hint">{t!("webhooks.choose")}</span>
            </header>
            <div class="panel-body grid gap-4 sm:grid-cols-2 lg:grid-cols-3">{groups} {wrong}</div>
        </section>
    }
    .into_any()
}

fn group(resource: &'static Resource, block: Block, chosen: Signal<Vec<String>>) -> AnyView {
    let all = format!("{}.*", resource.name);
    let whole = tick(all.clone(), i18n::resources(resource), "font-medium", block, chosen, None);
    let events = registry::events_of(resource).into_iter().map(|event| {
        let label = label(resource, &event);
        tick(event, label, "", block, chosen, Some(all.clone()))
    });
    view! { <fieldset class="min-w-0">{whole}<div class="ml-6">{events.collect_view()}</div></fieldset> }.into_any()
}

fn label(resource: &Resource, event: &str) -> String {
    let name = event.rsplit('.').next().unwrap_or_default();
    match name {
        "restore" => t!("webhooks.restored"),
        _ if resource.flow.is_some_and(|flow| flow.step(name).is_some()) => i18n::step(resource.name, name),
        verb => i18n::verb(verb),
    }
}

/// One event; covered where everything of its resource was chosen.
fn tick(
    event: String,
    label: String,
    class: &'static str,
    block: Block,
    chosen: Signal<Vec<String>>,
    whole: Option<String>,
) -> AnyView {
    let covered = move || whole.as_ref().is_some_and(|whole| chosen.with(|chosen| chosen.contains(whole)));
    let (mine, shown) = (event.clone(), event.clone());
    let is_covered = covered.clone();
    let checked = move || is_covered() || chosen.with(|chosen| chosen.contains(&mine));
    let toggle = move |change| {
        let mut wanted = chosen.get_untracked();
        wanted.retain(|other| *other != event);
        if event_target_checked(&change) {
            wanted.push(event.clone());
        }
        roles::put(block, "event", &wanted);
    };
    view! {
        <label class="flex items-start gap-2.5 py-1 text-sm">
            <input type="checkbox" class="checkbox checkbox-xs mt-0.5" prop:checked=checked disabled=covered on:change=toggle />
            <span class="min-w-0"><span class=class>{label}</span> <span class="mono hint block text-xs">{shown}</span></span>
        </label>
    }
    .into_any()
}

/// The way to a test in the menu of a webhook.
pub fn test(page: Page) -> Item {
    Item::new("send", t!("webhooks.test"), move || send_test(page.id()))
}

fn send_test(id: String) {
    spawn_local(async move {
        match client().post(format!("/{}", DELIVERY.path)).json(json!({ "subscription_id": id })).record().await {
            Ok(delivery) => {
                let path = Screen::Detail(&DELIVERY, delivery.id().to_owned()).path();
                toast::offer(t!("webhooks.sent"), t!("webhooks.see"), move || app().nav.to(&path));
            }
            Err(failure) => toast::fail(&failure),
        }
    });
}

/// What was sent and what came back.
pub fn exchange(page: Page) -> AnyView {
    let seen = RwSignal::new(None::<Json>);
    let shown = move || {
        let mut record = page.record.get();
        if let Some(value) = seen.get() {
            record.set(BODY, value);
        }
        both(page, &record, seen)
    };
    shown.into_any()
}

/// What may name people, and is masked.
const BODY: &str = "response_body";

fn both(page: Page, record: &Record, seen: RwSignal<Option<Json>>) -> AnyView {
    let masked = record.get("_masked").as_array().is_some_and(|fields| fields.contains(&Json::from(BODY)));
    let reveal = (masked && page.may("reveal")).then(|| {
        let eye = reveal::eye(Looker::on(page), BODY.to_owned(), seen, &t!("webhooks.answer"));
        view! { <span class="ml-auto">{eye}</span> }
    });
    let status = record
        .integer("response_status")
        .map_or_else(|| record.text("error").unwrap_or_default().to_owned(), |n| format!("HTTP {n}"));
    view! {
        {one(t!("webhooks.request"), String::new(), None, record, ["request_headers", "request_body"])}
        {one(t!("webhooks.answer"), status, reveal.map(IntoAny::into_any), record, ["response_headers", "response_body"])}
    }
    .into_any()
}

fn one(heading: String, note: String, tool: Option<AnyView>, record: &Record, fields: [&str; 2]) -> AnyView {
    let texts = fields.iter().filter_map(|name| record.text(name)).map(|text| {
        view! { <pre class="mono max-h-80 overflow-auto rounded-lg bg-base-200 p-3 text-xs whitespace-pre-wrap break-all" tabindex="0">{pretty(text)}</pre> }
    });
    let texts = texts.collect_view();
    let empty = texts.is_empty().then(|| view! { <p class="hint">{t!("webhooks.nothing")}</p> });
    view! {
        <section class="panel">
            <header class="panel-head"><h2 class="panel-title">{heading}</h2><span class="hint num">{note}</span>{tool}</header>
            <div class="panel-body grid gap-2">{texts} {empty}</div>
        </section>
    }
    .into_any()
}

/// JSON on several lines; other text as it is.
fn pretty(text: &str) -> String {
    let parsed: Option<Json> = serde_json::from_str(text).ok();
    parsed.and_then(|json| serde_json::to_string_pretty(&json).ok()).unwrap_or_else(|| text.to_owned())
}
