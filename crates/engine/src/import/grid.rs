//! Rows that failed: shown, corrected, and handed out as a file of their own.

use conexao_domain::{
    kernel::problem::{Code, Problem},
    locale::Locale,
};
use conexao_integrations::tabular::{
    Cell, CellKind, Column, CsvSink, Sink, SinkError, XlsxSink,
    sink::{CsvStyle, XlsxOptions},
};
use conexao_storage::{Tx, entity::import_row};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Map, Value as Json, json};
use tempfile::TempPath;
use uuid::Uuid;

use super::{
    batch::Outcome,
    intent,
    model::{CellProblem, Import, state},
    outcome::row_state,
    store, suggest, view,
};
use crate::{Engine, Session, Write, journal::Entry, refusal::Refused};

/// Rows of a page.
const PAGE: u64 = 100;
/// Rows written to a file at once.
const PIECE: u64 = 500;
/// Longest cell that may be typed, in bytes.
const LONGEST: usize = 64 << 10;

/// Kept rows, and the line after which more follow.
#[derive(Debug)]
pub struct Page {
    pub items: Vec<Json>,
    pub next: Option<i64>,
}

/// A page of kept rows: those that `failed` (corrected ones among them), are
/// `ready` after a correction, or carry a `warning`.
pub async fn rows(
    engine: &Engine,
    session: &Session,
    id: Uuid,
    wanted: &str,
    after: Option<i64>,
) -> Result<Page, Problem> {
    let states: &[&str] = match wanted {
        "" | row_state::FAILED => &[row_state::FAILED, row_state::READY],
        row_state::READY => &[row_state::READY],
        row_state::WARNING => &[row_state::WARNING],
        _ => {
            return Err(Problem::new(Code::UnknownParameter)
                .detail("state")
                .with("valid", ["failed", "ready", "warning"].map(Json::from).to_vec()));
        }
    };
    store::load(engine, session, id).await?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let mut found = page(&tx, id, states, after.unwrap_or(-1), PAGE + 1).await?;
    tx.rollback().await.refused()?;
    let limit = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|row| row.line);
    Ok(Page { items: found.iter().map(|row| view::row(row, session.locale)).collect(), next })
}

async fn page(tx: &Tx, id: Uuid, states: &[&str], after: i64, limit: u64) -> Result<Vec<import_row::Model>, Problem> {
    let rows = import_row::Entity::find()
        .filter(import_row::Column::TenantId.eq(tx.tenant().0))
        .filter(import_row::Column::ImportId.eq(id))
        .filter(import_row::Column::State.is_in(states.iter().copied()))
        .filter(import_row::Column::Line.gt(after))
        .order_by_asc(import_row::Column::Line)
        .limit(limit);
    rows.all(&**tx).await.refused()
}

/// Corrects cells of a kept row, by column, and answers with what is wrong now.
pub async fn correct(
    engine: &Engine,
    session: &Session,
    id: Uuid,
    line: i64,
    cells: &Map<String, Json>,
) -> Result<Json, Problem> {
    let mut write = Write::begin(engine, session).await?;
    let import = store::load_in(&write.tx, session, id).await?;
    let open = [state::MAPPING, state::SIMULATED, state::DONE, state::CANCELLED, state::FAILED];
    if !open.contains(&import.row.state.as_str()) {
        return Err(super::change::refused(&import));
    }
    let row = import_row::Entity::find_by_id((session.tenant.0, id, line)).one(&*write.tx).await.refused()?;
    let row = row.ok_or_else(Problem::not_found)?;
    let texts = typed(&import, &row, cells)?;
    let intent = intent(session, &import, write.now)?;
    let mapped = intent.mapper.map_cells(u64::try_from(line).unwrap_or_default(), texts.clone());
    let looked = intent.look(&write.tx, vec![mapped], write.now).await?;
    let problems: Vec<CellProblem> = match looked.outcomes.first() {
        Some(Outcome::Failed(problems)) => problems.clone(),
        _ => Vec::new(),
    };
    let state = if problems.is_empty() { row_state::READY } else { row_state::FAILED };
    let mut active = row.into_active_model();
    active.state = Set(state.to_owned());
    active.cells = Set(json!(texts).to_string());
    active.errors = Set(json!(problems).to_string());
    active.edited = Set(true);
    let row = active.update(&*write.tx).await.refused()?;
    let changes = Map::from_iter([("line".to_owned(), json!([Json::Null, line]))]);
    write.note(Entry { resource: super::IMPORT, record_id: Some(id), action: "correct".to_owned(), changes });
    let seen = view::row(&row, session.locale);
    write.commit(200, &seen).await?;
    Ok(seen)
}

