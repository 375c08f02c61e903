//! Files that belong to a record.
//!
//! A row that nobody sees comes first and names the file, then the file is
//! stored, then the row is made visible, journal and all. Whatever stops in
//! between leaves an invisible row, by which [`sweep`] finds the file: what was
//! acknowledged has row and file, and no file is left without a row.

mod name;
mod receive;
mod serve;
mod sweep;

pub use name::{NameRefused, clean};
pub(crate) use receive::forget;
pub use receive::{MAX_BYTES, Received, discard, keep, receive};
pub use serve::{Thumb, content, find, thumbnail};
pub use sweep::sweep;

use conexao_domain::{
    identity::user::USER,
    kernel::{
        canonical::write_instant,
        problem::{Code, FieldProblem, Problem},
    },
};
use conexao_integrations::files::{FileError, FileKey};
use conexao_storage::{Tx, entity::attachment};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{Engine, Gate, Write, journal::Entry, read, refusal::Refused};

const PAGE: u64 = 100;

/// A page of files, newest first, and the id after which older ones follow.
#[derive(Debug)]
pub struct AttachmentPage {
    pub items: Vec<Json>,
    pub next: Option<Uuid>,
}

/// The files of a record the gate reaches, those older than `after`.
pub async fn list(engine: &Engine, gate: &Gate, id: Uuid, after: Option<Uuid>) -> Result<AttachmentPage, Problem> {
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
    read::load(&tx, gate, id).await?;
    let mut query = attachment::Entity::find()
        .filter(attachment::Column::TenantId.eq(gate.session.tenant.0))
        .filter(attachment::Column::Resource.eq(gate.resource.name))
        .filter(attachment::Column::RecordId.eq(id))
        .filter(attachment::Column::DeletedAt.is_null());
    if let Some(after) = after {
        query = query.filter(attachment::Column::Id.lt(after));
    }
    let mut rows = query.order_by_desc(attachment::Column::Id).limit(PAGE + 1).all(&*tx).await.refused()?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    let items = present(&tx, &rows).await?;
    tx.rollback().await.refused()?;
    Ok(AttachmentPage { items, next })
}

/// Takes a file off a record; the gate is the resource's `update`.
pub async fn remove(engine: &Engine, gate: &Gate, id: Uuid, file: Uuid) -> Result<(), Problem> {
    let mut write = Write::begin(engine, &gate.session).await?;
    let record = read::load(&write.tx, gate, id).await?;
    write.stand_in(gate.behalf(Some(&record)));
    let row = attachment::Entity::find_by_id((gate.session.tenant.0, file)).one(&*write.tx).await.refused()?;
    let here = |row: &attachment::Model| row.resource == gate.resource.name && row.record_id == id;
    let row = row.filter(|row| here(row) && row.deleted_at.is_none()).ok_or_else(Problem::not_found)?;
    let mut row = row.into_active_model();
    row.deleted_at = Set(Some(write.now));
    row.update(&*write.tx).await.refused()?;
    let changes = Map::from_iter([("attachment".to_owned(), json!([file, Json::Null]))]);
    write.note(entry(gate, id, "detach", changes));
    write.commit(204, &Json::Null).await
}

fn entry(gate: &Gate, id: Uuid, action: &str, changes: Map<String, Json>) -> Entry {
    Entry { resource: gate.resource.name, record_id: Some(id), action: action.to_owned(), changes }
}

/// Files as readers see them; never where they are kept.
async fn present(tx: &Tx, rows: &[attachment::Model]) -> Result<Vec<Json>, Problem> {
    let people = rows.iter().filter_map(|row| row.created_by).collect();
    let names = read::titles(tx, &USER, &people).await?;
    let person = |id: Uuid| json!({ "id": id, "name": names.get(&id.to_string()).map(|title| title.0.as_str()) });
    let item = |row: &attachment::Model| {
        json!({
            "id": row.id,
            "name": row.name,
            "size": row.size,
            "media_type": row.media_type,
            "has_thumbnail": row.thumbnail_key.is_some(),
            "created_at": write_instant(row.created_at),
            "created_by": row.created_by.map(person),
        })
    };
    Ok(rows.iter().map(item).collect())
}

/// The key in a row; only keys are written there.
fn key(text: &str) -> Result<FileKey, Problem> {
    text.parse().map_err(problem)
}

/// What a caller learns of a file that cannot be kept or handed out.
pub(crate) fn problem(error: FileError) -> Problem {
    let refused = |code, field| Problem { fields: vec![field], ..Problem::new(code) };
    match error {
        FileError::Empty => Problem::field("file", "file.empty"),
        FileError::TooLarge { limit } => {
            refused(Code::TooLarge, FieldProblem::new("file", "file.too_large")).with("limit", limit)
        }
        FileError::TypeNotAllowed { found } => {
            refused(Code::UnsupportedMedia, FieldProblem::new("file", "file.type_not_allowed"))
                .with("media_type", found)
        }
        FileError::ImageTooLarge => Problem::field("file", "file.image_too_large"),
        FileError::Upload(cause) => {
            tracing::info!(cause, "upload broke off");
            refused(Code::Malformed, FieldProblem::new("file", "file.broke_off"))
        }
        FileError::NotFound | FileError::Range { .. } | FileError::Image(_) => Problem::not_found(),
        FileError::Storage(cause) => {
            tracing::error!(cause, "file storage");
            Problem::new(Code::Unavailable)
        }
    }
}
