//! A file on its way in.

use bytes::Bytes;
use conexao_domain::kernel::problem::{Code, FieldProblem, Problem};
use conexao_integrations::files::{FileError, FileKey, StoredFile, UploadRules};
use conexao_storage::{Tenant, entity::attachment};
use futures_util::{Stream, StreamExt};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{NameRefused, clean, entry, present, problem};
use crate::{Engine, Gate, Write, read, refusal::Refused};

/// Largest file accepted, in bytes.
pub const MAX_BYTES: u64 = 30 << 20;
const RULES: UploadRules = UploadRules::attachments(MAX_BYTES);

/// Media types a thumbnail is made of.
const PICTURES: &[&str] = &["image/gif", "image/jpeg", "image/png", "image/webp"];

/// A file that is stored but belongs to nothing yet: [`keep`] or [`discard`] it.
#[derive(Debug, Clone)]
pub struct Received {
    row: attachment::Model,
    record: Uuid,
}

impl Received {
    /// The file's id.
    pub const fn id(&self) -> Uuid {
        self.row.id
    }

    /// Whether it is a picture that can be shown small.
    pub const fn is_picture(&self) -> bool {
        self.row.thumbnail_key.is_some()
    }

    /// SHA-256 of the content, hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.row.sha256
    }
}

/// Stores an upload for a record the gate (the resource's `update`) reaches.
/// What is refused leaves nothing behind.
pub async fn receive<S, E>(engine: &Engine, gate: &Gate, id: Uuid, name: &str, stream: S) -> Result<Received, Problem>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: std::fmt::Display,
{
    let name = clean(name).map_err(|NameRefused(extension)| {
        let field = FieldProblem::new("file", "file.type_not_allowed");
        Problem { fields: vec![field], ..Problem::new(Code::UnsupportedMedia) }.with("extension", extension)
    })?;
    let row = announce(engine, gate, id, name).await?;
    let received = Received { row, record: id };
    // Not every stream bears to be asked again after its end.
    match store(engine, &received, stream.fuse()).await {
        Ok((stored, has_thumbnail)) => {
            let mut row = received.row;
            row.size = i64::try_from(stored.size).unwrap_or(i64::MAX);
            row.sha256 = stored.sha256;
            row.media_type = stored.media_type;
            row.thumbnail_key = row.thumbnail_key.filter(|_| has_thumbnail);
            Ok(Received { row, record: id })
        }
        Err(error) => {
            discard(engine, &received).await;
            Err(problem(error))
        }
    }
}

/// The invisible row that names the files to come.
async fn announce(engine: &Engine, gate: &Gate, id: Uuid, name: String) -> Result<attachment::Model, Problem> {
    let tenant = gate.session.tenant;
    let tx = engine.db.write(tenant).await.refused()?;
    read::load(&tx, gate, id).await?;
    let now = engine.now();
    let row = attachment::Model {
        tenant_id: tenant.0,
        id: Uuid::now_v7(),
        resource: gate.resource.name.to_owned(),
        record_id: id,
        name,
        media_type: String::new(),
        // No file is empty: this is how an unfinished row is told.
        size: 0,
        sha256: String::new(),
        file_key: FileKey::new(tenant.0).to_string(),
        thumbnail_key: Some(FileKey::new(tenant.0).to_string()),
        created_by: gate.session.user_id(),
        created_at: now,
        deleted_at: Some(now),
    };
    let active = row.clone().into_active_model().reset_all();
    attachment::Entity::insert(active).exec_without_returning(&*tx).await.refused()?;
    tx.commit().await.refused()?;
    Ok(row)
}

/// Stores the file and, for a picture, its thumbnail. A damaged picture is kept
/// as it is; one that nobody could open without harm is refused.
async fn store<S, E>(engine: &Engine, received: &Received, stream: S) -> Result<(StoredFile, bool), FileError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: std::fmt::Display,
{
    let file: FileKey = received.row.file_key.parse()?;
    let stored = engine.files.put_as(file, stream, &RULES).await?;
    let Some(small) = received.row.thumbnail_key.as_ref().filter(|_| PICTURES.contains(&stored.media_type.as_str()))
    else {
        return Ok((stored, false));
    };
    match engine.files.put_thumbnail_as(file, small.parse()?).await {
        Ok(_) => Ok((stored, true)),
        Err(FileError::Image(cause)) => {
            tracing::debug!(cause, "no thumbnail");
            Ok((stored, false))
        }
        Err(error) => Err(error),
    }
}

/// Makes a received file visible on its record, with audit and event.
pub async fn keep(engine: &Engine, gate: &Gate, received: &Received) -> Result<Json, Problem> {
    let mut write = Write::begin(engine, &gate.session).await?;
    let record = read::load(&write.tx, gate, received.record).await?;
    write.stand_in(gate.behalf(Some(&record)));
    let row = attachment::Model { created_at: write.now, deleted_at: None, ..received.row.clone() };
    let mut active = row.clone().into_active_model();
    active.media_type = Set(row.media_type.clone());
    active.size = Set(row.size);
    active.sha256 = Set(row.sha256.clone());
    active.thumbnail_key = Set(row.thumbnail_key.clone());
    active.created_at = Set(row.created_at);
    active.deleted_at = Set(None);
    active.update(&*write.tx).await.refused()?;
    let changes = Map::from_iter([("attachment".to_owned(), json!([Json::Null, row.id]))]);
    let detail = Map::from_iter([("attachment".to_owned(), json!(row.id))]);
    write.tell(entry(gate, received.record, "attach", changes), detail);
    let seen = present(&write.tx, std::slice::from_ref(&row)).await?.pop().unwrap_or_default();
    write.commit(201, &seen).await?;
    Ok(seen)
}

/// Forgets a received file unless it was kept. What fails here is left for
/// [`super::sweep`].
pub async fn discard(engine: &Engine, received: &Received) {
    if let Err(problem) = forget(engine, &received.row).await {
        tracing::warn!(%problem, file = %received.row.id, "an unwanted file stays for now");
    }
}

/// Removes the files of an invisible row, then the row, which is the way to
/// them should anything fail.
pub(crate) async fn forget(engine: &Engine, row: &attachment::Model) -> Result<(), Problem> {
    let tx = engine.db.read(Tenant(row.tenant_id)).await.refused()?;
    let now = attachment::Entity::find_by_id((row.tenant_id, row.id)).one(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    if now.is_none_or(|now| now.deleted_at.is_none()) {
        return Ok(());
    }
    for key in std::iter::once(&row.file_key).chain(&row.thumbnail_key) {
        engine.files.delete(row.tenant_id, super::key(key)?).await.map_err(problem)?;
    }
    let tx = engine.db.write(Tenant(row.tenant_id)).await.refused()?;
    attachment::Entity::delete_by_id((row.tenant_id, row.id)).exec(&*tx).await.refused()?;
    tx.commit().await.refused()
}
