//! Lists as files.

use super::Records;
use crate::{Download, Failure, Query, call::Call, model::Job};

/// What asking for an export gives.
#[derive(Debug)]
pub enum Export {
    File(Download),
    /// Too many rows for one answer: the file comes with the job.
    Job(Box<Job>),
}

impl Export {
    pub(crate) async fn of(call: Call) -> Result<Self, Failure> {
        let answer = call.run(false).await?;
        if answer.status() == 202 {
            return answer.whole().await?.read().map(|job| Self::Job(Box::new(job)));
        }
        Ok(Self::File(answer.download()))
    }
}

impl Records<'_> {
    /// A list as a file, `xlsx`, `csv` or `jsonl`; no columns means the usual ones.
    pub async fn export(&self, format: &str, columns: &[&str], query: &Query) -> Result<Export, Failure> {
        let query = query.clone().with("format", format).with("columns", &columns.join(","));
        Export::of(self.client.get(self.path("/export")).query(&query)).await
    }

    /// A list as a file however long it is; waits for the job and tells `progress` of it.
    pub async fn export_file(
        &self,
        format: &str,
        columns: &[&str],
        query: &Query,
        progress: impl FnMut(&Job),
    ) -> Result<Download, Failure> {
        match self.export(format, columns, query).await? {
            Export::File(file) => Ok(file),
            Export::Job(job) => {
                let job = self.client.jobs().wait(*job, progress).await?;
                self.client.jobs().file(&job.id).await
            }
        }
    }
}
