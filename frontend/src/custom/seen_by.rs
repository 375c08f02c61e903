//! Who can see and change a record, and why.

use std::sync::Arc;

use conexao_domain::identity::{
    api_token::API_TOKEN,
    role::{ROLE, Scope},
    user::USER,
};
use leptos::prelude::*;

use super::roles;
use crate::{
    api::rights::{self, SeeingPerson, SeenBy, Why},
    resource::{
        detail::page::{Over, Page},
        list::name_of,
    },
    screen::record_path,
    state::app,
    t,
    ui::{
        fetched::fetched,
        icon::icon,
        load::Load,
        overlay::{Close, sheet, sheet_head},
        popover::Item,
    },
};

/// Name of the drawer.
pub const SEEN_BY: &str = "quem-ve";

/// The way to it in the menu of any record, for who may read roles.
pub fn item(page: Page) -> Option<Item> {
    let open = move || page.over.set(Some(Over::Custom(SEEN_BY)));
    app().session.may(&ROLE, "read").then(|| Item::new("eye", t!("seen_by.item"), open))
}

/// The drawer.
pub fn drawer(page: Page) -> AnyView {
    let close: Close = Arc::new(move || page.over.set(None));
    let load = Load::<SeenBy>::new();
    let ask = move || {
        let (resource, id) = (page.resource.name, page.id());
        load.run(async move { rights::seen_by(resource, &id).await });
    };
    ask();
    let shown = fetched(load, 6, t!("seen_by.failed"), ask, |seen| answer(&seen));
    let name = page.record.with_untracked(|record| name_of(page.resource, record));
    let heading = view! { <h2 class="min-w-0 truncate font-semibold">{t!("seen_by.title", title = name.clone())}</h2> };
    let shut = Arc::clone(&close);
    let content = view! {
        {sheet_head(heading.into_any(), ().into_any(), shut)}
        <div class="min-h-0 flex-1 overflow-y-auto p-4" tabindex="0" aria-live="polite">
            <p class="hint mb-3">{t!("seen_by.text")}</p>
            {shown}
        </div>
    };
    sheet(t!("seen_by.title", title = name), content.into_any(), close)
}

fn answer(seen: &SeenBy) -> AnyView {
    let people = seen.people.iter().map(person).collect_view();
    let more = seen.more.then(|| view! { <p class="hint mt-2">{t!("seen_by.more")}</p> });
    let tokens = (!seen.tokens.is_empty()).then(|| {
        let rows = seen.tokens.iter().map(|token| {
            let path = record_path(API_TOKEN.name, &token.id).unwrap_or_default();
            let owner = token.owner.as_ref().map(|owner| t!("seen_by.token_of", name = owner.name.clone()));
            let edit = if token.edit { t!("seen_by.sees_edits") } else { t!("seen_by.sees") };
            view! { <li class="py-2 text-sm"><a class="lnk font-medium" href=path>{token.name.clone()}</a> <span class="hint block">{edit} {owner.map(|owner| format!(" · {owner}"))}</span></li> }
        });
        view! { <h3 class="mt-5 mb-1 text-sm font-semibold">{t!("seen_by.tokens")}</h3> <ul class="grid divide-y divide-line">{rows.collect_view()}</ul> }
    });
    view! {
        <h3 class="mb-1 text-sm font-semibold">{crate::tn!("roles.people", i64::try_from(seen.people.len()).unwrap_or_default())}</h3>
        <ul class="grid divide-y divide-line">{people}</ul>
        {more} {tokens}
    }
    .into_any()
}

fn person(person: &SeeingPerson) -> AnyView {
    let path = record_path(USER.name, &person.id).unwrap_or_default();
    let what = if person.edit.is_empty() { t!("seen_by.sees") } else { t!("seen_by.sees_edits") };
    let (art, tone) = if person.edit.is_empty() { ("eye", "text-ink-3") } else { ("pencil", "text-primary-ink") };
    let reasons = person.read.iter().map(why).collect_view();
    let tone = format!("inline-flex {tone}");
    view! {
        <li class="py-2 text-sm">
            <span class="flex items-center gap-2">
                <span class=tone>{icon(art, "i i-sm")}</span> <a class="lnk font-medium" href=path>{person.name.clone()}</a> <span class="hint ml-auto">{what}</span>
            </span>
            <ul class="hint ml-6">{reasons}</ul>
        </li>
    }
    .into_any()
}

fn why(why: &Why) -> AnyView {
    let reach = roles::reach_word(Scope::parse(&why.scope));
    let place =
        why.absent.as_ref().map(|absent| format!(" · {}", t!("seen_by.in_place_of", name = absent.name.clone())));
    view! { <li>{why.role.name.clone()}" · "{reach} {place}</li> }.into_any()
}
