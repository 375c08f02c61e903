//! Lists that people keep: search, filters, order and columns under a name, for
//! oneself, for everybody, or as what a role begins with.

mod input;

pub(crate) use input::kept;
pub use input::{Draft, SHARE};

use std::collections::HashSet;

use conexao_domain::{
    kernel::{
        problem::{Code, Problem},
        resource::Resource,
    },
    registry,
};
use conexao_storage::{Tx, entity::saved_view};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::{Engine, Gate, Session, Write, journal::Entry, refusal::Refused};
use input::Checked;

/// What the audit calls them.
const NAME: &str = "saved_view";
/// Most that one person keeps of a resource.
const MOST: u64 = 50;
/// Most that a list offers.
const SHOWN: u64 = 200;

/// A kept list as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct View {
    pub id: Uuid,
    pub resource: String,
    pub name: String,
    /// Search, filters and sort in the words of the API, as in an address.
    pub query: String,
    /// Names of fields; empty for the usual columns.
    pub columns: Vec<String>,
    pub shared: bool,
    /// The role whose people begin with it.
    pub role_id: Option<Uuid>,
    /// Whether the reader made it.
    pub mine: bool,
    /// Whether the reader begins with it.
    pub start: bool,
}

impl View {
    fn of(row: saved_view::Model, reader: Uuid, roles: &HashSet<Uuid>) -> Self {
        let columns = row.columns.as_deref().map(|names| names.split(',').map(str::to_owned).collect());
        Self {
            mine: row.user_id == reader,
            start: row.role_id.is_some_and(|role| roles.contains(&role)),
            columns: columns.unwrap_or_default(),
            id: row.id,
            resource: row.resource,
            name: row.name,
            query: row.query,
            shared: row.shared,
            role_id: row.role_id,
        }
    }
}

/// The views of a resource that the gate's person has: their own, what is
/// shared and what their roles begin with, by name.
pub async fn list(engine: &Engine, gate: &Gate) -> Result<Vec<View>, Problem> {
    let user = gate.session.user;
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
    let roles = roles_of(&tx, user).await?;
    let own = Condition::any()
        .add(saved_view::Column::UserId.eq(user))
        .add(saved_view::Column::Shared.eq(true))
        .add(saved_view::Column::RoleId.is_in(roles.iter().copied()));
    let rows = saved_view::Entity::find()
        .filter(saved_view::Column::TenantId.eq(tx.tenant().0))
        .filter(saved_view::Column::Resource.eq(gate.resource.name))
        .filter(own)
        .order_by_asc(saved_view::Column::Name)
        .order_by_asc(saved_view::Column::Id)
        .limit(SHOWN)
        .all(&*tx)
        .await
        .refused()?;
    tx.rollback().await.refused()?;
    Ok(rows.into_iter().map(|row| View::of(row, user, &roles)).collect())
}

async fn roles_of(tx: &Tx, user: Uuid) -> Result<HashSet<Uuid>, Problem> {
    let mut select = Query::select();
    select.column("role_id").from("user_role");
    select.and_where(Expr::col("tenant_id").eq(tx.tenant().0)).and_where(Expr::col("user_id").eq(user));
    let rows = tx.query_all(&select).await.refused()?;
    rows.iter().map(|row| row.try_get_by_index(0).refused()).collect()
}

/// Keeps a list.
pub async fn create(engine: &Engine, gate: &Gate, draft: &Draft) -> Result<View, Problem> {
    let user = person(&gate.session)?;
    let checked = input::check(gate.resource, &gate.session, draft)?;
    let write = Write::begin(engine, &gate.session).await?;
    full(&write.tx, gate.resource, user).await?;
    let row = saved_view::Model {
        tenant_id: gate.session.tenant.0,
        id: Uuid::now_v7(),
        user_id: user,
        resource: gate.resource.name.to_owned(),
        name: checked.name.clone(),
        query: checked.query.clone(),
        columns: checked.columns(),
        shared: checked.shared,
        role_id: checked.role,
        created_at: write.now,
        updated_at: write.now,
    };
    let active = saved_view::ActiveModel::from(row.clone()).reset_all();
    saved_view::Entity::insert(active).exec_without_returning(&*write.tx).await.refused()?;
    settle(write, row, "create", None, 201).await
}

