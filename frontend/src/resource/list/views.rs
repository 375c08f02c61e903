//! Kept lists as tabs after the states: one's own, everybody's, and the one a
//! role begins with.

use conexao_client::View;
use leptos::{prelude::*, task::spawn_local};

use super::{columns, model::List, query::ListQuery};
use crate::{
    api::client,
    part::{self, Tool},
    t,
    ui::{
        icon::icon,
        popover::{Trigger, popover},
    },
};

/// What a list knows of the views kept of it.
#[derive(Clone, Copy)]
pub struct Views {
    pub all: RwSignal<Vec<View>>,
    /// The one that was picked last; the list may have changed since.
    pub picked: RwSignal<Option<String>>,
}

impl Views {
    pub fn new() -> Self {
        Self { all: RwSignal::new(Vec::new()), picked: RwSignal::new(None) }
    }
}

/// Fetches the views. Whoever opens the bare list begins with the view of
/// their role, if it has one.
pub fn follow(list: List, views: Views) {
    let name = list.resource.name;
    let bare = list.query.get_untracked().address().is_empty();
    spawn_local(async move {
        let Ok(kept) = client().views().list(name).await else { return };
        let start = kept.iter().find(|view| view.start).filter(|_| bare).cloned();
        if views.all.try_set(kept).is_some() {
            return;
        }
        // Not when somebody was faster and already looks at something else.
        if let Some(view) = start.filter(|_| list.query.get_untracked().address().is_empty()) {
            show(list, views, &view, true);
        }
    });
}

/// Fetches the views anew.
pub async fn fetch(list: List, views: Views) {
    if let Ok(kept) = client().views().list(list.resource.name).await {
        views.all.try_set(kept);
    }
}

/// Shows what a view keeps.
fn show(list: List, views: Views, view: &View, replace: bool) {
    views.picked.set(Some(view.id.clone()));
    if !view.columns.is_empty() {
        list.columns.set(columns::named(list.resource, &view.columns));
    }
    list.go(&ListQuery::read(list.resource, &view.query), replace);
}

/// Whether the list shows exactly what the view keeps. Tracked.
fn fits(list: List, view: &View) -> bool {
    let kept = ListQuery::read(list.resource, &view.query).ordered();
    list.query.read().ordered() == kept
}

/// The tab of every view.
pub fn tabs(list: List, views: Views) -> AnyView {
    let each = move || views.all.get().into_iter().map(|view| tab(list, views, view)).collect_view();
    each.into_any()
}

fn tab(list: List, views: Views, view: View) -> AnyView {
    let (kept, shown) = (view.clone(), view.clone());
    let current = move || fits(list, &kept).then_some("true");
    let art = if view.shared || view.role_id.is_some() { "users" } else { "bookmark" };
    view! {
        <button
            type="button"
            class="focus-visible:-outline-offset-2"
            aria-current=current
            on:click=move |_| show(list, views, &shown, false)
        >
            {icon(art, "i i-sm")} {view.name}
        </button>
    }
    .into_any()
}

/// The button that keeps what is on the screen, or changes the view it is of;
/// nothing while there is nothing to keep.
pub fn keeper(list: List, views: Views) -> AnyView {
    let current = Memo::new(move |_| {
        let all = views.all.read();
        let picked = views.picked.read();
        let fitting = all.iter().find(|view| fits(list, view));
        fitting.or_else(|| all.iter().find(|view| Some(&view.id) == picked.as_ref())).cloned()
    });
    let worth = Memo::new(move |_| {
        let query = list.query.read();
        query.is_narrowed() || !query.sort.is_empty() || current.read().is_some()
    });
    let shown = move || worth.get().then(|| button(list, views, current));
    view! { <div class="views-tools">{shown}</div> }.into_any()
}

fn button(list: List, views: Views, current: Memo<Option<View>>) -> AnyView {
    let label = move || if current.read().is_some() { t!("views.edit") } else { t!("views.keep") };
    let inside = view! { {icon("bookmark", "i")} <span class="max-lg:sr-only">{label}</span> };
    let trigger = Trigger { class: "btn btn-sm btn-ghost", label: None, inside: inside.into_any() };
    popover(trigger, "right-0 top-9 w-80 p-4", move |open| {
        part::tool(Tool::View(list, views, current.get_untracked(), open))
    })
}
