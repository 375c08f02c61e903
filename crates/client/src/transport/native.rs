//! Programs: reqwest with rustls, one pool of connections per client.

use std::time::Duration;

use reqwest::{Method, redirect, retry};

use super::{Body, Request};
use crate::failure::Failure;

/// A future that may be boxed: it can move between threads here.
pub type BoxFuture<'a, T> = futures_util::future::BoxFuture<'a, T>;

/// Bytes as they arrive.
pub type Chunk = bytes::Bytes;

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest silence within an answer; event streams speak more often.
const SILENCE: Duration = Duration::from_secs(90);

#[derive(Debug)]
pub(crate) struct Transport {
    /// What went wrong is told by the first call, so that making a client cannot fail.
    http: Result<reqwest::Client, String>,
}

impl Transport {
    pub(crate) fn new(user_agent: &str) -> Self {
        let http = reqwest::Client::builder()
            .user_agent(user_agent)
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            // Following one would turn a POST into a GET and might send the token elsewhere.
            .redirect(redirect::Policy::none())
            // This crate decides what is safe to send again.
            .retry(retry::never())
            // The refresh token travels in a cookie.
            .cookie_store(true)
            .build();
        Self { http: http.map_err(|error| error.to_string()) }
    }

    pub(crate) async fn send(&self, request: Request<'_>) -> Result<Response, Failure> {
        let http = self.http.as_ref().map_err(Failure::unusable)?;
        let method = Method::from_bytes(request.method.as_bytes()).map_err(|e| Failure::unusable(e.to_string()))?;
        let mut made = http.request(method, &request.url);
        for (name, value) in request.headers {
            made = made.header(name, value);
        }
        made = match request.body {
            Body::Empty => made,
            Body::Json(text) => made.body(text.clone()),
            Body::Form(form) => made.multipart(form.write().await?),
        };
        made.send().await.map(|inner| Response { inner }).map_err(|error| failure(&error))
    }
}

fn failure(error: &reqwest::Error) -> Failure {
    let reach = if error.is_builder() {
        Failure::unusable
    } else if error.is_connect() {
        |why| Failure::network().because(why)
    } else {
        |why| Failure::interrupted().because(why)
    };
    reach(causes(error))
}

/// The innermost cause says what happened, the outer ones only where.
fn causes(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[derive(Debug)]
pub(crate) struct Response {
    inner: reqwest::Response,
}

impl Response {
    pub(crate) fn status(&self) -> u16 {
        self.inner.status().as_u16()
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.inner.headers().get(name)?.to_str().ok().map(str::to_owned)
    }

    /// The rest of the body as text.
    pub(crate) async fn text(&mut self) -> Result<String, Failure> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            bytes.extend_from_slice(&chunk);
        }
        String::from_utf8(bytes).map_err(|_| Failure::unreadable(self.status()))
    }

    /// The next bytes of the body, none at its end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Chunk>, Failure> {
        self.inner.chunk().await.map_err(|error| Failure::interrupted().because(causes(&error)))
    }
}

pub(crate) async fn sleep(pause: Duration) {
    tokio::time::sleep(pause).await;
}
