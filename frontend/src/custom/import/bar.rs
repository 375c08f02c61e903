//! The bar at the foot of the wizard: back, and the one next act.

use leptos::prelude::*;

use super::wizard::{Step, Wizard};
use crate::{screen::Screen, t, tn, ui::icon::icon};

pub fn bar(wizard: Wizard) -> AnyView {
    let back = Screen::Import(wizard.resource).path();
    let act = move || match wizard.step() {
        Step::File | Step::Mapping => import(wizard),
        Step::Import => go_on(wizard),
    };
    view! {
        <div class="actbar">
            <div>
                <a class="btn btn-sm btn-line max-md:h-11" href=back>{icon("arrow-left", "i")} {t!("import.back")}</a>
                {act}
            </div>
        </div>
    }
    .into_any()
}

fn import(wizard: Wizard) -> AnyView {
    let ready = move || wizard.import.with(|import| import.summary.as_ref().map_or(0, |summary| summary.ready));
    let simulated = move || wizard.state() == "simulated";
    let label = move || if simulated() { tn!("import.run", ready()) } else { t!("import.run_plain") };
    let hint = move || match (simulated(), ready()) {
        (false, _) => t!("import.simulate_first"),
        (true, 0) => t!("import.nothing_ready"),
        (true, _) => t!("import.failed_stay_out"),
    };
    view! {
        <p class="ml-auto text-xs text-ink-2 max-lg:hidden" role="status">{hint}</p>
        <button
            type="button"
            class="btn btn-sm btn-primary max-lg:ml-auto max-md:h-11"
            disabled=move || !simulated() || ready() == 0 || wizard.busy.get()
            on:click=move |_| wizard.start("run")
        >
            {label} {icon("arrow-right", "i")}
        </button>
    }
    .into_any()
}

/// Going on: with what was corrected since, or with what was not reached.
fn go_on(wizard: Wizard) -> AnyView {
    let failed = move || wizard.import.with(|import| import.summary.as_ref().is_some_and(|summary| summary.failed > 0));
    let shown = move || {
        let label = match wizard.state().as_str() {
            "done" if failed() => t!("import.run_corrected"),
            "cancelled" | "failed" => t!("import.run_on"),
            _ => return None,
        };
        Some(view! {
            <button type="button" class="btn btn-sm btn-primary max-md:h-11" disabled=wizard.busy on:click=move |_| wizard.start("run")>
                {label} {icon("arrow-right", "i")}
            </button>
        })
    };
    view! { <span class="ml-auto"></span> {revert(wizard)} {shown} }.into_any()
}

fn revert(wizard: Wizard) -> AnyView {
    let possible = move || {
        let changed = wizard.import.with(|import| import.summary.as_ref().is_some_and(|s| s.created + s.updated > 0));
        changed && matches!(wizard.state().as_str(), "done" | "cancelled" | "failed")
    };
    let button = move || {
        possible().then(|| {
            view! {
                <button
                    type="button"
                    class="btn btn-sm btn-danger-quiet max-md:h-11"
                    disabled=wizard.busy
                    on:click=move |_| wizard.reverting.set(true)
                >
                    {icon("undo-2", "i")} {t!("import.revert")}
                </button>
            }
        })
    };
    button.into_any()
}
