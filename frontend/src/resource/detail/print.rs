//! The record on paper: what the style sheet for print needs besides the page.

use leptos::prelude::*;

use super::{head::heading, page::Page};
use crate::{format, i18n, resource::list::name_of, state::app, t};

/// Opens the browser's own print dialog.
pub fn print() {
    // The menu that asked for it has to be gone first.
    request_animation_frame(|| drop(window().print()));
}

/// Whose paper it is, what it is about, and when and by whom it was printed.
pub fn head(page: Page) -> AnyView {
    let company = move || {
        let tenant = app().session.me().map(|me| me.tenant.clone());
        tenant.map(|tenant| tenant.trade_name.unwrap_or(tenant.name)).unwrap_or_default()
    };
    let about = move || {
        page.record.with(|record| {
            let state = record.text("status").filter(|_| page.resource.flow.is_some());
            let state = state.map(|name| i18n::state(page.resource.name, name));
            let named = format!("{} {}", i18n::resource(page.resource), name_of(page.resource, record));
            let title = heading(page.resource, record);
            let title = if title == name_of(page.resource, record) { named } else { title };
            [Some(title), state].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        })
    };
    let who = move || app().session.me().map(|me| me.user.name.clone()).unwrap_or_default();
    let when = RwSignal::new(format::instant(format::now()));
    let handle = window_event_listener_untyped("beforeprint", move |_| when.set(format::instant(format::now())));
    on_cleanup(move || handle.remove());
    view! {
        <header class="print-head" aria-hidden="true">
            <p class="print-company">{company}</p>
            <p>{about}</p>
            <p class="print-stamp">{move || t!("print.stamp", when = when.get(), who = who())}</p>
        </header>
    }
    .into_any()
}
