//! A form in use: its values, what is wrong with them and what may be changed.
//! The same plan that the server runs judges the values while they are typed.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use chrono_tz::Tz;
use conexao_domain::kernel::{
    field::{Field, Kind, Writer},
    plan::{self, Facts},
    problem::FieldProblem,
    record::Record,
    resource::Resource,
};
use leptos::{leptos_dom::helpers::set_timeout, prelude::*};
use serde_json::{Map, Value as Json};

use super::{mention::masked, model::Model, path, values};
use crate::{format, i18n, state::app};

/// How long a click takes at most.
const SETTLE: Duration = Duration::from_millis(200);

/// Why a value cannot be changed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// The record's state no longer allows it.
    State,
    /// The person sees only a mask of it.
    Masked,
}

#[derive(Clone, Copy)]
pub struct Form {
    pub model: Model,
    /// The record as it was read; none for a new one.
    base: StoredValue<Option<Record>>,
    /// Its writable values, or the defaults of a new one.
    before: StoredValue<Map<String, Json>>,
    locks: Locks,
    /// What the plan refuses now, in the order of the form.
    pub problems: Memo<Vec<FieldProblem>>,
    /// Whether anything was changed.
    pub dirty: Memo<bool>,
    /// What the server refused and nobody changed since.
    refused: RwSignal<Vec<FieldProblem>>,
    /// Controls that were changed and left; only these complain before saving.
    touched: RwSignal<BTreeSet<String>>,
    /// Saving was tried: everything complains.
    pub tried: RwSignal<bool>,
}

impl Form {
    /// A form over `base` (none for a new record) that starts with the values of
    /// `start`; the ids of its controls begin with `place`.
    pub fn new(resource: &'static Resource, place: &'static str, base: Option<Record>, start: &Record) -> Self {
        let model = Model::new(resource, place, start);
        let before = values::writable(resource, &base.clone().unwrap_or_else(|| values::blank(resource)));
        let locks = base.as_ref().map(|base| locks(resource, base)).unwrap_or_default();
        let (base, before, locks) = (StoredValue::new(base), StoredValue::new(before), StoredValue::new(locks));
        let dirty = Memo::new(move |_| !changes(before, locks, &model.values()).is_empty());
        let problems = Memo::new(move |_| judge(resource, base, before, locks, &model.values()));
        let form = Self {
            model,
            base,
            before,
            locks,
            problems,
            dirty,
            refused: RwSignal::new(Vec::new()),
            touched: RwSignal::new(BTreeSet::new()),
            tried: RwSignal::new(false),
        };
        form.forget_refusals();
        form
    }

    pub fn resource(self) -> &'static Resource {
        self.model.resource
    }

    pub fn is_new(self) -> bool {
        self.base.with_value(Option::is_none)
    }

    /// The record as it was read; empty for a new one.
    pub fn base(self) -> Record {
        self.base.get_value().unwrap_or_default()
    }

    pub fn lock(self, field: &Field) -> Option<Lock> {
        self.locks.with_value(|locks| locks.get(field.name).copied())
    }

    /// What saving sends now.
    pub fn to_send(self) -> Map<String, Json> {
        untrack(|| self.sent(&self.model.values()))
    }

    fn sent(self, now: &Map<String, Json>) -> Map<String, Json> {
        if self.is_new() {
            return values::filled(self.resource(), now);
        }
        changes(self.before, self.locks, now)
    }

    /// What a draft keeps: everything of a new record, of another what was
    /// changed, so that values only looked at stay out of the browser's store; tracked.
    pub fn draft(self) -> Record {
        let record = self.model.record();
        if self.is_new() {
            return record;
        }
        let changed = self.sent(&self.model.values());
        let mut draft = Record::default();
        for name in changed.keys() {
            draft.set(name, record.get(name).clone());
        }
        let refs = record.get("_refs").as_object().cloned().unwrap_or_default();
        draft.set("_refs", refs.into_iter().filter(|(name, _)| changed.contains_key(name)).collect::<Map<_, _>>());
        draft
    }

    /// The record as it would be, derived values included; tracked.
    pub fn derived(self) -> Record {
        let mut record = self.base();
        for (name, value) in self.model.record().0 {
            record.set(&name, value);
        }
        (self.resource().derive)(&mut record, &facts());
        record
    }

    /// Takes in what the server refused.
    pub fn refuse(self, problems: Vec<FieldProblem>) {
        self.tried.set(true);
        self.refused.set(problems);
    }

    /// Everything wrong, the server's own findings first; tracked.
    pub fn wrong(self) -> Vec<FieldProblem> {
        let mut all = self.refused.get();
        let found = self.problems.get();
        all.extend(
            found.into_iter().filter(|new| !self.refused.with(|old| old.iter().any(|old| old.field == new.field))),
        );
        all
    }

    /// Notes that a control was left after its value changed. A moment later,
    /// because a message that appears at once moves the page under a click.
    pub fn touch(self, id: &str, name: &'static str) {
        let id = id.to_owned();
        let note = move || {
            let Some(now) = self.touched.try_get_untracked().map(|_| untrack(|| self.model.values())) else { return };
            let changed = self.before.with_value(|before| before.get(name) != now.get(name));
            if changed && !self.touched.with_untracked(|touched| touched.contains(&id)) {
                self.touched.update(|touched| {
                    touched.insert(id.clone());
                });
            }
        };
        set_timeout(note, SETTLE);
    }

    /// What a control should complain about: the first problem at its path.
    pub fn error(self, id: String, path: impl Fn() -> String + Send + Sync + 'static) -> Signal<Option<String>> {
        Signal::derive(move || {
            let path = path();
            let refused = self.refused.with(|all| all.iter().find(|p| p.field == path).cloned());
            let asked = self.tried.get() || self.touched.with(|touched| touched.contains(&id));
            let found = || self.problems.with(|all| all.iter().find(|p| p.field == path).cloned());
            refused.or_else(|| found().filter(|_| asked)).map(|problem| sentence(&problem))
        })
    }

    /// A refused value that was changed since gets another chance.
    fn forget_refusals(self) {
        let values = Memo::new(move |_| self.model.values());
        Effect::new(move |before: Option<Map<String, Json>>| {
            let now = values.get();
            if let Some(before) = before {
                let changed = values::changes(&before, &now);
                let stays = |problem: &FieldProblem| !changed.contains_key(path::top(&problem.field));
                if self.refused.with_untracked(|all| !all.iter().all(stays)) {
                    self.refused.update(|all| all.retain(stays));
                }
            }
            now
        });
    }
}

