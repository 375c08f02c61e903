//! Taking personal data out of entries. The entry stays, with who did what and
//! when, and its digest; a chained entry names it, with that digest and why.

use std::collections::BTreeMap;

use conexao_domain::kernel::{problem::Problem, resource::Resource};
use conexao_storage::entity::audit;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::digest;
use crate::{Write, journal::Entry, refusal::Refused};

/// The action of an entry that names others.
const ACTION: &str = "redact";
/// What entries about the audit itself are filed under.
const AUDIT: &str = "audit";
/// What of an entry's changes stands for what went.
pub(crate) const WENT: &str = "\u{2022}\u{2022}\u{2022}";

/// Why entries lose what they say.
#[derive(Debug, Clone)]
pub(crate) struct Redaction {
    pub reason: &'static str,
    /// The request it follows from, by its number.
    pub request: Option<String>,
}

/// Empties the changes of these entries; the names of what changed stay. Those
/// that are empty already are left alone. Returns how many were emptied.
pub(crate) async fn redact(write: &mut Write, rows: Vec<audit::Model>, why: &Redaction) -> Result<usize, Problem> {
    let mut named = Vec::with_capacity(rows.len());
    for row in rows.into_iter().filter(|row| row.digest.is_none() && !names_others(row)) {
        let digest = digest(&row);
        let left = emptied(&row.changes);
        named.push(json!([row.seq, mark(&digest, &left)]));
        let emptied =
            audit::ActiveModel { changes: Set(left), salt: Set(None), digest: Set(Some(digest)), ..Default::default() };
        audit::Entity::update_many()
            .set(emptied)
            .filter(audit::Column::TenantId.eq(row.tenant_id))
            .filter(audit::Column::Seq.eq(row.seq))
            .exec(&*write.tx)
            .await
            .refused()?;
    }
    let count = named.len();
    if count > 0 {
        let said = [("entries", json!(named)), ("reason", json!(why.reason)), ("request", json!(why.request))];
        let changes = said.into_iter().map(|(name, value)| (name.to_owned(), json!([Json::Null, value]))).collect();
        write.note_one_of_many(Entry { resource: AUDIT, record_id: None, action: ACTION.to_owned(), changes });
    }
    Ok(count)
}

/// What an entry that lost its content is named by: its digest and what is left,
/// so that nothing can be put there afterwards.
fn mark(digest: &str, left: &str) -> String {
    hex::encode(Sha256::new().chain_update(digest).chain_update(left).finalize())
}

/// Which fields changed, without what they were.
fn emptied(changes: &str) -> String {
    let changes: Map<String, Json> = serde_json::from_str(changes).unwrap_or_default();
    let side = |pair: &Json, at: usize| if pair.get(at).is_none_or(Json::is_null) { Json::Null } else { WENT.into() };
    let emptied = changes.iter().map(|(name, pair)| (name.clone(), json!([side(pair, 0), side(pair, 1)])));
    Json::Object(emptied.collect()).to_string()
}

/// Whether an entry says what fields of a record were or became.
pub(crate) fn has_values(resource: &Resource, changes: &str) -> bool {
    let changes: Map<String, Json> = serde_json::from_str(changes).unwrap_or_default();
    let fields = changes.iter().filter(|(name, _)| resource.field(name).is_some());
    let said = |side: Option<&Json>| side.is_some_and(|side| !side.is_null() && *side != WENT);
    fields.into_iter().any(|(_, pair)| said(pair.get(0)) || said(pair.get(1)))
}

fn names_others(row: &audit::Model) -> bool {
    row.resource == AUDIT && row.action == ACTION
}

/// Keeps account of entries that were emptied: they wait until one that comes
/// later names them as they are.
pub(super) fn settle(unnamed: &mut BTreeMap<i64, String>, row: &audit::Model) {
    if let Some(digest) = &row.digest {
        unnamed.insert(row.seq, mark(digest, &row.changes));
    }
    if !names_others(row) || row.digest.is_some() {
        return;
    }
    let changes: Json = serde_json::from_str(&row.changes).unwrap_or_default();
    let named = changes.get("entries").and_then(|pair| pair.get(1)?.as_array());
    for entry in named.into_iter().flatten() {
        let (Some(seq), Some(mark)) = (entry.get(0).and_then(Json::as_i64), entry.get(1).and_then(Json::as_str)) else {
            continue;
        };
        if unnamed.get(&seq).is_some_and(|known| known == mark) {
            unnamed.remove(&seq);
        }
    }
}
