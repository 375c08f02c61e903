//! What becomes of a record: what is emptied, what stays, why and until when.

use chrono::NaiveDate;
use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        problem::Problem,
        record::Record,
        resource::Resource,
    },
    locale,
    privacy::{GONE, about_people, is_person, references, retention::Basis},
};
use conexao_storage::Tx;
use serde_json::{Value as Json, json};

use super::{find, retention::Timetable, subject::Subject};
use crate::Session;

/// What a record has to do with the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tie {
    /// It is the person.
    Person,
    /// It refers to the person.
    Refers,
    /// It names the person somewhere.
    Mentions,
}

impl Tie {
    /// How the record is tied; `None` when it is somebody else, or about nobody.
    pub fn of(resource: &'static Resource, record: &Record, subject: &Subject) -> Option<Self> {
        let is = |other: &Resource, id: &str| subject.people.iter().any(|(r, p)| r.name == other.name && p.id() == id);
        if is(resource, record.id()) {
            return Some(Self::Person);
        }
        if is_person(resource) {
            return None;
        }
        let refers = references(resource).any(|(f, target)| record.text(f.name).is_some_and(|id| is(target, id)))
            || record.text("record_id").is_some_and(|id| subject.people.iter().any(|(_, p)| p.id() == id));
        if refers {
            return Some(Self::Refers);
        }
        (!find::reasons(resource, record, subject).is_empty()).then_some(Self::Mentions)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Refers => "refers",
            Self::Mentions => "mentions",
        }
    }
}

/// A field that stays.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub field: &'static Field,
    pub basis: Basis,
    pub until: Option<NaiveDate>,
}

/// What becomes of a record.
#[derive(Debug, Clone)]
pub(super) struct Decision {
    pub resource: &'static Resource,
    pub record: Record,
    pub tie: Tie,
    pub emptied: Vec<&'static Field>,
    pub kept: Vec<Kept>,
}

/// Decides by the timetable; `None` where the record says nothing any more.
pub(super) async fn decide(
    tx: &Tx,
    timetable: &Timetable,
    subject: &Subject,
    today: NaiveDate,
    resource: &'static Resource,
    record: Record,
) -> Result<Option<Decision>, Problem> {
    let Some(tie) = Tie::of(resource, &record, subject) else { return Ok(None) };
    let keeps = timetable.keeps(tx, resource, &record, today).await?;
    let (mut emptied, mut kept) = (Vec::new(), Vec::new());
    for field in resource.fields.iter().filter(|field| says(field, &record)) {
        let concerned = match tie {
            Tie::Person | Tie::Refers => about_people(field) || names(subject, field, &record),
            Tie::Mentions => names(subject, field, &record),
        };
        if !concerned {
            continue;
        }
        let keeping =
            keeps.iter().filter(|keeps| keeps.covers(field.name)).max_by_key(|k| k.until.unwrap_or(NaiveDate::MAX));
        match keeping {
            Some(keeps) => kept.push(Kept { field, basis: keeps.basis, until: keeps.until }),
            None => emptied.push(field),
        }
        // A person's record is emptied whole: what the law keeps is kept apart.
        if tie == Tie::Person && keeping.is_some() {
            emptied.push(field);
        }
    }
    let nothing = emptied.is_empty() && kept.is_empty();
    Ok((!nothing).then_some(Decision { resource, record, tie, emptied, kept }))
}

/// Whether the field says something that was not emptied already.
fn says(field: &Field, record: &Record) -> bool {
    match record.get(field.name) {
        Json::Null => false,
        Json::Array(rows) => !rows.is_empty(),
        Json::String(text) => !text.is_empty() && !text.starts_with(GONE) && text != super::empty::NOWHERE,
        _ => true,
    }
}

/// Whether the value itself tells of the person.
fn names(subject: &Subject, field: &Field, record: &Record) -> bool {
    match field.kind {
        Kind::Lines(_) => subject.needles.clean(&mut record.get(field.name).clone()),
        Kind::CpfCnpj | Kind::Email | Kind::Phone => {
            record.text(field.name).is_some_and(|value| subject.values.holds(field, value).is_some())
        }
        Kind::Text { .. } | Kind::LongText { .. } => {
            record.text(field.name).is_some_and(|value| !subject.needles.found(value).is_empty())
        }
        _ => false,
    }
}

impl Decision {
    /// As somebody who has to agree reads it.
    pub fn shown(&self, session: &Session) -> Json {
        let label = |field: &Field| locale::field(session.locale, self.resource.name, field.name);
        let kept = self.kept.iter().map(|kept| {
            json!({
                "field": kept.field.name,
                "label": label(kept.field),
                "basis": kept.basis.name(),
                "basis_label": locale::text(session.locale, &format!("basis.{}", kept.basis.name())),
                "law": kept.basis.law(),
                "until": kept.until.map(|day| day.to_string()),
            })
        });
        json!({
            "resource": self.resource.name,
            "resource_label": locale::text(session.locale, &format!("resource.{}", self.resource.name)),
            "id": self.record.id(),
            "title": find::title(self.resource, &self.record),
            "tie": self.tie.name(),
            "emptied": self.emptied.iter().map(|field| label(field)).collect::<Vec<_>>(),
            "kept": kept.collect::<Vec<_>>(),
        })
    }

    /// What was decided, for comparing it with what is decided later.
    pub fn digest(&self) -> String {
        let names = |fields: &[&Field]| fields.iter().map(|f| f.name).collect::<Vec<_>>().join(",");
        let kept: Vec<&Field> = self.kept.iter().map(|kept| kept.field).collect();
        format!("{}/{}/{}/{}", self.resource.name, self.record.id(), names(&self.emptied), names(&kept))
    }
}
