//! Taking a step: at once when it needs nothing, else after a dialog that asks
//! for its inputs and says what follows.

use std::sync::Arc;

use conexao_domain::kernel::{
    field::Field,
    flow::Step,
    plan,
    problem::FieldProblem,
    record::Record,
    resource::{Audience, Resource},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value as Json};

use super::{
    actions::needed,
    head::heading,
    page::{Over, Page},
    undo, value,
};
use crate::{
    api::{Failure, records},
    i18n,
    resource::form::{
        mention::mention,
        state::{facts, sentence},
    },
    state::app,
    t,
    ui::{
        control::{Control, control},
        icon::icon,
        overlay::{Dialog, dialog},
        toast,
    },
};

/// Begins a step.
pub fn start(page: Page, step: &'static Step) {
    if step.inputs.is_empty() && !step.confirm {
        run(page, step, Map::new(), RwSignal::new(false), |failure| toast::fail(&failure));
    } else {
        page.over.set(Some(Over::Step(step.name)));
    }
}

/// One value the step asks for.
#[derive(Clone, Copy)]
struct Input {
    field: &'static Field,
    required: bool,
    value: RwSignal<Json>,
}

/// A step being prepared.
#[derive(Clone, Copy)]
struct Asking {
    page: Page,
    step: &'static Step,
    inputs: StoredValue<Vec<Input>>,
    tried: RwSignal<bool>,
    busy: RwSignal<bool>,
    refused: RwSignal<Vec<FieldProblem>>,
    failure: RwSignal<Option<String>>,
}

/// The dialog of a step, by name.
pub fn open(page: Page, name: &str) -> AnyView {
    let Some(step) = page.resource.flow.and_then(|flow| flow.step(name)) else { return ().into_any() };
    let record = page.record.get_untracked();
    let needed = needed(&record, step);
    let inputs = step.inputs.iter().filter_map(|(name, required)| {
        let field = page.resource.field(name)?;
        let required = *required || needed.as_deref() == Some(*name);
        Some(Input { field, required, value: RwSignal::new(record.get(name).clone()) })
    });
    let asking = Asking {
        page,
        step,
        inputs: StoredValue::new(inputs.collect()),
        tried: RwSignal::new(false),
        busy: RwSignal::new(false),
        refused: RwSignal::new(Vec::new()),
        failure: RwSignal::new(None),
    };
    let art =
        if step.confirm { ("ban", "bg-danger-bg text-danger-fg") } else { ("arrow-right", "bg-mute-bg text-ink-2") };
    let content = Dialog {
        title: t!(
            "detail.step_title",
            step = i18n::step(page.resource.name, step.name),
            title = heading(page.resource, &record)
        ),
        text: about(page.resource, step, &record),
        art,
        body: body(asking, &record),
        foot: foot(asking),
    };
    dialog(content, Arc::new(move || page.over.set(None)))
}

/// Whom and how much it is about, and whether there is a way back.
fn about(resource: &'static Resource, step: &Step, record: &Record) -> String {
    let named = |name: &str| {
        resource.field(name).map(|field| value::plain(resource.name, field, record)).filter(|text| !text.is_empty())
    };
    let mut parts: Vec<String> = resource.subtitle.and_then(named).into_iter().collect();
    parts.extend(named("total"));
    let mut text = parts.join(" · ");
    let way_back = resource.flow.is_some_and(|flow| flow.steps.iter().any(|other| other.from.contains(&step.to)));
    if step.confirm && !way_back {
        if !text.is_empty() {
            text.push_str(". ");
        }
        text.push_str(&t!("detail.no_way_back"));
    }
    text
}

fn body(asking: Asking, record: &Record) -> AnyView {
    let Asking { page, step, .. } = asking;
    let effects = effects(page.resource, step, record);
    let effects = (step.confirm && !effects.is_empty()).then(|| {
        let rows = effects.into_iter().map(|(art, text)| {
            view! {
                <li class="flex items-center gap-3 py-2">
                    <span class="grid h-8 w-8 shrink-0 place-items-center rounded-lg bg-mute-bg text-ink-2">{icon(art, "i")}</span>
                    <span class="min-w-0 text-sm">{text}</span>
                </li>
            }
        });
        view! {
            <h3 class="eyebrow mb-0.5">{t!("detail.what_happens")}</h3>
            <ul class="mb-2 divide-y divide-line">{rows.collect_view()}</ul>
        }
    });
    let controls = asking.inputs.get_value().into_iter().map(|input| one(asking, input, record)).collect_view();
    let failure = move || {
        asking
            .failure
            .get()
            .map(|text| view! { <p class="notice notice-danger" role="alert">{icon("circle-alert", "i")} {text}</p> })
    };
    view! { {effects} <div class="grid gap-3">{failure} {controls}</div> }.into_any()
}

