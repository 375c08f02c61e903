//! The title of the wizard and where one is in it.

use conexao_domain::kernel::resource::Resource;
use leptos::prelude::*;

use super::wizard::{Step, Wizard};
use crate::{
    format, i18n, t, tn,
    ui::{icon::icon, title::title},
};

const STEPS: [Step; 3] = [Step::File, Step::Mapping, Step::Import];

fn name(step: Step) -> String {
    match step {
        Step::File => t!("import.step_file"),
        Step::Mapping => t!("import.step_mapping"),
        Step::Import => t!("import.step_import"),
    }
}

fn position(step: Step) -> usize {
    STEPS.iter().position(|other| *other == step).unwrap_or_default()
}

/// Title, file, steps; on a phone a bar instead of the steps.
pub fn head(resource: &'static Resource, wizard: Option<Wizard>, step: Signal<Step>) -> AnyView {
    let file = wizard.map(|wizard| {
        move || {
            wizard.import.with(|import| {
                let rows = import.shape.as_ref().and_then(|shape| shape.row_count).map(|n| tn!("import.rows", n));
                let about = rows.into_iter().chain([format::bytes(import.size)]).collect::<Vec<_>>().join(" · ");
                view! {
                    <span class="inline-flex min-w-0 items-center gap-1.5">
                        {icon("file-spreadsheet", "i i-sm")} <span class="truncate">{import.file_name.clone()}</span>
                    </span>
                    <span class="dot-sep"></span>
                    <span class="num">{about}</span>
                }
            })
        }
    });
    let intro = wizard.is_none().then(|| t!("import.intro"));
    let place = move || t!("import.step_of", n = position(step.get()) + 1, total = STEPS.len());
    let width = move || format!("{}%", (position(step.get()) + 1) * 100 / STEPS.len());
    let steps = move || STEPS.iter().map(|other| one(*other, step.get())).collect_view();
    view! {
        <div class="mb-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
            <div class="min-w-0">
                {title(t!("import.of", what = i18n::resources(resource)))}
                <p class="page-sub flex flex-wrap items-center">{file} {intro}</p>
            </div>
            <p class="flex w-full items-center gap-3 text-sm md:hidden">
                <span class="font-semibold whitespace-nowrap">{place}</span>
                <span class="meter flex-1"><i style:width=width></i></span>
            </p>
            <ol class="wiz max-md:hidden" aria-label=t!("import.steps")>{steps}</ol>
        </div>
    }
    .into_any()
}

fn one(step: Step, now: Step) -> AnyView {
    let (at, here) = (position(step), position(now));
    let class = match at.cmp(&here) {
        std::cmp::Ordering::Less => "is-done",
        std::cmp::Ordering::Equal => "is-now",
        std::cmp::Ordering::Greater => "",
    };
    let mark = if at < here { icon("check", "i i-xs") } else { (at + 1).into_any() };
    let current = (at == here).then_some("step");
    view! { <li class=class aria-current=current><span class="mark">{mark}</span><span>{name(step)}</span></li> }
        .into_any()
}
