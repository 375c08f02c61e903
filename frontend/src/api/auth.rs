//! Coming in, staying in, leaving.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::json;

use super::{Failure, http::Call, token};

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct User {
    pub id: String,
    pub name: String,
    pub email: String,
    pub locale: String,
    pub theme: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Tenant {
    pub id: i32,
    pub name: String,
    pub slug: String,
    pub demo: bool,
    /// IANA name, e.g. `America/Sao_Paulo`.
    pub time_zone: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Role {
    pub name: String,
}

/// Who is in, for whom, and what they may do.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Me {
    pub user: User,
    pub tenant: Tenant,
    pub roles: Vec<Role>,
    pub permissions: HashSet<String>,
    /// Notifications not read yet.
    #[serde(default)]
    pub unread: i64,
}

#[derive(Debug, Deserialize)]
struct Entry {
    access_token: String,
    me: Me,
}

fn enter(entry: Entry) {
    token::set(Some(entry.access_token));
    crate::state::app().session.enter(entry.me);
}

/// Signs in; the session knows who it is afterwards.
pub async fn login(email: &str, password: &str) -> Result<(), Failure> {
    let body = json!({ "email": email, "password": password });
    Call::post("/auth/login").anonymous().json(body).read().await.map(enter)
}

/// A new access token for the session of the cookie.
pub async fn refresh() -> Result<(), Failure> {
    Call::post("/auth/refresh").anonymous().read().await.map(enter)
}

/// Ends the session here and on the server.
pub async fn logout() -> Result<(), Failure> {
    let result = Call::post("/auth/logout").done().await;
    token::set(None);
    result
}

/// Keeps a preference of the person (`theme`, `locale`, `name`) on the server.
pub async fn save(field: &str, value: &str) -> Result<Me, Failure> {
    Call::patch("/me").json(json!({ field: value })).read().await
}
