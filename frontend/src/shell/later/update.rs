//! That there is a newer build: nothing is loaded anew before the person agrees,
//! and what is being written is kept as a draft then.

use leptos::{ev::Custom, prelude::*};
use web_sys::Event;

use crate::{t, ui::icon::icon};

/// Told by `assets/pwa.js`.
const NEWER: &str = "conexao-update";

/// Asked of it.
const TAKE_OVER: &str = "conexao-take-over";

/// The strip; nothing while this is the newest build.
pub fn strip() -> AnyView {
    let known = document().document_element().is_some_and(|root| root.has_attribute("data-update"));
    let newer = RwSignal::new(known);
    let handle = window_event_listener(Custom::<Event>::new(NEWER), move |_| newer.set(true));
    on_cleanup(move || handle.remove());
    let shown = move || {
        newer.get().then(|| {
            view! {
                <div class="offbar bg-new-bg! text-new-fg!" role="status">
                    {icon("download", "i i-sm")}
                    <p class="min-w-0 font-semibold">{t!("update.there")}</p>
                    <span class="ml-auto flex items-center gap-3">
                        <button type="button" class="lnk text-inherit!" on:click=move |_| newer.set(false)>{t!("update.later")}</button>
                        <button type="button" class="lnk font-semibold text-inherit! underline" on:click=|_| take_over()>{t!("update.now")}</button>
                    </span>
                </div>
            }
        })
    };
    shown.into_any()
}

fn take_over() {
    if let Ok(event) = Event::new(TAKE_OVER) {
        let _ = window().dispatch_event(&event);
    }
}
