//! Carrying an anonymisation out. One record, or one batch of rows, a
//! transaction; the person's own records last, because they say what to look
//! for. A try that begins anew finds what is left.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use conexao_domain::{
    kernel::{
        canonical::write_instant,
        problem::{Code, Problem},
        record::Record,
        resource::Resource,
    },
    locale,
    privacy::{
        ERASE, is_person,
        places::{Erasure, PLACES},
        request::PRIVACY_REQUEST,
    },
    registry::RESOURCES,
};
use conexao_storage::{Tx, entity::job};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    decide::decide,
    empty::{self, Asked},
    find,
    preview::{all, digest},
    request,
    retention::Timetable,
    subject::{Chosen, Subject},
    texts,
};
use crate::{
    Engine, Session, Write,
    audit::Redaction,
    export,
    jobs::{JobCtx, JobError, JobKind, NewJob, Progress, accept, enqueue},
    messages,
    refusal::Refused,
    rights,
};

/// Records looked at together.
const PIECE: u64 = 100;

#[derive(Debug, Serialize, Deserialize)]
struct Params {
    request: Uuid,
    records: Vec<Chosen>,
}

/// Starts it, if what was agreed to is still what would happen. Whoever opened
/// the request cannot be the one who carries it out.
pub async fn start(
    engine: &Engine,
    session: &Session,
    id: Uuid,
    chosen: Vec<Chosen>,
    agreed: &str,
) -> Result<Json, Problem> {
    session.require(ERASE)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let record = request::load(&tx, session, id).await?;
    allowed(&tx, session, &record, engine.now()).await?;
    if chosen.is_empty() {
        return Err(Problem::field("records", "required"));
    }
    let subject = Subject::load(&tx, Some(&record), &chosen).await?;
    subject.free(&tx).await?;
    let now = digest(&all(engine, session, &tx, &subject).await?);
    tx.rollback().await.refused()?;
    if now != agreed {
        return Err(Problem::new(Code::StepRefused).detail("preview_changed").with("digest", now));
    }
    let title = format!("{}: {}", locale::text(session.locale, "job.anonymise"), number(&record));
    let mut write = Write::begin(engine, session).await?;
    let params = Params { request: id, records: chosen };
    let job = NewJob::new(Erase::NAME, title, json!(params)).resource(PRIVACY_REQUEST.name);
    let job = enqueue(&mut write, job).await?;
    accept(engine, write, job).await
}

fn number(record: &Record) -> String {
    record.text("number").unwrap_or_default().to_owned()
}

/// A person who had no part in opening the request, nor in what it asks for, for
/// one that asks to erase: neither by a token, nor as the substitute of who had.
async fn allowed(tx: &Tx, session: &Session, record: &Record, now: DateTime<Utc>) -> Result<(), Problem> {
    request::under_way(record)?;
    if !matches!(record.text("kind"), Some("anonymisation" | "retention")) {
        return Err(Problem::new(Code::StepRefused).detail("other_kind"));
    }
    let who = session.person().ok_or_else(|| Problem::new(Code::Forbidden).detail(ERASE))?;
    let opened = record.text("created_by") == Some(who.to_string().as_str());
    if opened || rights::had_a_part(tx, session, &PRIVACY_REQUEST, record, "kind", now).await? {
        return Err(Problem::new(Code::StepRefused).detail("four_eyes"));
    }
    Ok(())
}

/// The job that carries it out.
#[derive(Debug)]
pub(crate) struct Erase;

impl Erase {
    pub const NAME: &str = "privacy.anonymise";
}

#[async_trait]
impl JobKind for Erase {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, ctx: &JobCtx) -> Result<Json, JobError> {
        let wrong = |_| Problem::new(Code::Malformed).detail("params");
        let params: Params = serde_json::from_value(ctx.params.clone()).map_err(wrong)?;
        ctx.session.require(ERASE)?;
        let tx = ctx.engine.db.read(ctx.session.tenant).await.refused()?;
        let record = request::of_job(ctx, &tx, params.request).await?;
        allowed(&tx, &ctx.session, &record, ctx.engine.now()).await?;
        let subject = Subject::load(&tx, Some(&record), &params.records).await?;
        subject.free(&tx).await?;
        let timetable = Timetable::load(&tx).await?;
        tx.rollback().await.refused()?;
        let asked = Asked { id: params.request, number: number(&record) };
        let run = Run { ctx, subject, timetable, asked };
        // Before the records: they say to whom a message went.
        run.contents().await?;
        for resource in RESOURCES.iter().copied().filter(|r| !is_person(r)) {
            run.records(resource).await?;
        }
        run.places().await?;
        run.files().await?;
        for (resource, person) in &run.subject.people {
            run.person(resource, person).await?;
        }
        // What was written while it ran.
        run.contents().await?;
        run.places().await?;
        run.finish().await
    }
}

