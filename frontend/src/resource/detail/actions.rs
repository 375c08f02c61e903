//! What may be done with a record: the usual next step as the one primary
//! button, other steps beside it, the rest behind "…".

use conexao_domain::kernel::{flow::Step, record::Record, resource::Resource};
use leptos::prelude::*;
use serde::Deserialize;
use wasm_bindgen_futures::JsFuture;

use super::{keys, page::Page, print, step_dialog};
use crate::{
    api::{records, timeline::Actor},
    custom, i18n,
    resource::list::name_of,
    screen::Screen,
    state::app,
    t,
    ui::{
        icon::icon,
        popover::{Item, Trigger, menu},
        toast,
    },
};

/// A step as the server sees it now.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Known {
    name: String,
    allowed: bool,
    #[serde(default)]
    reason: Option<String>,
    /// The input that lifts the reason: the dialog asks for it.
    #[serde(default)]
    needs: Option<String>,
    permitted: bool,
    /// Who acted before, where somebody else is wanted.
    #[serde(default)]
    who: Vec<Actor>,
}

fn known(record: &Record) -> Vec<Known> {
    serde_json::from_value(record.get("_steps").clone()).unwrap_or_default()
}

/// The input without which a step would be refused as the record is now.
pub fn needed(record: &Record, step: &Step) -> Option<String> {
    known(record).into_iter().find(|known| known.name == step.name)?.needs
}

/// A step with its declaration.
#[derive(Clone)]
pub struct Choice {
    step: &'static Step,
    allowed: bool,
    /// Why not, for people.
    why: Option<String>,
}

pub fn choices(resource: &'static Resource, record: &Record) -> Vec<Choice> {
    let choice = |known: Known| {
        let step = resource.flow?.step(&known.name)?;
        let who: Vec<String> = known.who.into_iter().map(|actor| actor.name).collect();
        let why = match (known.permitted, known.reason.filter(|_| known.needs.is_none())) {
            (false, _) => Some(t!("detail.not_permitted")),
            (true, Some(reason)) if !who.is_empty() => Some(format!("{} ({})", i18n::reason(&reason), who.join(", "))),
            (true, Some(reason)) => Some(i18n::reason(&reason)),
            (true, None) => None,
        };
        let liftable = known.permitted && known.needs.is_some();
        Some(Choice { step, allowed: known.allowed || liftable, why })
    };
    known(record).into_iter().filter_map(choice).collect()
}

/// The usual next step, when it may be taken: for the keyboard.
pub fn primary(resource: &'static Resource, record: &Record) -> Option<&'static Step> {
    choices(resource, record).into_iter().find(|choice| choice.step.primary && choice.allowed).map(|choice| choice.step)
}

/// The buttons of the page.
pub fn actions(page: Page) -> AnyView {
    let buttons = move || page.record.with(|record| buttons(page, record));
    let trigger = Trigger {
        class: "btn btn-sm btn-line btn-square max-sm:h-11 max-sm:w-11",
        label: Some(t!("detail.more")),
        inside: icon("ellipsis", "i"),
    };
    let more = menu(trigger, "right-0 top-9 w-64 max-sm:top-12", move || {
        page.record.with_untracked(|record| items(page, record))
    });
    view! {
        <div class="grid justify-items-end gap-1 max-sm:w-full max-sm:justify-items-stretch">
            <div class="flex items-center gap-2 max-sm:justify-end">{buttons} {more}</div>
            {move || page.record.with(|record| reason(page, record))}
        </div>
    }
    .into_any()
}

/// Which step stands in the primary button: the allowed one, else the refused one.
fn chief(all: &[Choice]) -> Option<&Choice> {
    let usual = || all.iter().filter(|choice| choice.step.primary);
    usual().find(|choice| choice.allowed).or_else(|| usual().next())
}

/// Steps that have a button of their own beside the primary one, where there is room.
fn beside(all: &[Choice]) -> Vec<&'static str> {
    let chief = chief(all).map(|choice| choice.step.name);
    let others = all.iter().filter(|choice| choice.allowed && !choice.step.confirm && Some(choice.step.name) != chief);
    others.take(2).map(|choice| choice.step.name).collect()
}

/// Whether the buttons beside the primary one are shown (`lg`).
fn is_wide() -> bool {
    let query = window().match_media("(min-width: 64rem)").ok().flatten();
    query.is_none_or(|query| query.matches())
}

fn buttons(page: Page, record: &Record) -> AnyView {
    let all = choices(page.resource, record);
    let names = beside(&all);
    let side = all
        .iter()
        .filter(|choice| names.contains(&choice.step.name))
        .map(|choice| button(page, choice, "btn btn-sm btn-line max-lg:hidden"))
        .collect_view();
    let chief = chief(&all);
    // On a phone one button takes the room: the next step, else editing.
    let (shape, word) = if chief.is_some() {
        ("btn btn-sm btn-line max-sm:h-11", "max-sm:sr-only")
    } else {
        ("btn btn-sm btn-line max-sm:h-11 max-sm:flex-1", "")
    };
    let edit = page.may("update").then(|| {
        let path = Screen::Edit(page.resource, page.id()).path();
        view! {
            <a class=shape href=path title=keys::with_keys(t!("detail.edit"), "detail.edit")>
                {icon("pencil", "i")} <span class=word>{t!("detail.edit")}</span>
            </a>
        }
    });
    let chief = chief.map(|choice| button(page, choice, "btn btn-sm btn-primary max-sm:h-11 max-sm:flex-1"));
    view! { {edit} {side} {chief} }.into_any()
}

