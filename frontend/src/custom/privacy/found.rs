//! What was found of a person, place by place, with why.

use conexao_domain::registry;
use leptos::prelude::*;

use crate::{
    api::privacy::{Chosen, Found, FoundGroup, FoundItem},
    format,
    screen::record_path,
    t, td,
    ui::{chip::tag, empty::empty},
};

/// Items of a group that are shown before somebody asks for all.
const FEW: usize = 8;

/// The groups; of people, each record can be ticked as the person.
pub fn groups(found: &Found, chosen: Option<RwSignal<Vec<Chosen>>>) -> AnyView {
    if found.groups.is_empty() {
        return empty("search-x", t!("privacy.nothing"), t!("privacy.nothing_text"), ().into_any());
    }
    found.groups.iter().cloned().map(|one| group(one, chosen)).collect_view().into_any()
}

fn group(group: FoundGroup, chosen: Option<RwSignal<Vec<Chosen>>>) -> AnyView {
    let count = i64::try_from(group.items.len()).unwrap_or_default();
    let count = if group.more { format!("{}+", format::integer(count)) } else { format::integer(count) };
    let all = RwSignal::new(false);
    let many = group.items.len() > FEW;
    let (label, items) = (group.label.clone(), StoredValue::new(group));
    let rows = move || {
        let few = if all.get() { usize::MAX } else { FEW };
        items.with_value(|group| group.items.iter().take(few).map(|one| item(group, one, chosen)).collect_view())
    };
    let more = move || {
        (many && !all.get()).then(|| {
            view! { <button type="button" class="btn btn-xs btn-quiet m-2" on:click=move |_| all.set(true)>{t!("privacy.show_all")}</button> }
        })
    };
    view! {
        <div class="border-t border-line first:border-0">
            <h3 class="flex items-center gap-2 px-4 pt-3 text-sm font-semibold">{label} <span class="hint num">{count}</span></h3>
            <ul class="px-4 pb-2">{rows}</ul>
            {more}
        </div>
    }
    .into_any()
}

fn item(group: &FoundGroup, item: &FoundItem, chosen: Option<RwSignal<Vec<Chosen>>>) -> AnyView {
    let own = (group.kind == "records").then(|| (group.name.clone(), item.id.clone()));
    let about = own.or_else(|| item.about.as_ref().map(|about| (about.resource.clone(), about.id.clone())));
    let path = about.as_ref().and_then(|(resource, id)| record_path(resource, id));
    let name = item.title.clone().filter(|title| !title.is_empty());
    let name = name
        .or_else(|| about.as_ref().and_then(|(resource, _)| registry::by_name(resource)).map(crate::i18n::resource));
    let name = name.unwrap_or_else(|| item.id.clone());
    let shown = match path {
        Some(path) => view! { <a class="lnk min-w-0 truncate" href=path>{name.clone()}</a> }.into_any(),
        None => view! { <span class="mono min-w-0 truncate text-xs">{name.clone()}</span> }.into_any(),
    };
    let why = item.reasons.iter().map(|reason| {
        let what = td!("privacy.what.", &reason.what);
        tag(reason.label.as_ref().map_or(what.clone(), |label| format!("{label}: {what}")))
    });
    let tick = chosen.filter(|_| group.person).map(|chosen| tick(group, item, chosen, &name));
    view! {
        <li class="flex flex-wrap items-center gap-2 py-1 text-sm">
            {tick} {shown} <span class="hint">{item.state.clone()}</span>
            <span class="flex flex-wrap gap-1">{why.collect_view()}</span>
        </li>
    }
    .into_any()
}

fn tick(group: &FoundGroup, item: &FoundItem, chosen: RwSignal<Vec<Chosen>>, name: &str) -> AnyView {
    let this = Chosen { resource: group.name.clone(), id: item.id.clone() };
    let mine = this.clone();
    let checked = move || chosen.with(|chosen| chosen.contains(&mine));
    let toggle = move |event| {
        chosen.update(|chosen| {
            chosen.retain(|other| *other != this);
            if event_target_checked(&event) {
                chosen.push(this.clone());
            }
        });
    };
    view! {
        <input
            type="checkbox"
            class="checkbox checkbox-xs"
            aria-label=t!("privacy.is_person", name = name)
            prop:checked=checked
            on:change=toggle
        />
    }
    .into_any()
}

/// Records of people that were found by something only one person has.
pub fn certain(found: &Found) -> Vec<Chosen> {
    let people = found.groups.iter().filter(|group| group.person);
    let certain =
        |item: &&FoundItem| item.reasons.iter().any(|reason| matches!(reason.what.as_str(), "document" | "chosen"));
    let of = |group: &FoundGroup| {
        let items = group.items.iter().filter(certain);
        items.map(|item| Chosen { resource: group.name.clone(), id: item.id.clone() }).collect::<Vec<_>>()
    };
    people.flat_map(of).collect()
}
