//! The import itself: how far it is, and what came of it.

use leptos::prelude::*;

use super::{history::state, simulation, wizard::Wizard};
use crate::{api::imports::Summary, i18n, screen::Screen, t, tn, ui::icon::icon};

pub fn panel(wizard: Wizard) -> AnyView {
    let chip = move || state(&wizard.state());
    let content = move || match wizard.state().as_str() {
        "running" | "reverting" => under_way(wizard),
        _ => wizard.import.with(|import| import.summary.clone()).map(|summary| ended(wizard, &summary)).into_any(),
    };
    view! {
        <section class="panel" aria-label=t!("import.step_import")>
            <header class="panel-head">
                <h2 class="panel-title">{t!("import.step_import")}</h2>
                <div class="ml-auto flex items-center gap-2" role="status">{chip}</div>
            </header>
            <div class="panel-body">{content}</div>
        </section>
    }
    .into_any()
}

fn under_way(wizard: Wizard) -> AnyView {
    let bar = move || wizard.job.with(|job| job.as_ref().map(simulation::running));
    let can_stop = move || wizard.job.with(|job| job.as_ref().is_some_and(|job| job.cancellable));
    let stop = move || {
        can_stop().then(|| {
            view! {
                <button type="button" class="btn btn-sm btn-danger-quiet" on:click=move |_| wizard.cancel()>
                    {icon("x", "i")} {t!("import.cancel_run")}
                </button>
            }
        })
    };
    view! {
        {bar}
        <p class="hint mt-2">{t!("import.may_close")}</p>
        <p class="mt-3">{stop}</p>
    }
    .into_any()
}

fn ended(wizard: Wizard, summary: &Summary) -> AnyView {
    let list = Screen::List(wizard.resource).path();
    let again = Screen::Import(wizard.resource).path();
    let what = i18n::resources(wizard.resource);
    let intro = move || match wizard.state().as_str() {
        "done" => t!("import.done_text"),
        "cancelled" => t!("import.cancelled_text"),
        "reverted" => t!("import.reverted_text"),
        _ => t!("import.failed_text"),
    };
    // What people changed since the import a revert leaves alone.
    let kept = (summary.kept > 0).then(|| tn!("import.kept", summary.kept));
    view! {
        <p class="mb-3 text-sm">{intro} " " {kept}</p>
        <div class="grid grid-cols-2 gap-2 sm:grid-cols-4">
            {simulation::tile("rounded-lg bg-ok-bg px-3 py-2 text-ok-fg", summary.created, t!("import.created"))}
            {simulation::tile("rounded-lg bg-new-bg px-3 py-2 text-new-fg", summary.updated, t!("import.updated"))}
            {simulation::tile("rounded-lg bg-danger-bg px-3 py-2 text-danger-fg", summary.failed, t!("import.errors"))}
            {simulation::tile("rounded-lg bg-mute-bg px-3 py-2 text-mute-fg", summary.skipped, t!("import.skipped"))}
        </div>
        <p class="mt-4 flex flex-wrap gap-2">
            <a class="btn btn-sm btn-line max-md:h-11 max-md:w-full" href=list>{icon(wizard.resource.icon, "i")} {t!("import.see", what = what)}</a>
            <a class="btn btn-sm btn-quiet max-md:h-11 max-md:w-full" href=again>{icon("upload", "i")} {t!("import.another")}</a>
        </p>
    }
    .into_any()
}
