//! Tenants: making one, what it decided for itself, its clock, and what the
//! operator of the installation does with all of them.

mod clock;
mod founding;
mod house;
mod logo;
mod operator;
mod plan;
mod sandbox;
mod settings;

pub use clock::{ClockFace, face, move_clock};
pub use house::{House, forget};
pub use logo::{MAX_LOGO, Variant, logo, logos, put_logo, remove_logo};
pub use operator::{Founded, Overview, add_operator, found, list, one, operator_tenant, people, reinstate, suspend};
pub use plan::{choose as choose_plan, of as plan};
pub use sandbox::{reset as reset_sandbox, sandboxes, set_up as set_up_sandbox};
pub use settings::{patch as patch_settings, read as settings};

pub use conexao_storage::entity::tenant::Model as Row;

pub(crate) use house::Houses;

use conexao_domain::{
    identity::role::{OPERATOR_ROLES, SEEDED_ROLES, SeededRole},
    kernel::{
        problem::{Code, Problem},
        value::fold,
    },
    locale::{self, Locale},
    settings::TenantKind,
};
use conexao_storage::{Tenant, entity::tenant};
use founding::Plan;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Map, Value as Json, json};

use crate::{Engine, refusal::Refused};

/// The zone of a tenant that has not said another.
const FIRST_ZONE: &str = "America/Sao_Paulo";
const MAX_SLUG: usize = 40;

/// Creates a tenant with the roles of its kind.
pub async fn create(engine: &Engine, slug: &str, name: &str, kind: TenantKind) -> Result<Tenant, Problem> {
    create_for(engine, slug, name, kind, None).await
}

/// The same, and invites its first administrator.
async fn create_for(
    engine: &Engine,
    slug: &str,
    name: &str,
    kind: TenantKind,
    admin: Option<&str>,
) -> Result<Tenant, Problem> {
    let seeded = if kind == TenantKind::Operator { OPERATOR_ROLES } else { SEEDED_ROLES };
    let roles: Vec<Map<String, Json>> = seeded.iter().map(role).collect();
    founding::make(engine, &Plan { slug, name, kind, origin: None, roles: &roles, admin }).await
}

/// A short name: lower-case letters, digits and hyphens.
fn checked(slug: &str) -> Result<String, Problem> {
    let slug = slug.trim();
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = (1..=MAX_SLUG).contains(&slug.len()) && slug.chars().all(good) && !slug.starts_with('-');
    if fits { Ok(slug.to_owned()) } else { Err(Problem::field("slug", "slug")) }
}

/// A short name made of a company's name that no tenant has yet.
async fn free_slug(engine: &Engine, name: &str) -> Result<String, Problem> {
    let plain: String = fold(name).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let words = plain.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    let start: String = words.chars().take(MAX_SLUG - 5).collect();
    let start = if start.is_empty() { "empresa".to_owned() } else { start.trim_end_matches('-').to_owned() };
    let taken: Vec<String> = all(engine).await?.into_iter().map(|tenant| tenant.slug).collect();
    let mut tries = std::iter::once(start.clone()).chain((2..9999).map(|n| format!("{start}-{n}")));
    tries.find(|slug| !taken.contains(slug)).ok_or_else(|| Problem::field("slug", "taken"))
}

fn role(role: &SeededRole) -> Map<String, Json> {
    let grants = role.granted().map(|(grant, scope)| {
        let own = (scope != role.scope).then(|| scope.name());
        json!({ "permission": grant, "scope": own })
    });
    let name = locale::text(Locale::PtBr, &format!("role.{}", role.key));
    Map::from_iter([
        ("key".into(), role.key.into()),
        ("name".into(), name.into()),
        ("scope".into(), role.scope.name().into()),
        ("grants".into(), grants.collect::<Vec<_>>().into()),
    ])
}

/// Every tenant of the installation, in order.
pub async fn all(engine: &Engine) -> Result<Vec<tenant::Model>, Problem> {
    tenant::Entity::find().order_by_asc(tenant::Column::Id).all(engine.db.pool()).await.refused()
}

/// Does something for every tenant. Where it fails, the log says so and the
/// others are served all the same; only when the database did not answer
/// somewhere the whole has to be tried again.
pub(crate) async fn each<F>(engine: &Engine, what: &str, work: impl Fn(Tenant) -> F) -> Result<(), Problem>
where
    F: Future<Output = Result<(), Problem>>,
{
    let mut away = Ok(());
    for tenant in all(engine).await? {
        if let Err(problem) = work(Tenant(tenant.id)).await {
            tracing::error!(%problem, tenant = tenant.id, what, "what is due was not done for a company");
            if problem.code == Code::Unavailable {
                away = Err(problem);
            }
        }
    }
    away
}

/// One tenant's row.
pub async fn get(engine: &Engine, tenant: Tenant) -> Result<tenant::Model, Problem> {
    let found = tenant::Entity::find().filter(tenant::Column::Id.eq(tenant.0)).one(engine.db.pool()).await.refused()?;
    found.ok_or_else(Problem::not_found)
}

/// The tenant with a short name.
pub async fn by_slug(engine: &Engine, slug: &str) -> Result<Option<tenant::Model>, Problem> {
    tenant::Entity::find().filter(tenant::Column::Slug.eq(slug)).one(engine.db.pool()).await.refused()
}

/// The condition in SQL that the tenant of a row, by the name of its table in
/// the statement, is not suspended.
pub(crate) fn active(row: &str) -> String {
    format!("EXISTS (SELECT 1 FROM tenant t WHERE t.id = {row}.tenant_id AND t.status = 'active')")
}

/// A list of tenants as SQL; they are numbers, which need no quoting.
pub(crate) fn numbers(tenants: &[i32]) -> String {
    tenants.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The refusal of whoever comes in to a suspended tenant.
pub(crate) fn suspended(reason: Option<&str>) -> Problem {
    let problem = Problem::new(Code::TenantSuspended);
    match reason {
        Some(reason) => problem.with("why", reason),
        None => problem,
    }
}
