use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::RowError;

/// A column of the file, as detected.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Column {
    pub index: usize,
    pub title: String,
    #[serde(default)]
    pub samples: Vec<String>,
    #[serde(default)]
    pub kind: Option<String>,
}

/// How the file is written, as detected or chosen.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Shape {
    pub format: String,
    #[serde(default)]
    pub encoding: Option<String>,
    #[serde(default)]
    pub delimiter: Option<String>,
    #[serde(default)]
    pub sheets: Vec<String>,
    #[serde(default)]
    pub sheet: Json,
    #[serde(default)]
    pub header_row: Json,
    #[serde(default)]
    pub decimal_mark: Option<String>,
    #[serde(default)]
    pub date_order: Option<String>,
    #[serde(default)]
    pub row_count: Option<i64>,
    #[serde(default)]
    pub columns: Vec<Column>,
    /// What to know before going on, each with its `kind`.
    #[serde(default)]
    pub warnings: Vec<Json>,
}

/// A place for the values of a column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Target {
    /// `name`, `contacts.whatsapp`, `addresses.cep`.
    pub field: String,
    pub label: String,
    #[serde(default)]
    pub required: bool,
    /// May find an existing record.
    #[serde(default)]
    pub key: bool,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Mapped {
    pub column: usize,
    /// Where the column goes; nowhere when none.
    #[serde(default)]
    pub field: Option<String>,
    #[serde(default)]
    pub confidence: Json,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Summary {
    pub rows: i64,
    pub ready: i64,
    pub created: i64,
    pub updated: i64,
    pub skipped: i64,
    pub failed: i64,
    pub warnings: i64,
    /// Records a revert took back, and those it left alone because they changed since.
    pub reverted: i64,
    pub kept: i64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Import {
    pub id: String,
    pub resource: String,
    pub file_name: String,
    pub size: i64,
    pub state: String,
    #[serde(default)]
    pub shape: Option<Shape>,
    #[serde(default)]
    pub options: Json,
    #[serde(default)]
    pub mapping: Vec<Mapped>,
    #[serde(default)]
    pub targets: Vec<Target>,
    /// `create`, `update` or `upsert`.
    pub mode: String,
    #[serde(default)]
    pub key: Option<String>,
    #[serde(default)]
    pub summary: Option<Summary>,
    #[serde(default)]
    pub job_id: Option<String>,
    #[serde(default)]
    pub created_at: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PreviewRow {
    pub line: i64,
    #[serde(default)]
    pub values: Map<String, Json>,
    #[serde(default)]
    pub errors: Vec<RowError>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Preview {
    pub rows: Vec<PreviewRow>,
}

/// A row of the file to look at.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ImportRow {
    pub line: i64,
    /// `failed`, `ready` once corrected, or `warning`.
    #[serde(default)]
    pub state: String,
    /// Column index (as text) → what the file says.
    #[serde(default)]
    pub cells: Map<String, Json>,
    #[serde(default)]
    pub errors: Vec<RowError>,
}
