//! What people say about a record, and whom they call to it.

use std::collections::BTreeSet;

use conexao_domain::{
    identity::user::USER,
    kernel::{
        canonical::write_instant,
        field::Kind,
        problem::{Code, FieldProblem, Problem},
    },
};
use conexao_storage::{Tx, entity::comment};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{Engine, Gate, Write, identity, journal::Entry, read, refusal::Refused};

/// Longest comment, in characters.
pub const MAX_TEXT: usize = 8000;
/// Most users called in one comment.
const MAX_MENTIONS: usize = 20;
const PAGE: u64 = 50;

/// A page of comments, newest first, and the id after which older ones follow.
#[derive(Debug)]
pub struct CommentPage {
    pub items: Vec<Json>,
    pub next: Option<Uuid>,
}

/// The comments of a record the gate reaches, those older than `after`.
pub async fn list(engine: &Engine, gate: &Gate, id: Uuid, after: Option<Uuid>) -> Result<CommentPage, Problem> {
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
    read::load(&tx, gate, id).await?;
    let mut query = comment::Entity::find()
        .filter(comment::Column::TenantId.eq(gate.session.tenant.0))
        .filter(comment::Column::Resource.eq(gate.resource.name))
        .filter(comment::Column::RecordId.eq(id))
        .filter(comment::Column::DeletedAt.is_null());
    if let Some(after) = after {
        query = query.filter(comment::Column::Id.lt(after));
    }
    let mut rows = query.order_by_desc(comment::Column::Id).limit(PAGE + 1).all(&*tx).await.refused()?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    let items = present(&tx, &rows).await?;
    tx.rollback().await.refused()?;
    Ok(CommentPage { items, next })
}

/// Adds a comment to a record the gate reaches. The event carries the comment
/// and its mentions, so that those users can be told.
pub async fn add(engine: &Engine, gate: &Gate, id: Uuid, text: &str, mentions: &[Uuid]) -> Result<Json, Problem> {
    let author = gate.session.person().ok_or_else(|| Problem::new(Code::Forbidden))?;
    let text = checked(text)?;
    let mentions: BTreeSet<Uuid> = mentions.iter().copied().collect();
    reachable(engine, gate, id, &mentions).await?;
    let mut write = Write::begin(engine, &gate.session).await?;
    let record = read::load(&write.tx, gate, id).await?;
    write.stand_in(gate.behalf(Some(&record)));
    let row = comment::Model {
        tenant_id: gate.session.tenant.0,
        id: Uuid::now_v7(),
        resource: gate.resource.name.to_owned(),
        record_id: id,
        author_id: author,
        text,
        mentions: json!(mentions).to_string(),
        created_at: write.now,
        deleted_at: None,
    };
    let active = row.clone().into_active_model().reset_all();
    comment::Entity::insert(active).exec_without_returning(&*write.tx).await.refused()?;
    let changes = Map::from_iter([("comment".to_owned(), json!([Json::Null, row.id]))]);
    let detail = Map::from_iter([("comment".to_owned(), json!(row.id)), ("mentions".to_owned(), json!(mentions))]);
    write.tell(entry(gate, id, "comment", changes), detail);
    let seen = present(&write.tx, std::slice::from_ref(&row)).await?.pop().unwrap_or_default();
    write.commit(201, &seen).await?;
    Ok(seen)
}

/// Removes a comment: one's own, or anybody's for who may delete the record.
pub async fn remove(engine: &Engine, gate: &Gate, id: Uuid, comment: Uuid) -> Result<(), Problem> {
    let mut write = Write::begin(engine, &gate.session).await?;
    let record = read::load(&write.tx, gate, id).await?;
    write.stand_in(gate.behalf(Some(&record)));
    let row = comment::Entity::find_by_id((gate.session.tenant.0, comment)).one(&*write.tx).await.refused()?;
    let here = |row: &comment::Model| row.resource == gate.resource.name && row.record_id == id;
    let row = row.filter(|row| here(row) && row.deleted_at.is_none()).ok_or_else(Problem::not_found)?;
    if gate.session.user_id() != Some(row.author_id) && !gate.session.gate(gate.resource, "delete")?.reaches(&record) {
        return Err(Problem::new(Code::Forbidden));
    }
    let mut row = row.into_active_model();
    row.deleted_at = Set(Some(write.now));
    row.update(&*write.tx).await.refused()?;
    let changes = Map::from_iter([("comment".to_owned(), json!([comment, Json::Null]))]);
    write.note(entry(gate, id, "delete_comment", changes));
    write.commit(204, &Json::Null).await
}

fn entry(gate: &Gate, id: Uuid, action: &str, changes: Map<String, Json>) -> Entry {
    Entry { resource: gate.resource.name, record_id: Some(id), action: action.to_owned(), changes }
}

fn checked(text: &str) -> Result<String, Problem> {
    let kind = Kind::LongText { max: MAX_TEXT };
    let text = kind.canonical(&text.into()).map_err(|e| Problem::field("text", e.0))?;
    text.as_str().map(str::to_owned).ok_or_else(|| Problem::field("text", "required"))
}

/// Refuses mentions of users who could not open the record they are called to.
async fn reachable(engine: &Engine, gate: &Gate, id: Uuid, mentions: &BTreeSet<Uuid>) -> Result<(), Problem> {
    if mentions.is_empty() {
        return Ok(());
    }
    if mentions.len() > MAX_MENTIONS {
        return Err(Problem::field("mentions", "too_many_lines"));
    }
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
    let record = read::load(&tx, gate, id).await?;
    tx.rollback().await.refused()?;
    let mut problems = Vec::new();
    for user in mentions {
        let session = identity::session_of(engine, gate.session.tenant, *user).await;
        let reads = session.and_then(|session| session.gate(gate.resource, "read"));
        if !reads.is_ok_and(|reads| reads.reaches(&record)) {
            problems.push(FieldProblem::new(format!("mentions.{user}"), "reference"));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Problem::fields(problems)) }
}

/// Comments as readers see them, their people named.
async fn present(tx: &Tx, rows: &[comment::Model]) -> Result<Vec<Json>, Problem> {
    let mentions = |row: &comment::Model| serde_json::from_str::<Vec<Uuid>>(&row.mentions).unwrap_or_default();
    let people = rows.iter().flat_map(|row| mentions(row).into_iter().chain([row.author_id])).collect();
    let names = read::titles(tx, &USER, &people).await?;
    let person = |id: &Uuid| json!({ "id": id, "name": names.get(&id.to_string()).map(|title| title.0.as_str()) });
    let item = |row: &comment::Model| {
        json!({
            "id": row.id,
            "text": row.text,
            "author": person(&row.author_id),
            "mentions": mentions(row).iter().map(person).collect::<Vec<_>>(),
            "created_at": write_instant(row.created_at),
        })
    };
    Ok(rows.iter().map(item).collect())
}
