//! What the search of everything may do with the record on the screen, and that
//! it was opened.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    actions::{choices, item, remove},
    activity::COMMENT,
    page::Page,
};
use crate::{
    custom,
    resource::{form::start::COPY, list::name_of},
    screen::Screen,
    shell::{Source, later},
    state::app,
    t,
    ui::{focus, popover::Item},
};

/// Offers the acts for as long as the page stands.
pub fn offer(page: Page) {
    let name = page.record.with_untracked(|record| name_of(page.resource, record));
    let subtitle = page.resource.subtitle.and_then(|field| {
        page.record.with_untracked(|record| record.text(field).map(str::to_owned)).filter(|text| !text.is_empty())
    });
    let path = Screen::Detail(page.resource, page.id()).path();
    later::note(path, name.clone(), subtitle, page.resource.icon);
    app().acts.offer(Source::Page(name, Arc::new(move || items(page))));
}

/// Editing first: it changes nothing by itself.
fn items(page: Page) -> Vec<Item> {
    let to = |path: String| move || app().nav.to(&path);
    let mut items = Vec::new();
    if page.may("update") {
        items.push(Item::new("pencil", t!("detail.edit"), to(Screen::Edit(page.resource, page.id()).path())));
    }
    items.push(Item::new("message-square", t!("activity.new_comment"), || focus::give(focus::by_id(COMMENT))));
    page.record.with_untracked(|record| {
        items.extend(choices(page.resource, record).iter().map(|choice| item(page, choice)));
    });
    if page.may("create") {
        let copy = format!("{}?{COPY}={}", Screen::New(page.resource).path(), page.id());
        items.push(Item::new("copy", t!("detail.duplicate"), to(copy)));
    }
    items.extend(custom::items(page));
    if page.may("delete") {
        items.push(Item::new("trash-2", t!("detail.delete"), move || remove(page)).danger());
    }
    items
}
