//! The one code path for a batch of rows: simulation, run, retry and the check
//! of a corrected row all come through here. A simulation stops before the write.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use conexao_domain::kernel::{
    field::{Kind, Writer},
    plan::{self, Facts},
    problem::{Code, FieldProblem, Problem},
    record::Record,
    value::Invalid,
};
use conexao_storage::Tx;
use serde_json::{Map, Value as Json};

use super::{
    lines,
    model::{CellProblem, Mode},
    resolve::{self, Found},
    rows::{MappedRow, Mapper},
    target::Target,
};
use crate::{
    Gate, Session, facts,
    write::{self, Checked, Next},
};

/// Everything that stays the same from batch to batch.
#[derive(Debug)]
pub(crate) struct Intent {
    pub mapper: Mapper,
    pub mode: Mode,
    /// What finds existing records; `None` where every row is new.
    pub key: Option<Target>,
    pub create: Option<Gate>,
    pub update: Option<Gate>,
    pub facts: Facts,
}

/// What becomes of a row.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Position among the checked results.
    Write(usize),
    /// It says nothing that the record does not say already.
    Same,
    Failed(Vec<CellProblem>),
}

/// A batch that was looked at; its rows in the order they came.
#[derive(Debug)]
pub(crate) struct Looked {
    pub rows: Vec<MappedRow>,
    pub outcomes: Vec<Outcome>,
    pub checked: Checked,
}

impl Looked {
    /// Rows that failed for a reason known from elsewhere.
    pub(crate) fn failed(rows: Vec<MappedRow>, problems: &[CellProblem]) -> Self {
        let outcomes = rows.iter().map(|_| Outcome::Failed(problems.to_vec())).collect();
        Self { rows, outcomes, checked: Checked::default() }
    }
}

impl Intent {
    fn session(&self) -> Result<&Session, Problem> {
        let gate = self.create.as_ref().or(self.update.as_ref());
        gate.map(|gate| &gate.session).ok_or_else(|| Problem::new(Code::Forbidden))
    }

    /// What would become of the rows, without writing anything.
    pub(crate) async fn look(&self, tx: &Tx, mut rows: Vec<MappedRow>, now: DateTime<Utc>) -> Result<Looked, Problem> {
        resolve::references(tx, &mut rows).await?;
        let existing = match (&self.key, &self.update) {
            (Some(key), Some(gate)) => resolve::existing(tx, gate, key, &rows).await?,
            _ => HashMap::new(),
        };
        let mut plans = Vec::with_capacity(rows.len());
        let mut outcomes = Vec::with_capacity(rows.len());
        for row in &rows {
            outcomes.push(match self.plan(tx, row, &existing).await? {
                Planned::Next(next) => {
                    plans.push(Ok(next));
                    Outcome::Write(plans.len() - 1)
                }
                Planned::Same => Outcome::Same,
                Planned::Failed(problems) => Outcome::Failed(problems),
            });
        }
        let resource = self.mapper.resource;
        let checked = write::check_many(tx, self.session()?, now, resource, plans).await?;
        for (row, outcome) in rows.iter().zip(&mut outcomes) {
            let Outcome::Write(at) = outcome else { continue };
            if let Some(Err(problem)) = checked.results.get(*at) {
                *outcome = Outcome::Failed(self.explain(problem, row));
            }
        }
        self.warn_of_duplicates(tx, &mut rows, &outcomes, &checked).await?;
        Ok(Looked { rows, outcomes, checked })
    }

    async fn plan(&self, tx: &Tx, row: &MappedRow, existing: &HashMap<String, Found>) -> Result<Planned, Problem> {
        if !row.problems.is_empty() {
            return Ok(Planned::Failed(row.problems.clone()));
        }
        let found = row.key.as_ref().and_then(|key| existing.get(key));
        Ok(match (self.mode, found) {
            (Mode::Create, _) | (Mode::Upsert, None) => self.creation(row),
            (_, Some(Found::One(current))) => return self.change(tx, row, current).await,
            (_, Some(Found::Several)) => self.refused(row, Invalid("key_ambiguous")),
            (Mode::Update, None) => {
                self.refused(row, if row.key.is_some() { Invalid("key_unknown") } else { Invalid("required") })
            }
        })
    }

