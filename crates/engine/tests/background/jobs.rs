//! Jobs: there if and only if committed, seen by whom they concern, ended,
//! stopped, resumed and taken over without doing anything twice.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use conexao_domain::kernel::problem::{Code, Problem};
use conexao_engine::{
    Engine, Session, Write,
    jobs::{self, JobCtx, JobError, JobKind, NewJob, Registry},
    sequence,
};
use conexao_storage::entity::job;
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{
    home::{Home, People, people, quiet, start, stop, until, until_job},
    react::drawn,
};

on_both!(
    exists_if_committed,
    runs_and_is_seen_by_whom_it_concerns,
    cancelled_and_resumed,
    a_stop_puts_the_work_down,
    failures_end_or_come_again,
    who_lost_the_lease_writes_nothing,
    failed_rows_are_done_again,
);

/// Draws `lines` numbers, one per transaction, as told by its parameters:
/// `slow` milliseconds per line, `fail` lines that fail, `panic`, `refuse`.
#[derive(Debug, Clone, Default)]
pub struct Count {
    /// Tries without progress; 3 when not said.
    pub tries: Option<i64>,
    pub held: Arc<AtomicBool>,
    pub runs: Arc<AtomicUsize>,
}

#[async_trait]
impl JobKind for Count {
    fn name(&self) -> &'static str {
        "count"
    }

    fn attempts(&self) -> i64 {
        self.tries.unwrap_or(3)
    }

    fn again(&self, _: &job::Model) -> Option<Json> {
        Some(json!({ "again": true }))
    }

    async fn run(&self, ctx: &JobCtx) -> Result<Json, JobError> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        let number = |name: &str| ctx.params[name].as_i64().unwrap_or_default();
        assert_eq!(number("panic"), 0, "told to panic");
        if ctx.params["refuse"] == true {
            return Err(Problem::new(Code::Forbidden).into());
        }
        if ctx.checkpoint.as_ref().is_some_and(|c| c["again"] == true) {
            let mut write = ctx.write().await?;
            for line in 1..=number("fail") {
                write.row(line, None, Ok(()));
            }
            write.progress.failed = 0;
            write.commit().await?;
            return Ok(json!("mended"));
        }
        let done = ctx.checkpoint.as_ref().map_or(0, |c| c["line"].as_i64().unwrap());
        for line in done + 1..=number("lines") {
            tokio::time::sleep(Duration::from_millis(number("slow").try_into().unwrap())).await;
            while self.held.load(Ordering::SeqCst) {
                ctx.proceed()?;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            ctx.proceed()?;
            let mut write = ctx.write().await?;
            sequence::draw(&write.tx, "count", 1).await?;
            let failed = line <= number("fail");
            let problem = Problem::field("name", "required");
            write.row(line, None, if failed { Err(&problem) } else { Ok(()) });
            write.progress.done = line;
            write.progress.failed += i64::from(failed);
            write.checkpoint(json!({ "line": line }));
            write.commit().await?;
        }
        Ok(json!({ "lines": number("lines") }))
    }
}

pub async fn ask(engine: &Engine, session: &Session, params: Json) -> Uuid {
    let mut write = Write::begin(engine, session).await.unwrap();
    let total = params["lines"].as_i64().unwrap_or_default();
    let id = jobs::enqueue(&mut write, NewJob::new("count", "Contar", params).total(total)).await.unwrap();
    write.commit(202, &Json::Null).await.unwrap();
    id
}

async fn exists_if_committed(home: Home) {
    let engine = home.engine().await;
    let People { marta, .. } = people(&engine, "one").await;
    let background = start(&engine, Registry::standard().job(Count::default())).await;
    let mut write = Write::begin(&engine, &marta).await.unwrap();
    let id = jobs::enqueue(&mut write, NewJob::new("count", "Contar", json!({ "lines": 1 }))).await.unwrap();
    drop(write);
    let kept = ask(&engine, &marta, json!({ "lines": 1 })).await;
    quiet(&engine).await;
    assert_eq!(jobs::get(&engine, &marta, id).await.unwrap_err().code, Code::NotFound);
    assert_eq!(jobs::get(&engine, &marta, kept).await.unwrap()["state"], "done");
    assert_eq!(drawn(&engine, &marta, "count").await, 1);
    stop(background).await;
}

