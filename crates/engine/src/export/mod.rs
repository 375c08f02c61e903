//! Lists as files: any list with its filters, sort and columns as XLSX, CSV or
//! JSON lines. Few rows are answered at once; more are a job's, whose file stays
//! for a day. Pages are read by keyset, so memory does not grow with the list.

mod columns;
mod filters;
mod hand_out;
mod job;
pub(crate) mod show;
mod write;

pub(crate) use hand_out::forget;
pub use hand_out::{Handed, hand_out, sweep};
pub(crate) use job::Export;

use conexao_domain::{
    kernel::{
        problem::{Code, Problem},
        query::{self, ListQuery},
        resource::Resource,
    },
    locale::{self, Locale},
};
use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use tempfile::TempPath;
use uuid::Uuid;

use crate::{
    Engine, Session, Write, facts,
    jobs::{self, NewJob, enqueue},
    journal::Entry,
    refusal::Refused,
};
use columns::Source;

/// Rows that are answered at once.
const AT_ONCE: u64 = 5_000;
/// Most ids a request may name.
const MAX_IDS: usize = 10_000;

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Xlsx,
    Csv,
    Jsonl,
}

impl Format {
    /// What `format=` asks for; a workbook unless told.
    pub(crate) fn read(name: Option<&str>) -> Result<Self, Problem> {
        match name.unwrap_or("xlsx") {
            "xlsx" => Ok(Self::Xlsx),
            "csv" => Ok(Self::Csv),
            "jsonl" => Ok(Self::Jsonl),
            _ => Err(Problem::new(Code::Malformed)
                .detail("format")
                .with("valid", ["xlsx", "csv", "jsonl"].map(Json::from).to_vec())),
        }
    }

    /// File extension, which is also its name in requests.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv",
            Self::Jsonl => "application/x-ndjson",
        }
    }
}

/// A finished file on this machine's disk.
#[derive(Debug)]
pub struct Ready {
    pub name: String,
    pub format: Format,
    pub path: TempPath,
}

/// What a request for an export gets.
#[derive(Debug)]
pub enum Answer {
    File(Ready),
    /// The job that makes the file.
    Job(Json),
}

/// What was asked for, as a job keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Request {
    resource: String,
    format: Format,
    #[serde(default)]
    columns: Option<String>,
    /// List parameters as in a URL.
    query: Vec<(String, String)>,
    /// Language of whoever asked.
    locale: String,
}

/// An export that was checked.
#[derive(Debug)]
struct Order {
    resource: &'static Resource,
    format: Format,
    sources: Vec<Source>,
    query: ListQuery,
    /// Rows the session may see and asked for.
    rows: Condition,
    /// Personal data in full.
    reveal: bool,
}

/// Makes the file, or starts the job that does. `pairs` are list parameters with
/// `format` and `columns`.
pub async fn export(
    engine: &Engine,
    session: &Session,
    resource: &'static Resource,
    pairs: &[(String, String)],
) -> Result<Answer, Problem> {
    let value = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    let format = Format::read(value("format"))?;
    let query =
        pairs.iter().filter(|(name, _)| !["format", "columns", "after", "limit", "count"].contains(&name.as_str()));
    let request = Request {
        resource: resource.name.to_owned(),
        format,
        columns: value("columns").map(str::to_owned),
        query: query.cloned().collect(),
        locale: session.locale.tag().to_owned(),
    };
    let order = Order::read(session, resource, &request)?;
    match order.few(engine, session).await? {
        Some(count) => {
            let (path, rows) = write::whole(engine, session, &order, count).await?;
            let mut write = Write::begin(engine, session).await?;
            write.stand_in(session.gate(resource, "export")?.behalf(None));
            write.note(order.entry(rows));
            write.commit(200, &Json::Null).await?;
            Ok(Answer::File(Ready { name: order.file_name(engine, session), format, path }))
        }
        None => Ok(Answer::Job(start(engine, session, &order, &request).await?)),
    }
}

