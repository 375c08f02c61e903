//! Creation, one record or a whole batch in one transaction.

use async_recursion::async_recursion;
use chrono::{DateTime, Utc};
use conexao_domain::kernel::{
    canonical::write_instant,
    plan::{self, Facts},
    problem::{FieldProblem, Problem},
    record::Record,
    resource::Resource,
};
use conexao_storage::table;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::check::Known;
use crate::{Engine, Gate, Session, Write, authority, facts, read, refusal::Refused, secrets, sequence, webhooks};

/// A record ready to be inserted, with its search text.
#[derive(Debug, Clone)]
pub struct Drafted {
    pub record: Record,
    pub search: String,
}

/// Creates one record and answers with it as readers see it.
#[async_recursion]
pub async fn create(engine: &Engine, gate: &Gate, input: &Map<String, Json>) -> Result<Record, Problem> {
    let facts = facts::plain(engine, &gate.session);
    let mut write = Write::begin(engine, &gate.session).await?;
    let drafted = draft(&mut write, gate, std::slice::from_ref(input), &facts).await?.pop();
    let drafted = drafted.unwrap_or_else(|| Err(Problem::not_found()))?;
    let (mut record, search) = (drafted.record, drafted.search);
    webhooks::sealed(engine, gate.resource, None, &record)?;
    let minted = secrets::mint(gate.session.tenant, gate.resource, &mut record);
    insert(&mut write, gate, vec![Drafted { record: record.clone(), search }]).await?;
    if let Some(minted) = &minted {
        secrets::keep(engine, &write, &record, minted).await?;
    }
    let mut seen = read::complete(&write.tx, engine, gate, record).await?;
    write.commit(201, &Json::Object(seen.0.clone())).await?;
    if let Some(minted) = minted {
        minted.show(&mut seen);
    }
    Ok(seen)
}

/// Plans and checks inputs; each succeeds or fails for itself. Records get id,
/// stamps and counters; nothing is written but the sequences.
#[async_recursion]
pub async fn draft(
    write: &mut Write,
    gate: &Gate,
    inputs: &[Map<String, Json>],
    facts: &Facts,
) -> Result<Vec<Result<Drafted, Problem>>, Problem> {
    let resource = gate.resource;
    let planned: Vec<Result<Record, Problem>> = inputs
        .iter()
        .map(|input| {
            plan::create(resource, input, facts)
                .map(|record| stamp(resource, record, &write.session, write.moment(resource)))
        })
        .collect();
    let records: Vec<&Record> = planned.iter().flatten().collect();
    let mut known = Known::about(&write.tx, resource, &records).await?;
    let mut drafted = Vec::with_capacity(planned.len());
    for planned in planned {
        let checked = planned.and_then(|record| {
            let problems = known.problems(resource, &record);
            if problems.is_empty() { Ok(record) } else { Err(taken_or_wrong(problems)) }
        });
        let checked = match checked {
            Ok(record) => authority::check(&write.tx, &write.session, resource, None, &record).await.map(|()| record),
            refused => refused,
        };
        drafted.push(match checked {
            Ok(mut record) => {
                known.claim(resource, &record);
                number(write, resource, &mut record).await?;
                let search = known.search_text(resource, &record);
                Ok(Drafted { record, search })
            }
            Err(problem) => Err(problem),
        });
    }
    Ok(drafted)
}

/// A value that is only taken is a duplicate, not a mistake.
pub(super) fn taken_or_wrong(fields: Vec<FieldProblem>) -> Problem {
    use conexao_domain::kernel::problem::Code;
    let code = if fields.iter().all(|f| f.code == "taken") { Code::Duplicate } else { Code::Validation };
    Problem { fields, ..Problem::new(code) }
}

/// Gives a planned record its id, its stamps and the ids of its lines.
pub(super) fn stamp(resource: &Resource, mut record: Record, session: &Session, now: DateTime<Utc>) -> Record {
    let now = write_instant(now);
    record.set("id", Uuid::now_v7().to_string());
    record.set("version", 1);
    record.set("created_at", now.clone());
    record.set("updated_at", now);
    record.set("created_by", session.user_id().map(|id| id.to_string()));
    own_lines(resource, &Record::default(), &mut record);
    record
}

/// Lines keep the id they had on this record; all others get a new one.
pub(super) fn own_lines(resource: &Resource, previous: &Record, record: &mut Record) {
    for (field, _) in resource.lines() {
        let mut kept: Vec<String> = previous.lines(field.name).iter().map(|line| line.id().to_owned()).collect();
        let lines = record.lines(field.name).into_iter().map(|mut line| {
            match kept.iter().position(|id| id == line.id()) {
                Some(at) => drop(kept.swap_remove(at)),
                None => line.set("id", Uuid::now_v7().to_string()),
            }
            Json::Object(line.0)
        });
        let lines: Vec<Json> = lines.collect();
        record.set(field.name, lines);
    }
}

async fn number(write: &Write, resource: &Resource, record: &mut Record) -> Result<(), Problem> {
    for counter in resource.counters {
        let n = sequence::draw(&write.tx, &(counter.key)(record), 1).await?;
        record.set(counter.field, counter.write(resource, record, &write.session.house.company, n));
    }
    Ok(())
}

/// Inserts drafted records and notes their creation.
#[async_recursion]
pub async fn insert(write: &mut Write, gate: &Gate, drafted: Vec<Drafted>) -> Result<(), Problem> {
    let rows: Vec<(Record, String)> = drafted.into_iter().map(|d| (d.record, d.search)).collect();
    table::insert(&write.tx, gate.resource, &rows).await.refused()?;
    write.stand_in(gate.behalf(None));
    for (record, _) in &rows {
        write.note_record(gate.resource, "create", None, record);
    }
    Ok(())
}
