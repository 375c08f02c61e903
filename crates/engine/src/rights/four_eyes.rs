//! Steps that want other eyes: whoever did one of the declared acts on the
//! record may not take them. Not by another way either: not with an API token,
//! not in an absent person's place, and not for whom somebody stands in.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use conexao_domain::{
    identity::api_token::API_TOKEN,
    kernel::{
        flow::{self, Step},
        problem::{Code, Problem},
        record::Record,
        resource::Resource,
    },
};
use conexao_storage::{Tx, entity::audit, value::among};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::standing::{lasting, today};
use crate::{Session, refusal::Refused};

/// An act on the record, and everybody who stands behind it.
struct Act {
    action: String,
    /// The one who is named: the person in whose hands it was.
    id: Uuid,
    name: String,
    people: BTreeSet<Uuid>,
    /// The fields it changed.
    fields: Vec<String>,
}

/// Refuses the step to those who acted; `who` names them and what they did.
pub(crate) async fn other_eyes(
    tx: &Tx,
    session: &Session,
    resource: &Resource,
    step: &Step,
    record: &Record,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let barring = barring(tx, session, resource, step, record, now).await?;
    flow::other_eyes(!barring.is_empty()).map_err(|reason| {
        let step = format!("{}.{}", resource.name, step.name);
        Problem::new(Code::FourEyes).detail(reason).with("step", step).with("who", shown(&barring))
    })
}

/// The same said beforehand, on the steps of an answer.
pub(crate) async fn want_other_eyes(
    tx: &Tx,
    session: &Session,
    resource: &Resource,
    record: &Record,
    now: DateTime<Utc>,
    steps: &mut [Json],
) -> Result<(), Problem> {
    for shown_step in steps {
        let name = shown_step.get("name").and_then(Json::as_str).unwrap_or_default();
        let declared = resource.flow.and_then(|flow| flow.step(name)).filter(|step| !step.four_eyes.is_empty());
        let (Some(step), Some(map)) = (declared, shown_step.as_object_mut()) else { continue };
        let barring = barring(tx, session, resource, step, record, now).await?;
        if let Err(reason) = flow::other_eyes(!barring.is_empty()) {
            map.insert("allowed".to_owned(), false.into());
            map.insert("reason".to_owned(), reason.into());
            map.insert("needs".to_owned(), Json::Null);
            map.insert("who".to_owned(), shown(&barring));
        }
    }
    Ok(())
}

fn shown(acts: &[Act]) -> Json {
    acts.iter().map(|act| json!({ "id": act.id, "name": act.name, "action": act.action })).collect()
}

/// Whether whoever acts with the session had a part in making the record, or in
/// what this field of it says: themselves, by a token of their making, for
/// somebody, or through somebody. For what wants other eyes and is no step of a
/// flow.
pub(crate) async fn had_a_part(
    tx: &Tx,
    session: &Session,
    resource: &Resource,
    record: &Record,
    field: &str,
    now: DateTime<Utc>,
) -> Result<bool, Problem> {
    let takers = takers(tx, session, now).await?;
    let mut acts = acts(tx, resource, record, &["create", "update"]).await?;
    acts.retain(|act| act.action == "create" || act.fields.iter().any(|changed| changed == field));
    Ok(acts.iter().any(|act| !act.people.is_disjoint(&takers)))
}

/// The acts that bar the session from the step, each person and kind of act once.
async fn barring(
    tx: &Tx,
    session: &Session,
    resource: &Resource,
    step: &Step,
    record: &Record,
    now: DateTime<Utc>,
) -> Result<Vec<Act>, Problem> {
    // What the system does follows from what somebody did, under their eyes.
    if step.four_eyes.is_empty() || session.user_id().is_none() {
        return Ok(Vec::new());
    }
    let takers = takers(tx, session, now).await?;
    let mut acts = acts(tx, resource, record, step.four_eyes).await?;
    acts.retain(|act| !act.people.is_disjoint(&takers));
    let mut seen = BTreeSet::new();
    acts.retain(|act| seen.insert((act.id, act.action.clone())));
    Ok(acts)
}

/// Everybody who takes part when the session acts: the user, who made its
/// token, and those the user stands in for now.
async fn takers(tx: &Tx, session: &Session, now: DateTime<Utc>) -> Result<BTreeSet<Uuid>, Problem> {
    let mut takers = BTreeSet::from([session.user]);
    takers.extend(makers(tx, &[session.user]).await?.into_values());
    let today = today(tx, now).await?;
    let fits = Condition::all().add(Expr::col("substitute_id").is_in(takers.iter().copied()));
    takers.extend(lasting(tx, (today, today), fits, 200).await?.into_iter().map(|absence| absence.absent));
    Ok(takers)
}

async fn acts(tx: &Tx, resource: &Resource, record: &Record, names: &[&str]) -> Result<Vec<Act>, Problem> {
    let Ok(id) = Uuid::parse_str(record.id()) else { return Ok(Vec::new()) };
    let rows = audit::Entity::find()
        .filter(audit::Column::TenantId.eq(tx.tenant().0))
        .filter(audit::Column::Resource.eq(resource.name))
        .filter(audit::Column::RecordId.eq(id))
        .filter(audit::Column::Action.is_in(names.iter().copied()))
        .filter(audit::Column::ActorId.is_not_null())
        .limit(1_000)
        .all(&**tx)
        .await
        .refused()?;
    let actors: Vec<Uuid> = rows.iter().filter_map(|row| row.actor_id).collect();
    let makers = makers(tx, &actors).await?;
    let act = |row: audit::Model| {
        let actor = row.actor_id?;
        let people = [Some(actor), row.for_id, makers.get(&actor).copied()].into_iter().flatten().collect();
        let changes: Map<String, Json> = serde_json::from_str(&row.changes).unwrap_or_default();
        let fields = changes.into_iter().map(|(field, _)| field).collect();
        Some(Act { action: row.action, id: actor, name: row.actor_name, people, fields })
    };
    Ok(rows.into_iter().filter_map(act).collect())
}

/// Who made those of the actors that are tokens of nobody.
async fn makers(tx: &Tx, actors: &[Uuid]) -> Result<BTreeMap<Uuid, Uuid>, Problem> {
    if actors.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut select = Query::select();
    select
        .columns(["id", "created_by"])
        .from(API_TOKEN.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(among(tx.get_database_backend(), "id", actors))
        .and_where(Expr::col("created_by").is_not_null());
    let rows = tx.query_all(&select).await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<(Uuid, Uuid), sea_orm::DbErr> {
        Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))
    };
    rows.iter().map(read).collect::<Result<_, _>>().refused()
}
