//! Nobody has sent to them what they may not read.

use conexao_domain::{
    identity::role::Scope,
    integration::webhook,
    kernel::{
        problem::{Code, FieldProblem, Problem},
        query::{self, ListQuery},
        record::Record,
        resource::Resource,
    },
};

use crate::Session;

/// Refuses a subscription to records of which the session may not read all,
/// and a filter that does not fit them.
pub(crate) fn within(session: &Session, before: Option<&Record>, after: &Record) -> Result<(), Problem> {
    let same = |field: &str| before.is_some_and(|before| before.get(field) == after.get(field));
    if same("events") && same("filter") {
        return Ok(());
    }
    let resources = webhook::resources(after);
    let readable = |r: &&'static Resource| session.covers(&format!("{}.read", r.name), Scope::All);
    if !resources.iter().all(readable) {
        let beyond = FieldProblem::new("events", "beyond_read");
        return Err(Problem { fields: vec![beyond], ..Problem::new(Code::Forbidden) });
    }
    if resources.iter().any(|resource| filter(after, resource).is_err()) {
        return Err(Problem::field("filter", "filter"));
    }
    Ok(())
}

/// The subscription's filter as a list query over the resource: it lets
/// through what a list with the same words in its address would show.
pub(crate) fn filter(subscription: &Record, resource: &Resource) -> Result<Option<ListQuery>, Problem> {
    let Some(text) = subscription.text("filter") else { return Ok(None) };
    let pairs: Vec<_> = form_urlencoded::parse(text.trim_start_matches('?').as_bytes()).collect();
    let pairs = pairs.iter().map(|(name, value)| (&**name, &**value));
    // A page of the screen says nothing about which records are meant.
    let pairs = pairs.filter(|(name, _)| !matches!(*name, "after" | "limit" | "count" | "sort"));
    query::parse(resource, pairs, &[]).map(Some)
}
