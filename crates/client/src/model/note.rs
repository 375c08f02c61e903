use serde::Deserialize;
use serde_json::Value as Json;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Actor {
    /// None when the system itself did it.
    #[serde(default)]
    pub id: Option<String>,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Change {
    pub field: String,
    #[serde(default)]
    pub old: Json,
    #[serde(default)]
    pub new: Json,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TimelineFile {
    pub id: String,
    pub name: String,
    pub size: i64,
    pub media_type: String,
}

/// Something that happened to a record.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TimelineEntry {
    pub id: String,
    pub at: String,
    /// `change`, `comment`, `file` or `linked`.
    pub kind: String,
    #[serde(default)]
    pub actor: Option<Actor>,
    /// `create`, `update` or the name of a step.
    #[serde(default)]
    pub action: Option<String>,
    #[serde(default)]
    pub changes: Vec<Change>,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub file: Option<TimelineFile>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Comment {
    pub id: String,
    pub text: String,
    #[serde(default)]
    pub author: Json,
    #[serde(default)]
    pub mentions: Vec<Json>,
    pub created_at: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Attachment {
    pub id: String,
    pub name: String,
    /// Bytes.
    pub size: i64,
    pub media_type: String,
    #[serde(default)]
    pub has_thumbnail: bool,
    pub created_at: String,
    #[serde(default)]
    pub created_by: Json,
}