async fn start(engine: &Engine, session: &Session, order: &Order, request: &Request) -> Result<Json, Problem> {
    let plural = locale::text(session.locale, &format!("resource.{}.plural", order.resource.name));
    let title = format!(
        "{}: {plural} ({})",
        locale::text(session.locale, "export.job"),
        order.format.extension().to_uppercase()
    );
    let mut write = Write::begin(engine, session).await?;
    let id =
        enqueue(&mut write, NewJob::new(Export::NAME, title, json!(request)).resource(order.resource.name)).await?;
    write.commit(202, &json!({ "id": id })).await?;
    jobs::get(engine, session, id).await
}

impl Order {
    fn read(session: &Session, resource: &'static Resource, request: &Request) -> Result<Self, Problem> {
        let export = session.gate(resource, "export")?;
        let read = session.gate(resource, "read")?;
        let mut rows = Condition::all().add(export.rows()).add(read.rows());
        let is_ids = |name: &str| name == "filter[id][in]";
        for (_, ids) in request.query.iter().filter(|(name, _)| is_ids(name)) {
            let ids: Vec<&str> = ids.split(',').filter(|id| !id.is_empty()).collect();
            if ids.is_empty() || ids.len() > MAX_IDS {
                return Err(Problem::field("filter[id][in]", "filter"));
            }
            let ids = ids.into_iter().map(Uuid::parse_str).collect::<Result<Vec<_>, _>>();
            let ids = ids.map_err(|_| Problem::field("filter[id][in]", "filter"))?;
            rows = rows.add(Expr::col("id").is_in(ids));
        }
        let pairs = request.query.iter().filter(|(name, _)| !is_ids(name));
        let query = query::parse(resource, pairs.map(|(name, value)| (name.as_str(), value.as_str())), &[])?;
        let sources = Source::read(resource, request.columns.as_deref())?;
        let reveal = session.gate(resource, "reveal").is_ok();
        Ok(Self { resource, format: request.format, sources, query, rows, reveal })
    }

    /// How many rows there are, if they can be answered at once.
    async fn few(&self, engine: &Engine, session: &Session) -> Result<Option<i64>, Problem> {
        let query = ListQuery { limit: AT_ONCE + 1, ..self.query.clone() };
        let tx = engine.db.read(session.tenant).await.refused()?;
        let facts = facts::plain(engine, session);
        let ids = conexao_storage::query::ids(&tx, self.resource, &query, &self.rows, &facts, None).await.refused()?;
        tx.rollback().await.refused()?;
        let count = u64::try_from(ids.len()).unwrap_or(u64::MAX);
        Ok(i64::try_from(count).ok().filter(|_| count <= AT_ONCE))
    }

    /// Whether the file holds personal data in full.
    fn reveals(&self) -> bool {
        self.reveal && self.sources.iter().any(Source::is_personal)
    }

    fn file_name(&self, engine: &Engine, session: &Session) -> String {
        let plural = locale::text(session.locale, &format!("resource.{}.plural", self.resource.name));
        let today = engine.now().with_timezone(&session.time_zone).date_naive();
        format!("{plural} {today}.{}", self.format.extension())
    }

    /// What the audit says of it: who took which data out, and whether in full.
    fn entry(&self, rows: i64) -> Entry {
        let columns: Vec<String> = self.sources.iter().map(Source::name).collect();
        let filters = filters::lines(self.resource, &self.query, Locale::PtBr, None);
        let filters: Vec<String> = filters.into_iter().map(|(label, value)| format!("{label}: {value}")).collect();
        let said = [
            ("format", json!(self.format)),
            ("rows", json!(rows)),
            ("columns", json!(columns)),
            ("filters", json!(filters)),
            ("revealed", json!(self.reveals())),
        ];
        let changes: Map<String, Json> =
            said.into_iter().map(|(name, value)| (name.to_owned(), json!([Json::Null, value]))).collect();
        Entry { resource: self.resource.name, record_id: None, action: "export".to_owned(), changes }
    }
}
