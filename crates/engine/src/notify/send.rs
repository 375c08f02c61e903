//! Notices that programs, and people with the right to, send by the API.

use conexao_domain::{
    identity::{role::ROLE, team::TEAM, user::USER},
    kernel::problem::{Code, FieldProblem, Problem},
    registry,
};
use conexao_integrations::email::template::Template;
use conexao_storage::{Tx, table};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    Told,
    choice::{self, SECURITY},
    out::{map, page},
    tell::tell,
};
use crate::{
    Engine, Session, Write,
    journal::Entry,
    messages::{self, Channel, Letter, Recipient, Route},
    refusal::Refused,
};

/// The permission to tell people something.
pub const SEND: &str = "notification.send";
/// What only the product itself says.
const OURS: &[&str] = &[SECURITY, "account", "audit", "privacy"];
/// Characters, and people told at once.
const TITLE: usize = 200;
const BODY: usize = 2_000;
const MOST: usize = 500;

/// Who is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct To {
    pub users: Vec<Uuid>,
    /// Keys of roles.
    pub roles: Vec<String>,
    pub teams: Vec<Uuid>,
    /// Also the company's channel in Slack.
    pub slack: bool,
}

/// Something to tell people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sending {
    pub to: To,
    pub category: String,
    pub title: String,
    pub body: String,
    /// The record it leads to.
    pub record: Option<(String, Uuid)>,
    /// What it is called where it comes from: told once under this name.
    pub source: Option<String>,
}

fn check(sending: &Sending) -> Result<(), Problem> {
    let mut wrong = Vec::new();
    let mut refuse = |field: &str, code: &str| wrong.push(FieldProblem::new(field, code));
    let category = sending.category.as_str();
    if !choice::categories().contains(&category) || OURS.contains(&category) {
        refuse("category", "choice");
    }
    match sending.title.trim().chars().count() {
        0 => refuse("title", "required"),
        count if count > TITLE => refuse("title", "length"),
        _ => {}
    }
    if sending.body.chars().count() > BODY {
        refuse("body", "length");
    }
    if sending.source.as_ref().is_some_and(|source| source.is_empty() || source.len() > 60) {
        refuse("source", "length");
    }
    let To { users, roles, teams, slack } = &sending.to;
    if users.is_empty() && roles.is_empty() && teams.is_empty() && !slack {
        refuse("to", "required");
    } else if users.len() + roles.len() + teams.len() > MOST {
        refuse("to", "too_many_lines");
    }
    if wrong.is_empty() { Ok(()) } else { Err(Problem { fields: wrong, ..Problem::new(Code::Validation) }) }
}

/// Tells people something; answers how many. A repetition of the request, or
/// the same source again, tells nobody twice.
pub async fn send(engine: &Engine, session: &Session, sending: &Sending) -> Result<Json, Problem> {
    session.require(SEND)?;
    check(sending)?;
    let mut write = Write::begin(engine, session).await?;
    if let Some((resource, id)) = &sending.record {
        may_point_at(&write.tx, session, resource, *id).await?;
    }
    let people = people(&write.tx, &sending.to).await?;
    if people.len() > MOST {
        return Err(Problem::field("to", "too_many_lines"));
    }
    let source = sending.source.clone().unwrap_or_else(|| Uuid::now_v7().simple().to_string());
    let (resource, record_id) = sending.record.clone().unzip();
    if sending.to.slack {
        to_slack(engine, &write.tx, session, sending, &source).await?;
    }
    let told = people.iter().map(|user| Told {
        user: *user,
        category: sending.category.clone(),
        event: "notification.send".to_owned(),
        title: sending.title.trim().to_owned(),
        body: sending.body.trim().to_owned(),
        resource: resource.clone(),
        record_id,
        // Each sender has names of its own.
        source: format!("api:{}:{source}", session.repeater().simple()),
    });
    let events = tell(engine, &write.tx, write.now, told.collect()).await?;
    let changes =
        [("category", json!(sending.category)), ("title", json!(sending.title)), ("rows", json!(people.len()))];
    write.note(Entry {
        resource: "notification",
        record_id: None,
        action: "send".to_owned(),
        changes: changes
            .into_iter()
            .map(|(name, value)| (name.to_owned(), json!([Json::Null, value])))
            .collect::<Map<_, _>>(),
    });
    let answer = json!({ "told": people.len(), "source": source });
    write.commit(201, &answer).await?;
    engine.hub.publish(&engine.db, events).await;
    Ok(answer)
}

