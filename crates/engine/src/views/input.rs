//! What somebody wants to keep, checked.

use conexao_domain::{
    identity::role::ROLE,
    kernel::{
        field::Kind,
        problem::{Code, FieldProblem, Problem},
        query,
        resource::{Resource, SYSTEM_FIELDS},
    },
};
use conexao_storage::entity::saved_view;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::Session;

/// The permission to keep lists for others.
pub const SHARE: &str = "view.share";

/// Longest name, in characters.
const NAME: usize = 60;
/// Longest address, in bytes.
const QUERY: usize = 4000;
/// What of an address is no part of a view.
const PAGING: &[&str] = &["limit", "after", "count"];

/// A view as somebody wants it; what is not named stays, or is not so.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub name: Option<String>,
    pub query: Option<String>,
    pub columns: Option<Vec<String>>,
    pub shared: Option<bool>,
    pub role_id: Option<Option<Uuid>>,
}

impl Draft {
    /// The whole of a view after the change.
    pub(super) fn over(self, before: &saved_view::Model) -> Self {
        let names = || before.columns.as_deref().unwrap_or_default().split(',').filter(|name| !name.is_empty());
        Self {
            name: self.name.or_else(|| Some(before.name.clone())),
            query: self.query.or_else(|| Some(before.query.clone())),
            columns: self.columns.or_else(|| Some(names().map(str::to_owned).collect())),
            shared: self.shared.or(Some(before.shared)),
            role_id: self.role_id.or(Some(before.role_id)),
        }
    }
}

/// What may be kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Checked {
    pub name: String,
    pub query: String,
    pub names: Vec<String>,
    pub shared: bool,
    pub role: Option<Uuid>,
}

impl Checked {
    pub fn of(row: &saved_view::Model) -> Self {
        let names = row.columns.as_deref().unwrap_or_default().split(',').filter(|name| !name.is_empty());
        Self {
            name: row.name.clone(),
            query: row.query.clone(),
            names: names.map(str::to_owned).collect(),
            shared: row.shared,
            role: row.role_id,
        }
    }

    pub fn columns(&self) -> Option<String> {
        Some(self.names.join(",")).filter(|names| !names.is_empty())
    }

    /// Field → [old, new], for the audit.
    pub fn difference(&self, after: &Self) -> Map<String, Json> {
        let all = [
            ("name", json!(self.name), json!(after.name)),
            ("query", json!(self.query), json!(after.query)),
            ("columns", json!(self.names), json!(after.names)),
            ("shared", json!(self.shared), json!(after.shared)),
            ("role_id", json!(self.role), json!(after.role)),
        ];
        let changed = all.into_iter().filter(|(_, old, new)| old != new);
        changed.map(|(name, old, new)| (name.to_owned(), json!([old, new]))).collect()
    }
}

/// Checks every part and names each that is wrong.
pub(super) fn check(resource: &Resource, session: &Session, draft: &Draft) -> Result<Checked, Problem> {
    let name = draft.name.as_deref().unwrap_or_default().trim().to_owned();
    let mut wrong = Vec::new();
    if name.is_empty() {
        wrong.push(FieldProblem::new("name", "required"));
    } else if name.chars().count() > NAME {
        wrong.push(FieldProblem::new("name", "length"));
    }
    let query = kept(resource, draft.query.as_deref().unwrap_or_default());
    if query.is_err() {
        wrong.push(FieldProblem::new("query", "query"));
    }
    let names = draft.columns.clone().unwrap_or_default();
    let known = |name: &String| resource.field(name).is_some_and(|field| !matches!(field.kind, Kind::Lines(_)));
    if names.len() > resource.fields.len() + SYSTEM_FIELDS.len() || !names.iter().all(known) {
        wrong.push(FieldProblem::new("columns", "choice"));
    }
    if !wrong.is_empty() {
        return Err(Problem::fields(wrong));
    }
    let (shared, role) = (draft.shared.unwrap_or_default(), draft.role_id.flatten());
    if (shared || role.is_some()) && !session.can(SHARE) {
        return Err(Problem::new(Code::Forbidden).detail(SHARE));
    }
    if role.is_some() {
        session.gate(&ROLE, "read")?;
    }
    Ok(Checked { name, query: query.unwrap_or_default(), names, shared, role })
}

/// The address without what says the page, if the list understands it.
pub(crate) fn kept(resource: &Resource, address: &str) -> Result<String, Problem> {
    if address.len() > QUERY {
        return Err(Problem::new(Code::Validation));
    }
    let pairs: Vec<(String, String)> = form_urlencoded::parse(address.trim_start_matches('?').as_bytes())
        .filter(|(name, _)| !PAGING.contains(&name.as_ref()))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    query::parse(resource, pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())), &[])?;
    Ok(form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}
