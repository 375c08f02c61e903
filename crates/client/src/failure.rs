//! Why a call gave nothing: a refusal of the server, or the way to it that is broken.

use std::{fmt, ops::Deref, time::Duration};

use conexao_domain::{
    kernel::{
        problem::{Code, FieldProblem},
        record::Record,
    },
    locale::{self, Locale},
};
use serde_json::{Map, Value as Json};

/// How far a call came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It never left, or never arrived: it had no effect.
    Unsent,
    /// It left, and no whole answer came back: it may have had its effect.
    Unanswered,
    /// The server answered.
    Answered,
}

/// What is known about a failed call (RFC 9457 for what the server refused).
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub reach: Reach,
    /// HTTP status; 0 when there was no answer.
    pub status: u16,
    /// Stable code, e.g. `stale`; `network` when the server was not reached.
    pub code: String,
    /// The sentence for people, in the language of the client.
    pub title: String,
    pub detail: Option<String>,
    /// Reason code behind `detail`, e.g. of a guard that refused a step.
    pub reason: Option<String>,
    /// What support asks for.
    pub request_id: Option<String>,
    /// Refused values by path, e.g. `contacts.0.value`.
    pub errors: Vec<FieldProblem>,
    /// The record as it is now, with code `stale`.
    pub current: Option<Record>,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
    /// Other members of the problem document, e.g. `valid`.
    pub extra: Map<String, Json>,
}

/// A failed call; boxed, so that results stay small.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure(Box<Refusal>);

impl Deref for Failure {
    type Target = Refusal;

    fn deref(&self) -> &Refusal {
        &self.0
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.title.is_empty() { &self.code } else { &self.title })?;
        if let Some(detail) = &self.detail {
            write!(f, " {detail}")?;
        }
        for error in &self.errors {
            write!(f, "\n  {}: {}", error.field, if error.message.is_empty() { &error.code } else { &error.message })?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

impl Failure {
    fn plain(reach: Reach, status: u16, code: &str) -> Self {
        Self(Box::new(Refusal {
            reach,
            status,
            code: code.to_owned(),
            title: String::new(),
            detail: None,
            reason: None,
            request_id: None,
            errors: Vec::new(),
            current: None,
            retry_after: None,
            extra: Map::new(),
        }))
    }

    /// The server was not reached.
    pub fn network() -> Self {
        Self::plain(Reach::Unsent, 0, "network")
    }

    /// The call left and its answer did not come, or not whole.
    pub fn interrupted() -> Self {
        Self::plain(Reach::Unanswered, 0, "network")
    }

    /// The server answered something this client does not understand.
    pub fn unreadable(status: u16) -> Self {
        Self::plain(Reach::Answered, status, "unreadable")
    }

    /// The call cannot be made as it was asked for.
    pub fn unusable(why: impl Into<String>) -> Self {
        Self::plain(Reach::Unsent, 0, "unusable").because(why)
    }

    /// The same with a sentence about the cause.
    pub(crate) fn because(mut self, why: impl Into<String>) -> Self {
        self.0.detail = Some(why.into());
        self
    }

    /// Reads a problem document; anything else becomes a refusal with its status.
    pub fn read(status: u16, body: Json) -> Self {
        let mut failure = Self::plain(Reach::Answered, status, "internal");
        let Json::Object(mut members) = body else { return failure };
        let it = &mut failure.0;
        let mut text = |name: &str| match members.remove(name) {
            Some(Json::String(text)) => Some(text),
            _ => None,
        };
        if let Some(code) = text("code") {
            it.code = code;
        }
        it.title = text("title").unwrap_or_default();
        (it.detail, it.reason, it.request_id) = (text("detail"), text("reason"), text("request_id"));
        let errors = members.remove("errors").and_then(|errors| serde_json::from_value(errors).ok());
        it.errors = errors.unwrap_or_default();
        if let Some(Json::Object(current)) = members.remove("current") {
            it.current = Some(Record(current));
        }
        for told in ["type", "status"] {
            members.remove(told);
        }
        it.extra = members;
        failure
    }

    pub(crate) fn retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    /// The same with a sentence for people, where nobody gave one.
    pub fn worded(mut self, locale: Locale) -> Self {
        if self.title.is_empty() && self.code != "unusable" {
            let key = if self.status == 0 { "problem.network" } else { "problem.internal" };
            self.0.title = locale::text(locale, key);
        }
        self
    }

    /// The sentence for people; a refusal of a single value says it as well.
    pub fn message(&self) -> String {
        match self.errors.first().filter(|first| !first.message.is_empty()) {
            Some(first) => format!("{} {}", self.title, first.message),
            // What somebody wrote for whoever is refused.
            None => match self.extra.get("why").and_then(Json::as_str) {
                Some(why) => format!("{} {why}", self.title),
                None => self.title.clone(),
            },
        }
    }

    /// Whether the code is this one.
    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }

    /// The code as the server's table has it, when this client's version knows it.
    pub fn known(&self) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.name() == self.code)
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_a_problem_document() {
        let body = json!({"type": "/api/docs#problem-stale", "code": "stale", "title": "Mudou", "status": 412,
            "request_id": "0123456789", "current": {"id": "a", "version": 3}, "valid": ["name"],
            "errors": [{"field": "name", "code": "required", "message": "Falta."}]});
        let failure = Failure::read(412, body);
        assert_eq!(failure.known(), Some(Code::Stale));
        assert_eq!(failure.field("name"), Some("Falta."));
        assert_eq!(failure.to_string(), "Mudou\n  name: Falta.");
        assert_eq!(failure.message(), "Mudou Falta.");
        assert_eq!(failure.reference(), "412-01234567");
        assert_eq!(failure.current.as_ref().map(Record::version), Some(3));
        assert_eq!(failure.extra.keys().collect::<Vec<_>>(), ["valid"]);
    }

    #[test]
    fn anything_else_is_still_a_refusal() {
        let failure = Failure::read(502, Json::Null);
        assert_eq!((failure.status, failure.code.as_str(), failure.reach), (502, "internal", Reach::Answered));
        let words = |failure: Failure| failure.worded(Locale::En).message();
        assert!(words(failure).ends_with("tell support."));
        assert!(words(Failure::network()).starts_with("The server cannot be reached."));
    }
}
