//! Who else looks at a record or changes it.

use conexao_client::BASE;
use conexao_domain::kernel::resource::Resource;
use js_sys::Reflect;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use wasm_bindgen::JsValue;
use web_sys::{Headers, RequestInit};

use super::{Failure, client};

/// What somebody does with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    Viewing,
    Editing,
    /// Not there any more.
    Gone,
}

impl Doing {
    const fn name(self) -> &'static str {
        match self {
            Self::Viewing => "viewing",
            Self::Editing => "editing",
            Self::Gone => "gone",
        }
    }
}

/// Somebody who is at a record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub doing: Doing,
    /// RFC 3339.
    #[serde(default)]
    pub since: String,
}

/// People at one record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Presence {
    #[serde(default)]
    pub resource: String,
    #[serde(default)]
    pub id: String,
    pub people: Vec<Person>,
}

/// What the stream of events said, when it can be read.
pub fn read(event: Json) -> Option<Presence> {
    serde_json::from_value(event).ok()
}

fn path(resource: &Resource, id: &str) -> String {
    format!("/{}/{id}/presence", resource.path)
}

/// Says what one does with a record on a page (a name of at most 40 bytes that
/// no other page has), and hears who else is there. Forgotten after 45 seconds
/// unless said again.
pub async fn say(resource: &Resource, id: &str, page: &str, doing: Doing) -> Result<Vec<Person>, Failure> {
    let body = json!({ "doing": doing.name(), "page": page });
    let there: Presence = client().post(path(resource, id)).unkeyed().json(body).read().await?;
    Ok(there.people)
}

/// Says that the page is left, in a way that outlives it.
pub fn leave(resource: &Resource, id: &str, page: &str) {
    let Some(token) = client().token() else { return };
    let _ = send(&format!("{BASE}{}", path(resource, id)), &token, page);
}

fn send(address: &str, token: &str, page: &str) -> Result<(), JsValue> {
    let headers = Headers::new()?;
    headers.set("Authorization", &format!("Bearer {token}"))?;
    headers.set("Content-Type", "application/json")?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&JsValue::from_str(&json!({ "doing": Doing::Gone.name(), "page": page }).to_string()));
    Reflect::set(&init, &JsValue::from_str("keepalive"), &JsValue::TRUE)?;
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    // Nobody waits for the answer; an error has nobody to tell.
    drop(window.fetch_with_str_and_init(address, &init));
    Ok(())
}
