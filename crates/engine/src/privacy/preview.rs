//! What an anonymisation would do, for whoever has to agree.

use conexao_domain::{
    kernel::problem::Problem,
    privacy::{SEARCH, is_person},
    registry::RESOURCES,
};
use conexao_storage::Tx;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    decide::{Decision, decide},
    find, request,
    retention::Timetable,
    subject::{Chosen, Subject},
    texts,
};
use crate::{Engine, Session, refusal::Refused};

/// Records of one resource that are decided on together.
const PIECE: u64 = 200;
/// Most records of a preview.
const MOST: usize = 5000;

/// Record by record what is emptied and what stays, why and until when, with a
/// digest of all of it that the execution has to name.
pub async fn preview(engine: &Engine, session: &Session, id: Uuid, chosen: &[Chosen]) -> Result<Json, Problem> {
    session.require(SEARCH)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let record = request::load(&tx, session, id).await?;
    if chosen.is_empty() {
        return Err(Problem::field("records", "required"));
    }
    let subject = Subject::load(&tx, Some(&record), chosen).await?;
    let decisions = all(engine, session, &tx, &subject).await?;
    let places = texts::counts(&tx, session, &subject).await?;
    let held = subject.holds(&tx).await?;
    tx.rollback().await.refused()?;
    let shown: Vec<Json> = decisions.iter().map(|decision| decision.shown(session)).collect();
    Ok(json!({ "records": shown, "places": places, "held": held, "digest": digest(&decisions) }))
}

/// Every decision, people last.
pub(super) async fn all(
    engine: &Engine,
    session: &Session,
    tx: &Tx,
    subject: &Subject,
) -> Result<Vec<Decision>, Problem> {
    let timetable = Timetable::load(tx).await?;
    let today = engine.now().with_timezone(&session.time_zone).date_naive();
    let mut decisions = Vec::new();
    for resource in RESOURCES.iter().copied().filter(|r| !is_person(r)) {
        let mut after = None;
        loop {
            let ids = find::candidates(tx, resource, subject, after, PIECE).await?;
            let Some(last) = ids.last().copied() else { break };
            after = Some(last);
            for record in find::load(tx, resource, &ids).await? {
                decisions.extend(decide(tx, &timetable, subject, today, resource, record).await?);
            }
            if decisions.len() > MOST {
                return Err(Problem::field("records", "too_many_lines"));
            }
        }
    }
    for (resource, record) in &subject.people {
        decisions.extend(decide(tx, &timetable, subject, today, resource, record.clone()).await?);
    }
    Ok(decisions)
}

pub(super) fn digest(decisions: &[Decision]) -> String {
    let lines: Vec<String> = decisions.iter().map(Decision::digest).collect();
    hex::encode(Sha256::digest(lines.join("\n")))
}
