//! Taking a whole import back, after a question.

use std::sync::Arc;

use leptos::prelude::*;

use super::wizard::Wizard;
use crate::{
    format, i18n, t,
    ui::overlay::{Dialog, dialog},
};

/// The question, while it is open.
pub fn place(wizard: Wizard) -> AnyView {
    (move || wizard.reverting.get().then(|| question(wizard))).into_any()
}

fn question(wizard: Wizard) -> AnyView {
    let close = move || wizard.reverting.set(false);
    let summary = wizard.import.with_untracked(|import| import.summary.clone()).unwrap_or_default();
    let what = i18n::resources(wizard.resource);
    let revert = move |_| {
        close();
        wizard.start("revert");
    };
    let body = view! {
        <ul class="grid gap-1.5 text-sm">
            <li>{t!("import.revert_created", n = format::integer(summary.created), what = what)}</li>
            <li>{t!("import.revert_updated", n = format::integer(summary.updated))}</li>
            <li class="text-ink-2">{t!("import.revert_kept")}</li>
        </ul>
    };
    let foot = view! {
        <button type="button" class="btn btn-sm btn-line max-md:h-11" data-focus="" on:click=move |_| close()>{t!("import.keep")}</button>
        <button type="button" class="btn btn-sm btn-error max-md:h-11" on:click=revert>{t!("import.revert_do")}</button>
    };
    let content = Dialog {
        title: t!("import.revert_title", file = wizard.import.with_untracked(|import| import.file_name.clone())),
        text: t!("import.revert_text"),
        art: ("undo-2", "bg-danger-bg text-danger-fg"),
        body: body.into_any(),
        foot: foot.into_any(),
    };
    dialog(content, Arc::new(close))
}
