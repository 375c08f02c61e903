//! Runs the reactions to one event.

use conexao_domain::{
    kernel::problem::{Code, Problem},
    locale::{self, Locale},
};
use conexao_storage::{Tenant, entity::outbox};
use sea_orm::EntityTrait;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Event, ReactCtx, Reaction, ReactionJob, once, params};
use crate::{
    Engine, Session, idempotency,
    jobs::{NewJob, Runner, enqueue_in},
    refusal::Refused,
};

/// Follows the event with this outbox id. An error leaves the task in the
/// queue; a reaction's own failure does not, it becomes a job.
pub(crate) async fn follow(runner: &Runner, tenant: Tenant, id: Uuid) -> Result<(), Problem> {
    let engine = &runner.engine;
    let Some(event) = load(engine, tenant, id).await? else {
        tracing::warn!(outbox.id = %id, "event is no longer there");
        return Ok(());
    };
    for reaction in runner.registry.following(&event.name) {
        if let Err(problem) = try_now(engine, tenant, &**reaction, &event).await {
            tracing::warn!(reaction = reaction.name(), event = event.name, %problem, "reaction failed; it becomes a job");
            try_later(engine, tenant, reaction.name(), &event).await?;
        }
    }
    Ok(())
}

async fn load(engine: &Engine, tenant: Tenant, id: Uuid) -> Result<Option<Event>, Problem> {
    let tx = engine.db.read(tenant).await.refused()?;
    let row = outbox::Entity::find_by_id((tenant.0, id)).one(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    Ok(row.map(|row| {
        let payload: Json = serde_json::from_str(&row.payload).unwrap_or_default();
        let text = |name: &str| payload.get(name).and_then(Json::as_str);
        let actor = text("actor").and_then(|id| Uuid::parse_str(id).ok()).filter(|id| !id.is_nil());
        let actor_name = text("actor_name").unwrap_or_default().to_owned();
        let detail = payload.get("detail").cloned().unwrap_or_default();
        Event {
            detail,
            id: row.id,
            name: row.event,
            resource: row.resource,
            record_id: row.record_id,
            actor,
            actor_name,
            at: row.created_at,
        }
    }))
}

/// Runs one reaction, again at once when it only met another transaction.
async fn try_now(engine: &Engine, tenant: Tenant, reaction: &dyn Reaction, event: &Event) -> Result<(), Problem> {
    const TRIES: usize = 3;
    let mut tries = TRIES;
    loop {
        tries -= 1;
        match run(engine, tenant, reaction, event).await {
            Err(problem) if matches!(problem.code, Code::Stale | Code::Unavailable) && tries > 0 => {}
            done => return done,
        }
    }
}

/// Runs one reaction; one that already had its effect is done.
pub(super) async fn run(
    engine: &Engine,
    tenant: Tenant,
    reaction: &dyn Reaction,
    event: &Event,
) -> Result<(), Problem> {
    let session =
        Session { idempotency: Some(once(reaction.name(), event)), ..engine.system(tenant, "Conexão").await? };
    if idempotency::find(engine, &session).await?.is_some() {
        return Ok(());
    }
    match reaction.react(&ReactCtx { engine, session }, event).await {
        // A twin, delivered to another node, was faster.
        Err(problem) if problem.code == Code::InProgress => Ok(()),
        done => done,
    }
}

/// Makes the job that tries the reaction again. Its id follows from event and
/// reaction, so that a second delivery finds it.
async fn try_later(engine: &Engine, tenant: Tenant, reaction: &str, event: &Event) -> Result<(), Problem> {
    let digest = Sha256::digest(format!("{reaction}:{}", event.id).as_bytes());
    let mut chance = [0; 10];
    chance.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
    let millis = u64::try_from(event.at.timestamp_millis()).unwrap_or_default();
    let id = uuid::Builder::from_unix_timestamp_millis(millis, &chance).into_uuid();
    let title = format!("{}: {} ({reaction})", locale::text(Locale::default(), "job.reaction"), event.name);
    let tx = engine.db.write(tenant).await.refused()?;
    let now = engine.now();
    enqueue_in(&tx, id, NewJob::new(ReactionJob::NAME, title, params(reaction, event)), now, None).await?;
    tx.commit().await.refused()?;
    engine.hub.nudge();
    Ok(())
}
