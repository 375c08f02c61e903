//! The audit as a list. Every page walks one index range from where the last
//! ended. A combination of filters that fits few entries, or a text, would walk
//! it far: then a page looks at so many entries and says how far it came.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::{canonical::write_instant, problem::Problem, value::fold};
use conexao_storage::{Tx, entity::audit};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Value,
    sea_query::{Expr, ExprTrait, Func},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    READ,
    shown::Shown,
    wanted::{Place, Wanted},
};
use crate::{Engine, Session, gate::Reach, refusal::Refused};

/// Entries one page looks at when it has to look closer.
const WINDOW: u64 = 20_000;
/// The same when each has to be read to find a text.
const TEXTS: u64 = 5_000;
/// Entries read at a time to find a text.
const BATCH: u64 = 500;

/// A page of entries.
#[derive(Debug)]
pub struct Listed {
    pub items: Vec<Json>,
    pub next: Option<String>,
    /// How far back the page looked when it gave up before it was full.
    pub searched_to: Option<DateTime<Utc>>,
}

impl Listed {
    pub fn answer(&self) -> Json {
        json!({ "items": self.items, "next": self.next, "searched_to": self.searched_to.map(write_instant) })
    }
}

/// Refuses who may not read the audit; narrows what others look for to what
/// they may see: whose permission reaches some people's records sees their acts.
pub(super) fn admitted(session: &Session, wanted: &Wanted) -> Result<(Wanted, bool), Problem> {
    session.require(READ)?;
    let Some(Reach::Of(people)) = session.reach(READ) else { return Ok((wanted.clone(), false)) };
    let foreign = wanted.actor.is_some_and(|actor| !people.contains(&actor));
    let only = people.iter().next().copied().filter(|_| people.len() == 1);
    let actor = wanted.actor.or(only);
    let actors = if actor.is_some() { Vec::new() } else { people.into_iter().collect() };
    Ok((Wanted { actor, actors, ..wanted.clone() }, foreign))
}

/// The page that `wanted` asks for, newest first.
pub async fn list(engine: &Engine, session: &Session, wanted: &Wanted) -> Result<Listed, Problem> {
    let (wanted, foreign) = admitted(session, wanted)?;
    if foreign {
        return Ok(Listed { items: Vec::new(), next: None, searched_to: None });
    }
    let tx = engine.db.read(session.tenant).await.refused()?;
    let listed = if wanted.text.is_some() {
        by_text(&tx, session, &wanted).await?
    } else {
        by_filters(&tx, session, &wanted).await?
    };
    tx.rollback().await.refused()?;
    Ok(listed)
}

async fn by_filters(tx: &Tx, session: &Session, wanted: &Wanted) -> Result<Listed, Problem> {
    let floor = floor(tx, wanted).await?;
    let mut rows = batch(tx, wanted, wanted.after, floor, wanted.limit + 1).await?;
    let most = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let last = rows.last().map(place).filter(|_| more);
    let items = Shown::of(tx, session, rows).await?.into_iter().map(|shown| shown.summary).collect();
    let searched_to = floor.filter(|_| !more).map(|floor| floor.at);
    Ok(Listed { items, next: last.or(floor).map(Place::write), searched_to })
}

async fn by_text(tx: &Tx, session: &Session, wanted: &Wanted) -> Result<Listed, Problem> {
    let floor = floor(tx, wanted).await?;
    let text = wanted.text.as_deref().unwrap_or_default();
    let most = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let (mut items, mut after) = (Vec::new(), wanted.after);
    for _ in 0..TEXTS / BATCH {
        let rows = batch(tx, wanted, after, floor, BATCH).await?;
        let end = u64::try_from(rows.len()).unwrap_or_default() < BATCH;
        let places: Vec<Place> = rows.iter().map(place).collect();
        for (shown, place) in Shown::of(tx, session, rows).await?.into_iter().zip(places) {
            after = Some(place);
            if shown.says(text) {
                items.push(shown.summary);
            }
            if items.len() == most {
                return Ok(Listed { items, next: Some(place.write()), searched_to: None });
            }
        }
        if end {
            return Ok(Listed { items, next: floor.map(Place::write), searched_to: floor.map(|floor| floor.at) });
        }
    }
    Ok(Listed { items, next: after.map(Place::write), searched_to: after.map(|after| after.at) })
}

