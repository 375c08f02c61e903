//! One masked value in full. Each look is an entry of the audit; many in a short
//! time wait, and whoever may read the audit is told of them.

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        problem::{Code, Problem},
        record::Record,
        resource::Resource,
    },
    locale,
};
use conexao_storage::entity::audit;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::load;
use crate::{
    Engine, Gate, Session, Write,
    audit::READ,
    journal::Entry,
    notify::{self, Told},
    refusal::Refused,
};

/// Looks of one user a minute; more wait.
pub const A_MINUTE: u64 = 60;
/// Looks of one user an hour from which on those who read the audit are told.
pub const ALARM: u64 = 200;
/// Longest reason, in characters.
const REASON: usize = 300;
const ACTION: &str = "reveal";

/// What somebody wants to see.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// `document`, or `contacts.<id of the line>.value`.
    pub field: &'a str,
    pub reason: Option<&'a str>,
}

/// The value in full; needs the `reveal` permission and leaves an entry.
pub async fn reveal(engine: &Engine, gate: &Gate, id: Uuid, look: Look<'_>) -> Result<Json, Problem> {
    let revealing = gate.session.gate(gate.resource, ACTION)?;
    let reason = look.reason.map(str::trim).filter(|reason| !reason.is_empty());
    if reason.is_some_and(|reason| reason.chars().count() > REASON) {
        return Err(Problem::field("reason", "length"));
    }
    // The answer is never kept for a repetition: it would be personal data in clear.
    let session = Session { idempotency: None, ..gate.session.clone() };
    let mut write = Write::begin(engine, &session).await?;
    let record = load(&write.tx, gate, id).await?;
    if !revealing.reaches(&record) {
        return Err(Problem::new(Code::Forbidden).detail(format!("{}.{ACTION}", gate.resource.name)));
    }
    write.stand_in(revealing.behalf(Some(&record)));
    let value = value(gate.resource, &record, look.field).ok_or_else(|| Problem::field("field", "not_masked"))?;
    let looks = looks(&write, write.now - TimeDelta::minutes(1)).await?;
    if looks >= A_MINUTE {
        return Err(Problem::new(Code::TooManyRequests).with("retry_after", 60));
    }
    alarm(engine, &mut write).await?;
    let name = look.field.split('.').next().unwrap_or_default();
    let mut changes = Map::from_iter([("fields".to_owned(), json!([Json::Null, [name]]))]);
    changes.extend(reason.map(|reason| ("reason".to_owned(), json!([Json::Null, reason]))));
    write.note(Entry { resource: gate.resource.name, record_id: Some(id), action: ACTION.to_owned(), changes });
    write.commit(200, &Json::Null).await?;
    Ok(json!({ "field": look.field, "value": value }))
}

/// The value that is masked under this name, if there is one.
fn value(resource: &Resource, record: &Record, path: &str) -> Option<Json> {
    let personal = |fields: &'static [Field], name: &str| fields.iter().any(|f| f.name == name && f.personal);
    let found = match path.split('.').collect::<Vec<_>>().as_slice() {
        [name] if personal(resource.fields, name) => record.get(name).clone(),
        [owner, line, name] => {
            let Kind::Lines(lines) = resource.field(owner)?.kind else { return None };
            let line = record.lines(owner).into_iter().find(|known| known.id() == *line)?;
            personal(lines.fields, name).then(|| line.get(name).clone())?
        }
        _ => return None,
    };
    (!found.is_null()).then_some(found)
}

/// How often the user looked since a moment; the audit knows, on every node.
async fn looks(write: &Write, since: DateTime<Utc>) -> Result<u64, Problem> {
    let Some(user) = write.session.user_id() else { return Ok(0) };
    audit::Entity::find()
        .filter(audit::Column::TenantId.eq(write.tx.tenant().0))
        .filter(audit::Column::ActorId.eq(user))
        .filter(audit::Column::At.gt(since))
        .filter(audit::Column::Action.eq(ACTION))
        .count(&*write.tx)
        .await
        .refused()
}

/// Tells of the look that makes too many of this hour; of an hour once.
async fn alarm(engine: &Engine, write: &mut Write) -> Result<(), Problem> {
    if looks(write, write.now - TimeDelta::hours(1)).await? + 1 < ALARM {
        return Ok(());
    }
    let (who, hour) = (write.session.user, write.now.format("%Y%m%d%H").to_string());
    let name = write.session.name.clone();
    let told =
        notify::holding(&write.tx, READ).await?.into_iter().filter(|(user, _)| *user != who).map(|(user, language)| {
            Told {
                user,
                category: "audit".to_owned(),
                event: "audit.reveals".to_owned(),
                title: locale::text(language, "audit.reveals").replace("{actor}", &name),
                body: locale::text(language, "audit.reveals.body").replace("{count}", &ALARM.to_string()),
                resource: None,
                record_id: None,
                source: format!("audit.reveals.{who}.{hour}"),
            }
        });
    let events = notify::tell(engine, &write.tx, write.now, told.collect()).await?;
    write.announce(events);
    Ok(())
}
