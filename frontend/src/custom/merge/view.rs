//! The dialog of a merge.

use leptos::prelude::*;

use super::{Merge, preview};
use crate::{
    resource::list::name_of,
    t,
    ui::{
        control::search_box,
        icon::icon,
        overlay::{Close, close_button, over},
        skeleton,
    },
};

pub fn view(merge: Merge, close: Close) -> AnyView {
    let kept = merge.page.record.with_untracked(|record| name_of(merge.page.resource, record));
    let title = t!("merge.title", name = kept);
    let shut = Close::clone(&close);
    let leave = Close::clone(&close);
    let body = move || match (merge.other.get(), merge.pair.get(), merge.failure.get()) {
        (_, _, Some(failure)) => {
            view! { <p class="notice notice-danger" role="alert">{icon("circle-alert", "i")} {failure.message()}</p> }
                .into_any()
        }
        (None, _, None) => view! { <p class="hint">{t!("merge.choose_hint")}</p> }.into_any(),
        (Some(_), None, None) => skeleton::lines(4),
        (Some(_), Some(pair), None) => preview::preview(merge, pair),
    };
    let search =
        search_box("merge-other".to_owned(), merge.page.resource, t!("merge.search"), move |other| merge.choose(other));
    let ready = move || merge.preview.with(Option::is_some) && !merge.busy.get() && merge.failure.with(Option::is_none);
    let inside = view! {
        <div class="dlg-head">
            <span class="grid h-9 w-9 shrink-0 place-items-center rounded-full bg-mute-bg text-ink-2">{icon("combine", "i i-md")}</span>
            <div class="min-w-0 flex-1">
                <h2>{title.clone()}</h2>
                <p class="page-sub">{t!("merge.text")}</p>
            </div>
            {close_button(shut)}
        </div>
        <div class="dlg-body">
            <div class="field mb-4 max-w-120">
                <label for="merge-other">{t!("merge.other")}</label>
                {search}
            </div>
            {body}
        </div>
        <div class="dlg-foot max-md:flex-col-reverse max-md:items-stretch">
            <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| leave()>{t!("merge.keep_both")}</button>
            <button type="button" class="btn btn-sm btn-error max-md:h-11" disabled=move || !ready() on:click=move |_| merge.confirm()>
                {t!("merge.do")}
            </button>
        </div>
    };
    over("dlg dlg-lg", "dialog", title, inside.into_any(), close)
}
