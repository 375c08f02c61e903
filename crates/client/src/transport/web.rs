//! The browser: a thin layer over `fetch`, for every byte here is downloaded.

use std::time::Duration;

use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Headers, ReadableStreamDefaultReader, RequestInit};

use super::{Body, Request};
use crate::failure::Failure;

/// A future that may be boxed: the browser has one thread.
pub type BoxFuture<'a, T> = futures_util::future::LocalBoxFuture<'a, T>;

/// Bytes as they arrive.
pub type Chunk = Vec<u8>;

#[derive(Debug)]
pub(crate) struct Transport;

impl Transport {
    /// The browser names itself.
    pub(crate) fn new(_user_agent: &str) -> Self {
        Self
    }

    pub(crate) async fn send(&self, request: Request<'_>) -> Result<Response, Failure> {
        let init = RequestInit::new();
        init.set_method(request.method);
        init.set_headers(&headers(&request.headers).map_err(|_| Failure::unusable("header"))?.into());
        match request.body {
            Body::Empty => {}
            Body::Json(text) => init.set_body(&JsValue::from_str(text)),
            Body::Form(form) => init.set_body(&form.write()?),
        }
        let window = web_sys::window().ok_or_else(Failure::network)?;
        let answer = JsFuture::from(window.fetch_with_str_and_init(&request.url, &init)).await;
        // The browser does not say whether the request left.
        let inner = answer.ok().and_then(|answer| answer.dyn_into().ok()).ok_or_else(Failure::interrupted)?;
        Ok(Response { inner, reader: None })
    }
}

fn headers(pairs: &[(&'static str, String)]) -> Result<Headers, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in pairs {
        headers.set(name, value)?;
    }
    Ok(headers)
}

#[derive(Debug)]
pub(crate) struct Response {
    inner: web_sys::Response,
    reader: Option<ReadableStreamDefaultReader>,
}

impl Response {
    pub(crate) fn status(&self) -> u16 {
        self.inner.status()
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.inner.headers().get(name).ok().flatten()
    }

    /// The body as text.
    pub(crate) async fn text(&mut self) -> Result<String, Failure> {
        let text = self.inner.text().map_err(broken)?;
        let text = JsFuture::from(text).await.map_err(broken)?;
        Ok(text.as_string().unwrap_or_default())
    }

    /// The body as a file.
    pub(crate) async fn blob(&self) -> Result<Blob, Failure> {
        let blob = self.inner.blob().map_err(broken)?;
        JsFuture::from(blob).await.map_err(broken)?.dyn_into().map_err(broken)
    }

    /// The next bytes of the body, none at its end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Chunk>, Failure> {
        if self.reader.is_none() {
            self.reader = self.inner.body().map(|body| body.get_reader().unchecked_into());
        }
        let Some(reader) = &self.reader else { return Ok(None) };
        let piece = JsFuture::from(reader.read()).await.map_err(broken)?;
        if Reflect::get(&piece, &"done".into()).map_err(broken)?.is_truthy() {
            return Ok(None);
        }
        let value = Reflect::get(&piece, &"value".into()).map_err(broken)?;
        Ok(Some(value.unchecked_into::<Uint8Array>().to_vec()))
    }
}

impl Drop for Response {
    /// Hangs up on a body that nobody reads to its end.
    fn drop(&mut self) {
        if let Some(reader) = &self.reader {
            // A refusal to stop changes nothing for us.
            let _ = reader.cancel();
        }
    }
}

fn broken(_: JsValue) -> Failure {
    Failure::interrupted()
}

pub(crate) async fn sleep(pause: Duration) {
    let millis = i32::try_from(pause.as_millis()).unwrap_or(i32::MAX);
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
        }
    });
    let _ = JsFuture::from(promise).await;
}
