//! One call: address, headers, body, attempts, the answer or the refusal.

use std::time::Duration;

use conexao_domain::kernel::record::Record;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::{
    Client,
    download::Download,
    failure::{Failure, Reach},
    query::Query,
    retry::{Repeat, Retry},
    transport::{self, Body, BoxFuture, Request, Response},
    upload::{Form, Upload},
};

/// Where the API begins.
pub const BASE: &str = "/api/v1";

/// A call in the making.
#[derive(Debug)]
pub struct Call {
    client: Client,
    method: &'static str,
    path: String,
    body: Body,
    if_match: Option<i64>,
    /// Same for every attempt, so that together they have one effect.
    key: Option<String>,
    repeat: Repeat,
    retry: Retry,
    /// Without token and without renewal: log-in and the renewal itself.
    anonymous: bool,
}

/// What came back, refusals taken out.
#[derive(Debug)]
pub struct Answer {
    response: Response,
    /// The body, when it was asked for as a whole.
    text: String,
}

impl Call {
    pub(crate) fn new(client: Client, method: &'static str, path: impl Into<String>) -> Self {
        let key = matches!(method, "POST" | "PATCH").then(|| uuid::Uuid::new_v4().to_string());
        let (body, path) = (Body::Empty, path.into());
        let retry = client.retry();
        Self { client, method, path, body, if_match: None, key, repeat: Repeat::Safe, retry, anonymous: false }
    }

    /// Adds a query string.
    pub fn query(mut self, query: &Query) -> Self {
        self.path.push_str(&query.suffix());
        self
    }

    /// A JSON body.
    pub fn json(mut self, body: impl Into<Json>) -> Self {
        self.body = Body::Json(body.into().to_string());
        self
    }

    /// A file as the form field `file`, after other fields.
    pub fn upload(mut self, fields: Vec<(&'static str, String)>, file: Upload) -> Self {
        self.body = Body::Form(Form { fields, file });
        self
    }

    /// Refused with `stale` when the record is no longer at this version.
    pub fn if_match(mut self, version: i64) -> Self {
        self.if_match = Some(version);
        self
    }

    /// The idempotency key of an earlier call, for the same effect only once.
    pub fn keyed(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// For the few writes that the server does not recognise when they come again.
    pub fn unkeyed(mut self) -> Self {
        (self.key, self.repeat) = (None, Repeat::Unsafe);
        self
    }

    /// Without attempts of its own, for callers that have theirs.
    pub(crate) fn once(mut self) -> Self {
        self.retry = Retry::none();
        self
    }

    pub(crate) fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self.unkeyed()
    }

    /// The answer's body as a value of `T`; an empty body reads as null.
    pub async fn read<T: DeserializeOwned>(self) -> Result<T, Failure> {
        let answer = self.run(true).await?;
        answer.read()
    }

    /// The answer's body as a record.
    pub async fn record(self) -> Result<Record, Failure> {
        self.read().await
    }

    /// The answer's body as JSON; null when there is none.
    pub async fn value(self) -> Result<Json, Failure> {
        self.run(true).await?.value()
    }

    /// For answers whose body says nothing.
    pub async fn done(self) -> Result<(), Failure> {
        self.run(true).await.map(drop)
    }

    /// The answer as a file, read as it comes.
    pub async fn download(self) -> Result<Download, Failure> {
        self.run(false).await.map(Answer::download)
    }

    /// The answer with status and headers, its body whole.
    pub async fn send(self) -> Result<Answer, Failure> {
        self.run(true).await
    }

    /// Attempts until one is answered or no other would help; renews the token
    /// once when it ran out. With `whole` the body belongs to the attempt.
    ///
    /// Boxed: every function of this crate waits for this one, and none should
    /// carry it about.
    pub(crate) fn run(&self, whole: bool) -> BoxFuture<'_, Result<Answer, Failure>> {
        Box::pin(async move { self.attempts(whole).await.map_err(|failure| failure.worded(self.client.locale())) })
    }

    async fn attempts(&self, whole: bool) -> Result<Answer, Failure> {
        let mut token = if self.anonymous { None } else { self.client.bearer().await? };
        let (mut attempt, mut renewed, mut doubtful) = (1, false, false);
        loop {
            let failure = match self.attempt(token.as_deref(), whole).await {
                Ok(answer) => return Ok(answer),
                Err(Missed { response, failure }) => {
                    // Gone is gone, whichever of our attempts did it.
                    if let Some(response) =
                        response.filter(|r| doubtful && self.method == "DELETE" && r.status() == 404)
                    {
                        return Ok(Answer { response, text: String::new() });
                    }
                    failure
                }
            };
            if failure.status == 401 && !self.anonymous && !renewed && self.client.renews() {
                renewed = true;
                token = Some(self.client.renew(token.as_deref()).await?);
                continue;
            }
            doubtful |= failure.reach == Reach::Unanswered || failure.status > 500;
            let Some(pause) = self.retry.pause(&failure, self.repeat, attempt) else { return Err(failure) };
            transport::sleep(pause).await;
            attempt += 1;
        }
    }

