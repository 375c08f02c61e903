//! The client itself.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, HeaderValue, USER_AGENT};
use reqwest::{Client, Method, StatusCode, redirect};
use url::Url;

use super::{egress::Egress, fault::HttpFault, retry_after};

/// What names us to the services we call.
const AGENT: &str = concat!("Conexao/", env!("CARGO_PKG_VERSION"));

/// How long and how much a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For the connection, TLS included.
    pub connect: Duration,
    /// For everything, the body of the answer included.
    pub total: Duration,
    /// Bytes kept of the body of an answer; the rest is not read.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(30), body: 64 * 1024 }
    }
}

/// A call to be made.
#[derive(Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// Headers besides those of the transport.
    pub headers: HeaderMap,
    /// The body, as it goes out.
    pub body: Bytes,
}

impl Request {
    /// A POST of these bytes.
    pub fn post(url: Url, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let headers = HeaderMap::from_iter([(reqwest::header::CONTENT_TYPE, HeaderValue::from_static(media_type))]);
        Self { method: Method::POST, url, headers, body: body.into() }
    }

    /// A GET.
    pub fn get(url: Url) -> Self {
        Self { method: Method::GET, url, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// With one more header.
    pub fn header(mut self, name: reqwest::header::HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

/// What was answered, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The beginning of the body.
    pub body: Vec<u8>,
    /// Whether the body went on.
    pub truncated: bool,
    /// From the call to the end of the answer.
    pub elapsed: Duration,
}

impl Answer {
    /// How long the other side asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(&self.headers, SystemTime::now())
    }

    /// The body as text, whatever is in it.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Calls services; cheap to clone, with one pool of connections.
#[derive(Debug, Clone)]
pub struct HttpClient {
    client: Client,
    egress: Egress,
    limits: Limits,
}

impl HttpClient {
    /// A client with these limits that connects only where it may.
    ///
    /// # Errors
    /// [`HttpFault::Connect`] when the machine's TLS does not work.
    pub fn new(egress: Egress, limits: Limits) -> Result<Self, HttpFault> {
        let client = Client::builder()
            .connect_timeout(limits.connect)
            .timeout(limits.total)
            .redirect(redirect::Policy::none())
            // A proxy would connect for us, past the guard.
            .no_proxy()
            .dns_resolver(Arc::new(Guard(egress)))
            .pool_idle_timeout(Duration::from_secs(30))
            .build()
            .map_err(|_| HttpFault::Connect)?;
        Ok(Self { client, egress, limits })
    }

    /// Where this client may connect to.
    pub const fn egress(&self) -> Egress {
        self.egress
    }

    /// Makes a call; any status is an answer.
    pub async fn call(&self, request: Request) -> Result<Answer, HttpFault> {
        self.check(&request.url)?;
        let begin = Instant::now();
        let mut sent = self.client.request(request.method, request.url).headers(request.headers).body(request.body);
        sent = sent.header(USER_AGENT, AGENT);
        let mut response = sent.send().await.map_err(|error| HttpFault::of(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let (mut body, mut truncated) = (Vec::new(), false);
        while let Some(chunk) = response.chunk().await.map_err(|error| HttpFault::of(&error))? {
            let room = self.limits.body.saturating_sub(body.len());
            body.extend(chunk.iter().take(room));
            if chunk.len() > room {
                truncated = true;
                break;
            }
        }
        Ok(Answer { status, headers, body, truncated, elapsed: begin.elapsed() })
    }

    /// What the resolver never sees: schemes, logins, and addresses in digits.
    fn check(&self, url: &Url) -> Result<(), HttpFault> {
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
            return Err(HttpFault::Address);
        }
        let address = match url.host().ok_or(HttpFault::Address)? {
            url::Host::Domain(_) => return Ok(()),
            url::Host::Ipv4(v4) => v4.into(),
            url::Host::Ipv6(v6) => v6.into(),
        };
        if self.egress.permits(address) { Ok(()) } else { Err(HttpFault::Forbidden) }
    }
}

/// Resolves names for the connector, which connects to exactly what was
/// checked: a name cannot change its mind in between.
#[derive(Debug)]
struct Guard(Egress);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let egress = self.0;
        Box::pin(async move {
            let found = egress.resolve(name.as_str(), 0).await?;
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}
