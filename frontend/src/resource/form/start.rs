//! What a form begins with: the record, a draft, a copy, or values from the address.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::{field::Kind, record::Record, resource::Resource};
use conexao_domain::registry;
use serde_json::Value as Json;

use super::{
    draft::{self, Draft},
    mention::refs,
    values,
};
use crate::{
    api::{Failure, Params, records, records::Mention},
    format,
    state::app,
};

/// Query parameter: the record a new one copies.
pub const COPY: &str = "de";

/// The beginning of a form.
#[derive(Debug, Clone)]
pub struct Start {
    /// The record as read; none for a new one.
    pub base: Option<Record>,
    pub values: Record,
    /// When the draft it begins with was kept.
    pub draft_at: Option<DateTime<Utc>>,
    /// A draft of an earlier version, not used.
    pub old_draft: Option<Draft>,
}

/// Reads what the form needs.
pub async fn read(resource: &'static Resource, id: Option<String>, query: Params) -> Result<Start, Failure> {
    match id {
        Some(id) => edit(resource, &id).await,
        None => new(resource, &query).await,
    }
}

async fn edit(resource: &'static Resource, id: &str) -> Result<Start, Failure> {
    let record = records::writable(resource, id, app().session.may(resource, "reveal")).await?;
    let draft = draft::read(&draft::key(resource, Some(id)));
    let (usable, old_draft) = match draft {
        Some(draft) if draft.version == record.version() => (Some(draft), None),
        other => (None, other),
    };
    let draft_at = usable.as_ref().and_then(Draft::moment);
    let values = usable.map_or_else(|| record.clone(), |draft| over(&record, draft.record));
    Ok(Start { base: Some(record), values, draft_at, old_draft })
}

/// A record with the changes of a draft.
fn over(record: &Record, draft: Record) -> Record {
    let mut values = record.clone();
    let mut refs = record.get("_refs").as_object().cloned().unwrap_or_default();
    for (name, value) in draft.0 {
        match value {
            Json::Object(known) if name == "_refs" => refs.extend(known),
            value => values.set(&name, value),
        }
    }
    values.set("_refs", refs);
    values
}

async fn new(resource: &'static Resource, query: &Params) -> Result<Start, Failure> {
    if let Some(from) = query.get(COPY) {
        let record = records::writable(resource, from, app().session.may(resource, "reveal")).await?;
        return Ok(fresh(copy(resource, record)));
    }
    let mut values = values::blank(resource);
    if fill_in(resource, query, &mut values).await {
        return Ok(fresh(values));
    }
    let draft = draft::read(&draft::key(resource, None));
    let draft_at = draft.as_ref().and_then(Draft::moment);
    Ok(Start { values: draft.map_or(values, |draft| draft.record), draft_at, ..fresh(Record::default()) })
}

fn fresh(values: Record) -> Start {
    Start { base: None, values, draft_at: None, old_draft: None }
}

/// The values of another record, without what must be its own.
fn copy(resource: &Resource, from: Record) -> Record {
    let hidden: Vec<String> = super::mention::masked(&from).map(str::to_owned).collect();
    let mut values = Record(values::writable(resource, &from));
    for field in resource.fields.iter().filter(|f| f.unique || hidden.iter().any(|h| h == f.name)) {
        values.0.remove(field.name);
    }
    for (field, _) in resource.lines() {
        let lines = values.lines(field.name).into_iter().map(|mut line| {
            line.0.remove("id");
            Json::Object(line.0)
        });
        let lines: Vec<Json> = lines.collect();
        values.set(field.name, lines);
    }
    values.set("_refs", from.get("_refs").clone());
    values
}

/// Sets the fields that the address names; says whether there were any.
async fn fill_in(resource: &'static Resource, query: &Params, values: &mut Record) -> bool {
    let mut mentions: Vec<(&str, Option<Mention>)> = Vec::new();
    let mut any = false;
    for field in values::fields(resource) {
        let Some(text) = query.get(field.name) else { continue };
        any = true;
        values.set(field.name, format::read(field.kind, text));
        if let Kind::Reference(target) = field.kind {
            mentions.push((field.name, named(target, text).await));
        }
    }
    values.set("_refs", refs(mentions.into_iter()));
    any
}

/// What a record is called.
async fn named(target: &str, id: &str) -> Option<Mention> {
    let resource = registry::by_name(target)?;
    let record = records::get(resource, id).await.ok()?;
    Some(Mention {
        id: id.to_owned(),
        resource: target.to_owned(),
        title: record.text(resource.title).unwrap_or_default().to_owned(),
        subtitle: None,
        field: None,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    #[test]
    fn a_draft_changes_what_it_names() {
        let read: Record = serde_json::from_value(json!({"id": "1", "name": "Ana", "document": "•••",
            "_refs": {"owner_id": {"id": "u", "title": "Bia"}}}))
        .unwrap();
        let draft: Record = serde_json::from_value(json!({"name": "Ana Souza", "_refs": {}})).unwrap();
        let values = over(&read, draft);
        assert_eq!((values.text("name"), values.text("document")), (Some("Ana Souza"), Some("•••")));
        assert_eq!(values.get("_refs")["owner_id"]["title"], "Bia");
    }

    #[test]
    fn a_copy_leaves_out_what_must_be_its_own() {
        let customer = registry::by_name("customer").unwrap();
        let from: Record = serde_json::from_value(json!({"id": "1", "version": 4, "name": "Ana", "document": "60511822800",
            "birth_date": "•••", "_masked": ["birth_date"], "contacts": [{"id": "c", "channel": "phone", "value": "1"}]}))
        .unwrap();
        let copied = copy(customer, from);
        assert_eq!(copied.text("name"), Some("Ana"));
        assert!(copied.get("document").is_null() && copied.get("birth_date").is_null());
        assert!(copied.lines("contacts").first().unwrap().get("id").is_null());
    }
}
