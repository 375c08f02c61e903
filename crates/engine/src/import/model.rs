//! What an import is made of, as it is kept in its row.

use conexao_domain::kernel::{
    problem::{Code, Problem},
    resource::Resource,
    value::Invalid,
};
use conexao_domain::registry;
use conexao_integrations::tabular::{Overrides, Shape};
use conexao_storage::entity::import;
use serde::{Deserialize, Serialize};

/// Where an import stands; kept in rows and told to clients by these names.
pub mod state {
    /// The file is on its way into the store; nobody sees the import yet.
    pub const RECEIVING: &str = "receiving";
    pub const MAPPING: &str = "mapping";
    pub const SIMULATING: &str = "simulating";
    pub const SIMULATED: &str = "simulated";
    pub const RUNNING: &str = "running";
    pub const DONE: &str = "done";
    pub const CANCELLED: &str = "cancelled";
    pub const FAILED: &str = "failed";
    pub const REVERTING: &str = "reverting";
    pub const REVERTED: &str = "reverted";
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A new record, or a refusal when it exists.
    #[default]
    Create,
    /// A change of the record with the same key, or a refusal when there is none.
    Update,
    /// A change of the record with the same key, or else a new one.
    Upsert,
}

/// Where one column goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnMapping {
    pub column: usize,
    /// Name of the target; `None` leaves the column out.
    #[serde(default)]
    pub field: Option<String>,
    /// How sure a suggestion is, in percent; `None` for what a person chose.
    #[serde(default)]
    pub confidence: Option<u8>,
}

/// Counts of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    pub rows: i64,
    /// Rows that become or change a record.
    pub ready: i64,
    pub created: i64,
    pub updated: i64,
    /// Rows that say nothing new.
    pub skipped: i64,
    pub failed: i64,
    /// Rows with a warning, whatever else becomes of them.
    pub warnings: i64,
    /// Records that a revert took back, and those changed since that it left alone.
    pub reverted: i64,
    pub kept: i64,
}

/// Something wrong or odd about a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellProblem {
    /// Column in the file, from 0; none when no single one is to blame.
    #[serde(default)]
    pub column: Option<usize>,
    /// Name of the target.
    #[serde(default)]
    pub field: Option<String>,
    #[serde(default)]
    pub value: Option<String>,
    /// Reason code, `invalid.<code>` in the locales.
    pub code: String,
    /// Another line of the file that the reason mentions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

/// Most characters of a value that a problem repeats.
const SHOWN: usize = 200;

impl CellProblem {
    pub(crate) fn new(column: Option<usize>, field: Option<&str>, value: Option<&str>, invalid: Invalid) -> Self {
        let value = value.map(|value| value.chars().take(SHOWN).collect());
        Self { column, field: field.map(str::to_owned), value, code: invalid.0.to_owned(), line: None }
    }
}

/// A row of `import` with its JSON read.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    pub row: import::Model,
    pub resource: &'static Resource,
    pub shape: Shape,
    pub options: Overrides,
    pub mapping: Vec<ColumnMapping>,
    pub mode: Mode,
    pub summary: Summary,
}

impl Import {
    pub(crate) fn read(row: import::Model) -> Result<Self, Problem> {
        let damaged = |_| Problem::new(Code::Internal).detail("import");
        Ok(Self {
            resource: registry::by_name(&row.resource).ok_or_else(Problem::not_found)?,
            shape: serde_json::from_str(&row.shape).map_err(damaged)?,
            options: serde_json::from_str(&row.options).map_err(damaged)?,
            mapping: serde_json::from_str(&row.mapping).map_err(damaged)?,
            mode: serde_json::from_value(row.mode.as_str().into()).map_err(damaged)?,
            summary: serde_json::from_str(&row.summary).map_err(damaged)?,
            row,
        })
    }
}
