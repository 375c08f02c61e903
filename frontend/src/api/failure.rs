//! A refusal of the server, or the way to it that is broken.

use conexao_domain::kernel::{problem::FieldProblem, record::Record};
use serde_json::Value as Json;

use crate::t;

/// Why a call gave nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// HTTP status; 0 when the server was not reached.
    pub status: u16,
    /// Stable code, e.g. `stale`; `network` when the server was not reached.
    pub code: String,
    title: String,
    pub detail: Option<String>,
    /// What support asks for.
    pub request_id: Option<String>,
    pub errors: Vec<FieldProblem>,
    /// The record as it is now, with code `stale`.
    pub current: Option<Record>,
}

impl Failure {
    /// The server was not reached.
    pub fn network() -> Self {
        Self::plain(0, "network")
    }

    fn plain(status: u16, code: &str) -> Self {
        Self {
            status,
            code: code.to_owned(),
            title: String::new(),
            detail: None,
            request_id: None,
            errors: Vec::new(),
            current: None,
        }
    }

    /// Reads a problem document; anything else becomes a refusal with its status.
    pub fn read(status: u16, body: &Json) -> Self {
        let text = |name: &str| body.get(name).and_then(Json::as_str).map(str::to_owned);
        let errors = body.get("errors").cloned().and_then(|e| serde_json::from_value(e).ok());
        let current = body.get("current").and_then(Json::as_object).cloned().map(Record);
        Self {
            code: text("code").unwrap_or_else(|| "internal".to_owned()),
            title: text("title").unwrap_or_default(),
            detail: text("detail"),
            request_id: text("request_id"),
            errors: errors.unwrap_or_default(),
            current,
            ..Self::plain(status, "")
        }
    }

    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }

    /// The sentence for people.
    pub fn message(&self) -> String {
        match (self.status, self.title.as_str()) {
            (0, _) => t!("failure.network"),
            (_, "") => t!("failure.unknown"),
            (_, title) => self.errors.first().map_or_else(|| title.to_owned(), |first| sentence(title, first)),
        }
    }

    /// What is wrong with one value, by its path (`contacts.0.value`).
    pub fn field(&self, path: &str) -> Option<&str> {
        self.errors.iter().find(|e| e.field == path).map(|e| e.message.as_str())
    }

    /// The code that helps support find the request: status and request id.
    pub fn reference(&self) -> String {
        match &self.request_id {
            Some(id) => format!("{}-{}", self.status, id.get(..8).unwrap_or(id)),
            None => self.status.to_string(),
        }
    }
}

/// A refusal of a single value says it in the sentence as well.
fn sentence(title: &str, first: &FieldProblem) -> String {
    if first.message.is_empty() { title.to_owned() } else { format!("{title} {}", first.message) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_a_problem_document() {
        let body = json!({"code": "stale", "title": "Mudou", "request_id": "0123456789", "current": {"id": "a", "version": 3},
            "errors": [{"field": "name", "code": "required", "message": "Falta."}]});
        let failure = Failure::read(412, &body);
        assert!(failure.is("stale"));
        assert_eq!(failure.field("name"), Some("Falta."));
        assert_eq!(failure.message(), "Mudou Falta.");
        assert_eq!(failure.reference(), "412-01234567");
        assert_eq!(failure.current.unwrap().version(), 3);
    }

    #[test]
    fn anything_else_is_still_a_refusal() {
        let failure = Failure::read(502, &Json::Null);
        assert_eq!((failure.status, failure.code.as_str()), (502, "internal"));
        assert!(!failure.message().is_empty());
    }
}