/// The wording of a refusal: the server's, else ours.
pub fn sentence(problem: &FieldProblem) -> String {
    if problem.message.is_empty() { i18n::invalid(&problem.code) } else { problem.message.clone() }
}

/// What a plan made in the browser knows.
pub fn facts() -> Facts {
    Facts {
        now: format::now(),
        today: format::today(),
        zone: Tz::default(),
        actor: app().session.user_id(),
        ..Facts::default()
    }
}

type Locks = StoredValue<HashMap<&'static str, Lock>>;

/// What changed and may be.
fn changes(before: StoredValue<Map<String, Json>>, locks: Locks, now: &Map<String, Json>) -> Map<String, Json> {
    let mut changes = before.with_value(|before| values::changes(before, now));
    locks.with_value(|locks| changes.retain(|name, _| !locks.contains_key(name.as_str())));
    changes
}

fn judge(
    resource: &Resource,
    base: StoredValue<Option<Record>>,
    before: StoredValue<Map<String, Json>>,
    locks: Locks,
    now: &Map<String, Json>,
) -> Vec<FieldProblem> {
    let result = base.with_value(|base| match base {
        None => plan::create(resource, &values::filled(resource, now), &facts()),
        Some(base) => plan::patch(resource, base, &changes(before, locks, now), &facts()),
    });
    let mut found = result.err().map(|problem| problem.fields).unwrap_or_default();
    // The plan looks across fields only once each is right; people want to know all at once.
    let across = base.with_value(|base| across(resource, base.clone().unwrap_or_default(), now));
    let new: Vec<FieldProblem> =
        across.into_iter().filter(|new| !found.iter().any(|old| old.field == new.field)).collect();
    found.extend(new);
    // A mask is no value: only the server can judge what is behind it.
    found.retain(|problem| locks.with_value(|locks| !locks.contains_key(path::top(&problem.field))));
    let place = |problem: &FieldProblem| resource.fields.iter().position(|f| f.name == path::top(&problem.field));
    found.sort_by_key(place);
    found
}

/// What the rules across fields say of the values as they are.
fn across(resource: &Resource, mut record: Record, now: &Map<String, Json>) -> Vec<FieldProblem> {
    for (name, value) in now {
        record.set(name, value.clone());
    }
    let (facts, mut found) = (facts(), Vec::new());
    (resource.derive)(&mut record, &facts);
    (resource.check)(&record, &facts, &mut found);
    found
}

fn locks(resource: &Resource, base: &Record) -> HashMap<&'static str, Lock> {
    let hidden: BTreeSet<&str> = masked(base).collect();
    let state = base.text("status").unwrap_or_default();
    let lock = |field: &'static Field| {
        let lines_hidden = matches!(field.kind, Kind::Lines(_))
            && base.lines(field.name).iter().any(|line| masked(line).next().is_some());
        match field.writer {
            Writer::While(states) if !states.contains(&state) => Some((field.name, Lock::State)),
            _ if hidden.contains(field.name) || lines_hidden => Some((field.name, Lock::Masked)),
            _ => None,
        }
    };
    values::fields(resource).filter_map(lock).collect()
}
