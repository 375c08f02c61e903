//! Tenants: making one, finding them.

use conexao_domain::{
    identity::role::{ROLE, SEEDED_ROLES, Scope},
    kernel::problem::Problem,
    locale::{self, Locale},
};
use conexao_storage::{Tenant, entity::tenant};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Map, Value as Json, json};

use crate::{Engine, Session, Write, facts, refusal::Refused, write};

/// Creates a tenant with the seeded roles.
pub async fn create(engine: &Engine, slug: &str, name: &str, demo: bool) -> Result<Tenant, Problem> {
    let tx = engine.db.system().await.refused()?;
    let last = tenant::Entity::find().order_by_desc(tenant::Column::Id).limit(1).one(&*tx).await.refused()?;
    let id = last.map_or(1, |t| t.id + 1);
    let row = tenant::ActiveModel {
        id: Set(id),
        slug: Set(slug.to_owned()),
        name: Set(name.to_owned()),
        time_zone: Set("America/Sao_Paulo".to_owned()),
        status: Set("active".to_owned()),
        demo: Set(demo),
        settings: Set("{}".to_owned()),
        created_at: Set(engine.now()),
    };
    tenant::Entity::insert(row).exec_without_returning(&*tx).await.refused()?;
    tx.commit().await.refused()?;
    seed_roles(engine, Tenant(id)).await?;
    Ok(Tenant(id))
}

async fn seed_roles(engine: &Engine, tenant: Tenant) -> Result<(), Problem> {
    let session = Session::system(tenant, "Conexão");
    let gate = session.gate(&ROLE, "create")?;
    let roles: Vec<Map<String, Json>> = SEEDED_ROLES
        .iter()
        .map(|role| {
            let grants: Vec<Json> = role.grants.iter().map(|g| json!({ "permission": g })).collect();
            let scope = if role.scope == Scope::All { "all" } else { "own" };
            let name = locale::text(Locale::PtBr, &format!("role.{}", role.key));
            Map::from_iter([
                ("key".into(), role.key.into()),
                ("name".into(), name.into()),
                ("scope".into(), scope.into()),
                ("grants".into(), grants.into()),
            ])
        })
        .collect();
    let mut write = Write::begin(engine, &session).await?;
    let drafted = write::draft(&mut write, &gate, &roles, &facts::plain(engine, &session)).await?;
    let drafted = drafted.into_iter().collect::<Result<Vec<_>, _>>()?;
    write::insert(&mut write, &gate, drafted).await?;
    write.commit(201, &Json::Null).await
}

/// Every tenant of the installation, in order.
pub async fn all(engine: &Engine) -> Result<Vec<tenant::Model>, Problem> {
    tenant::Entity::find().order_by_asc(tenant::Column::Id).all(engine.db.pool()).await.refused()
}

/// One tenant's row.
pub async fn get(engine: &Engine, tenant: Tenant) -> Result<tenant::Model, Problem> {
    let found = tenant::Entity::find().filter(tenant::Column::Id.eq(tenant.0)).one(engine.db.pool()).await.refused()?;
    found.ok_or_else(Problem::not_found)
}