async fn runs_and_is_seen_by_whom_it_concerns(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, caio, .. } = people(&engine, "one").await;
    let other = people(&engine, "two").await;
    let background = start(&engine, Registry::standard().job(Count::default())).await;
    let id = ask(&engine, &vera, json!({ "lines": 5, "fail": 2 })).await;
    quiet(&engine).await;
    let job = jobs::get(&engine, &vera, id).await.unwrap();
    assert_eq!(json!([job["state"], job["done"], job["total"], job["failed"]]), json!(["done", 5, 5, 2]));
    assert_eq!(
        json!([job["title"], job["result"], job["created_by"]["name"]]),
        json!(["Contar", { "lines": 5 }, "Vera"])
    );
    assert_eq!(json!([job["cancellable"], job["has_file"], job["error"]]), json!([false, false, null]));

    let failed = jobs::rows(&engine, &vera, id, true, None).await.unwrap();
    assert_eq!(failed.items.len(), 2);
    let error = json!({ "field": "name", "code": "required", "message": "Preencha este campo." });
    assert_eq!(failed.items[0], json!({ "line": 1, "record_id": null, "ok": false, "errors": [error] }));
    assert_eq!(jobs::rows(&engine, &vera, id, false, Some(2)).await.unwrap().items.len(), 3);

    assert!(jobs::get(&engine, &marta, id).await.is_ok(), "who manages jobs");
    assert_eq!(jobs::list(&engine, &marta, None).await.unwrap().items.len(), 1);
    for session in [&caio, &other.marta] {
        assert_eq!(jobs::get(&engine, session, id).await.unwrap_err().code, Code::NotFound);
        assert_eq!(jobs::cancel(&engine, session, id).await.unwrap_err().code, Code::NotFound);
        assert!(jobs::list(&engine, session, None).await.unwrap().items.is_empty());
    }
    stop(background).await;
}

async fn cancelled_and_resumed(home: Home) {
    let engine = home.engine().await;
    let People { vera, .. } = people(&engine, "one").await;
    let kind = Count::default();
    let registry = Registry::standard().job(kind.clone());
    let queued = ask(&engine, &vera, json!({ "lines": 3 })).await;
    let cancelled = jobs::cancel(&engine, &vera, queued).await.unwrap();
    assert_eq!(cancelled["state"], "cancelled", "at once, since nobody began");
    assert_eq!(jobs::cancel(&engine, &vera, queued).await.unwrap_err().code, Code::StepRefused);

    let background = start(&engine, registry.clone()).await;
    let id = ask(&engine, &vera, json!({ "lines": 40, "slow": 20 })).await;
    until("some lines", || async { drawn(&engine, &vera, "count").await > 3 }).await;
    kind.held.store(true, Ordering::SeqCst);
    assert_eq!(jobs::cancel(&engine, &vera, id).await.unwrap()["cancellable"], false, "asked for already");
    let job = until_job(&engine, &vera, id, "cancelled").await;
    assert!(job["done"].as_i64().unwrap() < 40);
    assert_eq!(drawn(&engine, &vera, "count").await, job["done"].as_i64().unwrap());

    kind.held.store(false, Ordering::SeqCst);
    jobs::retry(&engine, &registry, &vera, id).await.unwrap();
    let job = until_job(&engine, &vera, id, "done").await;
    assert_eq!((job["done"].as_i64(), drawn(&engine, &vera, "count").await), (Some(40), 40), "from where it stood");
    assert_eq!(jobs::get(&engine, &vera, queued).await.unwrap()["state"], "cancelled");
    stop(background).await;
}

