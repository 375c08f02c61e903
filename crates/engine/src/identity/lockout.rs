//! How long log-in waits after wrong passwords. Addresses that belong to nobody
//! wait as well, or the wait would tell which addresses belong to somebody.

use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};

/// Wrong passwords before the account waits; the wait doubles from a minute.
const FREE_FAILURES: i64 = 5;

/// The wait after so many wrong passwords in a row.
pub fn wait(failures: i64) -> Option<TimeDelta> {
    (failures >= FREE_FAILURES).then(|| TimeDelta::minutes(1 << (failures - FREE_FAILURES).clamp(0, 10)))
}

/// Wrong attempts from one network address before it waits: many people may
/// share one.
const FREE_AT_ADDRESS: i64 = 30;

/// Wrong attempts by network address, as this node saw them; those not seen
/// for longest are forgotten first.
#[derive(Debug)]
pub struct Addresses(moka::sync::Cache<String, (i64, Option<DateTime<Utc>>)>);

impl Addresses {
    pub fn new() -> Self {
        let hour = Duration::from_hours(1);
        let policy = moka::policy::EvictionPolicy::lru();
        Self(moka::sync::Cache::builder().max_capacity(100_000).time_to_idle(hour).eviction_policy(policy).build())
    }

    /// Until when whoever comes from there has to wait.
    pub fn until(&self, ip: Option<&str>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.0.get(&network(ip?))?.1.filter(|until| *until > now)
    }

    /// Counts a wrong attempt, unless the address waits already.
    pub fn fail(&self, ip: Option<&str>, now: DateTime<Utc>) {
        let Some(ip) = ip else { return };
        self.0.entry(network(ip)).and_upsert_with(|seen| {
            let (failures, until) = seen.map_or((0, None), moka::Entry::into_value);
            if until.is_some_and(|until| until > now) {
                return (failures, until);
            }
            let beyond = failures + 1 - FREE_AT_ADDRESS + FREE_FAILURES;
            (failures + 1, wait(beyond).map(|wait| now + wait))
        });
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

/// Attempts at addresses without an account, as this node saw them.
#[derive(Debug)]
pub struct Strangers(moka::sync::Cache<String, (i64, Option<DateTime<Utc>>)>);

impl Strangers {
    pub fn new() -> Self {
        let day = Duration::from_hours(24);
        Self(moka::sync::Cache::builder().max_capacity(50_000).time_to_live(day).build())
    }

    /// Counts an attempt; until when the address has to wait instead, if so.
    pub fn attempt(&self, email: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut waiting = None;
        self.0.entry_by_ref(email).and_upsert_with(|seen| {
            let (failures, until) = seen.map_or((0, None), moka::Entry::into_value);
            waiting = until.filter(|until| *until > now);
            if waiting.is_some() { (failures, until) } else { (failures + 1, wait(failures + 1).map(|w| now + w)) }
        });
        waiting
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn an_address_waits_longer_and_longer() {
        let (addresses, now) = (Addresses::new(), DateTime::from_timestamp(1_700_000_000, 0).unwrap());
        for _ in 0..29 {
            addresses.fail(Some("192.0.2.7"), now);
        }
        assert_eq!(addresses.until(Some("192.0.2.7"), now), None);
        addresses.fail(Some("192.0.2.7"), now);
        assert_eq!(addresses.until(Some("192.0.2.7"), now), Some(now + TimeDelta::minutes(1)));
        addresses.fail(Some("192.0.2.7"), now);
        assert_eq!(addresses.until(Some("192.0.2.7"), now), Some(now + TimeDelta::minutes(1)), "not while it waits");
        let later = now + TimeDelta::minutes(2);
        assert_eq!(addresses.until(Some("192.0.2.7"), later), None);
        addresses.fail(Some("192.0.2.7"), later);
        assert_eq!(addresses.until(Some("192.0.2.7"), later), Some(later + TimeDelta::minutes(2)));
        assert_eq!(addresses.until(Some("192.0.2.8"), now), None, "its neighbour does not");
        assert_eq!(addresses.until(None, now), None);
    }

    #[test]
    fn long_addresses_wait_as_a_network() {
        let (addresses, now) = (Addresses::new(), DateTime::from_timestamp(1_700_000_000, 0).unwrap());
        for host in 0..30 {
            addresses.fail(Some(&format!("2001:db8::{host}")), now);
        }
        assert!(addresses.until(Some("2001:db8::ffff"), now).is_some());
        assert!(addresses.until(Some("2001:db8:0:1::1"), now).is_none());
    }
}
