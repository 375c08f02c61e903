//! Ways out, and what leaves by them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

/// Something that became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MessageEvent {
    pub at: String,
    /// `attempt`, `receipt` or `report`.
    pub kind: String,
    pub status: String,
    pub code: Option<String>,
    pub detail: Option<String>,
}

/// What a message says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Said {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A way out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Channel {
    /// `email`, `sms`, `push` or `slack`.
    pub channel: String,
    /// Whether it is set up.
    pub ready: bool,
    pub paused_at: Option<String>,
    pub paused_by: Option<String>,
    pub problem: Option<String>,
    pub problem_at: Option<String>,
    /// Messages by status: what waits, and the rest of the last day.
    #[serde(default)]
    pub counts: BTreeMap<String, i64>,
}

/// A text of mail in a language.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TemplateListed {
    pub template: String,
    pub language: String,
    /// Whether the company wrote it.
    pub own: bool,
    pub updated_at: Option<String>,
}

/// The three parts of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct TemplateTexts {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What a text may mention.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Variable {
    pub name: String,
    pub sample: Json,
}

/// One text: in use, the product's, and what it may mention.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TextTemplate {
    pub template: String,
    pub language: String,
    pub own: bool,
    /// 0 where the company wrote none.
    pub version: i64,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub default: TemplateTexts,
    pub variables: Vec<Variable>,
}

/// A browser that somebody is told in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Browser {
    pub id: String,
    /// Of the push service.
    pub host: String,
    pub device: Option<String>,
    /// SHA-256 of the subscription's endpoint, by which a browser knows itself.
    pub endpoint_hash: String,
    pub created_at: String,
    pub used_at: Option<String>,
}

/// Where somebody is reached.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Reached {
    /// `sms` or `slack`.
    pub channel: String,
    /// Number or address in part.
    pub hint: String,
    /// None until the number is proved.
    pub confirmed_at: Option<String>,
}