pub(super) fn place(row: &audit::Model) -> Place {
    Place { at: row.at, seq: row.seq }
}

/// The next entries that fit, down to `floor`. A text is for the reader to compare.
pub(super) async fn batch(
    tx: &Tx,
    wanted: &Wanted,
    after: Option<Place>,
    floor: Option<Place>,
    limit: u64,
) -> Result<Vec<audit::Model>, Problem> {
    let mut query = walk(tx, wanted, after).filter(filters(wanted).into_iter().fold(Condition::all(), Condition::add));
    if let Some(floor) = floor {
        query = query
            .filter(audit::Column::At.gte(floor.at))
            .filter(Condition::any().add(audit::Column::At.gt(floor.at)).add(audit::Column::Seq.gte(floor.seq)));
    }
    query.limit(limit).all(&**tx).await.refused()
}

/// Where the window of a combination ends; `None` when everything is within.
async fn floor(tx: &Tx, wanted: &Wanted) -> Result<Option<Place>, Problem> {
    if wanted.beside_the_first() == 0 {
        return Ok(None);
    }
    let first = filters(wanted).into_iter().next();
    let query = walk(tx, wanted, wanted.after).filter(Condition::all().add_option(first));
    let columns = query.select_only().column(audit::Column::At).column(audit::Column::Seq);
    let last = columns.offset(WINDOW - 1).limit(1).into_tuple::<(DateTime<Utc>, i64)>();
    Ok(last.one(&**tx).await.refused()?.map(|(at, seq)| Place { at, seq }))
}

/// The tenant's entries of the wanted time after a place, newest first.
fn walk(tx: &Tx, wanted: &Wanted, after: Option<Place>) -> Select<audit::Entity> {
    let mut query = audit::Entity::find().filter(audit::Column::TenantId.eq(tx.tenant().0));
    if let Some(from) = wanted.from {
        query = query.filter(audit::Column::At.gte(from));
    }
    if let Some(before) = wanted.before {
        query = query.filter(audit::Column::At.lt(before));
    }
    if let Some(after) = after {
        // The first condition bounds the index range, the second cuts at the place.
        query = query
            .filter(audit::Column::At.lte(after.at))
            .filter(Condition::any().add(audit::Column::At.lt(after.at)).add(audit::Column::Seq.lt(after.seq)));
    }
    query.order_by_desc(audit::Column::At).order_by_desc(audit::Column::Seq)
}

/// The filters on columns, the one that fits fewest entries first: its index is
/// the one to walk. The others are disguised, so that without statistics no
/// plan walks one of theirs instead.
fn filters(wanted: &Wanted) -> Vec<Expr> {
    let text = |column, value: &Option<String>| {
        value.as_ref().map(|value| (column, Value::from(""), Value::from(value.as_str())))
    };
    let id = |column, value: Option<Uuid>| value.map(|value| (column, Value::from(Uuid::nil()), Value::from(value)));
    let given = [
        text(audit::Column::RequestId, &wanted.request),
        id(audit::Column::RecordId, wanted.record),
        id(audit::Column::ActorId, wanted.actor),
        text(audit::Column::Ip, &wanted.ip),
        text(audit::Column::Action, &wanted.action),
        text(audit::Column::Resource, &wanted.resource),
    ];
    let condition = |(place, (column, blank, value)): (usize, (audit::Column, Value, Value))| match place {
        0 => Expr::col(column).eq(value),
        _ => Expr::expr(Func::coalesce([Expr::col(column), Expr::val(blank)])).eq(value),
    };
    let some = (!wanted.actors.is_empty()).then(|| Expr::col(audit::Column::ActorId).is_in(wanted.actors.clone()));
    given.into_iter().flatten().enumerate().map(condition).chain(some).collect()
}

impl Shown {
    /// Whether a folded text stands in what the entry shows; masked values are
    /// compared as masks, so that a search finds out nothing that is not seen.
    pub(super) fn says(&self, text: &str) -> bool {
        fold(&self.words).contains(text)
    }
}
