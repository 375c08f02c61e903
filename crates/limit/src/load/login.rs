//! The product's own door.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::client::{Client, Request};

/// An access token for the account.
pub async fn login(address: &str, email: &str, password: &str) -> Result<String> {
    let mut client = Client::connect(address, "").await?;
    let body = json!({ "email": email, "password": password }).to_string();
    let request = Request { method: "POST", path: "/api/v1/auth/login".to_owned(), body, ..Request::default() };
    let answer: Value = serde_json::from_slice(&client.send(&request).await?.body)?;
    let token = answer.get("access_token").and_then(Value::as_str);
    Ok(token.with_context(|| format!("no token: {answer}"))?.to_owned())
}