/// What others will notice.
fn effects(resource: &'static Resource, step: &Step, record: &Record) -> Vec<(&'static str, String)> {
    let state = t!("detail.becomes", state = i18n::state(resource.name, step.to));
    let event = format!("{}.{}", resource.name, step.name);
    let told = resource.notices.iter().filter(|notice| notice.event == event).map(|notice| match notice.to {
        Audience::Owner => {
            let owner = mention(record, "owner_id").or_else(|| mention(record, "created_by"));
            let me = owner.as_ref().is_some_and(|owner| owner.id == app().session.user_id());
            let told = owner.map_or_else(|| t!("detail.tells_owner"), |owner| t!("detail.tells", who = owner.title));
            ("bell", if me { t!("detail.tells_you") } else { told })
        }
        Audience::Role(role) => ("bell", t!("detail.tells_role", role = i18n::role(role))),
    });
    std::iter::once(("arrow-right", state)).chain(told).collect()
}

fn one(asking: Asking, input: Input, record: &Record) -> AnyView {
    let Input { field, required, value } = input;
    let error = Signal::derive(move || {
        let refused = asking.refused.with(|all| all.iter().find(|p| p.field == field.name).cloned());
        let found = || asking.problems().into_iter().find(|problem| problem.field == field.name);
        refused.or_else(|| asking.tried.get().then(found).flatten()).map(|problem| sentence(&problem))
    });
    let id = format!("step-{}", field.name);
    let drawn = Control {
        required,
        mention: RwSignal::new(mention(record, field.name)),
        ..Control::new(asking.page.resource.name, field, id, value, error)
    };
    control(drawn)
}

impl Asking {
    fn values(self) -> Map<String, Json> {
        self.inputs
            .with_value(|inputs| inputs.iter().map(|input| (input.field.name.to_owned(), input.value.get())).collect())
    }

    /// What is missing or what the plan refuses among the inputs; tracked.
    fn problems(self) -> Vec<FieldProblem> {
        let missing = self.inputs.with_value(|inputs| {
            let empty = |input: &&Input| input.required && input.value.with(is_blank);
            inputs.iter().filter(empty).map(|input| FieldProblem::new(input.field.name, "required")).collect::<Vec<_>>()
        });
        if !missing.is_empty() {
            return missing;
        }
        let planned =
            self.page.record.with(|record| plan::step(self.page.resource, self.step, record, &self.values(), &facts()));
        let found = planned.err().map(|problem| problem.fields).unwrap_or_default();
        let asked = |problem: &FieldProblem| {
            self.inputs.with_value(|inputs| inputs.iter().any(|input| input.field.name == problem.field))
        };
        found.into_iter().filter(asked).collect()
    }

    fn confirm(self) {
        self.tried.set(true);
        self.refused.set(Vec::new());
        if !untrack(|| self.problems()).is_empty() {
            return;
        }
        let values = untrack(|| self.values());
        run(self.page, self.step, values, self.busy, move |failure| {
            self.failure.set(Some(failure.message()));
            self.refused.set(failure.errors.clone());
        });
    }
}

fn is_blank(value: &Json) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn foot(asking: Asking) -> AnyView {
    let Asking { page, step, busy, .. } = asking;
    let label = i18n::step(page.resource.name, step.name);
    let class = if step.confirm { "btn btn-sm btn-error max-md:h-11" } else { "btn btn-sm btn-primary max-md:h-11" };
    view! {
        <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| page.over.set(None)>{t!("detail.keep")}</button>
        <button type="button" class=class disabled=busy on:click=move |_| asking.confirm()>{label}</button>
    }
    .into_any()
}

/// The record as the step leaves it; no other step until the server says which.
fn expected(resource: &Resource, step: &Step, before: &Record, values: &Map<String, Json>) -> Option<Record> {
    let mut next = plan::step(resource, step, before, values, &facts()).ok()?;
    let mut steps = before.get("_steps").clone();
    for known in steps.as_array_mut().into_iter().flatten().filter_map(Json::as_object_mut) {
        known.insert("allowed".to_owned(), false.into());
        for name in ["needs", "reason"] {
            known.insert(name.to_owned(), Json::Null);
        }
    }
    next.set("_steps", steps);
    Some(next)
}

/// Takes the step; a record that moved meanwhile is read anew first.
fn run(
    page: Page,
    step: &'static Step,
    values: Map<String, Json>,
    busy: RwSignal<bool>,
    failed: impl FnOnce(Failure) + 'static,
) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    let (resource, id) = (page.resource, page.id());
    let before = page.record.get_untracked();
    let version = before.version();
    // The page shows where the step leads at once, and goes back when it is
    // refused; what cannot be taken back waits for the answer.
    let next = if step.confirm { None } else { expected(resource, step, &before, &values) };
    if let Some(next) = next {
        page.record.set(next);
    }
    spawn_local(async move {
        let answer = records::step(resource, &id, version, step.name, values).await;
        busy.try_set(false);
        match answer {
            Ok(record) => {
                page.over.try_set(None);
                let state = i18n::state(resource.name, record.text("status").unwrap_or_default());
                let text = t!("detail.step_done", title = heading(resource, &record), state = state);
                undo::offer(text, resource, step.name, &record);
                if page.is_there() {
                    page.take(record);
                }
            }
            Err(failure) => {
                if page.is_there() && page.record.with_untracked(Record::version) == version {
                    page.record.set(before);
                }
                if failure.is("stale") || failure.is("step_refused") {
                    page.refresh();
                }
                failed(failure);
            }
        }
    });
}
