//! The pure part of every write: from the current record and the input to the
//! next record, or to the list of what is wrong. Runs in the browser as well.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value as Json};

use super::{
    canonical::write_instant,
    field::{Field, Kind, Lines, Writer},
    flow::Step,
    problem::{Code, FieldProblem, Problem},
    record::Record,
    resource::Resource,
};
use crate::settings::Company;

/// Longest tag, and most tags on a record.
const TAG_LENGTH: usize = 40;
const TAGS: usize = 30;

/// What a plan may know besides the record: the moment, who acts, and data
/// of other records the engine fetched for guards and rules.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    pub now: DateTime<Utc>,
    /// Today in the tenant's time zone.
    pub today: NaiveDate,
    /// The tenant's time zone: where its days begin.
    pub zone: Tz,
    pub actor: String,
    pub data: Map<String, Json>,
    /// The tenant's settings: calendar, numbering, terms.
    pub company: Arc<Company>,
}

/// The record a valid creation leads to (without id, version and counters).
pub fn create(resource: &Resource, input: &Map<String, Json>, facts: &Facts) -> Result<Record, Problem> {
    let mut next = Record::default();
    for field in resource.fields {
        // Every field is there from the start, so that a new record reads like an old one.
        let default = field.default.and_then(|text| field.kind.canonical(&text.into()).ok());
        next.set(field.name, default.unwrap_or_else(|| field.kind.empty()));
    }
    let mut problems = apply(resource, &mut next, None, input)?;
    if let Some(flow) = resource.flow {
        next.set("status", flow.initial());
    }
    finish(resource, next, facts, &mut problems)
}

/// The record a valid patch leads to; fields not in `input` stay.
pub fn patch(
    resource: &Resource,
    current: &Record,
    input: &Map<String, Json>,
    facts: &Facts,
) -> Result<Record, Problem> {
    let mut next = current.clone();
    let mut problems = apply(resource, &mut next, current.text("status"), input)?;
    finish(resource, next, facts, &mut problems)
}

/// The record a flow step leads to, with the step's own inputs applied.
pub fn step(
    resource: &Resource,
    step: &Step,
    current: &Record,
    input: &Map<String, Json>,
    facts: &Facts,
) -> Result<Record, Problem> {
    let mut next = current.clone();
    let mut problems = Vec::new();
    for (name, value) in input {
        let declared = step.inputs.iter().any(|(input, _)| input == name);
        match resource.field(name).filter(|_| declared) {
            Some(field) => set(field, &mut next, value, name, &mut problems),
            None => return Err(unknown(name, step.inputs.iter().map(|(n, _)| *n))),
        }
    }
    for (name, required) in step.inputs {
        if *required && next.get(name).is_null() {
            problems.push(FieldProblem::new(*name, "required"));
        }
    }
    next.set("status", step.to);
    if let Some(field) = step.stamps {
        next.set(field, write_instant(facts.now));
    }
    finish(resource, next, facts, &mut problems)
}

/// The record with fields as they were before, derived and checked anew.
pub fn restore(
    resource: &Resource,
    current: &Record,
    before: Map<String, Json>,
    facts: &Facts,
) -> Result<Record, Problem> {
    let mut next = current.clone();
    next.0.extend(before);
    finish(resource, next, facts, &mut Vec::new())
}

fn apply(
    resource: &Resource,
    next: &mut Record,
    state: Option<&str>,
    input: &Map<String, Json>,
) -> Result<Vec<FieldProblem>, Problem> {
    let mut problems = Vec::new();
    for (name, value) in input {
        let Some(field) = resource.fields.iter().find(|f| f.name == name) else {
            return Err(unknown(name, writable(resource)));
        };
        match (field.writer, state) {
            (Writer::System, _) => problems.push(FieldProblem::new(name, "read_only")),
            (Writer::While(states), Some(state)) if !states.contains(&state) => {
                problems.push(FieldProblem::new(name, "locked"));
            }
            _ => set(field, next, value, name, &mut problems),
        }
    }
    Ok(problems)
}

fn writable(resource: &Resource) -> impl Iterator<Item = &'static str> {
    resource.fields.iter().filter(|f| f.writer != Writer::System).map(|f| f.name)
}

