//! Dashboards that people arrange for themselves, under a name. The last one to
//! write wins: it is the same person.

mod check;

pub use check::Widget;

use conexao_domain::kernel::problem::Problem;
use conexao_storage::entity::dashboard::{self, Column};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::OnConflict};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{Engine, Session, Write, journal::Entry, refusal::Refused};

/// What the audit calls them.
const NAME: &str = "dashboard";
/// Most that one person has.
const MOST: u64 = 10;
/// Longest name.
const LONGEST: usize = 32;

/// A dashboard as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dashboard {
    pub name: String,
    /// In the order of the page; `None` where it was never changed.
    pub widgets: Option<Vec<Widget>>,
}

fn named(name: &str) -> Result<(), Problem> {
    let good = !name.is_empty() && name.len() <= LONGEST && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    if good { Ok(()) } else { Err(Problem::field("name", "choice")) }
}

/// A dashboard of the session's person.
pub async fn get(engine: &Engine, session: &Session, name: &str) -> Result<Dashboard, Problem> {
    named(name)?;
    let user = session.in_person()?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let key = (session.tenant.0, user, name.to_owned());
    let found = dashboard::Entity::find_by_id(key).one(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    let widgets = found.map(|row| read(&row.widgets));
    Ok(Dashboard { name: name.to_owned(), widgets })
}

fn read(kept: &str) -> Vec<Widget> {
    serde_json::from_str(kept).unwrap_or_default()
}

/// Arranges a dashboard; without widgets it becomes what it is for everybody.
pub async fn set(
    engine: &Engine,
    session: &Session,
    name: &str,
    widgets: Option<Vec<Widget>>,
) -> Result<Dashboard, Problem> {
    named(name)?;
    let user = session.in_person()?;
    let widgets = widgets.map(|widgets| check::check(session, widgets)).transpose()?;
    let mut write = Write::begin(engine, session).await?;
    let key = (session.tenant.0, user, name.to_owned());
    let found = dashboard::Entity::find_by_id(key.clone()).one(&*write.tx).await.refused()?;
    match &widgets {
        None => {
            dashboard::Entity::delete_by_id(key).exec(&*write.tx).await.refused()?;
        }
        Some(widgets) => {
            if found.is_none() {
                full(&write, user).await?;
            }
            keep(&write, user, name, widgets).await?;
        }
    }
    let before = found.map(|row| read(&row.widgets).len());
    let changes = [("name", json!([Json::Null, name])), ("widgets", json!([before, widgets.as_ref().map(Vec::len)]))];
    let changes: Map<String, Json> = changes.into_iter().map(|(name, pair)| (name.to_owned(), pair)).collect();
    write.note(Entry { resource: NAME, record_id: Some(user), action: "update".to_owned(), changes });
    let dashboard = Dashboard { name: name.to_owned(), widgets };
    write.commit(200, &json!(dashboard)).await?;
    Ok(dashboard)
}

async fn keep(write: &Write, user: Uuid, name: &str, widgets: &[Widget]) -> Result<(), Problem> {
    let row = dashboard::Model {
        tenant_id: write.session.tenant.0,
        user_id: user,
        name: name.to_owned(),
        widgets: json!(widgets).to_string(),
        updated_at: write.now,
    };
    let key = [Column::TenantId, Column::UserId, Column::Name];
    let replace = OnConflict::columns(key).update_columns([Column::Widgets, Column::UpdatedAt]).to_owned();
    let row = dashboard::ActiveModel::from(row).reset_all();
    dashboard::Entity::insert(row).on_conflict(replace).exec_without_returning(&*write.tx).await.refused().map(|_| ())
}

async fn full(write: &Write, user: Uuid) -> Result<(), Problem> {
    let own = dashboard::Entity::find()
        .filter(Column::TenantId.eq(write.session.tenant.0))
        .filter(Column::UserId.eq(user))
        .count(&*write.tx)
        .await
        .refused()?;
    if own < MOST { Ok(()) } else { Err(Problem::field("name", "too_many")) }
}