struct Run<'a> {
    ctx: &'a JobCtx,
    subject: Subject,
    timetable: Timetable,
    asked: Asked,
}

impl Run<'_> {
    /// Everything of a resource that tells of the person, a piece at a time.
    async fn records(&self, resource: &'static Resource) -> Result<(), JobError> {
        let mut after = None;
        loop {
            self.ctx.proceed()?;
            let tx = self.ctx.engine.db.read(self.ctx.session.tenant).await.refused()?;
            let ids = find::candidates(&tx, resource, &self.subject, after, PIECE).await?;
            tx.rollback().await.refused()?;
            let Some(last) = ids.last().copied() else { return Ok(()) };
            after = Some(last);
            for id in ids {
                self.one(resource, id).await?;
            }
        }
    }

    async fn person(&self, resource: &'static Resource, person: &Record) -> Result<(), JobError> {
        self.ctx.proceed()?;
        let id = Uuid::parse_str(person.id()).unwrap_or_default();
        self.one(resource, id).await
    }

    /// One record, as it is now, in one transaction.
    async fn one(&self, resource: &'static Resource, id: Uuid) -> Result<(), JobError> {
        let ctx = self.ctx;
        let mut write = ctx.write().await?;
        // Somebody may have put it under a legal hold a moment ago.
        self.subject.free(&write.tx).await?;
        let today = write.now.with_timezone(&ctx.session.time_zone).date_naive();
        let Some(record) = find::load(&write.tx, resource, &[id]).await?.pop() else { return Ok(()) };
        let decision = decide(&write.tx, &self.timetable, &self.subject, today, resource, record).await?;
        let Some(decision) = decision.filter(|decision| !decision.emptied.is_empty()) else { return Ok(()) };
        empty::empty(&ctx.engine, &mut write, &self.subject, &decision, &self.asked).await?;
        write.progress.done += 1;
        write.commit().await
    }

    /// What messages said, which only the vault can open.
    async fn contents(&self) -> Result<(), JobError> {
        let (engine, values) = (&self.ctx.engine, &self.subject.values);
        let customers = self.subject.ids();
        let who = messages::Person {
            customers: &customers,
            emails: &values.emails,
            phones: &values.phones,
            needles: &self.subject.needles,
            nowhere: empty::NOWHERE,
        };
        let mut after = Uuid::nil();
        loop {
            self.ctx.proceed()?;
            let mut write = self.ctx.write().await?;
            let round = messages::erase(engine, &write.tx, &who, after).await?;
            write.progress.done += i64::try_from(round.emptied).unwrap_or_default();
            write.commit().await?;
            match round.last {
                Some(last) if !round.done => after = last,
                _ => return Ok(()),
            }
        }
    }

    async fn places(&self) -> Result<(), JobError> {
        let why = Redaction { reason: "lgpd", request: Some(self.asked.number.clone()) };
        for place in PLACES.iter().filter(|place| place.erasure != Erasure::Sealed) {
            let mut after = None::<Vec<sea_orm::Value>>;
            loop {
                self.ctx.proceed()?;
                let mut write = self.ctx.write().await?;
                let batch = texts::empty(&mut write, place, &self.subject, after.as_deref(), &why).await?;
                let (last, done, emptied) = (batch.last.clone(), batch.done, batch.emptied);
                write.progress.done += i64::try_from(emptied).unwrap_or_default();
                write.commit().await?;
                batch.finish(&self.ctx.engine).await?;
                if done {
                    break;
                }
                after = last;
            }
        }
        Ok(())
    }

    /// Files that exports made lately: nobody can take one person out of them.
    async fn files(&self) -> Result<(), JobError> {
        let engine = &self.ctx.engine;
        let tx = engine.db.read(self.ctx.session.tenant).await.refused()?;
        let made = job::Entity::find()
            .filter(job::Column::TenantId.eq(self.ctx.session.tenant.0))
            .filter(job::Column::Kind.is_in(["export", "audit_export"]))
            .filter(job::Column::FileKey.is_not_null())
            .all(&*tx)
            .await
            .refused()?;
        tx.rollback().await.refused()?;
        for job in &made {
            export::forget(engine, job).await?;
        }
        Ok(())
    }

    /// The proof on the request.
    async fn finish(&self) -> Result<Json, JobError> {
        let mut write = self.ctx.write().await?;
        let done = write.progress.done;
        write.progress = Progress { done, total: done, failed: 0 };
        let who = self.ctx.session.user_id().map(|id| id.to_string());
        let now = write_instant(write.now);
        let values = [("erased_at", Json::from(now)), ("erased_by", Json::from(who))];
        request::mark(&mut write, self.asked.id, "anonymise", &values).await?;
        write.commit().await?;
        Ok(json!({ "emptied": done }))
    }
}
