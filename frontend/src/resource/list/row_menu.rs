//! The `…` of a row. It lies above the table, which would cut it off.

use conexao_domain::kernel::{flow::Step, record::Record};
use leptos::{
    ev::{self, KeyboardEvent},
    html::Div,
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{act, act::Act, model::List};
use crate::{
    i18n,
    screen::Screen,
    state::app,
    t,
    ui::{focus, icon::icon},
};

/// The row whose menu is open, and where it opens.
#[derive(Debug, Clone, PartialEq)]
pub struct RowMenu {
    id: String,
    /// Distances in pixels from the right and from the top or bottom of the window.
    right: String,
    edge: (&'static str, String),
}

impl RowMenu {
    /// Below a button, or above it where there is no room below.
    pub fn at(id: String, button: &Element) -> Option<Self> {
        let rect = button.get_bounding_client_rect();
        let root = document().document_element()?;
        let px = |number: f64| format!("{number}px");
        let (width, height) = (f64::from(root.client_width()), f64::from(root.client_height()));
        let right = px(gap(width, rect.right()));
        let low = rect.bottom() > f64::from(root.client_height() / 2);
        let edge = if low { ("bottom", px(gap(height, rect.top()))) } else { ("top", px(rect.bottom())) };
        Some(Self { id, right, edge })
    }
}

/// Distance between two places of the screen.
#[expect(clippy::float_arithmetic, reason = "places on the screen, not money")]
fn gap(from: f64, to: f64) -> f64 {
    from - to
}

/// Where the open menu is drawn.
pub fn place(list: List) -> AnyView {
    let shown = move || {
        let menu = list.menu.get()?;
        let row = list.row(&menu.id)?;
        Some(opened(list, &menu, &row))
    };
    shown.into_any()
}

fn opened(list: List, menu: &RowMenu, row: &Record) -> AnyView {
    let node = NodeRef::<Div>::new();
    let before = send_wrapper::SendWrapper::new(focus::active());
    Effect::new(move || {
        if let Some(root) = node.get() {
            focus::enter(&root);
        }
    });
    on_cleanup(move || focus::give(before.take()));
    close_elsewhere(list, node);
    let keys = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Escape" | "Tab") {
            event.stop_propagation();
            list.menu.set(None);
        } else if let Some(root) = node.get_untracked() {
            focus::arrows(&root, "[role='menuitem']", &event);
        }
    };
    let (edge, distance) = menu.edge.clone();
    let top = (edge == "top").then(|| distance.clone());
    let bottom = (edge == "bottom").then_some(distance);
    view! {
        <div
            class="pop fixed z-50 grid w-60 p-1.5"
            role="menu"
            aria-label=t!("list.acts")
            style:right=menu.right.clone()
            style:top=top
            style:bottom=bottom
            node_ref=node
            on:keydown=keys
        >
            {items(list, row)}
        </div>
    }
    .into_any()
}

fn close_elsewhere(list: List, node: NodeRef<Div>) {
    let pressed = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if node.get_untracked().is_some_and(|root| !root.contains(target.as_ref())) {
            list.menu.set(None);
        }
    });
    let scrolled = window_event_listener(ev::scroll, move |_| list.menu.set(None));
    on_cleanup(move || {
        pressed.remove();
        scrolled.remove();
    });
}

fn items(list: List, row: &Record) -> AnyView {
    let resource = list.resource;
    let may = |verb: &str| app().session.may(resource, verb);
    let id = row.id().to_owned();
    let (open_id, edit_id) = (id.clone(), id.clone());
    let open = item(list, "external-link", t!("list.open_one"), false, move || {
        app().nav.to(&Screen::Detail(resource, open_id.clone()).path());
    });
    let preview_id = id.clone();
    let preview = item(list, "eye", t!("list.preview"), false, move || {
        list.cursor.set(Some(preview_id.clone()));
        list.preview().set(true);
    });
    let edit = may("update").then(|| {
        item(list, "pencil", t!("list.edit"), false, move || {
            app().nav.to(&Screen::Edit(resource, edit_id.clone()).path());
        })
    });
    let steps = possible(list, row).into_iter().map(|step| {
        let id = id.clone();
        item(list, "route", i18n::step(resource.name, step.name), false, move || {
            act::start(list, Act::step_of(id.clone(), step));
        })
    });
    let row = row.clone();
    let remove = may("delete")
        .then(|| item(list, "trash-2", t!("list.delete"), true, move || act::remove_one(list, row.clone())));
    view! { {open} {preview} {edit} {steps.collect_view()} {remove} }.into_any()
}

/// Steps that start from the row's state and that the person may take.
pub fn possible(list: List, row: &Record) -> Vec<&'static Step> {
    let state = row.text("status").unwrap_or_default();
    let steps = list.resource.flow.map(|flow| flow.steps).unwrap_or_default();
    steps.iter().filter(|step| step.from.contains(&state) && app().session.may(list.resource, step.name)).collect()
}

fn item(list: List, art: &'static str, label: String, danger: bool, act: impl Fn() + Send + Sync + 'static) -> AnyView {
    let class = if danger { "menu-item text-danger-fg" } else { "menu-item" };
    let click = move |_| {
        list.menu.set(None);
        act();
    };
    view! { <button type="button" role="menuitem" class=class on:click=click>{icon(art, "i i-sm")} {label}</button> }
        .into_any()
}
