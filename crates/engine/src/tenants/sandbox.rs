//! An environment beside a company's real work, for trying things out: with
//! its roles and settings, without anybody's data.

use conexao_domain::{
    kernel::{
        problem::{Code, Problem},
        record::Record,
        value::Email,
    },
    registry::RESOURCES,
    settings::{COMPANY, TenantKind},
};
use conexao_storage::{Tenant, entity::tenant};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, Statement,
};
use serde_json::{Map, Value as Json, json};

use super::{
    founding::{self, Plan},
    settings::MANAGE,
};
use crate::{Engine, Session, Write, identity, journal::Entry, refusal::Refused};

/// Most environments of one company.
const MOST: usize = 5;

/// The environments of the session's company, the first one first.
pub async fn sandboxes(engine: &Engine, session: &Session) -> Result<Vec<tenant::Model>, Problem> {
    session.require(MANAGE)?;
    tenant::Entity::find()
        .filter(tenant::Column::Origin.eq(session.tenant.0))
        .order_by_asc(tenant::Column::Id)
        .all(engine.db.pool())
        .await
        .refused()
}

/// Makes an environment with the company's roles and settings, and invites
/// `email` as its administrator.
pub async fn set_up(engine: &Engine, session: &Session, name: &str, email: &str) -> Result<tenant::Model, Problem> {
    session.require(MANAGE)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 120 || name.chars().any(char::is_control) {
        return Err(Problem::field("name", if name.is_empty() { "required" } else { "length" }));
    }
    let email = Email::parse(email).map_err(|invalid| Problem::field("email", invalid.0))?;
    let origin = super::get(engine, session.tenant).await?;
    if TenantKind::parse(&origin.kind) != TenantKind::Production {
        return Err(Problem::new(Code::StepRefused).detail("only_production"));
    }
    if sandboxes(engine, session).await?.len() >= MOST {
        return Err(Problem::new(Code::StepRefused).detail("too_many_sandboxes"));
    }
    let roles = roles_of(engine, session.tenant).await?;
    let slug = super::free_slug(engine, &format!("{}-teste", origin.slug)).await?;
    let (kind, admin) = (TenantKind::Sandbox, Some(email.as_str()));
    let plan = Plan { slug: &slug, name, kind, origin: Some(&origin), roles: &roles, admin };
    let made = founding::make(engine, &plan).await?;
    let mut write = Write::begin(engine, session).await?;
    let changes = Map::from_iter([("sandbox".to_owned(), json!([Json::Null, slug]))]);
    write.note(Entry { resource: COMPANY.name, record_id: None, action: "sandbox".to_owned(), changes });
    write.commit(201, &Json::Null).await?;
    super::get(engine, made).await
}

/// Every role of a tenant with its grants.
async fn roles_of(engine: &Engine, tenant: Tenant) -> Result<Vec<Map<String, Json>>, Problem> {
    let tx = engine.db.read(tenant).await.refused()?;
    let roles = identity::all_roles(&tx).await?;
    tx.rollback().await.refused()?;
    Ok(roles.iter().map(copied).collect())
}

/// A role as another tenant creates it.
fn copied(role: &Record) -> Map<String, Json> {
    let fields = ["key", "name", "scope", "requires_two_factor"];
    let mut copy: Map<String, Json> = fields.iter().map(|name| ((*name).to_owned(), role.get(name).clone())).collect();
    let grants = role.lines("grants").into_iter().map(|mut line| {
        line.0.remove("id");
        Json::Object(line.0)
    });
    copy.insert("grants".to_owned(), grants.collect::<Vec<_>>().into());
    copy
}

/// Tables beside the records themselves that a reset empties, in an order in
/// which nothing is left that refers to what went.
const BESIDE: &[&str] = &["comment", "notification", "tag_link", "import_row", "import_batch", "import", "idempotency"];
/// What hangs on messages to customers.
const OF_MESSAGES: &[&str] = &["message_event", "message_content"];

/// Empties the environment the session is in: business records, what belongs
/// to them, numbers, and the clock. People, roles, settings and the audit stay.
pub async fn reset(engine: &Engine, session: &Session) -> Result<(), Problem> {
    session.require(MANAGE)?;
    if engine.house(session.tenant).await?.kind != TenantKind::Sandbox {
        return Err(Problem::new(Code::NotInProduction));
    }
    let mut write = Write::begin(engine, session).await?;
    let backend = write.tx.get_database_backend();
    let business: Vec<_> = RESOURCES.iter().filter(|resource| !resource.area.is_administration()).collect();
    let mut sql: Vec<String> = BESIDE.iter().map(|table| format!("DELETE FROM {table} WHERE tenant_id = $1")).collect();
    let theirs = "SELECT id FROM message WHERE tenant_id = $1 AND customer_id IS NOT NULL";
    let hanging = |table: &&str| format!("DELETE FROM {table} WHERE tenant_id = $1 AND message_id IN ({theirs})");
    sql.extend(OF_MESSAGES.iter().map(hanging));
    // Files go with the sweep, which finds them by their hidden rows.
    let gone = conexao_domain::kernel::canonical::write_instant(write.now);
    let names: Vec<String> = business.iter().map(|resource| format!("'{}'", resource.name)).collect();
    let hidden = if engine.db.is_postgres() { format!("'{gone}'::timestamptz") } else { format!("'{gone}'") };
    sql.push(format!(
        "UPDATE attachment SET deleted_at = {hidden} WHERE tenant_id = $1 AND deleted_at IS NULL AND resource IN ({})",
        names.join(", ")
    ));
    // Whatever an administrative record says of a customer, it says no more.
    for resource in RESOURCES.iter().filter(|resource| resource.area.is_administration()) {
        for field in resource.columns().filter(|field| refers_to_business(field.kind)) {
            sql.push(format!("DELETE FROM {} WHERE tenant_id = $1 AND {} IS NOT NULL", resource.table, field.name));
        }
    }
    sql.extend(business.iter().rev().map(|resource| format!("DELETE FROM {} WHERE tenant_id = $1", resource.table)));
    // Sequences are named after what is numbered.
    let numbers = |name: &str| format!("DELETE FROM sequence WHERE tenant_id = $1 AND name LIKE '{name}.%'");
    sql.extend(business.iter().map(|resource| numbers(resource.name)));
    for sql in sql {
        let values = [session.tenant.0.into()];
        write.tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await.refused()?;
    }
    let row = super::get(engine, session.tenant).await?;
    let mut active = row.into_active_model();
    active.clock = Set("{\"mode\":\"real\"}".to_owned());
    active.update(&*write.tx).await.refused()?;
    write.note(Entry { resource: COMPANY.name, record_id: None, action: "reset".to_owned(), changes: Map::new() });
    write.commit(200, &Json::Null).await?;
    engine.announce_change(session.tenant).await;
    Ok(())
}

fn refers_to_business(kind: conexao_domain::kernel::field::Kind) -> bool {
    use conexao_domain::kernel::field::Kind;
    let target = if let Kind::Reference(name) = kind { conexao_domain::registry::by_name(name) } else { None };
    target.is_some_and(|target| !target.area.is_administration())
}
