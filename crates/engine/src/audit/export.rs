//! The audit as a file: few entries at once, more by a job. Batches are read by
//! keyset and written as they come, so memory does not grow with the audit.

use async_trait::async_trait;
use conexao_domain::{
    kernel::problem::Problem,
    locale::{self, Locale},
};
use conexao_integrations::{
    files::FileKey,
    tabular::{
        Cell, CellKind, Column, CsvSink, Sink, XlsxSink,
        sink::{CsvStyle, XlsxOptions},
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};
use tempfile::TempPath;

use super::{
    explore::{admitted, batch, place},
    shown::Shown,
    wanted::{Place, Wanted},
};
use crate::{
    Engine, Session, Write,
    export::{Answer, Format, Ready},
    import::{broken, disk_problem, sink_problem, stored_problem, temp_path},
    jobs::{self, JobCtx, JobError, JobKind, NewJob, Progress, enqueue},
    journal::Entry,
    refusal::Refused,
};

/// Entries that are answered at once.
const AT_ONCE: usize = 5_000;
/// Entries of a batch, each in a transaction of its own.
const BATCH: u64 = 500;
/// What entries about the audit itself are filed under.
const AUDIT: &str = "audit";

/// What was asked for, as a job keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Request {
    format: Format,
    query: Vec<(String, String)>,
    locale: String,
}

/// Makes the file, or starts the job that does. `pairs` are the explorer's
/// parameters with `format`.
pub async fn export(engine: &Engine, session: &Session, pairs: &[(String, String)]) -> Result<Answer, Problem> {
    let format = Format::read(pairs.iter().find(|(name, _)| name == "format").map(|(_, value)| value.as_str()))?;
    let query: Vec<(String, String)> =
        pairs.iter().filter(|(name, _)| !["format", "after", "limit"].contains(&name.as_str())).cloned().collect();
    let wanted = Wanted::read(session, &query)?;
    let mut writing = Writing::begin(session, &wanted, format)?;
    while writing.rows < AT_ONCE {
        if !writing.batch(engine, session).await? {
            let (path, rows) = writing.finish().await?;
            let mut write = Write::begin(engine, session).await?;
            write.note(entry(format, rows, &query));
            write.commit(200, &Json::Null).await?;
            return Ok(Answer::File(Ready { name: file_name(engine, session, format), format, path }));
        }
    }
    drop(writing);
    let request = Request { format, query, locale: session.locale.tag().to_owned() };
    let mut write = Write::begin(engine, session).await?;
    let title =
        format!("{}: {}", locale::text(session.locale, "export.job"), locale::text(session.locale, "audit.trail"));
    let id = enqueue(&mut write, NewJob::new(AuditExport::NAME, title, json!(request))).await?;
    write.commit(202, &json!({ "id": id })).await?;
    Ok(Answer::Job(jobs::get(engine, session, id).await?))
}

fn file_name(engine: &Engine, session: &Session, format: Format) -> String {
    let today = engine.now().with_timezone(&session.time_zone).date_naive();
    format!("{} {today}.{}", locale::text(session.locale, "audit.trail"), format.extension())
}

/// Taking the audit out is itself an entry.
fn entry(format: Format, rows: usize, query: &[(String, String)]) -> Entry {
    let filters: Vec<String> = query.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let said = [("format", json!(format)), ("rows", json!(rows)), ("filters", json!(filters))];
    let changes: Map<String, Json> =
        said.into_iter().map(|(name, value)| (name.to_owned(), json!([Json::Null, value]))).collect();
    Entry { resource: AUDIT, record_id: None, action: "export".to_owned(), changes }
}

/// The job that writes a long one; it begins anew after a crash.
#[derive(Debug)]
pub(crate) struct AuditExport;

impl AuditExport {
    pub(crate) const NAME: &str = "audit_export";
}

#[async_trait]
impl JobKind for AuditExport {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, ctx: &JobCtx) -> Result<Json, JobError> {
        let wrong = |_| Problem::new(conexao_domain::kernel::problem::Code::Malformed).detail("params");
        let request: Request = serde_json::from_value(ctx.params.clone()).map_err(wrong)?;
        let session = Session { locale: Locale::negotiate(&request.locale), ..ctx.session.clone() };
        let wanted = Wanted::read(&session, &request.query)?;
        let key = announced(ctx).await?;
        let mut writing = Writing::begin(&session, &wanted, request.format)?;
        while writing.batch(&ctx.engine, &session).await? {
            ctx.proceed()?;
            let done = i64::try_from(writing.rows).unwrap_or_default();
            ctx.report(Progress { done, total: 0, failed: 0 }).await?;
        }
        let (path, rows) = writing.finish().await?;
        let media = request.format.media_type();
        ctx.engine.files.put_made_as(key, &path, media).await.map_err(stored_problem)?;
        let mut write = ctx.write().await?;
        let done = i64::try_from(rows).unwrap_or_default();
        write.progress = Progress { done, total: done, failed: 0 };
        write.file(key.to_string(), file_name(&ctx.engine, &session, request.format));
        write.note(entry(request.format, rows, &request.query));
        write.commit().await?;
        Ok(json!({ "rows": rows }))
    }
}

/// The name of the file, noted before there is one, so that a sweep finds it.
async fn announced(ctx: &JobCtx) -> Result<FileKey, JobError> {
    let known = ctx.checkpoint.as_ref().and_then(|c| c.get("file")?.as_str()?.parse().ok());
    if let Some(key) = known {
        return Ok(key);
    }
    let key = FileKey::new(ctx.session.tenant.0);
    let mut write = ctx.write().await?;
    write.checkpoint(json!({ "file": key.to_string() }));
    write.commit().await?;
    Ok(key)
}

