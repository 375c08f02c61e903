//! A file on its way in: looked at, stored, and given a mapping.

use std::{io::BufRead, path::Path};

use conexao_domain::kernel::{problem::Problem, resource::Resource};
use conexao_integrations::{
    files::FileKey,
    tabular::{self, Format, Limits, Overrides, Shape},
};
use conexao_storage::{Tx, entity::import};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    model::{ColumnMapping, Import, Mode, Summary, state},
    source::file_problem,
    store, suggest, view,
};
use crate::{
    Engine, Session, Write,
    journal::Entry,
    notes::attachments::{NameRefused, clean},
    refusal::Refused,
};

/// Largest file accepted, in bytes.
pub const MAX_BYTES: u64 = 1 << 30;
/// Bytes read from the disk at a time.
const PIECE: usize = 64 << 10;
/// Rows kept for the preview.
const SAMPLE: usize = 20;
/// Longest cell kept in a sample, in characters.
const SAMPLE_CELL: usize = 400;

/// A row as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SampleRow {
    pub line: u64,
    pub cells: Vec<String>,
}

/// Takes a file that is on this machine's disk; answers with the import, ready to
/// be mapped. Refused files leave nothing behind.
pub async fn receive(
    engine: &Engine,
    session: &Session,
    resource: &'static Resource,
    name: &str,
    path: &Path,
) -> Result<Json, Problem> {
    session.gate(resource, "import")?;
    let name = clean(name).unwrap_or_else(|NameRefused(extension)| format!("arquivo.{extension}.txt"));
    let (shape, sample) = look(path, &name, Overrides::default()).await?;
    let size = std::fs::metadata(path).map_err(|error| store::disk_problem(&error))?.len();
    let row = announce(engine, session, resource, name, size, &shape, &sample).await?;
    let media = media_type(shape.options.format);
    engine.files.put_made_as(store::key(&row)?, path, media).await.map_err(store::stored_problem)?;
    let mut write = Write::begin(engine, session).await?;
    let remembered = remembered(&write.tx, resource, &row.layout, shape.columns.len()).await?;
    let mut active = row.clone().into_active_model();
    active.state = Set(state::MAPPING.to_owned());
    if let Some(Remembered { mapping, mode, key }) = remembered {
        active.mapping = Set(mapping);
        active.mode = Set(mode);
        active.key_field = Set(key);
    }
    let row = active.update(&*write.tx).await.refused()?;
    let changes = [("resource", resource.name), ("file_name", &row.file_name)];
    let changes = changes.map(|(name, value)| (name.to_owned(), json!([Json::Null, value])));
    write.note(Entry {
        resource: super::IMPORT,
        record_id: Some(row.id),
        action: "create".to_owned(),
        changes: Map::from_iter(changes),
    });
    let seen = view::import(&Import::read(row)?, session.locale);
    write.commit(201, &seen).await?;
    Ok(seen)
}

/// Looks at a file without holding up other work.
pub(super) async fn look(path: &Path, name: &str, overrides: Overrides) -> Result<(Shape, Vec<SampleRow>), Problem> {
    let (path, name) = (path.to_owned(), name.to_owned());
    let looked = tokio::task::spawn_blocking(move || {
        let shape = tabular::detect_with(&path, &name, &overrides, &Limits::default()).map_err(file_problem)?;
        let rows = tabular::open(&path, &shape.options).map_err(file_problem)?;
        let short =
            |cell: String| if cell.len() > SAMPLE_CELL { cell.chars().take(SAMPLE_CELL).collect() } else { cell };
        let row = |row: tabular::Row| SampleRow { line: row.line, cells: row.cells.into_iter().map(short).collect() };
        let sample = rows.filter_map(Result::ok).take(SAMPLE).map(row).collect();
        Ok((shape, sample))
    });
    // A parser that panics was given a damaged file.
    looked.await.unwrap_or_else(|error| {
        tracing::error!(%error, "reading an upload");
        Err(Problem::new(conexao_domain::kernel::problem::Code::File).detail("damaged"))
    })
}

