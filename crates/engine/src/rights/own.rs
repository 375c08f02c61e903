//! What everybody may do about their own absences: see them, name a
//! substitute, come back early; and see for whom they stand in.

use conexao_domain::{
    identity::{absence::ABSENCE, user::USER},
    kernel::{
        problem::{Code, Problem},
        record::Record,
        value::fold,
    },
};
use conexao_storage::{Tx, table};
use sea_orm::{
    Condition, ConnectionTrait,
    sea_query::{Expr, ExprTrait, LikeExpr, Query},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{Engine, Gate, Session, Write, facts, read, refusal::Refused, write};

/// Most absences in an answer; the newest come first.
const MOST: u64 = 100;
/// Most colleagues in an answer.
const COLLEAGUES: u64 = 10;

/// A person, in person: nobody gave a token the right to lend its owner's grants.
fn in_person(session: &Session) -> Result<Uuid, Problem> {
    match (&session.token, session.user_id()) {
        (None, Some(user)) => Ok(user),
        _ => Err(Problem::new(Code::Forbidden).detail("token")),
    }
}

/// The gate for one's own absences, which takes no permission.
fn gate(session: &Session, verb: &str) -> Result<Gate, Problem> {
    let all = Session::system(session.tenant, &session.name);
    Session { permissions: all.permissions, ..session.clone() }.gate(&ABSENCE, verb)
}

/// `{mine, standing_in}`: one's own absences, and those one is the substitute in.
pub async fn absences(engine: &Engine, session: &Session) -> Result<Json, Problem> {
    let user = session.user;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let mine = of(&tx, Expr::col("owner_id").eq(user).into()).await?;
    let standing_in = of(&tx, Expr::col("substitute_id").eq(user).into()).await?;
    tx.rollback().await.refused()?;
    Ok(json!({ "mine": mine, "standing_in": standing_in }))
}

async fn of(tx: &Tx, whose: Condition) -> Result<Vec<Record>, Problem> {
    let mut select = Query::select();
    select
        .from(ABSENCE.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("deleted_at").is_null())
        .cond_where(whose)
        .order_by("starts_on", sea_orm::Order::Desc)
        .limit(MOST);
    let found = table::select(tx, &ABSENCE, &mut select).await.refused()?;
    read::present(tx, &ABSENCE, found, false).await
}

/// Notes that the session's user is away and who stands in.
pub async fn name_substitute(engine: &Engine, session: &Session, input: &Map<String, Json>) -> Result<Record, Problem> {
    let user = in_person(session)?;
    let gate = gate(session, "create")?;
    let mut input = input.clone();
    input.insert("owner_id".to_owned(), json!(user));
    let mut write = Write::begin(engine, session).await?;
    let drafted = write::draft(&mut write, &gate, &[input], &facts::plain(engine, session)).await?.pop();
    let drafted = drafted.unwrap_or_else(|| Err(Problem::not_found()))?;
    let record = drafted.record.clone();
    write::insert(&mut write, &gate, vec![drafted]).await?;
    let seen = read::present(&write.tx, &ABSENCE, vec![record], false).await?.pop().unwrap_or_default();
    write.commit(201, &Json::Object(seen.0.clone())).await?;
    felt(engine);
    Ok(seen)
}

/// Ends an absence of the session's user early.
pub async fn end_absence(engine: &Engine, session: &Session, id: Uuid) -> Result<Record, Problem> {
    let user = in_person(session)?;
    let gate = gate(session, "end")?;
    let mut write = Write::begin(engine, session).await?;
    let absence = read::load(&write.tx, &gate, id).await?;
    if absence.text("owner_id") != Some(user.to_string().as_str()) {
        return Err(Problem::not_found());
    }
    let ended = write::apply_step(engine, &mut write, &gate, id, None, "end", &Map::new()).await?;
    let seen = read::present(&write.tx, &ABSENCE, vec![ended], false).await?.pop().unwrap_or_default();
    write.commit(200, &Json::Object(seen.0.clone())).await?;
    felt(engine);
    Ok(seen)
}

/// Grants changed for somebody: what this node remembers of sessions is old.
fn felt(engine: &Engine) {
    engine.identity.forget();
    engine.tokens.forget();
}

/// Active people of the company by the beginning of a word of their name, for
/// choosing one: names and nothing else, but not the session's user.
pub async fn colleagues(engine: &Engine, session: &Session, q: &str) -> Result<Vec<Json>, Problem> {
    let words = fold(q);
    let escaped = words.trim().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let like = |pattern: String| Expr::col("name_sort").like(LikeExpr::new(pattern).escape('\\'));
    let mut select = Query::select();
    select
        .columns(["id", "name"])
        .from(USER.table)
        .and_where(Expr::col("tenant_id").eq(session.tenant.0))
        .and_where(Expr::col("deleted_at").is_null())
        .and_where(Expr::col("status").eq("active"))
        .and_where(Expr::col("id").ne(session.user))
        .cond_where(Condition::any().add(like(format!("{escaped}%"))).add(like(format!("% {escaped}%"))))
        .order_by("name_sort", sea_orm::Order::Asc)
        .limit(COLLEAGUES);
    let tx = engine.db.read(session.tenant).await.refused()?;
    let rows = tx.query_all(&select).await.refused()?;
    tx.rollback().await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<Json, Problem> {
        let (id, name): (Uuid, Option<String>) =
            (row.try_get_by_index(0).refused()?, row.try_get_by_index(1).refused()?);
        Ok(json!({ "id": id, "title": name, "subtitle": null }))
    };
    rows.iter().map(read).collect()
}
