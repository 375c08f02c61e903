//! What the menus offer this person, and how much of it is open.

use std::collections::HashMap;

use conexao_domain::{
    identity::role::ROLE,
    integration::message::MESSAGE,
    kernel::resource::{Area, Resource},
    privacy::SEARCH,
    registry::RESOURCES,
    settings::COMPANY,
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{Params, records},
    i18n,
    screen::Screen,
    state::app,
    t,
};

/// The resources of an area that the person may see.
pub fn of_area(area: Area) -> Vec<&'static Resource> {
    visible().filter(|resource| resource.area == area).collect()
}

/// Every resource the person may see.
pub fn visible() -> impl Iterator<Item = &'static Resource> {
    RESOURCES.iter().copied().filter(|resource| app().session.may(resource, "read"))
}

/// A screen that is no resource's, as menus show it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub area: Area,
    pub screen: Screen,
    pub icon: &'static str,
    pub label: String,
}

/// Screens that are no resource and that the person may see.
pub fn entries() -> Vec<Entry> {
    let audit = app().session.can("audit.read");
    let roles = app().session.may(&ROLE, "read");
    let people = app().session.can(SEARCH);
    let manages = app().session.can("settings.manage");
    let messages = app().session.may(&MESSAGE, "read");
    let deletes = visible().any(|resource| app().session.may(resource, "delete"));
    let operates = app().session.can("tenant.read");
    let all = [
        (people, Area::Privacy, Screen::People, "search-check", t!("privacy.title")),
        (audit, Area::Access, Screen::Access, "key-round", t!("access.title")),
        (roles, Area::Access, Screen::Why, "circle-help", t!("why.name")),
        (messages, Area::Messages, Screen::Channels, "route", t!("channels.title")),
        (manages, Area::Messages, Screen::Templates, "layout-template", t!("templates.title")),
        (manages, Area::Settings, Screen::Company, "settings-2", i18n::resource(&COMPANY)),
        (manages, Area::Settings, Screen::Integrations, "workflow", t!("integrations.title")),
        (operates, Area::Settings, Screen::Tenants, "layers", t!("tenants.title")),
        (deletes, Area::Settings, Screen::Bin, "trash-2", t!("bin.name")),
        (audit, Area::Settings, Screen::Audit, "search-check", t!("audit.title")),
    ];
    let may = all.into_iter().filter(|(may, ..)| *may);
    may.map(|(_, area, screen, icon, label)| Entry { area, screen, icon, label }).collect()
}

/// The area of a screen that is no resource's.
pub fn area_of(screen: &Screen) -> Option<Area> {
    let screen = screen.above().unwrap_or_else(|| screen.clone());
    entries().into_iter().find(|entry| entry.screen == screen).map(|entry| entry.area)
}

/// What the menus call a screen that is no resource's.
pub fn name_of(screen: &Screen) -> String {
    entries().into_iter().find(|entry| entry.screen == *screen).map(|entry| entry.label).unwrap_or_default()
}

/// Icon of an area.
pub const fn icon_of(area: Area) -> &'static str {
    match area {
        Area::Customers => "users",
        Area::AfterSales => "package-check",
        Area::Privacy => "lock",
        Area::Access => "shield-check",
        Area::Messages => "send",
        Area::Programs => "share-2",
        Area::Settings => "settings",
    }
}

thread_local! {
    // Of no component: the shell goes with a logout, and comes back with the next login.
    static COUNTS: ArcRwSignal<HashMap<&'static str, i64>> = ArcRwSignal::new(HashMap::new());
}

/// How many records of a resource are not finished; tracked, none while unknown or none is.
pub fn open_count(resource: &Resource) -> Option<i64> {
    COUNTS.with(Clone::clone).get().get(resource.name).copied().filter(|count| *count > 0)
}

/// Only a flow that ends knows what is open.
fn has_end(resource: &Resource) -> bool {
    resource.flow.is_some_and(|flow| flow.states.iter().any(|state| state.terminal))
}

fn count(resource: &'static Resource) {
    let counts = COUNTS.with(Clone::clone);
    spawn_local(async move {
        let Ok(groups) = records::aggregate(resource, "status", None, &Params::default()).await else { return };
        let open = |name: &str| resource.flow.and_then(|flow| flow.state(name)).is_some_and(|state| !state.terminal);
        let sum = groups.iter().filter(|g| g.key.as_str().is_some_and(open)).map(|g| g.count).sum();
        counts.update(|counts| {
            counts.insert(resource.name, sum);
        });
    });
}

/// Counts what is open, now and whenever a record of the kind changes.
pub fn watch_counts() {
    let counted: Vec<_> = visible().filter(|resource| has_end(resource)).collect();
    for resource in &counted {
        count(resource);
    }
    let live = app().live;
    Effect::new(move |before: Option<()>| {
        let event = live.record.get();
        if let (Some(()), Some(event)) = (before, event) {
            for resource in counted.iter().filter(|r| r.name == event.resource) {
                count(resource);
            }
        }
    });
}
