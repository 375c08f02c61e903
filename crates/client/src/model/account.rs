use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::settings::{ClockFace, Themed};

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct User {
    pub id: String,
    pub name: String,
    pub email: String,
    pub locale: String,
    pub theme: String,
    #[serde(default)]
    pub density: String,
    #[serde(default)]
    pub username: Option<String>,
    /// Keys of their own by the name of what they do.
    #[serde(default)]
    pub shortcuts: Option<Map<String, Json>>,
    /// Whether no key does anything.
    #[serde(default)]
    pub shortcuts_off: bool,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Tenant {
    pub id: i32,
    pub name: String,
    pub slug: String,
    /// What people call the company, where that is not its name.
    #[serde(default)]
    pub trade_name: Option<String>,
    /// `production`, `sandbox`, `demo` or `operator`.
    pub kind: String,
    /// IANA name, e.g. `America/Sao_Paulo`.
    pub time_zone: String,
    /// What tells its logos from others, by theme.
    #[serde(default)]
    pub logos: Themed,
    /// Its colours, by theme.
    #[serde(default)]
    pub accents: Themed,
    /// Its clock, when somebody moved it.
    #[serde(default)]
    pub clock: Option<ClockFace>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RoleName {
    pub name: String,
}

/// Who is in, for whom, and what they may do.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Me {
    pub user: User,
    pub tenant: Tenant,
    pub roles: Vec<RoleName>,
    /// E.g. `customer.update`.
    pub permissions: HashSet<String>,
    /// Absent people in whose place one may act now.
    #[serde(default)]
    pub standing_in: Vec<super::StandingIn>,
    /// Notifications not read yet.
    #[serde(default)]
    pub unread: i64,
    /// Whether a role demands a second factor that is not there yet.
    #[serde(default)]
    pub must_enrol: bool,
}

/// What logging in gives.
#[derive(Debug, Deserialize)]
pub struct Entry {
    pub access_token: String,
    pub me: Me,
}

/// A municipality of the IBGE list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Municipality {
    /// Seven-digit IBGE code.
    pub code: String,
    pub name: String,
    pub uf: String,
}

/// A tag and how many records carry it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tag {
    pub tag: String,
    pub count: i64,
}

/// What somebody is told.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Notification {
    pub id: String,
    pub category: String,
    #[serde(default)]
    pub event: String,
    pub title: String,
    #[serde(default)]
    pub body: Option<String>,
    #[serde(default)]
    pub resource: Option<String>,
    #[serde(default)]
    pub record_id: Option<String>,
    #[serde(default)]
    pub read_at: Option<String>,
    pub created_at: String,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct NotificationPage {
    pub items: Vec<Notification>,
    #[serde(default)]
    pub next: Option<String>,
    /// How many are unread in all.
    pub unread: i64,
}

/// How many notifications are left unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Unread {
    pub unread: i64,
}
