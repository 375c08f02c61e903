//! The company, what it is connected to, its clock; and all companies for the operator.

use serde_json::{Map, Value as Json};

use super::{
    Failure, client,
    files::{self, Download},
};

pub use conexao_client::{
    ClockChange,
    model::{ClockFace, Connection, Sandbox, TenantPage, TenantSummary, Themed, Tried},
};

pub async fn integrations() -> Result<Vec<Connection>, Failure> {
    client().integrations().await
}

pub async fn set_integration(name: &str, version: i64, values: Map<String, Json>) -> Result<Connection, Failure> {
    client().set_integration(name, version, values).await
}

pub async fn remove_integration(name: &str) -> Result<(), Failure> {
    client().remove_integration(name).await
}

pub async fn test_integration(name: &str, to: Option<&str>) -> Result<Tried, Failure> {
    client().test_integration(name, to).await
}

pub async fn logo(theme: &str) -> Result<Download, Failure> {
    files::arrived(client().logo(theme).await?).await
}

pub async fn remove_logo(theme: &str) -> Result<(), Failure> {
    client().remove_logo(theme).await
}

pub async fn sandboxes() -> Result<Vec<Sandbox>, Failure> {
    client().sandboxes().await
}

pub async fn set_up_sandbox(name: &str, email: &str) -> Result<Sandbox, Failure> {
    client().set_up_sandbox(name, email).await
}

pub async fn reset_sandbox() -> Result<(), Failure> {
    client().reset_sandbox().await
}

pub async fn move_clock(change: &ClockChange) -> Result<ClockFace, Failure> {
    client().move_clock(change).await
}

pub async fn tenants(after: Option<&str>) -> Result<TenantPage, Failure> {
    client().tenants(after).await
}

pub async fn tenant(id: i32) -> Result<TenantSummary, Failure> {
    client().tenant(id).await
}

pub async fn found_tenant(name: &str, kind: &str, email: &str) -> Result<TenantSummary, Failure> {
    client().found_tenant(name, kind, email).await
}

pub async fn suspend_tenant(id: i32, reason: &str) -> Result<TenantSummary, Failure> {
    client().suspend_tenant(id, reason).await
}

pub async fn reinstate_tenant(id: i32) -> Result<TenantSummary, Failure> {
    client().reinstate_tenant(id).await
}