enum Output {
    Table(Box<dyn Sink>),
    Lines(BufWriter<File>),
}

/// An export on its way.
struct Writing {
    wanted: Option<Wanted>,
    after: Option<Place>,
    output: Option<Output>,
    path: TempPath,
    rows: usize,
}

impl Writing {
    fn begin(session: &Session, wanted: &Wanted, format: Format) -> Result<Self, Problem> {
        let (wanted, foreign) = admitted(session, wanted)?;
        let path = temp_path()?;
        let output = Some(open(session, format, &path)?);
        Ok(Self { wanted: Some(wanted).filter(|_| !foreign), after: None, output, path, rows: 0 })
    }

    /// Adds the next batch; `false` when there is none.
    async fn batch(&mut self, engine: &Engine, session: &Session) -> Result<bool, Problem> {
        let Some(wanted) = &self.wanted else { return Ok(false) };
        let tx = engine.db.read(session.tenant).await.refused()?;
        let rows = batch(&tx, wanted, self.after, None, BATCH).await?;
        let Some(last) = rows.last().map(place) else { return Ok(false) };
        self.after = Some(last);
        let mut entries = Shown::of(&tx, session, rows).await?;
        tx.rollback().await.refused()?;
        if let Some(text) = &wanted.text {
            entries.retain(|entry| entry.says(text));
        }
        self.rows += entries.len();
        let output = self.output.take().ok_or_else(broken)?;
        let added = tokio::task::spawn_blocking(move || add(output, entries)).await.map_err(|_| broken())?;
        self.output = Some(added?);
        Ok(true)
    }

    async fn finish(mut self) -> Result<(TempPath, usize), Problem> {
        let output = self.output.take().ok_or_else(broken)?;
        let finished = tokio::task::spawn_blocking(move || match output {
            Output::Table(sink) => sink.finish().map(|_| ()).map_err(|error| sink_problem(&error)),
            Output::Lines(mut file) => file.flush().map_err(|error| disk_problem(&error)),
        });
        finished.await.map_err(|_| broken())??;
        Ok((self.path, self.rows))
    }
}

fn open(session: &Session, format: Format, path: &Path) -> Result<Output, Problem> {
    let file = || File::create(path).map(BufWriter::new).map_err(|error| disk_problem(&error));
    let zone = session.time_zone;
    let mut sink: Box<dyn Sink> = match format {
        Format::Jsonl => return Ok(Output::Lines(file()?)),
        Format::Csv => Box::new(CsvSink::new(file()?, CsvStyle::Brazil, zone)),
        Format::Xlsx => {
            let sheet = locale::text(session.locale, "audit.trail");
            let options = XlsxOptions { sheet, zone, ..XlsxOptions::default() };
            Box::new(XlsxSink::create(path, options).map_err(|error| sink_problem(&error))?)
        }
    };
    sink.header(&columns(session.locale)).map_err(|error| sink_problem(&error))?;
    Ok(Output::Table(sink))
}

fn columns(locale: Locale) -> Vec<Column> {
    let text = |name: &str, title: String| Column::new(name, title, CellKind::Text);
    vec![
        Column::new("id", locale::text(locale, "audit.column.id"), CellKind::Integer),
        Column::new("at", locale::text(locale, "audit.column.at"), CellKind::Instant),
        text("actor", locale::text(locale, "audit.column.actor")),
        text("action", locale::text(locale, "audit.column.action")),
        text("resource", locale::text(locale, "audit.column.resource")),
        text("record", locale::text(locale, "audit.column.record")),
        text("changes", locale::text(locale, "audit.column.changes")),
        text("ip", locale::text(locale, "audit.column.ip")),
        text("request_id", locale::text(locale, "audit.column.request")),
    ]
}

fn add(mut output: Output, entries: Vec<Shown>) -> Result<Output, Problem> {
    for entry in entries {
        match &mut output {
            Output::Table(sink) => sink.row(&cells(&entry)).map_err(|error| sink_problem(&error))?,
            Output::Lines(file) => {
                let mut line: Map<String, Json> = entry.summary.as_object().cloned().unwrap_or_default();
                line.insert("changes".to_owned(), entry.changes.into());
                let text = Json::Object(line).to_string();
                writeln!(file, "{text}").map_err(|error| disk_problem(&error))?;
            }
        }
    }
    Ok(output)
}

fn cells(entry: &Shown) -> Vec<Cell> {
    let text = |pointer: &str| match entry.summary.pointer(pointer).and_then(Json::as_str) {
        Some(text) => Cell::Text(text.to_owned()),
        None => Cell::Empty,
    };
    let id = entry.summary.get("id").and_then(Json::as_str).and_then(|id| id.parse().ok());
    let at = entry.summary.get("at").and_then(Json::as_str).and_then(|at| at.parse().ok());
    let changes = entry.changes.iter().map(|change| {
        let said = |name: &str| change.get(name).and_then(Json::as_str).unwrap_or("—").replace('\n', "; ");
        format!("{}: {} → {}", said("label"), said("old"), said("new"))
    });
    let changes = changes.collect::<Vec<_>>().join("\n");
    let record = if entry.summary.pointer("/record/title").is_some_and(Json::is_string) {
        text("/record/title")
    } else {
        text("/record/id")
    };
    vec![
        id.map_or(Cell::Empty, Cell::Integer),
        at.map_or(Cell::Empty, Cell::Instant),
        text("/actor/name"),
        text("/action_label"),
        text("/resource_label"),
        record,
        if changes.is_empty() { Cell::Empty } else { Cell::Text(changes) },
        text("/ip"),
        text("/request_id"),
    ]
}