async fn a_stop_puts_the_work_down(home: Home) {
    let engine = home.engine().await;
    let People { vera, .. } = people(&engine, "one").await;
    let kind = Count::default();
    let background = start(&engine, Registry::standard().job(kind.clone())).await;
    let id = ask(&engine, &vera, json!({ "lines": 60, "slow": 20 })).await;
    until("some lines", || async { drawn(&engine, &vera, "count").await > 3 }).await;
    stop(background).await;
    let job = jobs::get(&engine, &vera, id).await.unwrap();
    assert_eq!((job["state"].as_str(), job["attempts"].as_i64()), (Some("queued"), Some(0)));
    let background = start(&engine, Registry::standard().job(kind.clone())).await;
    until_job(&engine, &vera, id, "done").await;
    assert_eq!((drawn(&engine, &vera, "count").await, kind.runs.load(Ordering::SeqCst)), (60, 2));
    stop(background).await;
}

async fn failures_end_or_come_again(home: Home) {
    let engine = home.engine().await;
    let People { vera, .. } = people(&engine, "one").await;
    let kind = Count::default();
    let background = start(&engine, Registry::standard().job(kind.clone())).await;
    let refused = ask(&engine, &vera, json!({ "refuse": true })).await;
    let job = until_job(&engine, &vera, refused, "failed").await;
    assert_eq!(job["error"], "Você não tem permissão para isto. Peça acesso a um administrador.");
    assert_eq!(kind.runs.load(Ordering::SeqCst), 1, "another try would end the same way");

    let panics = ask(&engine, &vera, json!({ "panic": 1 })).await;
    let job = until_job(&engine, &vera, panics, "dead").await;
    assert_eq!((job["attempts"].as_i64(), kind.runs.load(Ordering::SeqCst)), (Some(3), 4));
    let fine = ask(&engine, &vera, json!({ "lines": 1 })).await;
    until_job(&engine, &vera, fine, "done").await;
    stop(background).await;
}

async fn who_lost_the_lease_writes_nothing(home: Home) {
    let engine = home.engine().await;
    let People { vera, .. } = people(&engine, "one").await;
    let kind = Count::default();
    kind.held.store(true, Ordering::SeqCst);
    let background = start(&engine, Registry::standard().job(kind.clone())).await;
    let id = ask(&engine, &vera, json!({ "lines": 3 })).await;
    until("the job to run", || async { kind.runs.load(Ordering::SeqCst) == 1 }).await;
    // Another node thinks that this one died.
    let tx = engine.db.write(vera.tenant).await.unwrap();
    tx.execute_unprepared("UPDATE job SET lease = lease + 1").await.unwrap();
    tx.commit().await.unwrap();
    kind.held.store(false, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(drawn(&engine, &vera, "count").await, 0);
    let job = jobs::get(&engine, &vera, id).await.unwrap();
    assert_eq!((job["state"].as_str(), job["done"].as_i64()), (Some("running"), Some(0)), "left to the other");
    stop(background).await;
}

async fn failed_rows_are_done_again(home: Home) {
    let engine = home.engine().await;
    let People { vera, .. } = people(&engine, "one").await;
    let registry = Registry::standard().job(Count::default());
    let background = start(&engine, registry.clone()).await;
    let id = ask(&engine, &vera, json!({ "lines": 4, "fail": 2 })).await;
    until_job(&engine, &vera, id, "done").await;
    jobs::retry(&engine, &registry, &vera, id).await.unwrap();
    until("the rows to be mended", || async { jobs::get(&engine, &vera, id).await.unwrap()["result"] == "mended" })
        .await;
    assert!(jobs::rows(&engine, &vera, id, true, None).await.unwrap().items.is_empty());
    assert_eq!(jobs::retry(&engine, &registry, &vera, id).await.unwrap_err().code, Code::StepRefused, "nothing failed");
    stop(background).await;
}
