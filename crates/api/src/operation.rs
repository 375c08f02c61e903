//! What the document says of one operation: its shape, and the problems that
//! follow from it.

use std::collections::BTreeMap;

use conexao_domain::kernel::problem::Code;
use serde_json::{Value as Json, json};

use crate::routes::object;

/// Largest body that is no upload, in bytes.
pub(crate) const MAX_BODY: usize = 2 << 20;

/// One documented operation; paths are relative to `/api/v1`.
#[derive(Debug, Clone)]
pub struct Operation {
    pub method: &'static str,
    pub path: String,
    /// Group in the documentation.
    pub tag: String,
    pub summary: String,
    /// Permission the operation needs, if it needs one.
    pub permission: Option<String>,
    /// Acts on the record after which the same person is refused.
    pub four_eyes: &'static [&'static str],
    /// Query parameters: (name, what it does).
    pub query: Vec<(&'static str, &'static str)>,
    /// JSON schema of the body.
    pub body: Option<Json>,
    /// Content type of the body.
    pub body_type: &'static str,
    /// Largest body accepted, in bytes.
    pub body_limit: u64,
    pub status: u16,
    /// JSON schema of the answer; `None` for an empty one.
    pub answer: Option<Json>,
    pub answer_type: &'static str,
    /// Further answers that are none of the problems: media type and schema.
    pub also: Vec<(u16, Option<(&'static str, Json)>)>,
    /// Problems beyond those that follow from the operation's shape.
    pub refusals: Vec<Code>,
    /// Whether anybody may call it.
    pub public: bool,
    /// Whether `If-Match` is needed.
    pub if_match: bool,
    /// Whether a repetition under the same `Idempotency-Key` is recognised.
    pub keyed: bool,
}

impl Operation {
    pub fn new(tag: &str, summary: &str) -> Self {
        Self {
            method: "get",
            path: String::new(),
            tag: tag.to_owned(),
            summary: summary.to_owned(),
            permission: None,
            four_eyes: &[],
            query: Vec::new(),
            body: None,
            body_type: "application/json",
            body_limit: u64::try_from(MAX_BODY).unwrap_or(u64::MAX),
            status: 200,
            answer: None,
            answer_type: "application/json",
            also: Vec::new(),
            refusals: Vec::new(),
            public: false,
            if_match: false,
            keyed: false,
        }
    }
    pub fn permission(mut self, permission: impl Into<String>) -> Self {
        self.permission = Some(permission.into());
        self
    }
    /// Refuses whoever did one of these acts on the record before.
    pub fn four_eyes(mut self, acts: &'static [&'static str]) -> Self {
        self.four_eyes = acts;
        self
    }
    pub fn query(mut self, parameters: &[(&'static str, &'static str)]) -> Self {
        self.query.extend_from_slice(parameters);
        self
    }
    pub fn body(mut self, schema: Json) -> Self {
        self.body = Some(schema);
        self
    }
    /// A multipart upload with one file of at most `bytes`, after further parts.
    pub fn upload(mut self, bytes: u64, parts: &[(&str, Json)]) -> Self {
        let file = ("file", json!({ "type": "string", "format": "binary" }));
        let parts: Vec<(&str, Json)> = parts.iter().cloned().chain([file]).collect();
        let mut schema = object(&parts);
        if let Some(map) = schema.as_object_mut() {
            map.insert("required".to_owned(), parts.iter().map(|(name, _)| Json::from(*name)).collect());
        }
        self.body = Some(schema);
        self.body_type = "multipart/form-data";
        self.body_limit = bytes.saturating_add(WRAPPING);
        self.keyed = true;
        self
    }
    pub fn answer(mut self, status: u16, schema: Json) -> Self {
        (self.status, self.answer) = (status, Some(schema));
        self
    }
    pub fn empty(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
    pub fn media(mut self, media_type: &'static str) -> Self {
        self.answer_type = media_type;
        self.answer = Some(json!({ "type": "string", "format": "binary" }));
        self
    }
    /// Another answer that may come.
    pub fn or(mut self, status: u16, answer: Option<(&'static str, Json)>) -> Self {
        self.also.push((status, answer));
        self
    }
    /// Problems that do not follow from the operation's shape.
    pub fn refuses(mut self, codes: &[Code]) -> Self {
        self.refusals.extend_from_slice(codes);
        self
    }
    pub fn public(mut self) -> Self {
        self.public = true;
        self
    }
    pub fn if_match(mut self) -> Self {
        self.if_match = true;
        self
    }

    pub(crate) fn is_upload(&self) -> bool {
        self.body_type == "multipart/form-data"
    }

    /// Whether the document has the status.
    pub fn may_answer(&self, status: u16) -> bool {
        let also = self.also.iter().any(|(other, _)| *other == status);
        self.status == status || also || status >= 500 || self.problems().contains_key(&status)
    }

    /// Every problem that may come, by status.
    pub fn problems(&self) -> BTreeMap<u16, Vec<Code>> {
        let mut codes = vec![Code::Malformed, Code::TooManyRequests, Code::TooLarge];
        let mut when = |holds: bool, more: &[Code]| codes.extend(more.iter().filter(|_| holds));
        when(!self.query.is_empty(), &[Code::UnknownParameter, Code::Validation]);
        when(!self.public, &[Code::Unauthenticated, Code::Forbidden, Code::TwoFactorRequired]);
        when(self.path.contains('{'), &[Code::NotFound]);
        when(self.method != "get", &[Code::RequestTimeout]);
        when(self.body.is_some(), &[Code::Validation, Code::UnsupportedMedia]);
        when(self.keyed, &[Code::IdempotencyMismatch, Code::InProgress]);
        when(!self.four_eyes.is_empty(), &[Code::FourEyes]);
        when(self.if_match, &[Code::Stale, Code::PreconditionRequired]);
        codes.extend(&self.refusals);
        let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
        for code in codes {
            let known = by_status.entry(code.status()).or_default();
            if !known.contains(&code) {
                known.push(code);
            }
        }
        by_status
    }
}

/// What a form may be longer than its file, in bytes.
const WRAPPING: u64 = 64 << 10;
