//! What stands below the rows: how many are loaded, and the way to more.

use leptos::prelude::*;

use super::{
    model::List,
    query::{ListQuery, SIZES},
    rows,
};
use crate::{t, tn, ui::icon::icon};

/// What stands for rows that follow without end in the choice of page sizes.
const ENDLESS: &str = "endless";

/// How many rows there are, and the way to the others.
pub fn pager(list: List) -> AnyView {
    let endless = move || list.endless().get();
    let sizes = SIZES.map(|size| {
        let chosen = move || !endless() && list.query.read().limit == size;
        view! { <option value=size.to_string() selected=chosen>{size}</option> }
    });
    let resize = move |event| {
        let value = event_target_value(&event);
        let was_endless = list.endless().get_untracked();
        rows::choose_endless(list, value == ENDLESS);
        if let Ok(limit) = value.parse() {
            let same = list.query.with_untracked(|query| query.limit == limit && query.after.is_empty());
            list.change(|query| ListQuery { limit, ..query.first_page() });
            // The address stays as it was, but more than a page is there.
            if was_endless && same {
                list.load_page();
            }
        } else if !list.query.read_untracked().after.is_empty() {
            list.change(ListQuery::first_page);
        }
    };
    let loaded = move || tn!("list.loaded", i64::try_from(list.loaded()).unwrap_or_default());
    let more = move || if list.has_more() { t!("list.has_more") } else { t!("list.is_last") };
    let turns = move || if endless() { further(list) } else { turns(list) };
    view! {
        <footer class="pager">
            <label class="flex items-center gap-2">
                {t!("list.per_page")}
                <select class="select select-sm w-34" on:change=resize>
                    {sizes.into_iter().collect_view()}
                    <option value=ENDLESS selected=endless>{t!("list.endless")}</option>
                </select>
            </label>
            <span class="num">{loaded} <span class="dot-sep"></span> {more}</span>
            <span class="ml-auto flex items-center gap-2">{turns}</span>
        </footer>
    }
    .into_any()
}

fn turns(list: List) -> AnyView {
    let is_first = move || list.query.read().after.is_empty();
    view! {
        <button type="button" class="btn btn-sm btn-line" disabled=is_first on:click=move |_| list.previous()>
            {icon("chevron-left", "i")} {t!("list.previous")}
        </button>
        <button type="button" class="btn btn-sm btn-line" disabled=move || !list.has_more() on:click=move |_| list.next()>
            {t!("list.next")} {icon("chevron-right", "i")}
        </button>
    }
    .into_any()
}

/// More rows come by themselves near the end; the button is for who does not scroll.
fn further(list: List) -> AnyView {
    view! {
        <button type="button" class="btn btn-sm btn-line" disabled=move || !list.has_more() on:click=move |_| list.more()>
            {t!("load_more")}
        </button>
    }
    .into_any()
}
