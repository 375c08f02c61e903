//! The file a job made, for whoever may see the job.

use conexao_domain::kernel::problem::Problem;
use conexao_integrations::files::FileStream;
use uuid::Uuid;

use super::center;
use crate::{Engine, Session, notes::attachments::problem};

/// A file on its way out.
#[derive(Debug)]
pub struct MadeFile {
    pub name: String,
    pub media_type: &'static str,
    pub stream: FileStream,
}

/// The job's file; `None` when it made none.
pub async fn file(engine: &Engine, session: &Session, id: Uuid) -> Result<Option<MadeFile>, Problem> {
    let job = center::load(engine, session, id).await?;
    let Some((key, name)) = job.file_key.zip(job.file_name) else { return Ok(None) };
    let key = key.parse().map_err(problem)?;
    let stream = engine.files.get(session.tenant.0, key, None).await.map_err(problem)?;
    Ok(Some(MadeFile { media_type: media_type(&name), name, stream }))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "csv" => "text/csv; charset=utf-8",
        "jsonl" => "application/jsonl",
        _ => "application/octet-stream",
    }
}