/// Changes a list that the session's person may change.
pub async fn change(engine: &Engine, session: &Session, id: Uuid, draft: &Draft) -> Result<View, Problem> {
    let write = Write::begin(engine, session).await?;
    let (before, resource) = changeable(&write.tx, session, id).await?;
    let checked = input::check(resource, session, &draft.clone().over(&before))?;
    let row = saved_view::Model {
        name: checked.name.clone(),
        query: checked.query.clone(),
        columns: checked.columns(),
        shared: checked.shared,
        role_id: checked.role,
        updated_at: write.now,
        ..before.clone()
    };
    let active = saved_view::ActiveModel {
        tenant_id: Set(row.tenant_id),
        id: Set(row.id),
        name: Set(row.name.clone()),
        query: Set(row.query.clone()),
        columns: Set(row.columns.clone()),
        shared: Set(row.shared),
        role_id: Set(row.role_id),
        updated_at: Set(row.updated_at),
        ..Default::default()
    };
    saved_view::Entity::update(active).exec(&*write.tx).await.refused()?;
    settle(write, row, "update", Some(&Checked::of(&before)), 200).await
}

/// Forgets a list.
pub async fn remove(engine: &Engine, session: &Session, id: Uuid) -> Result<(), Problem> {
    let mut write = Write::begin(engine, session).await?;
    let (before, _) = changeable(&write.tx, session, id).await?;
    saved_view::Entity::delete_by_id((session.tenant.0, id)).exec(&*write.tx).await.refused()?;
    let changes = Checked::of(&before).difference(&Checked::default());
    write.note(Entry { resource: NAME, record_id: Some(id), action: "delete".to_owned(), changes });
    write.commit(204, &json!(null)).await
}

/// Notes the change, commits it and shows the view to whoever made it.
async fn settle(
    mut write: Write,
    row: saved_view::Model,
    action: &str,
    before: Option<&Checked>,
    status: u16,
) -> Result<View, Problem> {
    let changes = before.cloned().unwrap_or_default().difference(&Checked::of(&row));
    write.note(Entry { resource: NAME, record_id: Some(row.id), action: action.to_owned(), changes });
    let (reader, roles) = (write.session.user, roles_of(&write.tx, write.session.user).await?);
    let view = View::of(row, reader, &roles);
    write.commit(status, &json!(view)).await?;
    Ok(view)
}

/// Views belong to people; a service token has none.
fn person(session: &Session) -> Result<Uuid, Problem> {
    session.person().ok_or_else(|| Problem::new(Code::Forbidden).detail("token"))
}

async fn full(tx: &Tx, resource: &Resource, user: Uuid) -> Result<(), Problem> {
    let own = saved_view::Entity::find()
        .filter(saved_view::Column::TenantId.eq(tx.tenant().0))
        .filter(saved_view::Column::Resource.eq(resource.name))
        .filter(saved_view::Column::UserId.eq(user))
        .count(&**tx)
        .await
        .refused()?;
    if own < MOST { Ok(()) } else { Err(Problem::field("name", "too_many")) }
}

/// A view the person made, or one of everybody's that they may look after.
async fn changeable(tx: &Tx, session: &Session, id: Uuid) -> Result<(saved_view::Model, &'static Resource), Problem> {
    let user = person(session)?;
    let found = saved_view::Entity::find_by_id((session.tenant.0, id)).one(&**tx).await.refused()?;
    let row = found.ok_or_else(Problem::not_found)?;
    let common = row.shared || row.role_id.is_some();
    if row.user_id != user && !(common && session.can(SHARE)) {
        return Err(if common { Problem::new(Code::Forbidden).detail(SHARE) } else { Problem::not_found() });
    }
    let resource = registry::by_name(&row.resource).ok_or_else(Problem::not_found)?;
    session.gate(resource, "read")?;
    Ok((row, resource))
}
