//! From a list to a file, page by page.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

use conexao_domain::{
    kernel::{
        problem::Problem,
        query::{Cursor, ListQuery},
        record::Record,
    },
    locale,
};
use conexao_integrations::tabular::{
    Cell, Column, CsvSink, Sink, SinkError, XlsxSink,
    sink::{CsvStyle, XlsxOptions},
};
use conexao_storage::{query, table};
use serde_json::{Map, Value as Json};
use tempfile::TempPath;

use super::{Format, Order, columns::Source, filters};
use crate::{
    Engine, Session, facts,
    import::{broken, disk_problem, sink_problem, temp_path},
    read,
    refusal::Refused,
};

/// Rows of a page, each in a transaction of its own.
const PAGE: u64 = 500;

/// A file being written.
enum Output {
    Table(Box<dyn Sink>),
    /// Records as the API gives them, one a line.
    Lines(BufWriter<File>),
}

/// What a page adds to the file.
enum Page {
    Table(Vec<Vec<Cell>>),
    Lines(Vec<Map<String, Json>>),
}

impl Output {
    fn add(mut self, page: Page) -> Result<Self, SinkError> {
        match (&mut self, page) {
            (Self::Table(sink), Page::Table(rows)) => rows.iter().try_for_each(|cells| sink.row(cells))?,
            (Self::Lines(file), Page::Lines(records)) => {
                for record in records {
                    serde_json::to_writer(&mut *file, &record).map_err(std::io::Error::from)?;
                    file.write_all(b"\n")?;
                }
            }
            _ => return Err(SinkError::Order),
        }
        Ok(self)
    }

    fn finish(self) -> Result<(), SinkError> {
        match self {
            Self::Table(sink) => sink.finish().map(|_| ()),
            Self::Lines(mut file) => Ok(file.flush()?),
        }
    }
}

/// An export on its way: pages are added until there is none left.
pub(super) struct Writing<'a> {
    engine: &'a Engine,
    session: &'a Session,
    order: &'a Order,
    query: Option<ListQuery>,
    output: Option<Output>,
    path: TempPath,
    /// Rows written so far.
    pub rows: i64,
}

/// Writes everything; for lists that are answered at once.
pub(super) async fn whole(
    engine: &Engine,
    session: &Session,
    order: &Order,
    count: i64,
) -> Result<(TempPath, i64), Problem> {
    let mut writing = Writing::begin(engine, session, order, count)?;
    while writing.page().await? {}
    writing.finish().await
}

impl<'a> Writing<'a> {
    /// `count` is how many rows there will be, for the sheet of filters.
    pub(super) fn begin(
        engine: &'a Engine,
        session: &'a Session,
        order: &'a Order,
        count: i64,
    ) -> Result<Self, Problem> {
        let path = temp_path()?;
        let output = open(engine, session, order, count, &path)?;
        let query = ListQuery { limit: PAGE, ..order.query.clone() };
        Ok(Self { engine, session, order, query: Some(query), output: Some(output), path, rows: 0 })
    }

    /// Adds the next page; `false` when there is none.
    pub(super) async fn page(&mut self) -> Result<bool, Problem> {
        let Some(query) = self.query.take() else { return Ok(false) };
        let (records, next) = read(self.engine, self.session, self.order, &query).await?;
        self.query = next.map(|after| ListQuery { after: Some(after), ..query });
        self.rows += i64::try_from(records.len()).unwrap_or_default();
        let page = shape(self.session, self.order, records);
        // Zipping and disk writes would hold up other requests.
        let output = self.output.take().ok_or_else(broken)?;
        let added = tokio::task::spawn_blocking(move || output.add(page)).await.map_err(|_| broken())?;
        self.output = Some(added.map_err(|error| sink_problem(&error))?);
        Ok(true)
    }

    /// Completes the file; where it is, and its rows.
    pub(super) async fn finish(mut self) -> Result<(TempPath, i64), Problem> {
        let output = self.output.take().ok_or_else(broken)?;
        let finished = tokio::task::spawn_blocking(move || output.finish()).await.map_err(|_| broken())?;
        finished.map_err(|error| sink_problem(&error))?;
        Ok((self.path, self.rows))
    }
}

