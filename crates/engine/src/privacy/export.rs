//! Everything about a person as one file: to be read, to be processed, and the
//! files themselves. Written as it is read, so memory does not grow with it.

use std::{
    fs::File,
    io::{self, BufWriter, Read as _, Write as _},
    path::Path,
};

use async_trait::async_trait;
use conexao_domain::{
    integration::message::MESSAGE,
    kernel::{
        canonical::write_instant,
        problem::{Code, Problem},
        record::Record,
        resource::Resource,
    },
    locale::{self, Locale},
    privacy::{SEARCH, request::PRIVACY_REQUEST},
    registry::RESOURCES,
};
use conexao_integrations::files::FileKey;
use conexao_storage::{
    Tx,
    entity::{attachment, comment},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    decide::Tie,
    find, report, request,
    subject::{Chosen, Subject},
};
use crate::{
    Engine, Session, Write,
    import::{disk_problem, stored_problem, temp_path},
    jobs::{JobCtx, JobError, JobKind, NewJob, Progress, accept, enqueue},
    messages,
    refusal::Refused,
};

/// Records read together.
const PIECE: u64 = 200;
/// Bytes copied at a time.
const BLOCK: usize = 64 << 10;

#[derive(Debug, Serialize, Deserialize)]
struct Params {
    request: Uuid,
    records: Vec<Chosen>,
    locale: String,
}

/// Asks for the file of a request that is worked on.
pub async fn start(engine: &Engine, session: &Session, id: Uuid, chosen: Vec<Chosen>) -> Result<Json, Problem> {
    session.require(SEARCH)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let record = request::load(&tx, session, id).await?;
    request::under_way(&record)?;
    if chosen.is_empty() {
        return Err(Problem::field("records", "required"));
    }
    Subject::load(&tx, Some(&record), &chosen).await?;
    tx.rollback().await.refused()?;
    let number = record.text("number").unwrap_or_default();
    let title = format!("{}: {number}", locale::text(session.locale, "job.privacy_export"));
    let mut write = Write::begin(engine, session).await?;
    let params = Params { request: id, records: chosen, locale: session.locale.tag().to_owned() };
    let job = NewJob::new(PrivacyExport::NAME, title, json!(params)).resource(PRIVACY_REQUEST.name);
    let job = enqueue(&mut write, job).await?;
    accept(engine, write, job).await
}

/// The job that writes the file; it begins anew after a crash.
#[derive(Debug)]
pub(crate) struct PrivacyExport;

impl PrivacyExport {
    pub(crate) const NAME: &str = "privacy.export";
}

#[async_trait]
impl JobKind for PrivacyExport {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, ctx: &JobCtx) -> Result<Json, JobError> {
        let wrong = |_| Problem::new(Code::Malformed).detail("params");
        let params: Params = serde_json::from_value(ctx.params.clone()).map_err(wrong)?;
        let session = Session { locale: Locale::negotiate(&params.locale), ..ctx.session.clone() };
        session.require(SEARCH)?;
        let tx = ctx.engine.db.read(session.tenant).await.refused()?;
        let request = request::of_job(ctx, &tx, params.request).await?;
        let subject = Subject::load(&tx, Some(&request), &params.records).await?;
        tx.rollback().await.refused()?;
        let key = announced(ctx).await?;
        let path = temp_path()?;
        let mut package = Package::begin(&path, &session, &request)?;
        let records = package.records(ctx, &session, &subject).await?;
        package.files(ctx, &subject).await?;
        package.finish()?;
        let digest = sha256(&path).map_err(|error| disk_problem(&error))?;
        ctx.engine.files.put_made_as(key, &path, "application/zip").await.map_err(stored_problem)?;
        let number = request.text("number").unwrap_or_default();
        let mut write = ctx.write().await?;
        write.progress = Progress { done: records, total: records, failed: 0 };
        write.file(key.to_string(), format!("{number}.zip"));
        let now = write_instant(write.now);
        let values = [("file_sha256", Json::from(digest.clone())), ("file_made_at", now.into())];
        request::mark(&mut write, params.request, "export", &values).await?;
        write.commit().await?;
        Ok(json!({ "records": records, "sha256": digest }))
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

fn sha256(path: &Path) -> io::Result<String> {
    let (mut file, mut hasher, mut block) = (File::open(path)?, Sha256::new(), vec![0; BLOCK]);
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            return Ok(hex::encode(hasher.finalize()));
        }
        hasher.update(block.get(..read).unwrap_or_default());
    }
}

/// The file under construction: what people read and what programs read grow
/// together, in files of their own until they are packed.
struct Package {
    zip: ZipWriter<BufWriter<File>>,
    readable: BufWriter<File>,
    data: BufWriter<File>,
    parts: [tempfile::TempPath; 2],
    first: bool,
}

fn packed(error: impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "the disk for temporary files");
    Problem::new(Code::Unavailable)
}

impl Package {
    fn begin(path: &Path, session: &Session, request: &Record) -> Result<Self, Problem> {
        let parts = [temp_path()?, temp_path()?];
        let file = |path: &Path| File::create(path).map(BufWriter::new).map_err(packed);
        let (readable, data) = (file(&parts[0])?, file(&parts[1])?);
        let mut package = Self { zip: ZipWriter::new(file(path)?), readable, data, parts, first: true };
        package.readable.write_all(report::head(session, request).as_bytes()).map_err(packed)?;
        let about = json!({ "pedido": request.text("number"), "recebido_em": request.text("received_on") });
        let head = format!("{{\"formato\":\"conexao-titular-1\",\"sobre\":{about},\"registros\":[");
        package.data.write_all(head.as_bytes()).map_err(packed)?;
        Ok(package)
    }