fn unknown(name: &str, valid: impl Iterator<Item = &'static str>) -> Problem {
    let valid: Vec<Json> = valid.map(Json::from).collect();
    Problem { fields: vec![FieldProblem::new(name, "unknown")], ..Problem::new(Code::Validation) }.with("valid", valid)
}

fn set(field: &Field, record: &mut Record, value: &Json, path: &str, problems: &mut Vec<FieldProblem>) {
    let read = match field.kind {
        Kind::Lines(lines) => Ok(read_lines(lines, value, path, problems)),
        Kind::Tags => read_tags(value),
        kind => kind.canonical(value).map_err(|e| e.0),
    };
    match read {
        Ok(value) => record.set(field.name, value),
        Err(code) => problems.push(FieldProblem::new(path, code)),
    }
}

/// Tags as records keep them, or why they are none.
pub fn read_tags(value: &Json) -> Result<Json, &'static str> {
    let rows: &[Json] = match value {
        Json::Null => &[],
        Json::Array(rows) if rows.len() <= TAGS => rows,
        _ => return Err("tags"),
    };
    let mut tags = Vec::with_capacity(rows.len());
    for row in rows {
        let tag = row.as_str().map(str::trim).filter(|t| !t.is_empty()).ok_or("tags")?;
        if tag.chars().count() > TAG_LENGTH || tag.chars().any(char::is_control) {
            return Err("tags");
        }
        let tag = Json::from(tag);
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    Ok(tags.into())
}

fn read_lines(lines: &Lines, value: &Json, path: &str, problems: &mut Vec<FieldProblem>) -> Json {
    let rows: &[Json] = match value {
        Json::Null => &[],
        Json::Array(rows) => rows,
        _ => {
            problems.push(FieldProblem::new(path, "type"));
            &[]
        }
    };
    if rows.len() > lines.max {
        problems.push(FieldProblem::new(path, "too_many_lines"));
        return Json::Array(Vec::new());
    }
    let rows = rows.iter().enumerate();
    rows.map(|(i, row)| Json::Object(read_line(lines, row, &format!("{path}.{i}"), problems).0)).collect()
}

fn read_line(lines: &Lines, row: &Json, path: &str, problems: &mut Vec<FieldProblem>) -> Record {
    let mut line = Record::default();
    for field in lines.fields {
        let default = field.default.map_or(Json::Null, Json::from);
        line.set(field.name, field.kind.canonical(&default).unwrap_or_default());
    }
    let Some(row) = row.as_object() else {
        problems.push(FieldProblem::new(path, "type"));
        return line;
    };
    for (name, value) in row {
        let at = format!("{path}.{name}");
        match lines.fields.iter().find(|f| f.name == name) {
            Some(field) if field.writer != Writer::System => set(field, &mut line, value, &at, problems),
            // System fields come back from a form that sends what it read.
            Some(_) => {}
            None if name == "id" => line.set("id", value.clone()),
            None => problems.push(FieldProblem::new(at, "unknown")),
        }
    }
    for field in lines.fields.iter().filter(|f| f.required && f.writer != Writer::System) {
        let at = format!("{path}.{}", field.name);
        if line.get(field.name).is_null() && !problems.iter().any(|p| p.field == at) {
            problems.push(FieldProblem::new(at, "required"));
        }
    }
    line
}

fn is_empty(value: &Json) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn finish(
    resource: &Resource,
    mut next: Record,
    facts: &Facts,
    problems: &mut Vec<FieldProblem>,
) -> Result<Record, Problem> {
    (resource.derive)(&mut next, facts);
    for field in resource.fields.iter().filter(|f| f.required) {
        let empty = is_empty(next.get(field.name));
        if empty && field.writer != Writer::System && !problems.iter().any(|p| p.field == field.name) {
            problems.push(FieldProblem::new(field.name, "required"));
        }
    }
    for (field, lines) in resource.lines() {
        let count = next.get(field.name).as_array().map_or(0, Vec::len);
        if count < lines.min && !problems.iter().any(|p| p.field.starts_with(field.name)) {
            problems.push(FieldProblem::new(field.name, "too_few_lines"));
        }
    }
    if problems.is_empty() {
        (resource.check)(&next, facts, problems);
    }
    if problems.is_empty() { Ok(next) } else { Err(Problem::fields(std::mem::take(problems))) }
}