fn typed(import: &Import, row: &import_row::Model, cells: &Map<String, Json>) -> Result<Vec<String>, Problem> {
    let mut texts: Vec<String> = serde_json::from_str(&row.cells).unwrap_or_default();
    let width = import.shape.columns.len();
    if texts.len() < width {
        texts.resize(width, String::new());
    }
    for (column, text) in cells {
        let wrong = |code: &'static str| {
            Problem::fields(vec![conexao_domain::kernel::problem::FieldProblem {
                field: format!("cells.{column}"),
                code: code.to_owned(),
                message: String::new(),
            }])
        };
        let at: usize = column.parse().map_err(|_| wrong("unknown"))?;
        let text = text.as_str().ok_or_else(|| wrong("type"))?;
        if text.len() > LONGEST {
            return Err(wrong("length"));
        }
        text.clone_into(texts.get_mut(at).ok_or_else(|| wrong("unknown"))?);
    }
    Ok(texts)
}

/// In what form the failed rows are handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailedFormat {
    Csv,
    Xlsx,
}

/// A file with the rows that fail as they are now, and a last column that says
/// why; its name for people, and where it is. Rows put right here are left
/// out: they would come back as twins.
pub async fn failed_file(
    engine: &Engine,
    session: &Session,
    id: Uuid,
    format: FailedFormat,
) -> Result<(String, TempPath), Problem> {
    let import = store::load(engine, session, id).await?;
    let path = store::temp_path()?;
    let mut sink = Some(open(&import, session, format, &path)?);
    let mut after = -1;
    loop {
        let tx = engine.db.read(session.tenant).await.refused()?;
        let rows = page(&tx, id, &[row_state::FAILED], after, PIECE).await?;
        tx.rollback().await.refused()?;
        let Some(last) = rows.last() else { break };
        after = last.line;
        let lines: Vec<Vec<Cell>> = rows.iter().map(|row| line(&import, row, session.locale)).collect();
        // Zipping and disk writes would hold up other requests.
        let taken = sink.take();
        let written = tokio::task::spawn_blocking(move || {
            let mut sink = taken.ok_or(SinkError::Order)?;
            lines.iter().try_for_each(|cells| sink.row(cells)).map(|()| sink)
        });
        sink = Some(written.await.map_err(|_| broken())?.map_err(|error| sink_problem(&error))?);
    }
    let finished = tokio::task::spawn_blocking(move || sink.map_or(Err(SinkError::Order), Sink::finish));
    finished.await.map_err(|_| broken())?.map_err(|error| sink_problem(&error))?;
    let stem = import.row.file_name.rsplit_once('.').map_or(import.row.file_name.as_str(), |(stem, _)| stem);
    let extension = if format == FailedFormat::Csv { "csv" } else { "xlsx" };
    let word = conexao_domain::locale::text(session.locale, "import.failed_file");
    Ok((format!("{stem} - {word}.{extension}"), path))
}

fn open(
    import: &Import,
    session: &Session,
    format: FailedFormat,
    path: &std::path::Path,
) -> Result<Box<dyn Sink>, Problem> {
    let mut sink: Box<dyn Sink> = match format {
        FailedFormat::Csv => {
            let file = std::fs::File::create(path).map_err(|error| store::disk_problem(&error))?;
            Box::new(CsvSink::new(std::io::BufWriter::new(file), CsvStyle::Brazil, session.time_zone))
        }
        FailedFormat::Xlsx => {
            let options = XlsxOptions { zone: session.time_zone, ..XlsxOptions::default() };
            Box::new(XlsxSink::create(path, options).map_err(|error| sink_problem(&error))?)
        }
    };
    let own =
        own_columns(import).map(|column| Column::new(column.header.clone(), column.header.clone(), CellKind::Text));
    let reason = suggest::reason_header(session.locale);
    let columns: Vec<Column> = own.chain([Column::new("reason", reason, CellKind::Text)]).collect();
    sink.header(&columns).map_err(|error| sink_problem(&error))?;
    Ok(sink)
}

/// The columns of the file, without the reasons of an earlier round.
fn own_columns(import: &Import) -> impl Iterator<Item = &conexao_integrations::tabular::ColumnShape> {
    let reasons: Vec<String> = Locale::ALL.iter().map(|locale| suggest::reason_header(*locale)).collect();
    import.shape.columns.iter().filter(move |column| !reasons.contains(&column.header))
}

fn line(import: &Import, row: &import_row::Model, locale: Locale) -> Vec<Cell> {
    let texts: Vec<String> = serde_json::from_str(&row.cells).unwrap_or_default();
    let problems: Vec<CellProblem> = serde_json::from_str(&row.errors).unwrap_or_default();
    let text = |column: usize| texts.get(column).filter(|text| !text.is_empty());
    let own = own_columns(import).map(|column| text(column.index).map_or(Cell::Empty, |text| Cell::Text(text.clone())));
    let reason = problems.iter().map(|problem| {
        let column = problem.column.and_then(|at| import.shape.columns.get(at));
        let message = view::message(problem, locale);
        column.map_or_else(|| message.clone(), |column| format!("{}: {message}", column.header))
    });
    let reason = reason.collect::<Vec<_>>().join(" ");
    own.chain([if reason.is_empty() { Cell::Empty } else { Cell::Text(reason) }]).collect()
}

pub(crate) fn sink_problem(error: &SinkError) -> Problem {
    tracing::error!(%error, "writing a file");
    Problem::new(Code::Unavailable)
}

pub(crate) fn broken() -> Problem {
    Problem::new(Code::Internal)
}
