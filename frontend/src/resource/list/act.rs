//! Acts on rows: flow steps with their inputs, assigning, deleting. One row is
//! done at once; several become a job.

use std::{collections::BTreeSet, sync::Arc};

use conexao_domain::kernel::{
    field::{Field, Kind},
    flow::Step,
    record::Record,
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value as Json};

use super::{
    cell::name_of,
    later::{Many, change_many},
    model::List,
};
use crate::{
    api::{Failure, jobs, live::Hush, records, records::Selection},
    i18n,
    part::{self, Tool},
    resource::detail::undo,
    state::app,
    t,
    ui::{
        control::{Control, control},
        overlay::{Dialog, dialog},
        toast,
    },
};

/// An act that may need to ask something first.
#[derive(Debug, Clone)]
pub struct Act {
    /// The row, or the selection.
    id: Option<String>,
    kind: Doing,
}

#[derive(Debug, Clone, Copy)]
enum Doing {
    Step(&'static Step),
    /// Gives the records to a person.
    Assign,
    /// Deletes more than the page shows.
    Delete,
    /// Changes a field or labels.
    Change(Many),
}

impl Act {
    pub fn step_of(id: String, step: &'static Step) -> Self {
        Self { id: Some(id), kind: Doing::Step(step) }
    }

    pub fn step(step: &'static Step) -> Self {
        Self { id: None, kind: Doing::Step(step) }
    }

    pub fn assign() -> Self {
        Self { id: None, kind: Doing::Assign }
    }

    /// Gives one row to a person.
    pub fn assign_one(id: String) -> Self {
        Self { id: Some(id), kind: Doing::Assign }
    }

    /// Changes a field, or labels, of the selection.
    pub fn change(many: Many) -> Self {
        Self { id: None, kind: Doing::Change(many) }
    }

    pub fn delete() -> Self {
        Self { id: None, kind: Doing::Delete }
    }

    /// The fields it asks for, and whether each is needed.
    fn inputs(&self, list: List) -> Vec<(&'static Field, bool)> {
        match self.kind {
            Doing::Step(step) => {
                step.inputs.iter().filter_map(|(name, needed)| Some((list.resource.field(name)?, *needed))).collect()
            }
            Doing::Assign => list.resource.field("owner_id").map(|field| (field, false)).into_iter().collect(),
            Doing::Delete | Doing::Change(_) => Vec::new(),
        }
    }

    fn asks(&self, list: List) -> bool {
        let confirms = matches!(self.kind, Doing::Step(step) if step.confirm) || matches!(self.kind, Doing::Delete);
        confirms || matches!(self.kind, Doing::Change(_)) || !self.inputs(list).is_empty()
    }

    fn verb(&self, list: List) -> String {
        match self.kind {
            Doing::Step(step) => i18n::step(list.resource.name, step.name),
            Doing::Assign => t!("bulk.assign"),
            Doing::Change(_) => t!("bulk.change"),
            Doing::Delete => t!("list.delete"),
        }
    }

