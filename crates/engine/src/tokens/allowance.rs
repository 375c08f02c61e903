//! How often tokens may call: so many times a minute each, by the tenant's
//! plan or less, and so many times for all of a tenant's tokens together.
//! Each node counts for itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use conexao_domain::kernel::problem::{Code, Problem};
use serde_json::Value as Json;
use uuid::Uuid;

const MINUTE: i64 = 60;

/// What a tenant's tokens may do, by what it pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// As in the tenant's settings, `{"plan": "standard"}`.
    pub name: &'static str,
    /// Calls a minute of one token.
    pub per_token: u32,
    /// Calls a minute of all tokens together.
    pub per_tenant: u32,
}

/// Every plan; the first is what a tenant has that names none.
pub const PLANS: &[Plan] = &[
    Plan { name: "standard", per_token: 600, per_tenant: 3_000 },
    Plan { name: "essential", per_token: 120, per_tenant: 600 },
    Plan { name: "enterprise", per_token: 3_000, per_tenant: 30_000 },
];

impl Plan {
    /// The plan in a tenant's settings.
    pub fn of(settings: &str) -> Self {
        let settings: Json = serde_json::from_str(settings).unwrap_or_default();
        let name = settings.get("plan").and_then(Json::as_str).unwrap_or_default();
        let found = PLANS.iter().find(|plan| plan.name == name).or(PLANS.first()).copied();
        found.unwrap_or(Self { name: "none", per_token: 60, per_tenant: 60 })
    }
}

/// What is left of the minute after a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    pub limit: u32,
    pub remaining: u32,
    /// Seconds until the next minute begins.
    pub reset: u32,
}

/// Calls in this minute, by token or by tenant.
#[derive(Debug)]
pub(super) struct Windows {
    tokens: moka::sync::Cache<(Uuid, i64), Arc<AtomicU32>>,
    tenants: moka::sync::Cache<(i32, i64), Arc<AtomicU32>>,
}

impl Default for Windows {
    fn default() -> Self {
        let life = Duration::from_mins(2);
        let tokens = moka::sync::Cache::builder().max_capacity(100_000).time_to_live(life).build();
        let tenants = moka::sync::Cache::builder().max_capacity(100_000).time_to_live(life).build();
        Self { tokens, tenants }
    }
}

impl Windows {
    /// Counts a call; refuses it, with the seconds to wait, when there were too many.
    pub fn take(
        &self,
        tenant: i32,
        token: Uuid,
        own: Option<u32>,
        plan: Plan,
        now: DateTime<Utc>,
    ) -> (Allowance, Option<Problem>) {
        let (minute, second) = (now.timestamp().div_euclid(MINUTE), now.timestamp().rem_euclid(MINUTE));
        let reset = u32::try_from(MINUTE - second).unwrap_or(1);
        let limit = own.map_or(plan.per_token, |own| own.min(plan.per_token));
        let used = self.tokens.get_with((token, minute), Arc::default).fetch_add(1, Ordering::Relaxed);
        let together = self.tenants.get_with((tenant, minute), Arc::default);
        if used >= limit || together.fetch_add(1, Ordering::Relaxed) >= plan.per_tenant {
            let refused = Problem::new(Code::TooManyRequests).with("retry_after", reset);
            return (Allowance { limit, remaining: 0, reset }, Some(refused));
        }
        (Allowance { limit, remaining: limit - used - 1, reset }, None)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const PLAN: Plan = Plan { name: "test", per_token: 3, per_tenant: 5 };

    #[test]
    fn a_token_has_its_minute_and_all_of_them_theirs() {
        let windows = Windows::default();
        let now: DateTime<Utc> = "2026-03-10T15:00:50Z".parse().unwrap();
        let (one, other) = (Uuid::now_v7(), Uuid::now_v7());
        let left = |token, own, now| {
            let (a, refused) = windows.take(1, token, own, PLAN, now);
            refused.map_or(Ok((a.limit, a.remaining, a.reset)), Err)
        };
        assert_eq!(left(one, None, now), Ok((3, 2, 10)));
        assert_eq!(left(one, None, now), Ok((3, 1, 10)));
        assert_eq!(left(one, None, now), Ok((3, 0, 10)));
        assert_eq!(left(one, None, now).unwrap_err().extra.get("retry_after").unwrap(), 10);
        assert_eq!(left(other, Some(2), now), Ok((2, 1, 10)), "its own limit is lower");
        assert_eq!(left(other, Some(50), now), Ok((3, 1, 10)), "and never higher than the plan's");
        assert!(left(Uuid::now_v7(), None, now).is_err(), "the tenant's calls are used up");
        assert_eq!(left(one, None, now + chrono::TimeDelta::seconds(10)), Ok((3, 2, 60)), "the next minute");
        assert!(windows.take(2, one, None, PLAN, now).1.is_some(), "the token's minute is the token's");
    }

    #[test]
    fn plans_are_named_in_the_settings() {
        assert_eq!(Plan::of("{}").name, "standard");
        assert_eq!(Plan::of(r#"{"plan":"enterprise"}"#).per_token, 3_000);
        assert_eq!(Plan::of(r#"{"plan":"no such"}"#), Plan::of("not json"));
    }
}
