//! One call: address, headers, body, the answer or the refusal.

use conexao_domain::kernel::record::Record;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Headers, RequestInit, Response};

use super::{Failure, token};
use crate::state::app;

pub const BASE: &str = "/api/v1";

#[derive(Debug, Clone)]
enum Body {
    Empty,
    Json(Json),
}

/// A call in the making.
#[derive(Debug, Clone)]
pub struct Call {
    method: &'static str,
    path: String,
    body: Body,
    if_match: Option<i64>,
    /// Same for every attempt of one call, so that a retry has one effect.
    key: Option<String>,
    /// Without token and without renewal: login and the renewal itself.
    anonymous: bool,
}

impl Call {
    fn new(method: &'static str, path: impl Into<String>) -> Self {
        let key = (method == "POST").then(|| uuid::Uuid::new_v4().to_string());
        Self { method, path: path.into(), body: Body::Empty, if_match: None, key, anonymous: false }
    }

    pub fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    pub fn post(path: impl Into<String>) -> Self {
        Self::new("POST", path)
    }

    pub fn patch(path: impl Into<String>) -> Self {
        Self::new("PATCH", path)
    }

    pub fn delete(path: impl Into<String>) -> Self {
        Self::new("DELETE", path)
    }

    pub fn json(mut self, body: impl Into<Json>) -> Self {
        self.body = Body::Json(body.into());
        self
    }

    /// Refused when the record is no longer at this version.
    pub fn if_match(mut self, version: i64) -> Self {
        self.if_match = Some(version);
        self
    }

    /// The idempotency key of an earlier attempt, for the same effect only once.
    pub fn keyed(mut self, key: String) -> Self {
        self.key = Some(key);
        self
    }

    pub fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }

    /// The answer's body as a value of `T`; an empty body reads as null.
    pub async fn read<T: DeserializeOwned>(self) -> Result<T, Failure> {
        let path = self.path.clone();
        let json = self.value().await?;
        serde_json::from_value(json).map_err(|why| {
            leptos::logging::error!("{path}: {why}");
            Failure::read(200, &Json::Null)
        })
    }

    /// The answer's body as a record.
    pub async fn record(self) -> Result<Record, Failure> {
        self.read().await
    }

    /// For answers whose body says nothing.
    pub async fn done(self) -> Result<(), Failure> {
        self.value().await.map(|_| ())
    }

    /// The answer's body as JSON.
    pub async fn value(self) -> Result<Json, Failure> {
        let response = self.send().await?;
        json_of(&response).await
    }

    /// The answer itself, refusals taken out. Renews the token once when it ran out.
    pub async fn send(self) -> Result<Response, Failure> {
        if self.anonymous {
            return check(self.attempt(None).await?).await;
        }
        let token = token::current();
        let first = check(self.attempt(token.as_deref()).await?).await;
        match first {
            Err(failure) if failure.status == 401 => {
                let fresh = token::renew(token.as_deref()).await?;
                check(self.attempt(Some(&fresh)).await?).await
            }
            other => other,
        }
    }

    async fn attempt(&self, token: Option<&str>) -> Result<Response, Failure> {
        let broken = |_: JsValue| Failure::network();
        let init = RequestInit::new();
        init.set_method(self.method);
        init.set_headers(&self.headers(token).map_err(broken)?.into());
        match &self.body {
            Body::Empty => {}
            Body::Json(json) => init.set_body(&JsValue::from_str(&json.to_string())),
        }
        let window = web_sys::window().ok_or_else(Failure::network)?;
        let address = format!("{BASE}{}", self.path);
        let answer = JsFuture::from(window.fetch_with_str_and_init(&address, &init)).await.map_err(broken)?;
        answer.dyn_into().map_err(broken)
    }

    fn headers(&self, token: Option<&str>) -> Result<Headers, JsValue> {
        let headers = Headers::new()?;
        headers.set("Accept", "application/json")?;
        headers.set("Accept-Language", app().prefs.locale_now().tag())?;
        if let Some(token) = token {
            headers.set("Authorization", &format!("Bearer {token}"))?;
        }
        if let Some(version) = self.if_match {
            headers.set("If-Match", &format!("\"{version}\""))?;
        }
        if let Some(key) = &self.key {
            headers.set("Idempotency-Key", key)?;
        }
        if matches!(self.body, Body::Json(_)) {
            headers.set("Content-Type", "application/json")?;
        }
        Ok(headers)
    }
}

async fn check(response: Response) -> Result<Response, Failure> {
    if response.ok() {
        return Ok(response);
    }
    let body = json_of(&response).await.unwrap_or_default();
    Err(Failure::read(response.status(), &body))
}

/// The body as JSON; null when there is none.
pub async fn json_of(response: &Response) -> Result<Json, Failure> {
    let text = response.text().map_err(|_| Failure::network())?;
    let text = JsFuture::from(text).await.map_err(|_| Failure::network())?;
    let text = text.as_string().unwrap_or_default();
    if text.is_empty() {
        return Ok(Json::Null);
    }
    serde_json::from_str(&text).map_err(|_| Failure::read(response.status(), &Json::Null))
}

/// The body as a file.
pub async fn blob_of(response: &Response) -> Result<Blob, Failure> {
    let blob = response.blob().map_err(|_| Failure::network())?;
    let blob = JsFuture::from(blob).await.map_err(|_| Failure::network())?;
    blob.dyn_into().map_err(|_| Failure::network())
}
