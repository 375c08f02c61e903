//! Reaction: users called in a comment are told.

use std::collections::BTreeSet;

use async_trait::async_trait;
use conexao_domain::{
    kernel::{problem::Problem, resource::Resource},
    locale, registry,
};
use conexao_storage::{entity::comment, table};
use sea_orm::EntityTrait;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    Session, identity,
    notify::{self, Told},
    react::{Event, ReactCtx, Reaction},
    refusal::Refused,
};

/// Characters of the comment that the notification shows.
const EXCERPT: usize = 200;

/// Tells whom a comment mentions, as long as they may read the record.
#[derive(Debug)]
pub struct Mentions;

#[async_trait]
impl Reaction for Mentions {
    fn name(&self) -> &'static str {
        "mentions"
    }

    fn follows(&self, event: &str) -> bool {
        event.split_once('.').is_some_and(|(name, action)| action == "comment" && registry::by_name(name).is_some())
    }

    async fn react(&self, ctx: &ReactCtx<'_>, event: &Event) -> Result<(), Problem> {
        let mentioned = mentioned(event);
        let (Some(resource), Some(record)) = (registry::by_name(&event.resource), event.record_id) else {
            return Ok(());
        };
        let Some(comment) = event.detail.get("comment").and_then(id).filter(|_| !mentioned.is_empty()) else {
            return Ok(());
        };
        let tenant = ctx.session.tenant;
        let mut readers = Vec::new();
        for user in mentioned {
            // Suspended or removed since; nobody to tell.
            readers.extend(identity::session_of(ctx.engine, tenant, user).await.ok());
        }
        let tx = ctx.engine.db.write(tenant).await.refused()?;
        let row = comment::Entity::find_by_id((tenant.0, comment)).one(&*tx).await.refused()?;
        let record = table::by_ids(&tx, resource, &[record], false).await.refused()?.pop();
        let (Some(row), Some(record)) = (row.filter(|row| row.deleted_at.is_none()), record) else { return Ok(()) };
        let title = record.text(resource.title).unwrap_or_default();
        readers.retain(|reader| reader.gate(resource, "read").is_ok_and(|gate| gate.reaches(&record)));
        let told = readers.iter().map(|reader| wording(resource, title, &row, event, reader)).collect();
        let events = notify::tell_but(ctx.engine, &tx, ctx.engine.now(), told, event.actor).await?;
        tx.commit().await.refused()?;
        ctx.engine.hub.publish(&ctx.engine.db, events).await;
        Ok(())
    }
}

fn id(value: &Json) -> Option<Uuid> {
    value.as_str().and_then(|id| Uuid::parse_str(id).ok())
}

/// Everybody the comment mentions but its author.
fn mentioned(event: &Event) -> BTreeSet<Uuid> {
    let mentions = event.detail.get("mentions").and_then(Json::as_array);
    mentions.into_iter().flatten().filter_map(id).filter(|user| Some(*user) != event.actor).collect()
}

fn wording(resource: &Resource, title: &str, comment: &comment::Model, event: &Event, reader: &Session) -> Told {
    let text = locale::text(reader.locale, "notice.comment");
    let mut body: String = comment.text.chars().take(EXCERPT).collect();
    if body.len() < comment.text.len() {
        body.push('…');
    }
    Told {
        user: reader.user,
        category: "comment".to_owned(),
        event: event.name.clone(),
        title: text.replace("{actor}", &event.actor_name).replace("{title}", title),
        body,
        resource: Some(resource.name.to_owned()),
        record_id: Some(comment.record_id),
        source: event.id.to_string(),
    }
}
