//! The list of shortcuts.

use std::sync::Arc;

use leptos::prelude::*;

use super::Frame;
use crate::{
    t,
    ui::overlay::{Dialog, dialog},
};

/// What the keys do.
pub fn shortcuts(frame: Frame) -> AnyView {
    let rows = [
        (vec!["Ctrl", "K"], t!("shortcuts.palette")),
        (vec!["/"], t!("shortcuts.search")),
        (vec!["N"], t!("shortcuts.new")),
        (vec!["["], t!("shortcuts.menu")),
        (vec!["?"], t!("shortcuts.title")),
        (vec!["J", "K"], t!("shortcuts.move")),
        (vec!["X"], t!("shortcuts.select")),
        (vec!["↵"], t!("shortcuts.open")),
        (vec!["Esc"], t!("shortcuts.close")),
    ];
    let row = |(keys, label): (Vec<&'static str>, String)| {
        let keys = keys.into_iter().map(|key| view! { <kbd class="kbd">{key}</kbd> }).collect_view();
        view! { <dt class="flex gap-0.5">{keys}</dt> <dd>{label}</dd> }
    };
    let body = view! { <dl class="kv">{rows.into_iter().map(row).collect_view()}</dl> };
    let close = Arc::new(move || frame.close());
    let foot = view! { <button type="button" class="btn btn-sm btn-primary" data-focus="" on:click=move |_| frame.close()>{t!("close")}</button> };
    let content = Dialog {
        title: t!("shortcuts.title"),
        text: t!("shortcuts.text"),
        art: ("keyboard", "bg-mute-bg text-ink-2"),
        body: body.into_any(),
        foot: foot.into_any(),
    };
    dialog(content, close)
}
