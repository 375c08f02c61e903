//! What an absence may be: named by who is away, or by somebody who holds all
//! that is lent; one substitute at a time; never in a circle.

use chrono::NaiveDate;
use conexao_domain::{
    identity::{absence::ABSENCE, role::Scope, user::USER},
    kernel::{
        problem::{Code, FieldProblem, Problem},
        record::Record,
    },
};
use conexao_storage::{Tx, table};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::standing::overlapping;
use crate::{Session, identity, refusal::Refused, sequence};

/// Whoever lends administration looks after people.
const ADMINISTRATOR: &str = "user.update";
/// Links of a chain of absences that are followed.
const LINKS: usize = 200;

fn id(record: &Record, field: &str) -> Option<Uuid> {
    record.text(field).and_then(|id| Uuid::parse_str(id).ok())
}

/// Refuses an absence that the session may not make so, or that does not fit the others.
pub(crate) async fn within(tx: &Tx, session: &Session, before: Option<&Record>, after: &Record) -> Result<(), Problem> {
    let (Some(owner), Some(substitute)) = (id(after, "owner_id"), id(after, "substitute_id")) else {
        return Err(Problem::field("substitute_id", "required"));
    };
    let same = |field: &str| before.is_some_and(|before| before.get(field) == after.get(field));
    let effect = ["substitute_id", "starts_on", "ends_on", "with_administration"];
    responsible(tx, session, owner).await?;
    // Ending one, or saying why, lends nothing to anybody.
    if after.text("status") != Some("valid") || effect.iter().all(|field| same(field)) {
        return Ok(());
    }
    if after.flag("with_administration") && !session.covers(ADMINISTRATOR, Scope::All) {
        let beyond = FieldProblem::new("with_administration", "beyond_own");
        return Err(Problem { fields: vec![beyond], ..Problem::new(Code::Forbidden) });
    }
    let found = table::by_ids(tx, &USER, &[substitute], false).await.refused()?;
    if found.first().and_then(|user| user.text("status")) != Some("active") {
        return Err(Problem::field("substitute_id", "reference"));
    }
    // One after the other: two that are each in order may be a circle together.
    sequence::draw(tx, "absence.order", 1).await?;
    fits(tx, after, (owner, substitute)).await
}

/// Only who is away, in person, and who holds all that they hold.
async fn responsible(tx: &Tx, session: &Session, owner: Uuid) -> Result<(), Problem> {
    if session.token.is_none() && session.user == owner {
        return Ok(());
    }
    let mut users = table::by_ids(tx, &USER, &[owner], true).await.refused()?;
    table::fill(tx, &USER, &mut users).await.refused()?;
    let user = users.pop().ok_or_else(|| Problem::field("owner_id", "reference"))?;
    let looks_after = session.reaches_by_itself("absence.create", owner);
    if looks_after && identity::holds(tx, session, &user).await? {
        return Ok(());
    }
    let beyond = FieldProblem::new("owner_id", "beyond_own");
    Err(Problem { fields: vec![beyond], ..Problem::new(Code::Forbidden) })
}

/// A stretch of an absence, and who is there instead.
type Stretch = (Uuid, NaiveDate, NaiveDate);

async fn fits(tx: &Tx, after: &Record, (owner, substitute): (Uuid, Uuid)) -> Result<(), Problem> {
    let (Some(from), Some(to)) = (after.date("starts_on"), after.date("ends_on")) else { return Ok(()) };
    let this = id(after, "id").unwrap_or_default();
    if !of(tx, owner, (from, to), this).await?.is_empty() {
        return Err(Problem::field("starts_on", "overlap"));
    }
    // Whoever stands in may be away as well: follow them as long as all are away together.
    let mut open: Vec<Stretch> = vec![(substitute, from, to)];
    for _ in 0..LINKS {
        let Some((person, from, to)) = open.pop() else { return Ok(()) };
        for (next, starts, ends) in of(tx, person, (from, to), this).await? {
            if next == owner {
                return Err(Problem::field("substitute_id", "circle"));
            }
            open.push((next, Ord::max(starts, from), Ord::min(ends, to)));
        }
    }
    Err(Problem::field("substitute_id", "circle"))
}

/// The absences of a person that touch a time, but for one of them.
async fn of(tx: &Tx, person: Uuid, (from, to): (NaiveDate, NaiveDate), but: Uuid) -> Result<Vec<Stretch>, Problem> {
    let mut select = Query::select();
    select
        .columns(["substitute_id", "starts_on", "ends_on"])
        .from(ABSENCE.table)
        .cond_where(overlapping(tx, from, to))
        .and_where(Expr::col("owner_id").eq(person))
        .and_where(Expr::col("id").ne(but));
    let rows = tx.query_all(&select).await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<Stretch, sea_orm::DbErr> {
        Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
    };
    rows.iter().map(read).collect::<Result<_, _>>().refused()
}
