//! What the clock says: requests whose deadline comes near, and people of whom
//! nothing was heard for years. Nobody is anonymised without being confirmed.

use chrono::{Days, Months, NaiveDate};
use conexao_domain::{
    customers::customer::CUSTOMER,
    identity::user::USER,
    kernel::{canonical::write_instant, problem::Problem, resource::Resource},
    locale::{self, Locale},
    privacy::{GONE, SEARCH, is_person, references, request::PRIVACY_REQUEST, retention::IDLE_YEARS},
    registry::RESOURCES,
};
use conexao_storage::{Tenant, Tx, table};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{find, kept};
use crate::{
    Engine, Session,
    notify::{self, Told},
    refusal::Refused,
    tenants, write,
};

/// Proposals of one page.
const PAGE: u64 = 50;

/// Reminds those in charge of requests that are due; of each day once.
pub async fn remind(engine: &Engine) -> Result<(), Problem> {
    tenants::each(engine, "privacy", |tenant| remind_tenant(engine, tenant)).await
}

async fn remind_tenant(engine: &Engine, tenant: Tenant) -> Result<(), Problem> {
    let session = engine.system(tenant, "Conexão").await?;
    let now = engine.now();
    let today = now.with_timezone(&session.time_zone).date_naive();
    let reminders = session.house.company.reminders();
    let farthest = reminders.iter().copied().max().and_then(|days| u64::try_from(days).ok()).unwrap_or_default();
    let tx = engine.db.write(tenant).await.refused()?;
    let mut told = Vec::new();
    for record in open(&tx, today + Days::new(farthest)).await? {
        let Some(due) = record.date("due_on") else { continue };
        let left = (due - today).num_days();
        let Some(step) = reminders.iter().copied().filter(|step| left <= *step).min() else { continue };
        let charge = record.text("owner_id").or_else(|| record.text("created_by"));
        let Some(user) = charge.and_then(|id| Uuid::parse_str(id).ok()) else { continue };
        let Some(language) = language(&tx, user).await? else { continue };
        let number = record.text("number").unwrap_or_default();
        let title =
            if left < 0 { locale::text(language, "privacy.overdue") } else { locale::text(language, "privacy.due") };
        told.push(Told {
            user,
            category: "privacy".to_owned(),
            event: "privacy_request.due".to_owned(),
            title: title.replace("{number}", number),
            body: locale::text(language, "privacy.due.body").replace("{day}", &shown(due, language)),
            resource: Some(PRIVACY_REQUEST.name.to_owned()),
            record_id: Uuid::parse_str(record.id()).ok(),
            source: format!("privacy.due.{}.{}", record.id(), if left < 0 { -1 } else { step }),
        });
    }
    let events = notify::tell(engine, &tx, now, told).await?;
    tx.commit().await.refused()?;
    engine.hub.publish(&engine.db, events).await;
    Ok(())
}

fn shown(day: NaiveDate, language: Locale) -> String {
    day.format(if language == Locale::PtBr { "%d/%m/%Y" } else { "%Y-%m-%d" }).to_string()
}

/// Requests that are not answered and due by a day.
async fn open(tx: &Tx, by: NaiveDate) -> Result<Vec<conexao_domain::kernel::record::Record>, Problem> {
    let mut select = Query::select();
    select
        .from(PRIVACY_REQUEST.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("deleted_at").is_null())
        .and_where(Expr::col("status").is_in(["received", "confirmed", "in_progress"]))
        .and_where(Expr::col("due_on").lte(by));
    table::select(tx, &PRIVACY_REQUEST, &mut select).await.refused()
}

/// The language of a user who is active.
async fn language(tx: &Tx, user: Uuid) -> Result<Option<Locale>, Problem> {
    let found = table::by_ids(tx, &USER, &[user], false).await.refused()?.pop();
    let active = found.filter(|user| user.text("status") == Some("active"));
    Ok(active.map(|user| Locale::negotiate(user.text("locale").unwrap_or_default())))
}

/// What reached its end: people of whom nothing was heard for years, and what
/// the law kept of others long enough. A list to confirm.
pub async fn proposals(engine: &Engine, session: &Session) -> Result<Json, Problem> {
    session.require(SEARCH)?;
    let today = engine.now().with_timezone(&session.time_zone).date_naive();
    let tx = engine.db.read(session.tenant).await.refused()?;
    let mut items = Vec::new();
    for resource in RESOURCES.iter().copied().filter(|r| is_person(r)) {
        items.extend(idle(&tx, resource, today).await?);
    }
    let over = kept::over(&tx, session, today).await?;
    tx.rollback().await.refused()?;
    Ok(json!({ "idle_years": IDLE_YEARS, "people": items, "kept": over }))
}

/// People without any movement: neither their record nor one that refers to it
/// changed for years, and no legal hold stands.
async fn idle(tx: &Tx, resource: &'static Resource, today: NaiveDate) -> Result<Vec<Json>, Problem> {
    let since = today.checked_sub_months(Months::new(IDLE_YEARS * 12)).unwrap_or(today);
    let since = since.and_time(chrono::NaiveTime::MIN).and_utc();
    let tenant = tx.tenant().0;
    let mut select = Query::select();
    select
        .from(resource.table)
        .and_where(Expr::col("tenant_id").eq(tenant))
        .and_where(Expr::col("updated_at").lt(since))
        .and_where(Expr::col(resource.title).not_like(format!("{GONE} %")))
        .order_by("updated_at", sea_orm::Order::Asc)
        .limit(PAGE);
    for owner in RESOURCES.iter().copied() {
        for (field, _) in references(owner).filter(|(_, target)| target.name == resource.name) {
            let mut moved = Query::select();
            moved
                .column(field.name)
                .from(owner.table)
                .and_where(Expr::col("tenant_id").eq(tenant))
                .and_where(Expr::col(field.name).is_not_null());
            let held = Expr::col("status").eq("active");
            let younger = Expr::col("updated_at").gte(since);
            moved.and_where(if owner.name == "legal_hold" { held.or(younger) } else { younger });
            select.and_where(Expr::col("id").not_in_subquery(moved));
        }
    }
    let found = table::select(tx, resource, &mut select).await.refused()?;
    let item = |record: &conexao_domain::kernel::record::Record| {
        let at = record.instant("updated_at").map(write_instant);
        json!({ "resource": resource.name, "id": record.id(), "title": find::title(resource, record), "idle_since": at })
    };
    Ok(found.iter().map(item).collect())
}

/// A person whose anonymisation somebody proposes.
#[derive(Debug, Clone, Deserialize)]
pub struct Proposed {
    pub id: Uuid,
}

/// Makes a request of a proposal: it takes the way of every request, so that a
/// second person confirms it.
pub async fn propose(engine: &Engine, session: &Session, proposed: &Proposed) -> Result<Json, Problem> {
    session.require(SEARCH)?;
    let gate = session.gate(&PRIVACY_REQUEST, "create")?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let found = table::by_ids(&tx, &CUSTOMER, &[proposed.id], true).await.refused()?.pop();
    tx.rollback().await.refused()?;
    let found = found.ok_or_else(Problem::not_found)?;
    let name: String = found.text("name").unwrap_or_default().chars().take(120).collect();
    let input = [
        ("kind", json!("retention")),
        ("name", json!(name)),
        ("customer_id", json!(proposed.id)),
        ("channel", json!("letter")),
        ("details", json!(locale::text(session.locale, "privacy.idle"))),
    ];
    let input: Map<String, Json> = input.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let made = write::create(engine, &gate, &input).await?;
    Ok(Json::Object(made.0))
}
