//! A file on its way out.

use std::ops::Range;

use bytes::{Bytes, BytesMut};
use conexao_domain::{kernel::problem::Problem, registry};
use conexao_integrations::files::{FileStream, sniff};
use conexao_storage::entity::attachment;
use futures_util::TryStreamExt;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{key, problem};
use crate::{Engine, Session, read, refusal::Refused};

/// What is known of a file whose record the session may read.
pub async fn find(engine: &Engine, session: &Session, id: Uuid) -> Result<attachment::Model, Problem> {
    let tx = engine.db.read(session.tenant).await.refused()?;
    let row = attachment::Entity::find_by_id((session.tenant.0, id)).one(&*tx).await.refused()?;
    let row = row.filter(|row| row.deleted_at.is_none()).ok_or_else(Problem::not_found)?;
    let resource = registry::by_name(&row.resource).ok_or_else(Problem::not_found)?;
    read::load(&tx, &session.gate(resource, "read")?, row.record_id).await?;
    tx.rollback().await.refused()?;
    Ok(row)
}

/// The content of a found file, or a part of it.
pub async fn content(
    engine: &Engine,
    file: &attachment::Model,
    range: Option<Range<u64>>,
) -> Result<FileStream, Problem> {
    engine.files.get(file.tenant_id, key(&file.file_key)?, range).await.map_err(problem)
}

/// A small picture, whole.
#[derive(Debug, Clone)]
pub struct Thumb {
    pub media_type: &'static str,
    pub content: Bytes,
}

/// The thumbnail of a found file, if it has one.
pub async fn thumbnail(engine: &Engine, file: &attachment::Model) -> Result<Thumb, Problem> {
    let small = file.thumbnail_key.as_ref().ok_or_else(Problem::not_found)?;
    let stream = engine.files.get(file.tenant_id, key(small)?, None).await.map_err(problem)?;
    let content: BytesMut = stream.content.try_collect().await.map_err(problem)?;
    Ok(Thumb { media_type: sniff(&content), content: content.freeze() })
}
