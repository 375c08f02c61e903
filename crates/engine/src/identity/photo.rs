//! Photos of people: a picture attached to one's own account, shown small to
//! everybody of the company.

use bytes::Bytes;
use conexao_domain::{
    identity::user::USER,
    kernel::problem::{Code, Problem},
};
pub use conexao_storage::entity::user_photo::Model as Photo;
use conexao_storage::entity::{attachment, user_photo};
use futures_util::Stream;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use uuid::Uuid;

use crate::{
    Engine, Gate, Session,
    notes::attachments::{self, Thumb},
    refusal::Refused,
};

/// Who has a photo, and which file it is: another photo is another file.
pub async fn all(engine: &Engine, session: &Session) -> Result<Vec<user_photo::Model>, Problem> {
    let tx = engine.db.glance(session.tenant).await.refused()?;
    let mut live = Query::select();
    live.column("id")
        .from("attachment")
        .and_where(Expr::col("tenant_id").eq(session.tenant.0))
        .and_where(Expr::col("deleted_at").is_null());
    let found = user_photo::Entity::find()
        .filter(user_photo::Column::TenantId.eq(session.tenant.0))
        .filter(user_photo::Column::AttachmentId.in_subquery(live))
        .all(&*tx)
        .await
        .refused()?;
    tx.rollback().await.refused()?;
    Ok(found)
}

/// The photo of somebody of the session's company, small.
pub async fn of(engine: &Engine, session: &Session, user: Uuid) -> Result<(attachment::Model, Thumb), Problem> {
    let tx = engine.db.read(session.tenant).await.refused()?;
    let found = user_photo::Entity::find_by_id((session.tenant.0, user)).one(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    let photo = found.ok_or_else(Problem::not_found)?;
    // Names and photos of colleagues are everybody's to see.
    let everybody = Session::system(session.tenant, &session.name);
    let file = attachments::find(engine, &everybody, photo.attachment_id).await?;
    let small = attachments::thumbnail(engine, &file).await?;
    Ok((file, small))
}

/// The acting user's own account, to attach a picture to.
fn own(session: &Session) -> Result<Gate, Problem> {
    session.in_person()?;
    let all = Session::system(session.tenant, &session.name);
    Session { permissions: all.permissions, ..session.clone() }.gate(&USER, "update")
}

/// Makes an upload the acting user's photo; the one before goes.
pub async fn keep<S, E>(engine: &Engine, session: &Session, name: &str, stream: S) -> Result<Uuid, Problem>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: std::fmt::Display,
{
    let gate = own(session)?;
    let received = attachments::receive(engine, &gate, session.user, name, stream).await?;
    if !received.is_picture() {
        attachments::discard(engine, &received).await;
        return Err(Problem {
            fields: Problem::field("file", "file.not_a_picture").fields,
            ..Problem::new(Code::UnsupportedMedia)
        });
    }
    attachments::keep(engine, &gate, &received).await?;
    let before = take(engine, session).await?;
    let row = user_photo::Model { tenant_id: session.tenant.0, user_id: session.user, attachment_id: received.id() };
    let tx = engine.db.write(session.tenant).await.refused()?;
    let over = OnConflict::columns([user_photo::Column::TenantId, user_photo::Column::UserId])
        .update_column(user_photo::Column::AttachmentId)
        .to_owned();
    let row = user_photo::ActiveModel::from(row).reset_all();
    user_photo::Entity::insert(row).on_conflict(over).exec_without_returning(&*tx).await.refused()?;
    tx.commit().await.refused()?;
    forget(engine, &gate, before).await?;
    Ok(received.id())
}

/// Removes the acting user's photo.
pub async fn remove(engine: &Engine, session: &Session) -> Result<(), Problem> {
    let gate = own(session)?;
    let before = take(engine, session).await?;
    if before.is_none() {
        return Err(Problem::not_found());
    }
    forget(engine, &gate, before).await
}

/// Takes the photo off the account; which file it was.
async fn take(engine: &Engine, session: &Session) -> Result<Option<Uuid>, Problem> {
    let key = (session.tenant.0, session.user);
    let tx = engine.db.write(session.tenant).await.refused()?;
    let found = user_photo::Entity::find_by_id(key).one(&*tx).await.refused()?;
    user_photo::Entity::delete_by_id(key).exec(&*tx).await.refused()?;
    tx.commit().await.refused()?;
    Ok(found.map(|row| row.attachment_id))
}

async fn forget(engine: &Engine, gate: &Gate, file: Option<Uuid>) -> Result<(), Problem> {
    let Some(file) = file else { return Ok(()) };
    match attachments::remove(engine, gate, gate.session.user, file).await {
        // An administrator took it off the account already.
        Err(problem) if problem.code == Code::NotFound => Ok(()),
        done => done,
    }
}
