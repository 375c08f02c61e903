//! Making a tenant: its row, its roles and the invitation of its first
//! administrator in one transaction, so that none is ever left half made.

use std::sync::Arc;

use conexao_domain::{
    identity::{invitation::INVITATION, role::ROLE},
    kernel::{
        problem::{Code, Problem},
        record::Record,
    },
    settings::{TenantKind, company},
};
use conexao_storage::{Tenant, Tx, entity::tenant};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Map, Value as Json, json};

use super::{FIRST_ZONE, House, checked, settings};
use crate::{
    Engine, Session, Write, facts,
    refusal::Refused,
    write::{self, Drafted},
};

/// How often a number is looked for that others may take at the same time.
const TRIES: usize = 5;

/// A tenant as it will be.
pub(super) struct Plan<'a> {
    pub slug: &'a str,
    pub name: &'a str,
    pub kind: TenantKind,
    /// The company it stands beside.
    pub origin: Option<&'a tenant::Model>,
    pub roles: &'a [Map<String, Json>],
    /// Who is invited as its administrator.
    pub admin: Option<&'a str>,
}

/// Makes it.
pub(super) async fn make(engine: &Engine, plan: &Plan<'_>) -> Result<Tenant, Problem> {
    let slug = checked(plan.slug)?;
    let mut tries = 1;
    loop {
        let made = attempt(engine, plan, &slug).await;
        // Perhaps its number was taken meanwhile, and not its name.
        let taken = made.as_ref().is_err_and(|problem| problem.code == Code::Duplicate);
        if !taken || tries >= TRIES || super::by_slug(engine, &slug).await?.is_some() {
            return made;
        }
        tries += 1;
    }
}

async fn attempt(engine: &Engine, plan: &Plan<'_>, slug: &str) -> Result<Tenant, Problem> {
    let last = tenant::Entity::find().order_by_desc(tenant::Column::Id).limit(1).one(engine.db.pool()).await;
    let tenant = Tenant(last.refused()?.map_or(1, |last| last.id + 1));
    let tx = engine.db.write(tenant).await.refused()?;
    let row = insert(engine, &tx, tenant, plan, slug).await?;
    let house = Arc::new(House::of(&row));
    let session =
        Session { locale: house.company.locale, ..Session::system(tenant, "Conexão").in_house(Arc::clone(&house)) };
    let mut write = Write::founding(engine, session.clone(), tx);
    let gate = session.gate(&ROLE, "create")?;
    let roles = draft(engine, &mut write, &gate, plan.roles).await?;
    let admin = roles.iter().map(|drafted| &drafted.record).find(|role| role.text("key") == Some("admin")).cloned();
    write::insert(&mut write, &gate, roles).await?;
    if let Some(email) = plan.admin {
        invite(engine, &mut write, &session, email, admin.as_ref()).await?;
    }
    write.commit(201, &Json::Null).await?;
    Ok(tenant)
}

/// The row, with the settings a company begins with.
async fn insert(
    engine: &Engine,
    tx: &Tx,
    tenant: Tenant,
    plan: &Plan<'_>,
    slug: &str,
) -> Result<tenant::Model, Problem> {
    let values = match plan.origin {
        Some(origin) => settings::copied(origin, plan.name),
        None => company::first_values(plan.name, FIRST_ZONE),
    };
    let row = tenant::ActiveModel {
        id: Set(tenant.0),
        slug: Set(slug.to_owned()),
        name: Set(plan.name.to_owned()),
        time_zone: Set(values.text("time_zone").unwrap_or(FIRST_ZONE).to_owned()),
        status: Set("active".to_owned()),
        settings: Set(json!({ "company": values }).to_string()),
        created_at: Set(engine.now()),
        kind: Set(plan.kind.name().to_owned()),
        version: Set(1),
        reason: Set(None),
        clock: Set("{\"mode\":\"real\"}".to_owned()),
        origin: Set(plan.origin.map(|origin| origin.id)),
    };
    tenant::Entity::insert(row).exec_without_returning(&**tx).await.refused()?;
    let made = tenant::Entity::find().filter(tenant::Column::Id.eq(tenant.0)).one(&**tx).await.refused()?;
    made.ok_or_else(Problem::not_found)
}

async fn draft(
    engine: &Engine,
    write: &mut Write,
    gate: &crate::Gate,
    inputs: &[Map<String, Json>],
) -> Result<Vec<Drafted>, Problem> {
    let facts = facts::plain(engine, &gate.session);
    write::draft(write, gate, inputs, &facts).await?.into_iter().collect()
}

async fn invite(
    engine: &Engine,
    write: &mut Write,
    session: &Session,
    email: &str,
    role: Option<&Record>,
) -> Result<(), Problem> {
    let role = role.ok_or_else(|| Problem::field("role", "reference"))?;
    let gate = session.gate(&INVITATION, "create")?;
    let input = json!({ "email": email, "roles": [{ "role_id": role.id() }] });
    let input = input.as_object().cloned().unwrap_or_default();
    let drafted = draft(engine, write, &gate, &[input]).await?;
    write::insert(write, &gate, drafted).await
}
