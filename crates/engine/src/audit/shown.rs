//! Entries as readers see them: what changed by its label, values in the form
//! people read, references by name, personal data masked.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use conexao_domain::{
    kernel::{
        canonical::write_instant,
        field::{Field, Kind},
        problem::Problem,
        record::Record,
        resource::Resource,
    },
    registry,
};
use conexao_storage::{Tx, entity::audit};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{acting, words};
use crate::{Session, export::show, read};

type Titles = HashMap<&'static str, HashMap<String, String>>;

/// One entry, ready to be answered.
#[derive(Debug)]
pub(super) struct Shown {
    pub summary: Json,
    /// What changed, field by field.
    pub changes: Vec<Json>,
    /// Everything in it that can be read, for the search of a text.
    pub words: String,
}

/// References in values, by the resource they lead to.
#[derive(Debug, Default)]
struct Led(BTreeMap<&'static str, BTreeSet<Uuid>>);

impl Led {
    fn note(&mut self, resource: Option<&Resource>, id: Option<Uuid>) {
        if let (Some(resource), Some(id)) = (resource.and_then(|r| registry::by_name(r.name)), id) {
            self.0.entry(resource.name).or_default().insert(id);
        }
    }

    fn note_value(&mut self, field: &Field, value: &Json) {
        match field.kind {
            Kind::Lines(lines) => {
                for line in value.as_array().into_iter().flatten() {
                    for field in lines.fields {
                        self.note_value(field, line.get(field.name).unwrap_or(&Json::Null));
                    }
                }
            }
            _ => self.note(target(field), value.as_str().and_then(|id| Uuid::parse_str(id).ok())),
        }
    }

    async fn titles(self, tx: &Tx) -> Result<Titles, Problem> {
        let mut found = HashMap::new();
        for (name, ids) in self.0 {
            let Some(resource) = registry::by_name(name) else { continue };
            let titles = read::titles(tx, resource, &ids).await?;
            found.insert(name, titles.into_iter().map(|(id, (title, _))| (id, title)).collect());
        }
        Ok(found)
    }
}

fn target(field: &Field) -> Option<&'static Resource> {
    match field.kind {
        Kind::Reference(name) => registry::by_name(name),
        Kind::User => registry::by_name("user"),
        _ => None,
    }
}

impl Shown {
    /// Rows with the names of what they are about, one query per kind of it.
    pub(super) async fn of(tx: &Tx, session: &Session, rows: Vec<audit::Model>) -> Result<Vec<Self>, Problem> {
        let parsed: Vec<Map<String, Json>> =
            rows.iter().map(|row| serde_json::from_str(&row.changes).unwrap_or_default()).collect();
        let mut led = Led::default();
        for (row, changes) in rows.iter().zip(&parsed) {
            let resource = registry::declared(&row.resource);
            led.note(resource, row.record_id);
            for (name, pair) in changes {
                if let Some(field) = resource.and_then(|resource| resource.field(name)) {
                    pair.as_array().into_iter().flatten().for_each(|value| led.note_value(field, value));
                }
            }
        }
        let titles = led.titles(tx).await?;
        let one = |(row, changes): (audit::Model, _)| Words { session, titles: &titles }.shown(&row, &changes);
        Ok(rows.into_iter().zip(parsed).map(one).collect())
    }
}

struct Words<'a> {
    session: &'a Session,
    titles: &'a Titles,
}