/// The row that names the file to come; nobody sees it yet.
async fn announce(
    engine: &Engine,
    session: &Session,
    resource: &'static Resource,
    name: String,
    size: u64,
    shape: &Shape,
    sample: &[SampleRow],
) -> Result<import::Model, Problem> {
    let now = engine.now();
    let row = import::Model {
        tenant_id: session.tenant.0,
        id: Uuid::now_v7(),
        resource: resource.name.to_owned(),
        file_name: name,
        file_key: FileKey::new(session.tenant.0).to_string(),
        file_size: i64::try_from(size).unwrap_or(i64::MAX),
        state: state::RECEIVING.to_owned(),
        shape: json!(shape).to_string(),
        sample: json!(sample).to_string(),
        options: json!(Overrides::default()).to_string(),
        mapping: json!(suggest::suggest(resource, shape)).to_string(),
        mode: mode_name(Mode::default()),
        key_field: first_key(resource),
        layout: suggest::layout(shape),
        summary: json!(Summary { rows: store::row_count(shape).unwrap_or_default(), ..Summary::default() }).to_string(),
        job_id: None,
        created_by: session.user_id(),
        created_at: now,
        updated_at: now,
        cleared_at: None,
    };
    let tx = engine.db.write(session.tenant).await.refused()?;
    import::Entity::insert(row.clone().into_active_model().reset_all()).exec_without_returning(&*tx).await.refused()?;
    tx.commit().await.refused()?;
    Ok(row)
}

pub(super) fn mode_name(mode: Mode) -> String {
    json!(mode).as_str().unwrap_or_default().to_owned()
}

/// The field that finds existing records unless somebody chooses another.
pub(super) fn first_key(resource: &Resource) -> Option<String> {
    resource.fields.iter().find(|f| f.key).map(|f| f.name.to_owned())
}

/// What was chosen for the last file with the same columns.
struct Remembered {
    mapping: String,
    mode: String,
    key: Option<String>,
}

async fn remembered(tx: &Tx, resource: &Resource, layout: &str, width: usize) -> Result<Option<Remembered>, Problem> {
    let last = import::Entity::find()
        .filter(import::Column::TenantId.eq(tx.tenant().0))
        .filter(import::Column::Resource.eq(resource.name))
        .filter(import::Column::Layout.eq(layout))
        .filter(import::Column::State.ne(state::RECEIVING))
        .order_by_desc(import::Column::UpdatedAt)
        .limit(1)
        .one(&**tx)
        .await
        .refused()?;
    let Some(last) = last else { return Ok(None) };
    let mut mapping: Vec<ColumnMapping> = serde_json::from_str(&last.mapping).unwrap_or_default();
    // A column that only explains failures may have come or gone.
    mapping.retain(|mapped| mapped.column < width);
    let rest = mapping.len()..width;
    mapping.extend(rest.map(|column| ColumnMapping { column, field: None, confidence: None }));
    Ok(Some(Remembered { mapping: json!(mapping).to_string(), mode: last.mode, key: last.key_field }))
}

const fn media_type(format: Format) -> &'static str {
    match format {
        Format::Text => "text/plain",
        Format::Xlsx | Format::Xlsm => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Format::Xls | Format::Xlsb => "application/vnd.ms-excel",
        Format::Ods => "application/vnd.oasis.opendocument.spreadsheet",
    }
}

/// SHA-256 of an upload, hexadecimal: by it a repeated one is known.
pub async fn sum(path: &Path) -> Result<String, Problem> {
    let path = path.to_owned();
    let summed = tokio::task::spawn_blocking(move || {
        let mut hasher = Sha256::new();
        let mut file = std::io::BufReader::with_capacity(PIECE, std::fs::File::open(path)?);
        loop {
            let piece = file.fill_buf()?;
            if piece.is_empty() {
                return Ok(hex::encode(hasher.finalize()));
            }
            hasher.update(piece);
            let length = piece.len();
            file.consume(length);
        }
    });
    let summed = summed.await.unwrap_or_else(|error| Err(std::io::Error::other(error)));
    summed.map_err(|error| store::disk_problem(&error))
}
