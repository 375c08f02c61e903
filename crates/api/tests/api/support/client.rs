//! Requests that read as sentences, and answers that are easy to question.

use std::{future::IntoFuture, ops::Deref};

use actix_web::{
    http::{Method, StatusCode, header::HeaderMap},
    test::TestRequest,
};
use conexao_domain::{after_sales::warranty::WARRANTY, customers::customer::CUSTOMER, kernel::resource::Resource};
use futures_util::future::LocalBoxFuture;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::App;

/// Somebody who calls the API.
#[derive(Clone)]
pub struct Client {
    pub app: App,
    pub token: Option<String>,
    /// The user's id; nil for strangers.
    pub id: Uuid,
}

impl Client {
    pub fn new(app: App, token: Option<String>, id: Uuid) -> Self {
        Self { app, token, id }
    }

    pub fn request(&self, method: Method, path: &str) -> Request {
        let headers = self.token.iter().map(|t| ("Authorization".to_owned(), format!("Bearer {t}"))).collect();
        Request {
            app: self.app.clone(),
            method,
            path: format!("/api/v1{path}"),
            query: Vec::new(),
            headers,
            body: Vec::new(),
            address: None,
        }
    }

    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str, body: Json) -> Request {
        self.request(Method::POST, path).json(&body)
    }

    /// A multipart upload of one file.
    pub fn upload(&self, path: &str, name: &str, content: &[u8]) -> Request {
        self.upload_with(path, &[], name, content)
    }

    /// The same with text parts before the file.
    pub fn upload_with(&self, path: &str, parts: &[(&str, &str)], name: &str, content: &[u8]) -> Request {
        let boundary = "limite-entre-as-partes";
        let part = |(name, text): &(&str, &str)| {
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
        };
        let mut body = format!(
            "{}--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            parts.iter().map(part).collect::<String>()
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let request = self.request(Method::POST, path).raw(body);
        request.header("Content-Type", format!("multipart/form-data; boundary={boundary}"))
    }

    pub fn patch(&self, made: &Made, body: Json) -> Request {
        self.request(Method::PATCH, &made.path()).if_match(made.version()).json(&body)
    }

    pub fn delete(&self, made: &Made) -> Request {
        self.request(Method::DELETE, &made.path()).if_match(made.version())
    }

    pub fn step(&self, made: &Made, step: &str, body: Json) -> Request {
        self.post(&format!("{}/actions/{step}", made.path()), body).if_match(made.version())
    }

    pub async fn create(&self, resource: &'static Resource, input: Json) -> Made {
        let body = self.post(&format!("/{}", resource.path), input).await.expect(201);
        Made { resource, body }
    }

    /// The record as this caller reads it now.
    pub async fn read(&self, made: &Made) -> Made {
        Made { resource: made.resource, body: self.get(&made.path()).await.expect(200) }
    }

    /// One masked value in full.
    pub fn reveal(&self, made: &Made, field: &str) -> Request {
        self.post(&format!("{}/reveal", made.path()), json!({ "field": field }))
    }

    /// The record with every mask lifted, one by one, slowly enough to be let.
    pub async fn plain(&self, made: &Made) -> Json {
        let mut record = self.get(&made.path()).await.expect(200);
        for path in masked(&record) {
            self.app.clock.advance(chrono::TimeDelta::seconds(2));
            let value = self.reveal(made, &path).await.expect(200)["value"].clone();
            match path.split('.').collect::<Vec<_>>().as_slice() {
                [owner, id, name] => {
                    let lines = record[*owner].as_array_mut().unwrap();
                    lines.iter_mut().find(|line| line["id"] == *id).unwrap()[*name] = value;
                }
                _ => record[&path] = value,
            }
        }
        record
    }

    pub fn customer(&self) -> Draft {
        let input = json!({ "name": "Ana Terra" });
        Draft { client: self.clone(), resource: &CUSTOMER, input }
    }

    pub fn warranty(&self, customer: &Made) -> Draft {
        let item = json!({ "sku": "RT-1", "product": "Roteador", "reason": "Não liga" });
        let input = json!({ "customer_id": customer.id(), "items": [item] });
        Draft { client: self.clone(), resource: &WARRANTY, input }
    }
}

/// Every mask of a record, as it is asked for.
pub fn masked(record: &Json) -> Vec<String> {
    let named = |record: &Json| -> Vec<String> {
        let names = record["_masked"].as_array().cloned().unwrap_or_default();
        names.iter().filter_map(Json::as_str).map(str::to_owned).collect()
    };
    let mut paths = named(record);
    for (owner, lines) in record.as_object().into_iter().flatten() {
        for line in lines.as_array().into_iter().flatten() {
            let within = |name: String| format!("{owner}.{}.{name}", line["id"].as_str().unwrap_or_default());
            paths.extend(named(line).into_iter().map(within));
        }
    }
    paths
}