    /// Every record of the person and about the person, with its comments.
    async fn records(&mut self, ctx: &JobCtx, session: &Session, subject: &Subject) -> Result<i64, JobError> {
        let mut count = 0;
        for resource in RESOURCES.iter().copied() {
            let mut after = None;
            loop {
                ctx.proceed()?;
                let tx = ctx.engine.db.read(session.tenant).await.refused()?;
                let ids = find::candidates(&tx, resource, subject, after, PIECE).await?;
                let records = find::load(&tx, resource, &ids).await?;
                let Some(last) = ids.last().copied() else { break };
                after = Some(last);
                for record in records {
                    let Some(tie) = Tie::of(resource, &record, subject) else { continue };
                    let said = said(&tx, resource.name, record.id()).await?;
                    let letter = letter(&ctx.engine, &tx, resource, &record, subject).await?;
                    let shown =
                        report::record(session, resource, &record, tie == Tie::Mentions, &said, letter.as_deref());
                    self.readable.write_all(shown.as_bytes()).map_err(packed)?;
                    let mut datum = json!({ "tipo": resource.name, "dados": record, "comentarios": said });
                    if let (Some(all), Some(letter)) = (datum.as_object_mut(), letter) {
                        all.insert("conteudo".to_owned(), letter.into());
                    }
                    self.datum(&datum)?;
                    count += 1;
                }
                tx.rollback().await.refused()?;
                ctx.report(Progress { done: count, total: 0, failed: 0 }).await?;
            }
        }
        Ok(count)
    }

    fn datum(&mut self, datum: &Json) -> Result<(), Problem> {
        let between = if self.first { "" } else { ",\n" };
        self.first = false;
        write!(self.data, "{between}{datum}").map_err(packed)
    }

    /// The files on the person's own records.
    async fn files(&mut self, ctx: &JobCtx, subject: &Subject) -> Result<(), JobError> {
        let mut own = Condition::any();
        for (resource, record) in &subject.people {
            let id = Uuid::parse_str(record.id()).unwrap_or_default();
            let here = Condition::all()
                .add(attachment::Column::Resource.eq(resource.name))
                .add(attachment::Column::RecordId.eq(id));
            own = own.add(here);
        }
        let tx = ctx.engine.db.read(ctx.session.tenant).await.refused()?;
        let rows = attachment::Entity::find()
            .filter(attachment::Column::TenantId.eq(ctx.session.tenant.0))
            .filter(attachment::Column::DeletedAt.is_null())
            .filter(own)
            .order_by_asc(attachment::Column::Id)
            .all(&*tx)
            .await
            .refused()?;
        tx.rollback().await.refused()?;
        for (at, row) in rows.iter().enumerate() {
            ctx.proceed()?;
            let path = temp_path()?;
            let key: FileKey = row.file_key.parse().map_err(stored_problem)?;
            ctx.engine.files.download(row.tenant_id, key, &path).await.map_err(stored_problem)?;
            let name: String =
                row.name.chars().map(|c| if c.is_control() || "/\\:".contains(c) { '_' } else { c }).collect();
            self.pack(&format!("anexos/{:03}-{name}", at + 1), &path)?;
        }
        Ok(())
    }

    fn pack(&mut self, name: &str, path: &Path) -> Result<(), Problem> {
        self.zip.start_file(name, SimpleFileOptions::default().large_file(true)).map_err(packed)?;
        let mut from = File::open(path).map_err(packed)?;
        io::copy(&mut from, &mut self.zip).map_err(packed)?;
        Ok(())
    }

    fn finish(mut self) -> Result<(), Problem> {
        self.readable.write_all(report::FOOT.as_bytes()).and_then(|()| self.readable.flush()).map_err(packed)?;
        self.data.write_all(b"]}\n").and_then(|()| self.data.flush()).map_err(packed)?;
        let [readable, data] = &self.parts;
        let (readable, data) = (readable.to_path_buf(), data.to_path_buf());
        self.pack("leia-me.html", &readable)?;
        self.pack("dados.json", &data)?;
        self.zip.finish().map_err(packed)?.flush().map_err(packed)
    }
}

/// What a message to the person said; one that names them went to somebody else.
async fn letter(
    engine: &Engine,
    tx: &Tx,
    resource: &'static Resource,
    record: &Record,
    subject: &Subject,
) -> Result<Option<String>, Problem> {
    let known = |field: &str, values: &[String]| record.text(field).is_some_and(|to| values.iter().any(|v| v == to));
    let (emails, phones) = (&subject.values.emails, &subject.values.phones);
    let theirs = Tie::of(resource, record, subject) == Some(Tie::Refers);
    if resource.name == MESSAGE.name && (theirs || known("address", emails) || known("phone", phones)) {
        return messages::said(engine, tx, record).await;
    }
    Ok(None)
}

/// What was said about a record: when, and the words.
async fn said(tx: &Tx, resource: &str, id: &str) -> Result<Vec<(String, String)>, Problem> {
    let rows = comment::Entity::find()
        .filter(comment::Column::TenantId.eq(tx.tenant().0))
        .filter(comment::Column::Resource.eq(resource))
        .filter(comment::Column::RecordId.eq(Uuid::parse_str(id).unwrap_or_default()))
        .filter(comment::Column::DeletedAt.is_null())
        .order_by_asc(comment::Column::Id)
        .all(&**tx)
        .await
        .refused()?;
    Ok(rows.into_iter().map(|row| (write_instant(row.created_at), row.text)).collect())
}
