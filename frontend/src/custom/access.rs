//! Access data: who came in, who was refused, who is in, and who comes in with
//! a password alone.

use leptos::prelude::*;

use super::missing;
use crate::{
    api::security::{self, AccessCounts, AccessPage, AccessRow},
    format::{integer, moment},
    screen::record_path,
    state::app,
    t,
    ui::{
        empty::empty,
        fetched::fetched,
        load::Load,
        more::more,
        tabs::{Tab, tabs},
        title::title,
    },
};

/// The lists, as the API names them.
const LISTS: [&str; 4] = ["log-ins", "failures", "sessions", "without-two-factor"];

fn label(list: &str) -> String {
    match list {
        "failures" => t!("access.failures"),
        "sessions" => t!("access.sessions"),
        "without-two-factor" => t!("access.without"),
        _ => t!("access.log_ins"),
    }
}

/// The page.
pub fn page() -> AnyView {
    if !app().session.can("audit.read") {
        return missing::page();
    }
    let counts: Load<AccessCounts> = Load::new();
    counts.run(security::access());
    let chosen = RwSignal::new(LISTS[0]);
    let shown: Load<AccessPage> = Load::new();
    let read = move || shown.run(security::access_list(chosen.get(), None));
    Effect::new(read);
    let lists = LISTS.iter().map(|list| Tab::new(list, label(list))).collect();
    let again = move || shown.run(security::access_list(chosen.get_untracked(), None));
    let body = fetched(shown, 6, t!("access.failed"), again, move |page| table(page, shown, chosen));
    view! {
        <div class="page-head">{title(t!("access.title"))}</div>
        {move || counts.ready().map(|counts| tiles(&counts))}
        <section class="panel mt-4 overflow-hidden" aria-label=t!("access.lists")>
            <header class="flex items-center border-b border-line px-3">{tabs(t!("access.lists"), lists, chosen)}</header>
            {body}
        </section>
    }
    .into_any()
}

fn tiles(counts: &AccessCounts) -> AnyView {
    let days = counts.days.to_string();
    let tile = |name: String, value: i64| {
        view! {
            <div class="panel p-4">
                <dt class="kpi-label">{name}</dt>
                <dd class="kpi-value num">{integer(value)}</dd>
            </div>
        }
    };
    view! {
        <dl class="grid grid-cols-2 gap-4 lg:grid-cols-4">
            {tile(t!("access.log_ins_in", n = days), counts.log_ins)}
            {tile(t!("access.failures_in", n = days), counts.failures)}
            {tile(t!("access.sessions"), counts.sessions)}
            {tile(t!("access.without"), counts.without_two_factor)}
        </dl>
    }
    .into_any()
}

fn table(page: AccessPage, shown: Load<AccessPage>, chosen: RwSignal<&'static str>) -> AnyView {
    if page.items.is_empty() {
        return empty("shield-check", t!("access.none"), t!("access.none_text"), ().into_any());
    }
    let rows = page.items.iter().map(row).collect_view();
    let more = page.next.clone().map(|next| {
        let fetch = move || {
            let next = next.clone();
            async move { security::access_list(chosen.get_untracked(), Some(&next)).await }
        };
        more(shown, fetch, |page, older| {
            page.items.extend(older.items);
            page.next = older.next;
        })
    });
    view! {
        <div class="tbl-wrap" tabindex="0" role="region" aria-label=t!("access.title")>
            <table class="tbl tbl-compact">
                <caption class="sr-only">{t!("access.title")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("access.user")}</th>
                        <th scope="col">{t!("access.at")}</th>
                        <th scope="col">{t!("access.ip")}</th>
                        <th scope="col">{t!("access.device")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {more}
    }
    .into_any()
}

fn row(row: &AccessRow) -> AnyView {
    let name = row.user.clone().unwrap_or_else(|| "—".to_owned());
    let path = row.user_id.as_deref().and_then(|id| record_path("user", id));
    let may = app().session.can("user.read");
    let user = match path.filter(|_| may) {
        Some(path) => view! { <a class="lnk" href=path>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    let at = row.at.as_deref().map_or_else(|| "—".to_owned(), moment);
    let device: Vec<&str> = [&row.browser, &row.system].into_iter().filter_map(|part| part.as_deref()).collect();
    view! {
        <tr>
            <td>{user}</td>
            <td class="num">{at}</td>
            <td class="num">{row.ip.clone().unwrap_or_else(|| "—".to_owned())}</td>
            <td>{device.join(" · ")}</td>
        </tr>
    }
    .into_any()
}
