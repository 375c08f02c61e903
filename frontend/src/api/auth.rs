//! Coming in, staying in, leaving.

use serde_json::json;

use super::{Failure, client};

pub use conexao_client::model::Me;

/// Signs in; the session knows who it is afterwards.
pub async fn login(email: &str, password: &str) -> Result<(), Failure> {
    client().login(email, password).await.map(drop)
}

/// Signs in to one company of several.
pub async fn login_to(company: &str, name: &str, password: &str) -> Result<(), Failure> {
    client().login_to(company, name, password).await.map(drop)
}

/// What is known of the person, read anew.
pub async fn me() -> Result<Me, Failure> {
    client().me().await
}

/// A new access token for the session of the cookie.
pub async fn refresh() -> Result<(), Failure> {
    client().refresh().await.map(drop)
}

/// Ends the session here and on the server.
pub async fn logout() -> Result<(), Failure> {
    client().logout().await
}

/// Keeps a preference of the person (`theme`, `locale`, `name`, …) on the server.
pub async fn save(field: &str, value: &str) -> Result<Me, Failure> {
    client().change_me(json!({ field: value })).await
}
