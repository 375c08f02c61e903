//! All notifications, on a page of their own; several at once can be read or deleted.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::{
    api::notifications::Which,
    shell::notices::{self, Notices},
    t, tn,
    ui::{icon::icon, title::title},
};

/// The page.
pub fn page() -> AnyView {
    let notices = Notices::new();
    let toggle = move |_| {
        notices.picked.set(BTreeSet::new());
        notices.selecting.update(|selecting| *selecting = !*selecting);
    };
    let label = move || if notices.selecting.get() { t!("notices.select_done") } else { t!("notices.select") };
    view! {
        <div class="page-head max-w-220">
            {title(t!("notices.title"))}
            <button
                type="button"
                class="btn btn-sm btn-line max-md:h-11"
                aria-pressed=move || notices.selecting.get().to_string()
                on:click=toggle
            >
                {icon("list-checks", "i")} {label}
            </button>
        </div>
        <section class="panel max-w-220 overflow-hidden" aria-label=t!("notices.title")>
            {notices::filters(notices)}
            {notices::list(notices)}
        </section>
        {move || bar(notices)}
    }
    .into_any()
}

/// The acts on those that are ticked.
fn bar(notices: Notices) -> Option<AnyView> {
    let count = notices.picked.with(BTreeSet::len);
    if count == 0 {
        return None;
    }
    let take = move || Which::Ids(notices.picked.get_untracked().into_iter().collect());
    let clear = move || notices.picked.set(BTreeSet::new());
    let read = move |_| {
        notices.read(take());
        clear();
    };
    let delete = move |_| {
        notices.delete(take());
        clear();
    };
    let all = move |_| {
        let ids = notices.load.answer.get_untracked().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
        notices.picked.set(ids.into_iter().map(|notice| notice.id).collect());
    };
    let bar = view! {
        <div class="fixed inset-x-0 bottom-5 z-30 flex justify-center px-4 max-md:bottom-18">
            <div class="bulkbar max-w-full overflow-x-auto" role="toolbar" aria-label=t!("notices.bulk")>
                <b class="num font-semibold whitespace-nowrap" role="status">{tn!("notices.picked", i64::try_from(count).unwrap_or_default())}</b>
                <span class="sep"></span>
                <button type="button" on:click=all>{t!("notices.pick_all")}</button>
                <button type="button" on:click=read>{icon("check", "i i-sm")} {t!("notices.read")}</button>
                <button type="button" on:click=delete>{icon("trash-2", "i i-sm")} {t!("notices.delete")}</button>
                <button type="button" aria-label=t!("close") on:click=move |_| clear()>{icon("x", "i i-sm")}</button>
            </div>
        </div>
    };
    Some(bar.into_any())
}
