//! Reaction: the notices that resources declare become notifications.

use std::collections::BTreeMap;

use async_trait::async_trait;
use conexao_domain::{
    identity::{role::ROLE, user::USER},
    kernel::{
        problem::Problem,
        record::Record,
        resource::{Audience, Notice, Resource},
    },
    locale::{self, Locale},
    registry,
};
use conexao_storage::{Tx, table};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use uuid::Uuid;

use super::{Event, ReactCtx, Reaction};
use crate::{
    notify::{self, Told},
    refusal::Refused,
};

/// Tells the audience of each declared notice. Nobody hears of what they did
/// themselves, and everybody hears of an event once.
#[derive(Debug)]
pub struct Notices;

fn declared<'a>(resource: &'static Resource, event: &'a str) -> impl Iterator<Item = &'static Notice> + use<'a> {
    resource.notices.iter().filter(move |notice| notice.event == event)
}

#[async_trait]
impl Reaction for Notices {
    fn name(&self) -> &'static str {
        "notices"
    }

    fn follows(&self, event: &str) -> bool {
        let resource = event.split_once('.').and_then(|(name, _)| registry::by_name(name));
        resource.is_some_and(|resource| declared(resource, event).next().is_some())
    }

    async fn react(&self, ctx: &ReactCtx<'_>, event: &Event) -> Result<(), Problem> {
        let (Some(resource), Some(id)) = (registry::by_name(&event.resource), event.record_id) else { return Ok(()) };
        let tx = ctx.engine.db.write(ctx.session.tenant).await.refused()?;
        let Some(record) = table::by_ids(&tx, resource, &[id], true).await.refused()?.pop() else { return Ok(()) };
        let mut told: BTreeMap<Uuid, Told> = BTreeMap::new();
        for notice in declared(resource, &event.name) {
            for (user, language) in audience(&tx, notice.to, &record).await? {
                if Some(user) != event.actor {
                    told.entry(user).or_insert_with(|| wording(resource, notice, &record, event, user, language));
                }
            }
        }
        let events =
            notify::tell_but(ctx.engine, &tx, ctx.engine.now(), told.into_values().collect(), event.actor).await?;
        tx.commit().await.refused()?;
        ctx.engine.hub.publish(&ctx.engine.db, events).await;
        Ok(())
    }
}

fn wording(resource: &Resource, notice: &Notice, record: &Record, event: &Event, user: Uuid, language: Locale) -> Told {
    let title = record.text(resource.title).unwrap_or_default();
    let fill = |text: &str| text.replace("{title}", title).replace("{actor}", &event.actor_name);
    // The wording of a notice may have a second line of its own; else it says who did it.
    let body =
        locale::find(language, &format!("notice.{}.body", notice.event)).map_or_else(|| event.actor_name.clone(), fill);
    Told {
        user,
        category: notice.category.to_owned(),
        event: event.name.clone(),
        title: fill(&locale::text(language, &format!("notice.{}", notice.event))),
        body,
        resource: Some(resource.name.to_owned()),
        record_id: event.record_id,
        source: event.id.to_string(),
    }
}

/// Active users of an audience, with the language they read.
async fn audience(tx: &Tx, to: Audience, record: &Record) -> Result<Vec<(Uuid, Locale)>, Problem> {
    let mut users = Query::select();
    users
        .columns(["id", "locale"])
        .from(USER.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("status").eq("active"))
        .and_where(Expr::col("deleted_at").is_null());
    match to {
        Audience::Owner => {
            let owner = record.text("owner_id").or_else(|| record.text("created_by"));
            let Some(owner) = owner.and_then(|id| Uuid::parse_str(id).ok()) else { return Ok(Vec::new()) };
            users.and_where(Expr::col("id").eq(owner));
        }
        Audience::Role(key) => drop(users.and_where(Expr::col("id").in_subquery(holders(tx, key)))),
    }
    let rows = tx.query_all(&users).await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<(Uuid, Locale), Problem> {
        let language: String = row.try_get_by_index(1).refused()?;
        Ok((row.try_get_by_index(0).refused()?, if language == Locale::En.tag() { Locale::En } else { Locale::PtBr }))
    };
    rows.iter().map(read).collect()
}

/// Ids of users who have the role.
fn holders(tx: &Tx, key: &str) -> SelectStatement {
    let tenant = tx.tenant().0;
    let mut roles = Query::select();
    roles
        .column("id")
        .from(ROLE.table)
        .and_where(Expr::col("tenant_id").eq(tenant))
        .and_where(Expr::col("key").eq(key))
        .and_where(Expr::col("deleted_at").is_null());
    let mut holders = Query::select();
    holders
        .column("user_id")
        .from("user_role")
        .and_where(Expr::col("tenant_id").eq(tenant))
        .and_where(Expr::col("role_id").in_subquery(roles));
    holders
}
