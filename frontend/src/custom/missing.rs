//! An address where nothing lives.

use leptos::prelude::*;

use crate::{
    t,
    ui::{empty::empty, title::title},
};

pub fn page() -> AnyView {
    let home = view! { <a class="btn btn-sm btn-line" href="/">{t!("missing.home")}</a> };
    view! {
        <div class="page-head">{title(t!("missing.title"))}</div>
        <section class="panel">{empty("search-x", t!("missing.heading"), t!("missing.text"), home.into_any())}</section>
    }
    .into_any()
}
