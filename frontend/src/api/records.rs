//! Records of any resource.

use conexao_domain::kernel::{
    field::{Field, Kind, Writer},
    record::Record,
    resource::Resource,
};
use serde_json::{Map, Value as Json};

use super::{Failure, Params, client, jobs::Job};

pub use conexao_client::{
    Selection,
    model::{Group, Mention},
};

pub type Page = conexao_client::Page<Record>;

pub async fn list(resource: &Resource, params: &Params) -> Result<Page, Failure> {
    client().resource(resource).list(params).await
}

pub async fn get(resource: &Resource, id: &str) -> Result<Record, Failure> {
    client().resource(resource).get(id).await
}

/// One masked value in full, which is recorded.
pub async fn reveal(resource: &Resource, id: &str, path: &str) -> Result<Json, Failure> {
    client().resource(resource).reveal(id, path, None).await
}

/// A record for a form: what people may write is looked at value by value when
/// `reveal`; where that is refused the masks stay, and lock their fields.
pub async fn writable(resource: &'static Resource, id: &str, reveal: bool) -> Result<Record, Failure> {
    let mut record = get(resource, id).await?;
    if reveal {
        for field in resource.fields.iter().filter(|field| field.writer != Writer::System) {
            look_behind(resource, field, &mut record).await;
        }
    }
    Ok(record)
}

/// Puts what is behind the masks of one field of a record in their place, which
/// is recorded; what is refused stays a mask.
pub async fn look_behind(resource: &Resource, field: &Field, record: &mut Record) {
    let id = record.id().to_owned();
    let Kind::Lines(lines) = field.kind else {
        uncover(resource, &id, field.name.to_owned(), field.name, record).await;
        return;
    };
    let mut rows = Vec::new();
    for mut row in record.lines(field.name) {
        for column in lines.fields {
            let path = format!("{}.{}.{}", field.name, row.id(), column.name);
            uncover(resource, &id, path, column.name, &mut row).await;
        }
        rows.push(Json::Object(row.0));
    }
    if record.0.contains_key(field.name) {
        record.set(field.name, rows);
    }
}

/// Puts a value in the place of its mask, if it is one.
async fn uncover(resource: &Resource, id: &str, path: String, name: &str, record: &mut Record) {
    let masked: Vec<Json> = record.get("_masked").as_array().cloned().unwrap_or_default();
    if !masked.iter().any(|field| field == name) {
        return;
    }
    if let Ok(value) = reveal(resource, id, &path).await {
        record.set(name, value);
        let rest: Vec<Json> = masked.into_iter().filter(|field| field != name).collect();
        record.set("_masked", rest);
    }
}

pub async fn create(resource: &Resource, key: String, values: Map<String, Json>) -> Result<Record, Failure> {
    client().post(format!("/{}", resource.path)).keyed(key).json(values).record().await
}

pub async fn patch(resource: &Resource, id: &str, version: i64, values: Map<String, Json>) -> Result<Record, Failure> {
    client().resource(resource).patch(id, version, values).await
}

pub async fn remove(resource: &Resource, id: &str, version: i64) -> Result<(), Failure> {
    client().resource(resource).remove(id, version).await
}

/// Takes a removal back.
pub async fn restore(resource: &Resource, id: &str) -> Result<Record, Failure> {
    client().resource(resource).restore(id).await
}

/// Takes a step of the flow, with the step's inputs.
pub async fn step(
    resource: &Resource,
    id: &str,
    version: i64,
    step: &str,
    inputs: Map<String, Json>,
) -> Result<Record, Failure> {
    client().resource(resource).step(id, version, step, inputs).await
}

/// Takes back the person's own last change of the record at this version;
/// `not_undoable` when there is none, it is too long ago or others came after.
pub async fn undo(resource: &Resource, id: &str, version: i64) -> Result<Record, Failure> {
    client().resource(resource).undo(id, version).await
}

/// An act of the resource that is no flow step, e.g. `set-password`.
pub async fn act(resource: &Resource, id: &str, action: &str, body: Json) -> Result<Json, Failure> {
    client().resource(resource).act(id, action, body).await
}

/// The same act (`patch`, `delete` or a step) on many records, as a job.
pub async fn bulk(
    resource: &Resource,
    action: &str,
    values: Map<String, Json>,
    selection: Selection,
) -> Result<Job, Failure> {
    client().resource(resource).bulk(action, values, selection).await
}

/// At most ten records that match what is being typed.
pub async fn lookup(resource: &Resource, text: &str) -> Result<Vec<Mention>, Failure> {
    client().resource(resource).lookup(text).await
}

/// Other records with the same document, phone or e-mail.
pub async fn duplicates(resource: &Resource, params: &Params) -> Result<Vec<Mention>, Failure> {
    client().resource(resource).duplicates(params).await
}

/// Counts (and sums, of cents or thousandths) per value of a field.
pub async fn aggregate(
    resource: &Resource,
    group: &str,
    sum: Option<&str>,
    params: &Params,
) -> Result<Vec<Group>, Failure> {
    client().resource(resource).aggregate(group, sum, params).await
}

/// How many records match, exactly.
pub async fn count(resource: &Resource, params: &Params) -> Result<i64, Failure> {
    client().resource(resource).count(params).await
}

/// Brings another customer into this one; with `preview` nothing is written.
pub async fn merge(
    resource: &Resource,
    id: &str,
    other: &str,
    preview: bool,
    values: Map<String, Json>,
) -> Result<Json, Failure> {
    client().resource(resource).merge(id, other, preview, values).await
}
