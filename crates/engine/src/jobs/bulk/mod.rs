//! One action on many records: a patch, tags, a removal or a flow step, on
//! records named by id or by a list query.

mod batch;
mod run;
mod tags;
mod undo;

pub use undo::undo;

pub(super) use run::Bulk;
pub(super) use undo::{Undo, is_undoable};

use conexao_domain::{
    kernel::{
        field::Writer,
        flow::Step,
        problem::{FieldProblem, Problem},
        query::{self, ListQuery},
        resource::Resource,
    },
    locale,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use tags::{TAG, Tags};

use super::{NewJob, accept, enqueue};
use crate::{Engine, Gate, Session, Write, secrets};

/// Most ids that a request may name; more are asked for by a query.
const MAX_IDS: usize = 10_000;

/// What to do, and to which records.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BulkRequest {
    /// `patch`, `tag`, `delete` or a flow step.
    pub action: String,
    /// Fields of the patch, inputs of the step, tags to `add` and to `remove`.
    #[serde(default)]
    pub values: Map<String, Json>,
    #[serde(default)]
    pub ids: Vec<Uuid>,
    /// A list query as in a URL, e.g. `q=ana&filter[uf]=SP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
}

/// What a job keeps of the request.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Params {
    resource: String,
    #[serde(flatten)]
    request: BulkRequest,
}

/// Starts a bulk job; returns its id. Refuses what no record could accept.
pub async fn bulk(
    engine: &Engine,
    session: &Session,
    resource: &'static Resource,
    mut request: BulkRequest,
) -> Result<Uuid, Problem> {
    let gate = gate(session, resource, &request.action)?;
    check_values(gate.resource, &request)?;
    let mut seen = std::collections::HashSet::new();
    request.ids.retain(|id| seen.insert(*id));
    match &request.query {
        Some(text) => drop(parse_query(resource, text)?),
        None if request.ids.is_empty() => return Err(Problem::field("ids", "required")),
        None if request.ids.len() > MAX_IDS => return Err(Problem::field("ids", "too_many_lines")),
        None => {}
    }
    let total = if request.query.is_some() { 0 } else { i64::try_from(request.ids.len()).unwrap_or_default() };
    let title = title(session, resource, &request.action);
    let params = json!(Params { resource: resource.name.to_owned(), request });
    let mut write = Write::begin(engine, session).await?;
    let id = enqueue(&mut write, NewJob::new(Bulk::NAME, title, params).total(total).resource(resource.name)).await?;
    accept(engine, write, id).await?;
    Ok(id)
}

fn title(session: &Session, resource: &Resource, action: &str) -> String {
    let what = match action {
        "patch" => locale::text(session.locale, "verb.update"),
        "delete" => locale::text(session.locale, "verb.delete"),
        TAG => locale::text(session.locale, "bulk.tag"),
        step => locale::flow(session.locale, "step", resource.name, step),
    };
    format!("{what}: {}", locale::text(session.locale, &format!("resource.{}.plural", resource.name)))
}

/// The capability the action needs.
fn gate(session: &Session, resource: &'static Resource, action: &str) -> Result<Gate, Problem> {
    match action {
        "patch" => session.gate(resource, "update"),
        TAG if resource.has_tags() => session.gate(resource, "update"),
        "delete" => session.gate(resource, "delete"),
        step => {
            // A secret is shown in the one answer that makes it, and a job gives none.
            let step = step_of(resource, step).filter(|step| !secrets::renews(resource, step.name));
            let step = step.ok_or_else(|| Problem::field("action", "choice"))?;
            session.gate(resource, step.name)
        }
    }
}

fn step_of(resource: &Resource, name: &str) -> Option<&'static Step> {
    resource.flow.and_then(|flow| flow.step(name))
}

/// Names that no record takes, and inputs that every record lacks.
fn check_values(resource: &Resource, request: &BulkRequest) -> Result<(), Problem> {
    if request.action == TAG {
        return Tags::read(&request.values).map(drop);
    }
    let mut problems = Vec::new();
    let step = step_of(resource, &request.action);
    for name in request.values.keys() {
        let known = match step {
            Some(step) => step.inputs.iter().any(|(input, _)| input == name),
            None => resource.fields.iter().any(|f| f.name == name && f.writer != Writer::System),
        };
        if !known {
            problems.push(FieldProblem::new(name, "unknown"));
        }
    }
    if request.action == "patch" && request.values.is_empty() {
        problems.push(FieldProblem::new("values", "required"));
    }
    if problems.is_empty() { Ok(()) } else { Err(Problem::fields(problems)) }
}

fn parse_query(resource: &Resource, text: &str) -> Result<ListQuery, Problem> {
    let pairs: Vec<_> = form_urlencoded::parse(text.trim_start_matches('?').as_bytes()).collect();
    // A page of the screen says nothing about what is meant by "all of them".
    query::parse(
        resource,
        pairs
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .filter(|(name, _)| !matches!(*name, "after" | "limit" | "count" | "sort")),
        &[],
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use conexao_domain::{after_sales::warranty::WARRANTY, customers::customer::CUSTOMER};
    use conexao_storage::Tenant;

    use super::*;

    fn request(action: &str, values: &Json) -> BulkRequest {
        BulkRequest {
            action: action.to_owned(),
            values: values.as_object().cloned().unwrap(),
            ..BulkRequest::default()
        }
    }

    #[test]
    fn what_no_record_could_accept_is_refused_at_once() {
        let codes =
            |action: &str, values: Json| check_values(&CUSTOMER, &request(action, &values)).map_err(|p| p.fields);
        assert_eq!(codes("patch", json!({ "notes": "x" })), Ok(()));
        assert_eq!(codes("delete", json!({})), Ok(()));
        assert_eq!(codes("block", json!({ "block_reason": "x" })), Ok(()));
        assert_eq!(codes("patch", json!({ "status": "blocked" })), Err(vec![FieldProblem::new("status", "unknown")]));
        assert_eq!(codes("block", json!({ "notes": "x" })), Err(vec![FieldProblem::new("notes", "unknown")]));
        assert_eq!(codes("patch", json!({})), Err(vec![FieldProblem::new("values", "required")]));
        let session = Session::system(Tenant(1), "test");
        assert!(gate(&session, &WARRANTY, "no_such_step").is_err());
        assert_eq!(title(&session, &CUSTOMER, "patch"), "Editar: Clientes");
    }

    #[test]
    fn a_query_is_read_as_in_a_url_without_its_page() {
        let query =
            parse_query(&CUSTOMER, "?q=jo%C3%A3o+silva&filter%5Buf%5D=SP&limit=5000&after=zzz&sort=nothing").unwrap();
        assert_eq!(query.q.as_deref(), Some("joão silva"));
        assert!(parse_query(&CUSTOMER, "filter[nothing]=1").is_err());
    }
}
