//! A secret that was just made: shown once, with a way to copy it.

use std::cell::RefCell;

use conexao_domain::kernel::record::Record;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use crate::{
    resource::detail::page::Page,
    t,
    ui::{icon::icon, toast},
};

/// Where answers have it.
const SHOWN: &str = "_secret";

thread_local! {
    /// Between the answer that has it and the page that shows it: id and text.
    static MADE: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// Keeps what an answer shows once for the page of the record; whether there
/// was something.
pub fn keep(record: &Record) -> bool {
    let found = record.text(SHOWN).map(|text| (record.id().to_owned(), text.to_owned()));
    let some = found.is_some();
    if some {
        MADE.with(|made| *made.borrow_mut() = found);
    }
    some
}

fn taken(id: &str) -> Option<String> {
    MADE.with(|made| made.borrow_mut().take_if(|(of, _)| of == id)).map(|(_, text)| text)
}

/// The secret of the record on the page, if it was made just now.
pub fn panel(page: Page) -> AnyView {
    let shown = RwSignal::new(taken(&page.id()));
    // A step that renews it answers with the new one.
    Effect::new(move || {
        if let Some(text) = page.record.with(|record| record.text(SHOWN).map(str::to_owned)) {
            shown.set(Some(text));
        }
    });
    let panel = move || shown.get().map(|text| banner(text, shown));
    panel.into_any()
}

fn banner(text: String, shown: RwSignal<Option<String>>) -> AnyView {
    let copied = text.clone();
    let copy = move |_| {
        let text = copied.clone();
        spawn_local(async move {
            let Some(window) = web_sys::window() else { return };
            if JsFuture::from(window.navigator().clipboard().write_text(&text)).await.is_ok() {
                toast::say(t!("secret.copied"));
            }
        });
    };
    view! {
        <section class="mb-4 flex items-start gap-3 rounded-xl bg-ok-bg p-4 text-ok-fg" role="status">
            {icon("key-round", "i i-md")}
            <div class="min-w-0 flex-1">
                <h2 class="text-sm font-semibold">{t!("secret.title")}</h2>
                <p class="text-sm">{t!("secret.text")}</p>
                <div class="mt-2 flex items-center gap-2 rounded-lg bg-base-100 p-2">
                    <code class="mono min-w-0 flex-1 text-xs break-all text-base-content" data-secret="">{text}</code>
                    <button type="button" class="btn btn-xs btn-primary" on:click=copy>{icon("copy", "i i-sm")} {t!("secret.copy")}</button>
                </div>
            </div>
            <button type="button" class="icon-btn icon-btn-sm" aria-label=t!("close") on:click=move |_| shown.set(None)>{icon("x", "i i-sm")}</button>
        </section>
    }
    .into_any()
}