fn button(page: Page, choice: &Choice, class: &'static str) -> AnyView {
    let step = choice.step;
    let label = i18n::step(page.resource.name, step.name);
    let mark = step.primary.then(|| icon("check", "i"));
    view! {
        <button
            type="button"
            class=class
            disabled=!choice.allowed
            aria-describedby=(!choice.allowed).then_some("step-reason")
            on:click=move |_| step_dialog::start(page, step)
        >
            {mark} {label}
        </button>
    }
    .into_any()
}

/// Why the primary button cannot be used.
fn reason(page: Page, record: &Record) -> AnyView {
    let all = choices(page.resource, record);
    let why = chief(&all).filter(|choice| !choice.allowed).and_then(|choice| choice.why.clone());
    why.map(|why| view! { <p class="hint max-w-90 text-right max-sm:text-left" id="step-reason">{why}</p> }).into_any()
}

fn items(page: Page, record: &Record) -> Vec<Item> {
    let all = choices(page.resource, record);
    let chief = chief(&all).map(|choice| choice.step.name);
    let mut items = Vec::new();
    if page.may("create") {
        items.push(Item::new("copy", t!("detail.duplicate"), move || {
            let _ = keys::duplicate(page);
        }));
    }
    let name = name_of(page.resource, record);
    let link = Screen::Detail(page.resource, page.id()).path();
    items.push(Item::new("link-2", t!("detail.copy_link"), move || copy(with_host(&link), t!("detail.link_copied"))));
    if page.resource.counters.iter().any(|counter| counter.field == page.resource.title) {
        let said = t!("detail.number_copied", number = name);
        items.push(Item::new("copy", t!("detail.copy_number"), move || copy(name.clone(), said.clone())));
    }
    items.push(Item::new("printer", t!("detail.print"), print::print));
    items.extend(custom::items(page));
    let beside = if is_wide() { beside(&all) } else { Vec::new() };
    let listed = |choice: &&Choice| {
        Some(choice.step.name) != chief && !choice.step.confirm && !beside.contains(&choice.step.name)
    };
    items.extend(all.iter().filter(listed).map(|c| item(page, c)));
    items.extend(
        all.iter().filter(|choice| Some(choice.step.name) != chief && choice.step.confirm).map(|c| item(page, c)),
    );
    if page.may("delete") {
        items.push(Item::new("trash-2", t!("detail.delete"), move || remove(page)).danger());
    }
    items
}

pub fn item(page: Page, choice: &Choice) -> Item {
    let step = choice.step;
    let label = i18n::step(page.resource.name, step.name);
    let (art, label) = if step.confirm { ("ban", format!("{label}…")) } else { ("arrow-right", label) };
    let item = Item::new(art, label, move || step_dialog::start(page, step));
    let item = if step.confirm { item.danger() } else { item };
    match choice.why.clone().filter(|_| !choice.allowed) {
        Some(why) => item.refused(why),
        None => item,
    }
}

/// An address of the application as others can open it.
fn with_host(path: &str) -> String {
    format!("{}{path}", window().location().origin().unwrap_or_default())
}

/// Puts a text where the next paste finds it.
fn copy(text: String, said: String) {
    leptos::task::spawn_local(async move {
        let clipboard = window().navigator().clipboard();
        match JsFuture::from(clipboard.write_text(&text)).await {
            Ok(_) => toast::say(said),
            Err(_) => toast::warn(t!("detail.not_copied")),
        }
    });
}

/// Removes the record; for ten seconds it can be brought back.
pub fn remove(page: Page) {
    let (resource, id) = (page.resource, page.id());
    let (version, name) = page.record.with_untracked(|record| (record.version(), name_of(resource, record)));
    let list = Screen::List(resource).path();
    let path = Screen::Detail(resource, id.clone()).path();
    leptos::task::spawn_local(async move {
        match records::remove(resource, &id, version).await {
            Ok(()) => {
                app().nav.to(&list);
                toast::deleted(t!("detail.deleted", title = name), move || {
                    bring_back(resource, id.clone(), path.clone());
                });
            }
            Err(failure) => {
                toast::fail(&failure);
                page.refresh();
            }
        }
    });
}

fn bring_back(resource: &'static Resource, id: String, path: String) {
    leptos::task::spawn_local(async move {
        match records::restore(resource, &id).await {
            Ok(_) => app().nav.to(&path),
            Err(failure) => toast::fail(&failure),
        }
    });
}

/// The usual next step of a record: whether it may be taken, and why not.
pub fn next_step(resource: &'static Resource, record: &Record) -> Option<(&'static Step, bool, Option<String>)> {
    let all = choices(resource, record);
    chief(&all).map(|choice| (choice.step, choice.allowed, choice.why.clone()))
}
