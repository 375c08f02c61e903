//! Two records become one: the other's data is united with the record's, what
//! referred to the other refers to the record, and the other is removed. One
//! transaction, or, for a preview, none.

mod references;

use conexao_domain::kernel::{
    field::Writer,
    merge::unite,
    problem::{Code, Problem},
    record::Record,
    resource::Resource,
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{Engine, Gate, Write, journal::Entry, read, refusal::Refused, write};

/// How a record is to be folded into another.
#[derive(Debug, Clone)]
pub struct Fold<'a> {
    /// The record that goes.
    pub other: Uuid,
    /// Values that decide where the two differ; they are checked like a patch.
    pub values: &'a Map<String, Json>,
    /// Does everything, answers with the outcome, and keeps nothing.
    pub preview: bool,
    /// The version of the record that stays, when the caller insists on one.
    pub version: Option<i64>,
}

/// The united record, and how many live rows moved, by what they are.
#[derive(Debug, Clone)]
pub struct Merged {
    pub result: Record,
    pub moved: Map<String, Json>,
}

impl Merged {
    /// `{result, moved}`, as the API answers.
    pub fn answer(&self) -> Json {
        json!({ "result": self.result, "moved": self.moved })
    }
}

/// Folds `fold.other` into `id`. The gate is the resource's `update`; the
/// session needs its `delete` as well.
pub async fn merge(engine: &Engine, gate: &Gate, id: Uuid, fold: &Fold<'_>) -> Result<Merged, Problem> {
    let removal = gate.session.gate(gate.resource, "delete")?;
    if id == fold.other {
        return Err(Problem::field("other_id", "same_record"));
    }
    let mut write = Write::begin(engine, &gate.session).await?;
    let (kept, other) = both(&write, gate, &removal, id, fold).await?;
    let mut moved = references::retarget(&mut write, gate.resource, fold.other, id).await?;
    moved.retain(|name, _| readable(gate, name));
    let input = input(gate.resource, &kept, &other, fold.values);
    // The other goes first: from then on its unique values are free to take.
    write::apply_remove(&mut write, &removal, fold.other, None).await?;
    let united = write::apply_patch(engine, &mut write, gate, id, None, &input).await?;
    tell(&mut write, gate.resource, id, ("merge", "merged_from"), fold.other);
    tell(&mut write, gate.resource, fold.other, ("merged", "merged_into"), id);
    let result = read::complete(&write.tx, engine, gate, united).await?;
    let merged = Merged { result, moved };
    if fold.preview {
        write.tx.rollback().await.refused()?;
    } else {
        write.commit(200, &merged.answer()).await?;
    }
    Ok(merged)
}

async fn both(
    write: &Write,
    gate: &Gate,
    removal: &Gate,
    id: Uuid,
    fold: &Fold<'_>,
) -> Result<(Record, Record), Problem> {
    let kept = read::load(&write.tx, gate, id).await?;
    if fold.version.is_some_and(|version| version != kept.version()) {
        let seen = read::present(&write.tx, gate.resource, vec![kept], false).await?;
        return Err(Problem::new(Code::Stale).with("current", json!(seen.first())));
    }
    let other = read::load(&write.tx, removal, fold.other).await;
    let other =
        other.map_err(|p| if p.code == Code::NotFound { Problem::field("other_id", "reference") } else { p })?;
    Ok((kept, other))
}

/// The patch that turns `kept` into the united record.
fn input(resource: &Resource, kept: &Record, other: &Record, values: &Map<String, Json>) -> Map<String, Json> {
    let united = unite(resource, kept, other);
    let changed =
        resource.fields.iter().filter(|f| f.writer != Writer::System && united.get(f.name) != kept.get(f.name));
    let mut input: Map<String, Json> = changed.map(|f| (f.name.to_owned(), united.get(f.name).clone())).collect();
    input.extend(values.clone());
    input
}

/// Whether the session would see the moved rows anyway; comments and files go
/// with the record.
fn readable(gate: &Gate, name: &str) -> bool {
    references::NOTES.contains(&name) || gate.session.can(&format!("{name}.read"))
}

fn tell(write: &mut Write, resource: &'static Resource, id: Uuid, (action, field): (&str, &str), other: Uuid) {
    let changes = Map::from_iter([(field.to_owned(), json!([Json::Null, other]))]);
    let detail = Map::from_iter([("other".to_owned(), json!(other))]);
    write.tell(Entry { resource: resource.name, record_id: Some(id), action: action.to_owned(), changes }, detail);
}
