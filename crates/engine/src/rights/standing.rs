//! Standing in for somebody absent: the absent person's own grants, as a source
//! of its own. Never what the absent person holds for others, so that it is not
//! transitive; no administration unless an administrator lends it.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use conexao_domain::{
    identity::{absence::ABSENCE, role::is_administration, user::USER},
    kernel::problem::Problem,
    locale::{self, Locale},
    registry,
};
use conexao_storage::{Tx, entity::tenant, table};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::team_for;
use crate::{gate::Standing, identity, notify::Told, refusal::Refused};

/// One absence that lasts, as far as its effects go.
#[derive(Debug, Clone)]
pub(super) struct Lasting {
    pub absent: Uuid,
    pub substitute: Uuid,
    /// Whether administration is lent as well.
    pub whole: bool,
    pub until: NaiveDate,
}

/// The live absences that last between two days, both included.
pub(super) fn overlapping(tx: &Tx, from: NaiveDate, to: NaiveDate) -> Condition {
    Condition::all()
        .add(Expr::col("tenant_id").eq(tx.tenant().0))
        .add(Expr::col("deleted_at").is_null())
        .add(Expr::col("status").eq("valid"))
        .add(Expr::col("starts_on").lte(to))
        .add(Expr::col("ends_on").gte(from))
}

/// At most so many of the absences that last between two days and fit.
pub(super) async fn lasting(
    tx: &Tx,
    (from, to): (NaiveDate, NaiveDate),
    fits: Condition,
    limit: u64,
) -> Result<Vec<Lasting>, Problem> {
    let mut select = Query::select();
    select
        .columns(["owner_id", "substitute_id", "with_administration", "ends_on"])
        .from(ABSENCE.table)
        .cond_where(overlapping(tx, from, to))
        .cond_where(fits)
        .order_by("id", sea_orm::Order::Asc)
        .limit(limit);
    let rows = tx.query_all(&select).await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<Lasting, sea_orm::DbErr> {
        Ok(Lasting {
            absent: row.try_get_by_index(0)?,
            substitute: row.try_get_by_index(1)?,
            whole: row.try_get_by_index::<Option<bool>>(2)?.unwrap_or_default(),
            until: row.try_get_by_index(3)?,
        })
    };
    rows.iter().map(read).collect::<Result<_, _>>().refused()
}

/// Most people somebody stands in for at once.
const MOST: u64 = 50;

/// Whom a user stands in for on a day, with what is lent.
pub(crate) async fn standing(tx: &Tx, substitute: Uuid, today: NaiveDate) -> Result<Vec<Standing>, Problem> {
    let fits = Condition::all().add(Expr::col("substitute_id").eq(substitute));
    let mut all = Vec::new();
    for absence in lasting(tx, (today, today), fits, MOST).await? {
        all.extend(lent(tx, &absence).await?);
    }
    Ok(all)
}

/// What an absence lends: nothing of somebody who may not come in themselves,
/// and nothing that demands a second factor to somebody without one.
pub(super) async fn lent(tx: &Tx, absence: &Lasting) -> Result<Option<Standing>, Problem> {
    let mut users = table::by_ids(tx, &USER, &[absence.absent], false).await.refused()?;
    users.retain(|user| user.text("status") == Some("active"));
    table::fill(tx, &USER, &mut users).await.refused()?;
    let Some(user) = users.pop() else { return Ok(None) };
    if identity::lacks_factor(tx, absence.substitute, &user).await? {
        return Ok(None);
    }
    let mut permissions = identity::permissions(tx, &user).await?;
    permissions.retain(|permission, _| absence.whole || !is_administration(permission));
    let team = team_for(tx, absence.absent, &permissions).await?;
    let name = user.text("name").unwrap_or_default().to_owned();
    Ok(Some(Standing { user: absence.absent, name, until: absence.until, permissions, team }))
}

/// The company's day at a moment.
pub(super) async fn today(tx: &Tx, now: DateTime<Utc>) -> Result<NaiveDate, Problem> {
    let company = tenant::Entity::find().filter(tenant::Column::Id.eq(tx.tenant().0)).one(&**tx).await.refused()?;
    let zone = company.and_then(|company| company.time_zone.parse().ok()).unwrap_or(chrono_tz::America::Sao_Paulo);
    Ok(now.with_timezone(&zone).date_naive())
}

/// What is told to people who are away, told to their substitutes too: of
/// records that are lent to them, and not of what concerns the account alone.
/// Nobody is told of what they did (`except`), or twice of the same.
pub(crate) async fn also_told(
    tx: &Tx,
    now: DateTime<Utc>,
    told: &[Told],
    except: Option<Uuid>,
) -> Result<Vec<Told>, Problem> {
    let mut known: BTreeSet<(Uuid, &str)> = told.iter().map(|told| (told.user, told.source.as_str())).collect();
    let (mut more, mut day) = (Vec::new(), None);
    let people: BTreeSet<Uuid> = told.iter().filter(|told| told.category != "security").map(|told| told.user).collect();
    if people.is_empty() {
        return Ok(more);
    }
    // Where it is still yesterday or already tomorrow is decided only when somebody is away at all.
    let (before, after) = (now.date_naive() - Days::new(1), now.date_naive() + Days::new(1));
    let most = MOST * u64::try_from(people.len()).unwrap_or(1);
    let fits = Condition::all().add(Expr::col("owner_id").is_in(people));
    let away = lasting(tx, (before, after), fits, most).await?;
    for first in told.iter().filter(|told| told.category != "security") {
        let Some(resource) = first.resource.as_deref().and_then(registry::by_name) else { continue };
        for absence in away.iter().filter(|absence| absence.absent == first.user) {
            if Some(absence.substitute) == except || !known.insert((absence.substitute, &first.source)) {
                continue;
            }
            let today = match day {
                Some(day) => day,
                None => *day.insert(today(tx, now).await?),
            };
            let lends = standing(tx, absence.substitute, today).await?.into_iter().find(|s| s.user == first.user);
            let Some(lends) = lends.filter(|s| s.permissions.contains_key(&format!("{}.read", resource.name))) else {
                continue;
            };
            let language = language(tx, absence.substitute).await?;
            let words = locale::text(language, "absence.also_told");
            let title = words.replace("{what}", &first.title).replace("{absent}", &lends.name);
            more.push(Told { user: absence.substitute, title, ..first.clone() });
        }
    }
    Ok(more)
}

/// The language a user reads.
pub(super) async fn language(tx: &Tx, user: Uuid) -> Result<Locale, Problem> {
    let found = table::by_ids(tx, &USER, &[user], true).await.refused()?;
    let english = found.first().and_then(|user| user.text("locale")) == Some(Locale::En.tag());
    Ok(if english { Locale::En } else { Locale::PtBr })
}
