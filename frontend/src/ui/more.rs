//! The button at the foot of a list that is not whole yet.

use std::future::Future;

use leptos::prelude::*;

use super::load::Load;
use crate::{api::Failure, t};

/// Adds what comes next to a list. `fetch` asks for it, `join` puts it behind
/// what is there.
pub fn more<T, W>(load: Load<T>, fetch: impl Fn() -> W + Send + Sync + 'static, join: fn(&mut T, T)) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    W: Future<Output = Result<T, Failure>> + 'static,
{
    button(load.waiting, Box::new(move || load.add(fetch(), join)))
}

/// The button alone; nothing happens twice.
pub fn button(busy: RwSignal<bool>, act: Box<dyn Fn() + Send + Sync>) -> AnyView {
    view! {
        <div class="border-t border-line p-3">
            <button type="button" class="btn btn-sm btn-line w-full max-md:h-11" aria-disabled=move || busy.get().to_string() on:click=move |_| act()>
                {t!("load_more")}
            </button>
        </div>
    }
    .into_any()
}
