//! What is sent: the event and, as readers without special rights see it, the
//! record. The body is made once, so that every attempt sends the same.

use chrono::{DateTime, Utc};
use conexao_domain::{
    integration::delivery::PING,
    kernel::{canonical::write_instant, problem::Problem, record::Record, resource::Resource},
};
use conexao_storage::{Tx, entity::outbox, table};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{read, refusal::Refused};

/// Longest body; a longer one goes without the record.
const MOST: usize = 262_144;

/// The body for an event.
pub(super) fn of(event: &outbox::Model, record: Option<&Record>) -> String {
    let payload: Json = serde_json::from_str(&event.payload).unwrap_or_default();
    let part = |name: &str| payload.get(name).cloned().unwrap_or_default();
    let actor = payload.get("actor").and_then(Json::as_str).filter(|id| *id != Uuid::nil().to_string());
    let mut body = json!({
        "id": event.id,
        "type": event.event,
        "created_at": write_instant(event.created_at),
        "resource": event.resource,
        "record_id": event.record_id,
        "actor": { "id": actor, "name": part("actor_name") },
        "changed": part("changed"),
        "record": record,
    });
    let text = body.to_string();
    if text.len() <= MOST {
        return text;
    }
    if let Some(body) = body.as_object_mut() {
        body.insert("record".to_owned(), Json::Null);
    }
    body.to_string()
}

/// The body of a test.
pub(super) fn ping(delivery: Uuid, subscription: &Record, now: DateTime<Utc>) -> String {
    let body = json!({
        "id": delivery,
        "type": PING,
        "created_at": write_instant(now),
        "resource": null,
        "record_id": null,
        "actor": null,
        "changed": [],
        "record": null,
        "subscription": { "id": subscription.id(), "name": subscription.get("name") },
    });
    body.to_string()
}

/// The record as it is now, masked; removed ones too.
pub(super) async fn record(tx: &Tx, resource: &'static Resource, id: Uuid) -> Result<Option<Record>, Problem> {
    let mut found = table::by_ids(tx, resource, &[id], true).await.refused()?;
    table::fill(tx, resource, &mut found).await.refused()?;
    Ok(read::present(tx, resource, found, false).await?.pop())
}
