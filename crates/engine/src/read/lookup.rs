//! Autocomplete and duplicate hints.

use async_recursion::async_recursion;
use std::collections::HashMap;

use conexao_domain::kernel::{
    field::Kind,
    problem::Problem,
    record::Record,
    resource::Resource,
    value::{CpfCnpj, fold},
};
use conexao_storage::{Tx, names::Title, search, value::among};
use sea_orm::{
    Condition, ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use super::present::{target, titled, titles};
use crate::{Engine, Gate, refusal::Refused};

/// A record as a choice in a list; `field` says what matched, for duplicates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hint {
    pub id: String,
    pub title: String,
    pub subtitle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
}

/// Most hints in an answer.
const LIMIT: u64 = 10;

/// Records that match what is being typed. A whole CPF or CNPJ is looked up by
/// its index; anything else by text, without a sort that would read everything.
#[async_recursion]
pub async fn lookup(engine: &Engine, gate: &Gate, q: &str) -> Result<Vec<Hint>, Problem> {
    let tx = engine.db.glance(gate.session.tenant).await.refused()?;
    let exact = CpfCnpj::parse(q).ok().zip(gate.resource.fields.iter().find(|f| f.kind == Kind::CpfCnpj));
    let (wanted, complete) = match exact {
        Some((document, field)) => (Condition::all().add(Expr::col(field.name).eq(document.as_str())), true),
        None => match search::prefix(gate.resource, q) {
            Some(prefix) => (prefix, true),
            None => search::some(&tx, gate.resource, q).await.refused()?,
        },
    };
    let mut hints = matching(&tx, gate, wanted, None).await?;
    if !complete && hints.len() < usize::try_from(LIMIT).unwrap_or_default() {
        // The reader may see few of the first that were found.
        let all = search::find(&tx, gate.resource, q).await.refused()?.tried();
        hints = matching(&tx, gate, all, None).await?;
    }
    hints.sort_by_cached_key(|hint| (fold(&hint.title), hint.id.clone()));
    tx.rollback().await.refused()?;
    Ok(hints)
}

/// Live records that share a value with `input` in one of the fields the
/// resource compares, `except` the record itself.
#[async_recursion]
pub async fn duplicates(
    engine: &Engine,
    gate: &Gate,
    input: &Record,
    except: Option<Uuid>,
) -> Result<Vec<Hint>, Problem> {
    let tx = engine.db.glance(gate.session.tenant).await.refused()?;
    let mut found: Vec<Hint> = Vec::new();
    for name in gate.resource.duplicates {
        let Some(field) = gate.resource.field(name) else { continue };
        let Ok(value) = field.kind.canonical(input.get(name)) else { continue };
        if value == Json::Null {
            continue;
        }
        let mut same =
            Condition::all().add(Expr::col(field.name).eq(conexao_storage::value::to_column(&field.kind, &value)));
        same = same.add_option(except.map(|id| Expr::col("id").ne(id)));
        let new = matching(&tx, gate, same, Some(field.name)).await?;
        found.extend(new.into_iter().filter(|hint| !found.iter().any(|f| f.id == hint.id)).collect::<Vec<_>>());
    }
    tx.rollback().await.refused()?;
    Ok(found)
}

async fn matching(tx: &Tx, gate: &Gate, wanted: Condition, field: Option<&'static str>) -> Result<Vec<Hint>, Problem> {
    let mut select = Query::select();
    select.and_where(Expr::col("deleted_at").is_null()).cond_where(wanted).cond_where(gate.rows()).limit(LIMIT);
    let found = titled(tx, gate.resource, &mut select).await?;
    let mut about = mentioned(tx, gate.resource, found.iter().map(|(id, _)| *id).collect()).await?;
    let hint = |(id, (title, subtitle)): (Uuid, Title)| {
        let subtitle = subtitle.or_else(|| about.remove(&id));
        Hint { id: id.to_string(), title, subtitle, field }
    };
    Ok(found.into_iter().map(hint).collect())
}

/// Whom the records are about, where their subtitle refers to another record.
async fn mentioned(tx: &Tx, resource: &'static Resource, ids: Vec<Uuid>) -> Result<HashMap<Uuid, String>, Problem> {
    let field = resource.subtitle.and_then(|name| resource.field(name));
    let Some((field, target)) = field.and_then(|field| Some((field, target(field)?))) else {
        return Ok(HashMap::new());
    };
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut select = Query::select();
    select
        .columns(["id", field.name])
        .from(resource.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(among(tx.get_database_backend(), "id", &ids));
    let rows = tx.query_all(&select).await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<(Uuid, Option<Uuid>), Problem> {
        Ok((row.try_get_by_index(0).refused()?, row.try_get_by_index(1).refused()?))
    };
    let pairs: Vec<(Uuid, Option<Uuid>)> = rows.iter().map(read).collect::<Result<_, _>>()?;
    let titles = titles(tx, target, &pairs.iter().filter_map(|(_, other)| *other).collect()).await?;
    let named = |(id, other): (Uuid, Option<Uuid>)| Some((id, titles.get(&other?.to_string())?.0.clone()));
    Ok(pairs.into_iter().filter_map(named).collect())
}