async fn read(
    engine: &Engine,
    session: &Session,
    order: &Order,
    wanted: &ListQuery,
) -> Result<(Vec<Record>, Option<Cursor>), Problem> {
    let facts = facts::plain(engine, session);
    let tx = engine.db.read(session.tenant).await.refused()?;
    let mut page = query::page(&tx, order.resource, wanted, &order.rows, &facts).await.refused()?;
    if order.sources.iter().any(|source| source.owner().is_some()) {
        table::fill(&tx, order.resource, &mut page.records).await.refused()?;
    }
    let records = read::present(&tx, order.resource, page.records, order.reveal).await?;
    tx.rollback().await.refused()?;
    Ok((records, page.next))
}

fn shape(session: &Session, order: &Order, records: Vec<Record>) -> Page {
    if order.format == Format::Jsonl {
        return Page::Lines(records.into_iter().map(|record| selected(order, record)).collect());
    }
    let cells =
        |record: &Record| order.sources.iter().map(|source| source.cell(order.resource, record, session)).collect();
    Page::Table(records.iter().map(cells).collect())
}

fn open(engine: &Engine, session: &Session, order: &Order, count: i64, path: &Path) -> Result<Output, Problem> {
    let file = || File::create(path).map(BufWriter::new).map_err(|error| disk_problem(&error));
    let mut sink: Box<dyn Sink> = match order.format {
        Format::Jsonl => return Ok(Output::Lines(file()?)),
        Format::Csv => Box::new(CsvSink::new(file()?, CsvStyle::Brazil, session.time_zone)),
        Format::Xlsx => {
            let options = xlsx_options(engine, session, order, count);
            Box::new(XlsxSink::create(path, options).map_err(|error| sink_problem(&error))?)
        }
    };
    let columns: Vec<Column> = order.sources.iter().map(|source| source.column(order.resource, session)).collect();
    sink.header(&columns).map_err(|error| sink_problem(&error))?;
    Ok(Output::Table(sink))
}

fn xlsx_options(engine: &Engine, session: &Session, order: &Order, count: i64) -> XlsxOptions {
    let locale = session.locale;
    let at = engine.now().with_timezone(&session.time_zone).format("%Y-%m-%d %H:%M").to_string();
    let plural = locale::text(locale, &format!("resource.{}.plural", order.resource.name));
    let mut filters = vec![
        (locale::text(locale, "export.list"), plural),
        (locale::text(locale, "export.at"), at),
        (locale::text(locale, "export.by"), session.name.clone()),
        (locale::text(locale, "export.rows"), count.to_string()),
    ];
    filters.extend(filters::lines(order.resource, &order.query, locale, Some(session)));
    XlsxOptions {
        sheet: locale::text(locale, "export.sheet"),
        filters_sheet: locale::text(locale, "export.filters_sheet"),
        filters,
        zone: session.time_zone,
        ..XlsxOptions::default()
    }
}

/// The chosen columns of a record as the API gives it, after its id.
fn selected(order: &Order, mut record: Record) -> Map<String, Json> {
    let mut map = Map::from_iter([("id".to_owned(), record.get("id").clone())]);
    let names = order.sources.iter().map(|source| match source {
        Source::Field(field) => field.name.to_owned(),
        // A part of lines brings the lines whole: here nothing needs to be flat.
        Source::Lines(target) => target.owner().map(|field| field.name.to_owned()).unwrap_or_default(),
    });
    let names: Vec<String> = names.collect();
    for name in &names {
        if let Some(value) = record.0.get_mut(name) {
            let value = value.take();
            map.entry(name.as_str()).or_insert(value);
        }
    }
    let refs = record.0.remove("_refs").and_then(|refs| match refs {
        Json::Object(refs) => Some(refs.into_iter().filter(|(name, _)| names.contains(name)).collect::<Map<_, _>>()),
        _ => None,
    });
    map.insert("_refs".to_owned(), refs.unwrap_or_default().into());
    let masked = record.get("_masked").as_array().map(|masked| {
        masked
            .iter()
            .filter(|name| name.as_str().is_some_and(|name| names.iter().any(|n| n == name)))
            .cloned()
            .collect::<Vec<_>>()
    });
    if let Some(masked) = masked.filter(|masked| !masked.is_empty()) {
        map.insert("_masked".to_owned(), masked.into());
    }
    map
}