    fn refused(&self, row: &MappedRow, invalid: Invalid) -> Planned {
        let key = self.key.as_ref().map(Target::name).unwrap_or_default();
        Planned::Failed(vec![self.mapper.explain(&FieldProblem::new(key, invalid.0.to_owned()), &row.cells)])
    }

    fn creation(&self, row: &MappedRow) -> Planned {
        match plan::create(self.mapper.resource, &row.input, &self.facts) {
            Ok(record) => Planned::Next(Next::New(record)),
            Err(problem) => Planned::Failed(self.explain(&problem, row)),
        }
    }

    /// A change of what the row says otherwise; the rest of the record stays, and
    /// so does what the row repeats although it may no longer be changed.
    async fn change(&self, tx: &Tx, row: &MappedRow, current: &Record) -> Result<Planned, Problem> {
        let resource = self.mapper.resource;
        let input = self.news(row, current);
        if input.is_empty() {
            return Ok(Planned::Same);
        }
        let facts = if resource.facts.is_empty() {
            None
        } else {
            Some(facts::complete(tx, resource, current, self.facts.clone()).await?)
        };
        let planned = plan::patch(resource, current, &input, facts.as_ref().unwrap_or(&self.facts));
        Ok(match planned {
            Ok(next) if next == *current => Planned::Same,
            Ok(next) => Planned::Next(Next::Changed { current: current.clone(), next }),
            Err(problem) => Planned::Failed(self.explain(&problem, row)),
        })
    }

    fn news(&self, row: &MappedRow, current: &Record) -> Map<String, Json> {
        let resource = self.mapper.resource;
        let mut input = Map::new();
        for (name, value) in &row.input {
            let Some(field) = resource.field(name).filter(|f| f.writer != Writer::System) else { continue };
            let now = current.get(name);
            let next = match field.kind {
                Kind::Lines(_) => lines::merge(resource, field, current, value),
                Kind::Tags => united(now, value),
                kind => kind.canonical(value).unwrap_or_else(|_| value.clone()),
            };
            if next != *now {
                input.insert(name.clone(), next);
            }
        }
        input
    }

    /// Problems of a plan as problems of cells.
    pub(crate) fn explain(&self, problem: &Problem, row: &MappedRow) -> Vec<CellProblem> {
        if problem.fields.is_empty() {
            return vec![CellProblem {
                column: None,
                field: None,
                value: None,
                code: problem.code.name().to_owned(),
                line: None,
            }];
        }
        problem.fields.iter().map(|field| self.mapper.explain(field, &row.cells)).collect()
    }

    /// New records that share a phone or an e-mail with another one.
    async fn warn_of_duplicates(
        &self,
        tx: &Tx,
        rows: &mut [MappedRow],
        outcomes: &[Outcome],
        checked: &Checked,
    ) -> Result<(), Problem> {
        let resource = self.mapper.resource;
        for name in resource.duplicates {
            let Some(field) = resource.field(name).filter(|f| !f.unique) else { continue };
            let value = |outcome: &Outcome| match outcome {
                Outcome::Write(at) => match checked.results.get(*at) {
                    Some(Ok(Next::New(record))) => record.text(name).map(str::to_owned),
                    _ => None,
                },
                _ => None,
            };
            let values: Vec<Option<String>> = outcomes.iter().map(value).collect();
            let wanted: BTreeSet<&str> = values.iter().flatten().map(String::as_str).collect();
            let held = resolve::holders(tx, resource, field, &wanted).await?;
            for (row, value) in rows.iter_mut().zip(&values) {
                if let Some(value) = value.as_ref().filter(|value| held.contains(*value)) {
                    row.warnings.push(CellProblem::new(None, Some(name), Some(value), Invalid("possible_duplicate")));
                }
            }
        }
        Ok(())
    }
}

enum Planned {
    Next(Next),
    Same,
    Failed(Vec<CellProblem>),
}

/// All tags of both, in order.
fn united(a: &Json, b: &Json) -> Json {
    let tags: BTreeSet<&str> =
        [a, b].into_iter().flat_map(|tags| tags.as_array().into_iter().flatten()).filter_map(Json::as_str).collect();
    tags.into_iter().map(Json::from).collect::<Vec<_>>().into()
}
