//! Everything wrong in a form, above it, each with the way there.

use conexao_domain::kernel::problem::FieldProblem;
use leptos::{ev::MouseEvent, prelude::*};

use super::{
    path,
    save::{SUMMARY, Saving},
    state::{Form, sentence},
};
use crate::{
    api::Failure,
    t, tn,
    ui::{focus, icon::icon},
};

/// The summary; empty before the first attempt to save.
pub fn summary(saving: Saving) -> AnyView {
    let form = saving.form;
    let shown = move || {
        let wrong = if form.tried.get() { form.wrong() } else { Vec::new() };
        match (saving.failure.get(), wrong.is_empty()) {
            (Some(failure), _) => Some(whole(&failure)),
            (None, false) => Some(list(form, wrong)),
            (None, true) => None,
        }
    };
    view! { <div role="alert" id=SUMMARY tabindex="-1" class="scroll-mt-20 outline-none">{shown}</div> }.into_any()
}

fn whole(failure: &Failure) -> AnyView {
    let code = t!("failure.code", code = failure.reference());
    boxed(view! { <b class="font-semibold">{failure.message()}</b> " " {code} }.into_any())
}

fn list(form: Form, wrong: Vec<FieldProblem>) -> AnyView {
    let count = i64::try_from(wrong.len()).unwrap_or_default();
    let rows = wrong.into_iter().map(|problem| view! { <li>{one(form, &problem)}</li> }).collect_view();
    boxed(
        view! { <b class="font-semibold">{tn!("form.wrong", count)}</b> <ul class="mt-0.5 grid gap-0.5">{rows}</ul> }
            .into_any(),
    )
}

fn one(form: Form, problem: &FieldProblem) -> AnyView {
    let id = path::id_of(form.model, &problem.field);
    let label = path::label(form.resource(), &problem.field);
    let href = format!("#{id}");
    let go = move |event: MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        focus::give(focus::by_id(&id));
    };
    view! { <a href=href on:click=go>{label}</a> ": " {sentence(problem)} }.into_any()
}

fn boxed(inside: AnyView) -> AnyView {
    view! {
        <div class="errsum mb-4">
            {icon("circle-alert", "i mt-0.5")}
            <div class="min-w-0">{inside}</div>
        </div>
    }
    .into_any()
}