    async fn attempt(&self, token: Option<&str>, whole: bool) -> Result<Answer, Missed> {
        let url = format!("{}{BASE}{}", self.client.base(), self.path);
        let request = Request { method: self.method, url, headers: self.headers(token), body: &self.body };
        let mut response = self.client.transport().send(request).await?;
        if !(200..300).contains(&response.status()) {
            let body = response.text().await.unwrap_or_default();
            let failure = Failure::read(response.status(), serde_json::from_str(&body).unwrap_or_default());
            let failure = failure.retry_after(response.header("Retry-After").as_deref().and_then(wait));
            return Err(Missed { response: Some(response), failure });
        }
        let text = if whole { response.text().await? } else { String::new() };
        Ok(Answer { response, text })
    }

    fn headers(&self, token: Option<&str>) -> Vec<(&'static str, String)> {
        let mut headers = vec![("Accept", "application/json, */*".to_owned())];
        let mut put = |name, value: Option<String>| headers.extend(value.map(|value| (name, value)));
        put("Accept-Language", Some(self.client.locale().tag().to_owned()));
        put("Authorization", token.map(|token| format!("Bearer {token}")));
        put("If-Match", self.if_match.map(|version| format!("\"{version}\"")));
        put("Idempotency-Key", self.key.clone());
        put("Content-Type", matches!(self.body, Body::Json(_)).then(|| "application/json".to_owned()));
        headers
    }
}

/// An attempt that gave nothing, and what was answered, if anything.
struct Missed {
    response: Option<Response>,
    failure: Failure,
}

impl From<Failure> for Missed {
    fn from(failure: Failure) -> Self {
        Self { response: None, failure }
    }
}

/// How long a `Retry-After` header asks to wait: seconds, or until a date.
fn wait(header: &str) -> Option<Duration> {
    header.trim().parse().ok().map(Duration::from_secs).or_else(|| until(header))
}

#[cfg(not(target_arch = "wasm32"))]
fn until(header: &str) -> Option<Duration> {
    let date = chrono::DateTime::parse_from_rfc2822(header).ok()?;
    Some((date.to_utc() - chrono::Utc::now()).to_std().unwrap_or_default())
}

/// Our server tells seconds; dates come from proxies, which browsers rarely meet.
#[cfg(target_arch = "wasm32")]
fn until(_: &str) -> Option<Duration> {
    None
}

impl Answer {
    pub fn status(&self) -> u16 {
        self.response.status()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        self.response.header(name)
    }

    /// The version of the record in the answer, from its `ETag`.
    pub fn version(&self) -> Option<i64> {
        self.header("ETag")?.trim_start_matches("W/").trim_matches('"').parse().ok()
    }

    /// Whether the server had done this before, under the same idempotency key.
    pub fn is_replayed(&self) -> bool {
        self.header("Idempotent-Replayed").is_some()
    }

    /// The body as JSON; null when there is none.
    pub fn value(&self) -> Result<Json, Failure> {
        if self.text.is_empty() {
            return Ok(Json::Null);
        }
        serde_json::from_str(&self.text).map_err(|why| self.unreadable(&why))
    }

    /// The body as a value of `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        // By way of JSON: one reader of text for all types keeps the browser's copy small.
        serde_json::from_value(self.value()?).map_err(|why| self.unreadable(&why))
    }

    fn unreadable(&self, why: &serde_json::Error) -> Failure {
        Failure::unreadable(self.status()).because(why.to_string())
    }

    /// The same with the rest of its body.
    pub(crate) async fn whole(mut self) -> Result<Self, Failure> {
        self.text = self.response.text().await?;
        Ok(self)
    }

    pub(crate) fn download(self) -> Download {
        Download::new(self.response)
    }

    pub(crate) fn into_response(self) -> Response {
        self.response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_how_long_to_wait() {
        assert_eq!(wait("7"), Some(Duration::from_secs(7)));
        assert_eq!(wait("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert!(wait("Fri, 31 Dec 2100 23:59:59 GMT").is_some_and(|wait| wait > Duration::from_hours(1)));
        assert_eq!(wait("soon"), None);
    }
}