/// Posts to the company's channel, which is nobody's own.
async fn to_slack(engine: &Engine, tx: &Tx, session: &Session, sending: &Sending, source: &str) -> Result<(), Problem> {
    let (resource, id) = sending.record.clone().unzip();
    let letter = Letter {
        category: "notice",
        template: Template::Notification,
        locale: session.locale,
        to: Recipient::default(),
        values: map([
            ("title", json!(sending.title.trim())),
            ("body", json!(sending.body.trim())),
            ("action_url", json!(page(engine, resource.as_deref(), id))),
        ]),
        after: None,
        expires_at: None,
        source: format!("slack:{}:{source}", session.repeater().simple()),
    };
    let (topic, record) = (Some(sending.category.clone()), sending.record.clone());
    let route = Route { channel: Channel::Slack, topic, record, ..Route::default() };
    messages::post_by(engine, tx, letter, route).await.map(|_| ())
}

/// Nobody points at what they may not read themselves.
async fn may_point_at(tx: &Tx, session: &Session, resource: &str, id: Uuid) -> Result<(), Problem> {
    let resource = registry::by_name(resource).ok_or_else(|| Problem::field("resource", "choice"))?;
    let gate = session.gate(resource, "read")?;
    let found = table::by_ids(tx, resource, &[id], false).await.refused()?;
    if found.iter().any(|record| gate.reaches(record)) { Ok(()) } else { Err(Problem::field("record_id", "reference")) }
}

/// Active users among those meant, each once. A role or team that does not
/// exist is refused: a typing mistake should not tell nobody in silence.
async fn people(tx: &Tx, to: &To) -> Result<Vec<Uuid>, Problem> {
    let mut ids = to.users.clone();
    for key in &to.roles {
        let role =
            ids_of(tx, select(tx, "id", ROLE.table, "key", key).and_where(Expr::col("deleted_at").is_null())).await?;
        let role = role.first().copied().ok_or_else(|| Problem::field("to.roles", "reference"))?;
        ids.extend(ids_of(tx, &select(tx, "user_id", "user_role", "role_id", role)).await?);
    }
    for team in &to.teams {
        let found =
            ids_of(tx, select(tx, "id", TEAM.table, "id", *team).and_where(Expr::col("deleted_at").is_null())).await?;
        let team = found.first().copied().ok_or_else(|| Problem::field("to.teams", "reference"))?;
        ids.extend(ids_of(tx, &select(tx, "user_id", "team_member", "team_id", team)).await?);
    }
    ids.sort_unstable();
    ids.dedup();
    let mut active = Query::select();
    active
        .column("id")
        .from(USER.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("id").is_in(ids.iter().copied()))
        .and_where(Expr::col("status").eq("active"))
        .and_where(Expr::col("deleted_at").is_null());
    let found = ids_of(tx, &active).await?;
    if to.users.iter().any(|user| !found.contains(user)) {
        return Err(Problem::field("to.users", "reference"));
    }
    Ok(found)
}

fn select(
    tx: &Tx,
    column: &'static str,
    table: &'static str,
    key: &'static str,
    value: impl Into<sea_orm::Value>,
) -> SelectStatement {
    let mut select = Query::select();
    select
        .column(column)
        .from(table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col(key).eq(value.into()));
    select
}

async fn ids_of(tx: &Tx, select: &SelectStatement) -> Result<Vec<Uuid>, Problem> {
    tx.query_all(select).await.refused()?.iter().map(|row| row.try_get_by_index(0).refused()).collect()
}
