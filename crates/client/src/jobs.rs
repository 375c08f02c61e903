//! Work the server does in the background: followed, cancelled, tried again.

use std::time::Duration;

use futures_util::Stream;

use crate::{
    Client, Download, Failure, Query,
    model::{Job, JobRow, Page},
    paging,
    query::segment,
    transport,
};

/// Between two looks at a job: at first, and at most.
const LOOK: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(3);

/// The job centre.
#[derive(Debug, Clone, Copy)]
pub struct Jobs<'a>(pub(crate) &'a Client);

impl Jobs<'_> {
    /// My jobs, newest first; with `job.manage` everybody's.
    pub async fn list(&self, after: Option<&str>) -> Result<Page<Job>, Failure> {
        self.0.get("/jobs").query(&Query::new().after(after.unwrap_or_default())).read().await
    }

    pub async fn get(&self, id: &str) -> Result<Job, Failure> {
        self.0.get(one(id, "")).read().await
    }

    pub async fn cancel(&self, id: &str) -> Result<Job, Failure> {
        self.0.post(one(id, "/cancel")).read().await
    }

    /// Does the rest, or the failed rows, again.
    pub async fn retry(&self, id: &str) -> Result<Job, Failure> {
        self.0.post(one(id, "/retry")).read().await
    }

    /// Takes back a bulk job of one's own, within ten minutes of its end; answers
    /// the job that does it.
    pub async fn undo(&self, id: &str) -> Result<Job, Failure> {
        self.0.post(one(id, "/actions/undo")).read().await
    }

    /// What became of each row, or of the failed ones only.
    pub async fn rows(&self, id: &str, failed: bool, after: Option<&str>) -> Result<Page<JobRow>, Failure> {
        let query = Self::which(failed).after(after.unwrap_or_default());
        self.0.get(one(id, "/rows")).query(&query).read().await
    }

    /// The same for all rows.
    pub fn all_rows(&self, id: &str, failed: bool) -> impl Stream<Item = Result<JobRow, Failure>> + use<> {
        paging::items(self.0, one(id, "/rows"), Self::which(failed))
    }

    fn which(failed: bool) -> Query {
        Query::new().with("failed", if failed { "true" } else { "" })
    }

    /// The file it made.
    pub async fn file(&self, id: &str) -> Result<Download, Failure> {
        self.0.get(one(id, "/file")).download().await
    }

    /// Waits until nothing more happens, telling `progress` whenever it moved.
    /// How it ended is in the job: see [`Job::is_well`].
    pub async fn wait(&self, job: Job, mut progress: impl FnMut(&Job)) -> Result<Job, Failure> {
        let (mut job, mut pause) = (job, LOOK);
        progress(&job);
        while !job.is_over() {
            transport::sleep(pause).await;
            let now = self.get(&job.id).await?;
            if now == job {
                pause = pause.saturating_mul(2).min(LONGEST);
            } else {
                (job, pause) = (now, LOOK);
                progress(&job);
            }
        }
        Ok(job)
    }
}

fn one(id: &str, rest: &str) -> String {
    format!("/jobs/{}{rest}", segment(id))
}
