//! What is kept of a batch besides the records: counts, rows that failed, and
//! what a revert needs.

use conexao_domain::kernel::{problem::Problem, record::Record, resource::Resource};
use conexao_storage::{
    Tx,
    entity::{import_batch, import_row},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    batch::{Looked, Outcome},
    mark,
    model::{CellProblem, Summary},
    rows::MappedRow,
};
use crate::{
    refusal::Refused,
    write::{Next, id_of},
};

/// Failed rows kept for correction, and the bytes they may take together.
const MOST_FAILED: i64 = 50_000;
const MOST_BYTES: usize = 64 << 20;
/// Rows with a mere warning that are kept.
const MOST_WARNED: i64 = 5_000;
/// Rows per statement.
const CHUNK: usize = 200;

/// States of a kept row.
pub mod row_state {
    pub const FAILED: &str = "failed";
    /// Corrected, and without a mistake now.
    pub const READY: &str = "ready";
    pub const WARNING: &str = "warning";
}

/// How far an import is; saved with every batch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Checkpoint {
    /// The last line done.
    pub line: u64,
    pub summary: Summary,
    /// Bytes of failed rows kept so far.
    pub bytes: usize,
    pub warned: i64,
}

/// A record that was made: on which line, and its [`mark`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Made(pub u64, pub Uuid, pub String);

/// A record that was changed: its version and [`mark`] since, and the changed
/// fields as they were.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Altered {
    pub line: u64,
    pub id: Uuid,
    pub version: i64,
    pub mark: String,
    pub before: Map<String, Json>,
}

/// What one transaction did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Changes {
    pub created: Vec<Made>,
    pub updated: Vec<Altered>,
}

impl Changes {
    pub(crate) fn of(resource: &Resource, looked: &Looked) -> Self {
        let mut changes = Self::default();
        for (row, outcome) in looked.rows.iter().zip(&looked.outcomes) {
            let Outcome::Write(at) = outcome else { continue };
            match looked.checked.results.get(*at) {
                Some(Ok(Next::New(record))) => {
                    changes.created.extend(id_of(record).map(|id| Made(row.line, id, mark::of(resource, record))));
                }
                Some(Ok(Next::Changed { current, next })) => {
                    changes.updated.extend(altered(resource, row.line, current, next));
                }
                _ => {}
            }
        }
        changes
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.created.is_empty() && self.updated.is_empty()
    }

    pub(crate) async fn save(&self, tx: &Tx, import: Uuid, seq: i64) -> Result<(), Problem> {
        let row = import_batch::ActiveModel {
            tenant_id: Set(tx.tenant().0),
            import_id: Set(import),
            seq: Set(seq),
            changes: Set(json!(self).to_string()),
        };
        import_batch::Entity::insert(row).exec_without_returning(&**tx).await.refused().map(|_| ())
    }
}

fn altered(resource: &Resource, line: u64, current: &Record, next: &Record) -> Option<Altered> {
    let changed = resource.fields.iter().filter(|f| current.get(f.name) != next.get(f.name));
    let before = changed.map(|f| (f.name.to_owned(), current.get(f.name).clone())).collect();
    Some(Altered { line, id: id_of(next)?, version: next.version(), mark: mark::of(resource, next), before })
}

impl Checkpoint {
    /// Counts a batch; returns the rows to keep for people to look at.
    pub(crate) fn count<'a>(&mut self, looked: &'a Looked) -> Vec<Kept<'a>> {
        let mut kept = Vec::new();
        for (row, outcome) in looked.rows.iter().zip(&looked.outcomes) {
            self.line = self.line.max(row.line);
            self.summary.rows += 1;
            let failed = match outcome {
                Outcome::Failed(problems) => Some(problems),
                Outcome::Same => {
                    self.summary.skipped += 1;
                    None
                }
                Outcome::Write(at) => {
                    match looked.checked.results.get(*at) {
                        Some(Ok(Next::New(_))) => {
                            self.summary.created += 1;
                            self.summary.ready += 1;
                        }
                        Some(Ok(Next::Changed { .. })) => {
                            self.summary.updated += 1;
                            self.summary.ready += 1;
                        }
                        _ => {}
                    }
                    None
                }
            };
            kept.extend(self.keep(row, failed));
        }
        kept
    }

    fn keep<'a>(&mut self, row: &'a MappedRow, failed: Option<&'a Vec<CellProblem>>) -> Option<Kept<'a>> {
        if let Some(problems) = failed {
            self.summary.failed += 1;
            let bytes: usize = row.cells.iter().map(String::len).sum();
            let fits = self.summary.failed <= MOST_FAILED && self.bytes + bytes <= MOST_BYTES;
            self.bytes += if fits { bytes } else { 0 };
            return fits.then_some(Kept { row, state: row_state::FAILED, problems });
        }
        if row.warnings.is_empty() {
            return None;
        }
        self.summary.warnings += 1;
        self.warned += 1;
        (self.warned <= MOST_WARNED).then_some(Kept { row, state: row_state::WARNING, problems: &row.warnings })
    }
}

/// A row for people to look at.
#[derive(Debug)]
pub(crate) struct Kept<'a> {
    pub row: &'a MappedRow,
    pub state: &'static str,
    pub problems: &'a [CellProblem],
}

/// Keeps rows; a second result for a line replaces the first.
pub(crate) async fn save(tx: &Tx, import: Uuid, kept: &[Kept<'_>]) -> Result<(), Problem> {
    use import_row::Column;
    let rows = kept.iter().map(|kept| import_row::ActiveModel {
        tenant_id: Set(tx.tenant().0),
        import_id: Set(import),
        line: Set(i64::try_from(kept.row.line).unwrap_or(i64::MAX)),
        state: Set(kept.state.to_owned()),
        cells: Set(json!(kept.row.cells).to_string()),
        errors: Set(json!(kept.problems).to_string()),
        edited: Set(false),
    });
    for chunk in rows.collect::<Vec<_>>().chunks(CHUNK) {
        // Whether somebody typed it stays as it is.
        let replace = OnConflict::columns([Column::TenantId, Column::ImportId, Column::Line])
            .update_columns([Column::State, Column::Cells, Column::Errors])
            .to_owned();
        let insert = import_row::Entity::insert_many(chunk.to_vec()).on_conflict(replace);
        insert.exec_without_returning(&**tx).await.refused()?;
    }
    Ok(())
}

/// Forgets the kept rows of lines that are records now.
pub(crate) async fn forget(tx: &Tx, import: Uuid, lines: &[i64]) -> Result<(), Problem> {
    for chunk in lines.chunks(CHUNK) {
        import_row::Entity::delete_many()
            .filter(import_row::Column::TenantId.eq(tx.tenant().0))
            .filter(import_row::Column::ImportId.eq(import))
            .filter(import_row::Column::Line.is_in(chunk.iter().copied()))
            .exec(&**tx)
            .await
            .refused()?;
    }
    Ok(())
}
