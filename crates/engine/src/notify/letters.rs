//! Mail that belongs to no notice: welcome to who joined, and a word before
//! something runs out.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    identity::{api_token::API_TOKEN, invitation::INVITATION},
    kernel::{problem::Problem, record::Record},
    locale,
};
use conexao_integrations::email::template::Template;
use conexao_storage::{Tenant, Tx, table};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::json;
use uuid::Uuid;

use super::out::{map, reader};
use crate::{
    Engine,
    messages::{self, Letter, Route},
    react::{Event, ReactCtx, Reaction},
    refusal::Refused,
    tenants,
};

/// How long before something runs out its owner hears of it.
const AHEAD: TimeDelta = TimeDelta::days(7);

/// Reaction: who accepted an invitation is welcomed.
#[derive(Debug)]
pub struct Welcome;

#[async_trait]
impl Reaction for Welcome {
    fn name(&self) -> &'static str {
        "welcome"
    }

    fn follows(&self, event: &str) -> bool {
        event == "invitation.accept"
    }

    async fn react(&self, ctx: &ReactCtx<'_>, event: &Event) -> Result<(), Problem> {
        let Some(id) = event.record_id else { return Ok(()) };
        let (engine, tenant) = (ctx.engine, ctx.session.tenant);
        let company = tenants::get(engine, tenant).await?;
        let tx = engine.db.write(tenant).await.refused()?;
        let invitation = table::by_ids(&tx, &INVITATION, &[id], false).await.refused()?.pop();
        let user =
            invitation.as_ref().and_then(|record| record.text("user_id")).and_then(|id| Uuid::parse_str(id).ok());
        let Some(user) = user else { return Ok(()) };
        let Some((session, to)) = reader(engine, &tx, user).await? else { return Ok(()) };
        let values = map([
            ("name", json!(session.name)),
            ("tenant", json!(company.name)),
            ("action_url", json!(engine.mail.page("/perfil"))),
        ]);
        let letter = Letter {
            category: "welcome",
            template: Template::Welcome,
            locale: session.locale,
            to,
            values,
            after: None,
            expires_at: None,
            source: format!("welcome:{user}"),
        };
        messages::post(engine, &tx, letter).await?;
        tx.commit().await.refused()
    }
}

/// Writes to the owners of what runs out within a week, once for each end.
pub(super) async fn renewals(engine: &Engine) -> Result<(), Problem> {
    tenants::each(engine, "renewals", |tenant| renewals_in(engine, tenant)).await
}

async fn renewals_in(engine: &Engine, tenant: Tenant) -> Result<(), Problem> {
    let now = engine.now();
    let tx = engine.db.write(tenant).await.refused()?;
    let mut select = Query::select();
    select
        .from(API_TOKEN.table)
        .and_where(Expr::col("tenant_id").eq(tenant.0))
        .and_where(Expr::col("status").eq("active"))
        .and_where(Expr::col("expires_at").gt(now))
        .and_where(Expr::col("expires_at").lte(now + AHEAD))
        .and_where(Expr::col("deleted_at").is_null());
    for token in table::select(&tx, &API_TOKEN, &mut select).await.refused()? {
        if let Some(at) = token.instant("expires_at") {
            renewal(engine, &tx, &token, at).await?;
        }
    }
    tx.commit().await.refused()
}

async fn renewal(engine: &Engine, tx: &Tx, token: &Record, at: DateTime<Utc>) -> Result<(), Problem> {
    let owner = token.text("owner_id").or_else(|| token.text("created_by")).and_then(|id| Uuid::parse_str(id).ok());
    let Some(owner) = owner else { return Ok(()) };
    let Some((session, to)) = reader(engine, tx, owner).await? else { return Ok(()) };
    let title = locale::text(session.locale, "mail.renewal.token")
        .replace("{name}", token.text(API_TOKEN.title).unwrap_or_default());
    let id = Uuid::parse_str(token.id()).unwrap_or_default();
    let values = map([
        ("name", json!(session.name)),
        ("title", json!(title)),
        ("expires", json!(messages::when(at, session.time_zone, session.locale))),
        ("action_url", json!(engine.mail.page(&format!("/{}/{id}", API_TOKEN.route)))),
    ]);
    let letter = Letter {
        category: "renewal",
        template: Template::Renewal,
        locale: session.locale,
        to,
        values,
        after: None,
        expires_at: Some(at),
        source: format!("renewal:{id}:{}", at.timestamp()),
    };
    let record = Some((API_TOKEN.name.to_owned(), id));
    messages::post_by(engine, tx, letter, Route { record, ..Route::default() }).await.map(|_| ())
}