impl Words<'_> {
    fn shown(&self, row: &audit::Model, changes: &Map<String, Json>) -> Shown {
        let (locale, resource) = (self.session.locale, registry::declared(&row.resource));
        let (kind, action) =
            (words::resource(locale, &row.resource), words::action(locale, &row.resource, &row.action));
        let id = row.record_id.map(|id| id.to_string());
        let title = id.as_deref().and_then(|id| self.titles.get(row.resource.as_str())?.get(id));
        let changes: Vec<Json> = changes.iter().filter_map(|(name, pair)| self.change(resource, name, pair)).collect();
        let fields: Vec<&Json> = changes.iter().filter_map(|change| change.get("label")).collect();
        let record = id.map(|id| json!({ "id": id, "title": title, "screen": resource.is_some() }));
        let actor = acting(locale, &row.actor_name, row.for_name.as_deref());
        let mut said: Vec<&str> = vec![&actor, &kind, &action, &row.action, &row.resource];
        said.extend(title.map(String::as_str));
        said.extend(row.ip.as_deref());
        said.extend(row.request_id.as_deref());
        let values = changes.iter().flat_map(|change| ["label", "old", "new"].map(|name| change.get(name)));
        said.extend(values.flatten().filter_map(Json::as_str));
        let words = said.join("\n");
        let summary = json!({
            "id": row.seq.to_string(),
            "at": write_instant(row.at),
            "actor": { "id": row.actor_id, "name": actor, "for_id": row.for_id },
            "action": row.action,
            "action_label": action,
            "resource": row.resource,
            "resource_label": kind,
            "record": record,
            "fields": fields,
            "ip": row.ip,
            "request_id": row.request_id,
            "clock": row.clock.map(write_instant),
        });
        Shown { summary, changes, words }
    }

    /// One change; nothing where neither side says anything.
    fn change(&self, resource: Option<&Resource>, name: &str, pair: &Json) -> Option<Json> {
        let side = |index: usize| pair.get(index).unwrap_or(&Json::Null);
        let field = resource.and_then(|resource| Some((resource, resource.field(name)?)));
        let text = |value: &Json| match field {
            Some((resource, field)) => self.value((resource.name, field), value),
            None if name == "fields" => said(&self.labels(resource, value)),
            None => said(value),
        };
        let (old, new) = (text(side(0)), text(side(1)));
        let masked = field.is_some_and(|(_, field)| field.personal || has_personal(field));
        let label = words::field(self.session.locale, resource, name);
        (old.is_some() || new.is_some())
            .then(|| json!({ "field": name, "label": label, "old": old, "new": new, "masked": masked }))
    }

    /// Fields that an entry names, by their labels.
    fn labels(&self, resource: Option<&Resource>, names: &Json) -> Json {
        let names = names.as_array().into_iter().flatten().filter_map(Json::as_str);
        names.map(|name| Json::from(words::field(self.session.locale, resource, name))).collect()
    }

    fn value(&self, (owner, field): (&str, &Field), value: &Json) -> Option<String> {
        if value.is_null() {
            return None;
        }
        if let Kind::Lines(lines) = field.kind {
            let rows = value.as_array().into_iter().flatten();
            let rows = rows.filter_map(|line| self.line(lines.table, lines.fields, line)).collect::<Vec<_>>();
            return (!rows.is_empty()).then(|| rows.join("\n"));
        }
        if field.personal {
            let masked = field.kind.masked(value);
            return Some(masked.as_str().unwrap_or("•••").to_owned());
        }
        if let (Some(target), Some(id)) = (target(field), value.as_str()) {
            let title = self.titles.get(target.name).and_then(|titles| titles.get(id));
            return Some(title.map_or(id, String::as_str).to_owned());
        }
        Some(show::text(&field.kind, (owner, field.name), value, self.session)).filter(|text| !text.is_empty())
    }

    /// A line as one text: what it has, in order.
    fn line(&self, table: &str, fields: &[Field], line: &Json) -> Option<String> {
        let line = Record(line.as_object()?.clone());
        let parts = fields.iter().filter_map(|field| self.value((table, field), line.get(field.name)));
        Some(parts.collect::<Vec<_>>().join(" · ")).filter(|text| !text.is_empty())
    }
}

fn has_personal(field: &Field) -> bool {
    matches!(field.kind, Kind::Lines(lines) if lines.fields.iter().any(|field| field.personal))
}

/// What entries say besides fields.
fn said(value: &Json) -> Option<String> {
    let text = match value {
        Json::Null | Json::Object(_) => return None,
        Json::String(text) => text.clone(),
        Json::Array(values) => values.iter().filter_map(said).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    };
    Some(text).filter(|text| !text.is_empty())
}
