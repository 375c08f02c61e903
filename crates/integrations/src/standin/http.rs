//! A small HTTP server with answers made to order.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{Request, Response, StatusCode, header::HeaderMap, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// A call that was made.
#[derive(Debug, Clone)]
pub struct Call {
    /// `GET`, `POST` and so on.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Call {
    /// A header as text; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as a form.
    pub fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }
}

/// What the server does about a call.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Answers with status, headers and body.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// Answers after a while.
    Slow(Duration, Box<Reply>),
    /// Closes the connection without an answer.
    HangUp,
}

impl Reply {
    /// An answer in plain text.
    pub fn text(status: u16, body: &str) -> Self {
        Self::Answer(status, vec![("content-type", "text/plain".to_owned())], body.to_owned())
    }

    /// An answer in JSON.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::Answer(status, vec![("content-type", "application/json".to_owned())], body.to_string())
    }

    /// With one more header.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Answer(_, headers, _) = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }
}

type Handler = dyn Fn(&Call) -> Reply + Send + Sync;

struct Shared {
    handler: Box<Handler>,
    calls: Mutex<Vec<Call>>,
}

/// A running server.
pub struct HttpStandIn {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: AbortHandle,
}

impl std::fmt::Debug for HttpStandIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpStandIn").field("address", &self.address).finish_non_exhaustive()
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl HttpStandIn {
    /// Starts a server that answers as the function says.
    pub async fn start(handler: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { handler: Box::new(handler), calls: Mutex::default() });
        let served = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&served)));
            }
        });
        Ok(Self { address, shared, task: task.abort_handle() })
    }

    /// Starts a server that gives these answers in turn, then the last for ever.
    pub async fn answering(replies: Vec<Reply>) -> std::io::Result<Self> {
        let turn = Mutex::new(0_usize);
        Self::start(move |_| {
            let mut turn = locked(&turn);
            let reply = replies.get(*turn).or(replies.last()).cloned().unwrap_or(Reply::HangUp);
            *turn += 1;
            reply
        })
        .await
    }

    /// The address of the server with a path, by its name `localhost`.
    pub fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.address.port())
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The calls so far.
    pub fn calls(&self) -> Vec<Call> {
        locked(&self.shared.calls).clone()
    }
}

impl Drop for HttpStandIn {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(move |request| answer(request, Arc::clone(&shared)));
    // Whether the other side leaves early is its own business.
    let _ended = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

#[derive(Debug, thiserror::Error)]
#[error("hung up")]
struct HungUp;

impl From<Infallible> for HungUp {
    fn from(_: Infallible) -> Self {
        Self
    }
}

async fn answer(request: Request<Incoming>, shared: Arc<Shared>) -> Result<Response<Full<Bytes>>, HungUp> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| HungUp)?.to_bytes();
    let path = head.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let call = Call { method: head.method.to_string(), path, headers: head.headers, body };
    let mut reply = (shared.handler)(&call);
    locked(&shared.calls).push(call);
    loop {
        match reply {
            Reply::HangUp => return Err(HungUp),
            Reply::Slow(wait, then) => {
                tokio::time::sleep(wait).await;
                reply = *then;
            }
            Reply::Answer(status, headers, body) => {
                let mut response = Response::new(Full::new(Bytes::from(body)));
                *response.status_mut() = StatusCode::from_u16(status).map_err(|_| HungUp)?;
                for (name, value) in headers {
                    response.headers_mut().insert(name, value.parse().map_err(|_| HungUp)?);
                }
                return Ok(response);
            }
        }
    }
}