    fn is_grave(&self) -> bool {
        matches!(self.kind, Doing::Delete) || matches!(self.kind, Doing::Step(step) if step.confirm)
    }
}

/// Does the act, or opens its dialog.
pub fn start(list: List, act: Act) {
    if act.asks(list) {
        list.act.set(Some(act));
    } else {
        run(list, &act, Map::new(), RwSignal::new(None));
    }
}

/// Where the open dialog is drawn.
pub fn place(list: List) -> AnyView {
    let shown = move || list.act.get().map(|act| part::tool(Tool::Act(list, act)));
    shown.into_any()
}

/// The dialog of an act.
pub fn ask(list: List, act: Act) -> AnyView {
    if let Doing::Change(many) = act.kind {
        return change_many(list, many);
    }
    let refusal = RwSignal::new(None::<Failure>);
    let inputs = act.inputs(list);
    let values: Vec<(&'static Field, RwSignal<Json>)> =
        inputs.iter().map(|(field, _)| (*field, RwSignal::new(Json::Null))).collect();
    let controls = inputs.into_iter().zip(values.clone()).map(|((field, needed), (_, value))| {
        let error = Signal::derive(move || refusal.get().and_then(|f| f.field(field.name).map(str::to_owned)));
        let id = format!("act-{}", field.name);
        control(Control { required: needed, ..Control::new(list.resource.name, field, id, value, error) })
    });
    let controls = controls.collect_view();
    let whole = move || {
        refusal
            .get()
            .filter(|f| f.errors.is_empty())
            .map(|f| view! { <p class="notice notice-danger" role="alert">{f.message()}</p> })
    };
    let verb = act.verb(list);
    let what = what(list, &act);
    let (art, button) = if act.is_grave() {
        (("circle-alert", "bg-danger-bg text-danger-fg"), "btn btn-sm btn-error max-md:h-11")
    } else {
        (("route", "bg-mute-bg text-ink-2"), "btn btn-sm btn-primary max-md:h-11")
    };
    let confirmed = act.clone();
    let confirm = move |_| {
        let filled = values
            .iter()
            .map(|(field, value)| (field.name.to_owned(), value.get_untracked()))
            .filter(|(_, v)| !v.is_null());
        // Giving to nobody is an act as well.
        let keep_null = matches!(confirmed.kind, Doing::Assign);
        let all = values.iter().map(|(field, value)| (field.name.to_owned(), value.get_untracked()));
        let values: Map<String, Json> = if keep_null { all.collect() } else { filled.collect() };
        run(list, &confirmed, values, refusal);
    };
    let close = move || list.act.set(None);
    let content = Dialog {
        title: t!("act.title", verb = verb, what = what),
        text: text(&act),
        art,
        body: view! { <div class="grid gap-3">{whole} {controls}</div> }.into_any(),
        foot: view! {
            <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| close()>{t!("cancel")}</button>
            <button type="button" class=button on:click=confirm>{verb}</button>
        }
        .into_any(),
    };
    dialog(content, Arc::new(close))
}

fn what(list: List, act: &Act) -> String {
    let row = act.id.as_deref().and_then(|id| list.row(id));
    row.map_or_else(|| list.selected_words(), |row| name_of(list.resource, &row))
}

fn text(act: &Act) -> String {
    match act.kind {
        Doing::Delete => t!("act.delete_text"),
        Doing::Change(_) => String::new(),
        Doing::Step(step) if step.confirm => t!("act.confirm_text"),
        Doing::Step(_) => t!("act.step_text"),
        Doing::Assign => t!("act.assign_text"),
    }
}

fn run(list: List, act: &Act, values: Map<String, Json>, refusal: RwSignal<Option<Failure>>) {
    match (&act.id, act.kind) {
        (Some(id), Doing::Step(step)) => one_step(list, id, step, values, refusal),
        (_, Doing::Step(step)) => several(list, step.name, values, refusal),
        (Some(id), Doing::Assign) => assign_one(list, id, values, refusal),
        (None, Doing::Assign) => several(list, "patch", values, refusal),
        (_, Doing::Delete) => several(list, "delete", values, refusal),
        // Its dialog starts it.
        (_, Doing::Change(_)) => {}
    }
}

fn one_step(list: List, id: &str, step: &'static Step, values: Map<String, Json>, refusal: RwSignal<Option<Failure>>) {
    let Some(row) = list.row(id) else { return };
    let id = id.to_owned();
    spawn_local(async move {
        match records::step(list.resource, &id, row.version(), step.name, values).await {
            Ok(record) => {
                list.act.try_set(None);
                let name = name_of(list.resource, &record);
                let state = i18n::state(list.resource.name, record.text("status").unwrap_or_default());
                undo::offer(t!("act.step_done", name = name, state = state), list.resource, step.name, &record);
                list.put(&record);
                list.reload();
            }
            Err(failure) => refused(list, failure, refusal),
        }
    });
}

fn assign_one(list: List, id: &str, values: Map<String, Json>, refusal: RwSignal<Option<Failure>>) {
    let Some(row) = list.row(id) else { return };
    let id = id.to_owned();
    spawn_local(async move {
        match records::patch(list.resource, &id, row.version(), values).await {
            Ok(record) => {
                list.act.try_set(None);
                list.put(&record);
                let text = t!("act.assigned", name = name_of(list.resource, &record));
                undo::offer(text, list.resource, "update", &record);
            }
            Err(failure) => refused(list, failure, refusal),
        }
    });
}

/// Under the inputs when the dialog is open, else as a message.
fn refused(list: List, failure: Failure, refusal: RwSignal<Option<Failure>>) {
    if list.act.try_get_untracked().flatten().is_some() {
        refusal.try_set(Some(failure));
    } else {
        toast::fail(&failure);
    }
}

/// Does the same to the selection, as a job. When it is over the message
/// offers the way back (`shell::jobs`).
pub fn several(list: List, action: &'static str, values: Map<String, Json>, refusal: RwSignal<Option<Failure>>) {
    let selection = list.selection();
    spawn_local(async move {
        match records::bulk(list.resource, action, values, selection).await {
            Ok(job) => {
                list.act.try_set(None);
                list.clear_selection();
                app().live.follow(job);
            }
            Err(failure) => refused(list, failure, refusal),
        }
    });
}

/// Deletes one row at once; ten seconds to take it back.
pub fn remove_one(list: List, row: Record) {
    let id = row.id().to_owned();
    list.take_off(&[id.clone()].into());
    spawn_local(async move {
        match records::remove(list.resource, &id, row.version()).await {
            Ok(()) => {
                let name = name_of(list.resource, &row);
                toast::deleted(t!("act.deleted", name = name), move || bring_back(list, id.clone()));
            }
            Err(failure) => {
                toast::fail(&failure);
                list.reload();
            }
        }
    });
}

/// Deletes the selected rows at once; ten seconds to take it back.
pub fn remove_selected(list: List) {
    let ids: BTreeSet<String> = list.selected.get_untracked();
    let words = list.selected_words();
    list.take_off(&ids);
    list.clear_selection();
    spawn_local(async move {
        let ids: Vec<String> = ids.into_iter().collect();
        match records::bulk(list.resource, "delete", Map::new(), Selection::Ids(ids.clone())).await {
            Ok(job) => {
                // The message with the way back stays; what could not be deleted is said.
                app().live.hush(&job.id, Some(Hush::Success));
                let id = job.id.clone();
                toast::deleted(t!("act.deleted", name = words), move || bring_all_back(list, id.clone(), ids.clone()));
                if jobs::over(&job.id).await.is_none_or(|job| job.failed > 0) {
                    list.reload();
                }
            }
            Err(failure) => {
                toast::fail(&failure);
                list.reload();
            }
        }
    });
}

/// What a job deletes comes back once it has.
fn bring_all_back(list: List, job: String, ids: Vec<String>) {
    spawn_local(async move {
        if jobs::over(&job).await.is_some_and(|job| job.undoable) {
            crate::shell::undo_job(job);
            return;
        }
        let mut back = 0_usize;
        for id in &ids {
            match records::restore(list.resource, id).await {
                Ok(_) => back += 1,
                Err(failure) => toast::fail(&failure),
            }
        }
        if back == ids.len() {
            toast::say(t!("act.restored"));
        }
        list.reload();
    });
}

fn bring_back(list: List, id: String) {
    spawn_local(async move {
        match records::restore(list.resource, &id).await {
            Ok(_) => toast::say(t!("act.restored")),
            Err(failure) => toast::fail(&failure),
        }
        list.reload();
    });
}

/// Whether the kind of field exists to give records to somebody.
pub fn can_assign(list: List) -> bool {
    let owner = list.resource.field("owner_id").is_some_and(|field| field.kind == Kind::User);
    owner && app().session.may(list.resource, "update")
}
