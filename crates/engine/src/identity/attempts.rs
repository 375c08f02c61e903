//! Wrong attempts that no account counts: by network address, and with names
//! that belong to nobody. In the database, so that all nodes count together;
//! names of nobody are kept under a keyed hash.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::kernel::problem::Problem;
use conexao_storage::{Tx, entity::failed_attempt};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::OnConflict};
use sha2::{Digest, Sha256};

use super::{keys::Use, lockout};
use crate::{Engine, refusal::Refused};

/// Attempts are forgotten so long after the last one.
const REMEMBERED: TimeDelta = TimeDelta::hours(24);

/// Who is counted.
#[derive(Debug, Clone)]
pub(super) struct Who {
    key: String,
    /// The wait after so many wrong attempts.
    wait: fn(i64) -> Option<TimeDelta>,
}

impl Who {
    /// Whoever comes from a network address.
    pub(super) fn at(ip: &str) -> Self {
        Self { key: format!("network:{}", network(ip)), wait: lockout::wait_at_address }
    }

    /// Whoever tries a name that is nobody's.
    pub(super) fn named(engine: &Engine, name: &str) -> Result<Self, Problem> {
        let derived = engine.identity.keys.derive(Use::Stranger, name)?;
        // What was derived is a secret; a hash of it counts as well.
        let key = hex::encode(Sha256::digest(derived.as_bytes()));
        Ok(Self { key: format!("stranger:{key}"), wait: lockout::wait })
    }
}

/// One household has a whole network of the long addresses.
fn network(ip: &str) -> String {
    match ip.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64)).to_string(),
        Ok(ip) => ip.to_string(),
        Err(_) => ip.to_owned(),
    }
}

/// Until when they have to wait, if they have to.
pub(super) async fn until(engine: &Engine, who: &Who) -> Result<Option<DateTime<Utc>>, Problem> {
    let found = failed_attempt::Entity::find_by_id(who.key.clone()).one(engine.db.pool()).await.refused()?;
    let now = engine.now();
    Ok(found.map(|row| row.locked_until).filter(|until| *until > now))
}

/// Counts a wrong attempt, unless they wait already; until when they have to wait.
pub(super) async fn fail(tx: &Tx, who: &Who, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Problem> {
    let fresh = failed_attempt::ActiveModel {
        who: Set(who.key.clone()),
        failures: Set(0),
        locked_until: Set(DateTime::UNIX_EPOCH),
        seen_at: Set(now),
    };
    let over = OnConflict::column(failed_attempt::Column::Who).do_nothing().to_owned();
    failed_attempt::Entity::insert(fresh).on_conflict(over).exec_without_returning(&**tx).await.refused()?;
    // Two at once go one after the other.
    let found = failed_attempt::Entity::find_by_id(who.key.clone()).lock_exclusive().one(&**tx).await.refused()?;
    let Some(row) = found else { return Ok(None) };
    if row.locked_until > now {
        return Ok(Some(row.locked_until));
    }
    let before = if now - row.seen_at < REMEMBERED { row.failures } else { 0 };
    let until = (who.wait)(before + 1).map(|wait| now + wait);
    let counted = failed_attempt::ActiveModel {
        failures: Set(before + 1),
        locked_until: Set(until.unwrap_or(DateTime::UNIX_EPOCH)),
        seen_at: Set(now),
        ..Default::default()
    };
    let update = failed_attempt::Entity::update_many().set(counted);
    update.filter(failed_attempt::Column::Who.eq(who.key.clone())).exec(&**tx).await.refused()?;
    Ok(until)
}

/// Forgets attempts of long ago.
pub(crate) async fn forget(engine: &Engine) -> Result<(), Problem> {
    let now = engine.now();
    let old = failed_attempt::Entity::delete_many()
        .filter(failed_attempt::Column::SeenAt.lt(now - REMEMBERED))
        .filter(failed_attempt::Column::LockedUntil.lt(now));
    old.exec(&*engine.db.alone().await.refused()?).await.refused().map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_addresses_wait_as_a_network() {
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("anything"), "anything");
    }
}