/// A record that is about to be created.
pub struct Draft {
    client: Client,
    resource: &'static Resource,
    input: Json,
}

impl Draft {
    pub fn named(self, name: &str) -> Self {
        self.with("name", name)
    }

    pub fn with(mut self, field: &str, value: impl Into<Json>) -> Self {
        self.input[field] = value.into();
        self
    }

    pub async fn create(self) -> Made {
        self.client.create(self.resource, self.input).await
    }

    pub fn send(self) -> Request {
        self.client.post(&format!("/{}", self.resource.path), self.input)
    }
}

/// A record that exists, as it was last answered.
#[derive(Debug, Clone)]
pub struct Made {
    pub resource: &'static Resource,
    pub body: Json,
}

impl Made {
    pub fn id(&self) -> &str {
        self.body["id"].as_str().expect("an id")
    }

    pub fn version(&self) -> i64 {
        self.body["version"].as_i64().expect("a version")
    }

    pub fn path(&self) -> String {
        format!("/{}/{}", self.resource.path, self.id())
    }

    /// The same record as another answer shows it.
    pub fn now(&self, body: Json) -> Self {
        Self { resource: self.resource, body }
    }
}

impl Deref for Made {
    type Target = Json;

    fn deref(&self) -> &Json {
        &self.body
    }
}

/// A request under construction; awaiting it sends it.
pub struct Request {
    app: App,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    address: Option<std::net::IpAddr>,
}

impl Request {
    pub fn query(mut self, name: &str, value: impl ToString) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    pub fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.retain(|(n, _)| n != name);
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// As if it came from this address.
    pub fn from(mut self, address: &str) -> Self {
        self.address = Some(address.parse().unwrap());
        self
    }

    pub fn if_match(self, version: i64) -> Self {
        self.header("If-Match", format!("\"{version}\""))
    }

    pub fn without_if_match(mut self) -> Self {
        self.headers.retain(|(name, _)| name != "If-Match");
        self
    }

    /// With an idempotency key.
    pub fn once(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    pub fn in_language(self, language: &str) -> Self {
        self.header("Accept-Language", language)
    }

    pub fn json(self, body: &Json) -> Self {
        self.raw(body.to_string())
    }

    pub fn raw(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("Content-Type", "application/json")
    }

    async fn send(self) -> Answer {
        let query = serde_urlencoded::to_string(&self.query).unwrap();
        let uri = if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) };
        let mut request = TestRequest::with_uri(&uri).method(self.method.clone());
        for header in &self.headers {
            request = request.append_header((header.0.as_str(), header.1.as_str()));
        }
        if let Some(address) = self.address {
            request = request.peer_addr((address, 40_000).into());
        }
        if !self.body.is_empty() {
            request = request.set_payload(self.body);
        }
        let (status, headers, bytes) = self.app.call(request.to_request()).await;
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let bytes = bytes.to_vec();
        Answer { what: format!("{} {uri}", self.method), status, headers, body, text, bytes }
    }
}

impl IntoFuture for Request {
    type Output = Answer;
    type IntoFuture = LocalBoxFuture<'static, Answer>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Method and address, for failure messages.
    pub what: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The body as JSON, null when it is none.
    pub body: Json,
    pub text: String,
    /// As it came, for files.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body of an answer with this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Json {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.what, self.text);
        self.body
    }

    /// The body of a problem with this status and code, in its agreed shape.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Json {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.what, self.text);
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.what);
        assert_eq!(self.body["code"], code, "{}: {}", self.what, self.text);
        assert_eq!(self.body["status"], status, "{}", self.what);
        assert_eq!(self.body["type"], format!("/api/docs#problem-{code}"), "{}", self.what);
        let has_words = |name: &str| self.body[name].as_str().is_some_and(|text| !text.is_empty());
        assert!(has_words("title") && has_words("request_id"), "{}: {}", self.what, self.text);
        self.body
    }

    /// The codes of refused fields: `[("name", "required")]`.
    #[track_caller]
    pub fn refuses(self, expected: &[(&str, &str)]) {
        let body = self.problem(422, "validation");
        let mut found: Vec<(String, String)> = body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| (e["field"].as_str().unwrap().to_owned(), e["code"].as_str().unwrap().to_owned()))
            .collect();
        found.sort();
        let mut expected: Vec<(String, String)> =
            expected.iter().map(|(f, c)| ((*f).to_owned(), (*c).to_owned())).collect();
        expected.sort();
        assert_eq!(found, expected, "{body}");
        for error in body["errors"].as_array().unwrap() {
            let (message, code) = (error["message"].as_str().unwrap(), error["code"].as_str().unwrap());
            assert!(!message.is_empty() && message != format!("invalid.{code}"), "no words for {error}");
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    pub fn items(&self) -> &[Json] {
        self.body["items"].as_array().map(Vec::as_slice).unwrap_or_default()
    }
}
