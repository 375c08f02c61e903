//! Autocomplete and duplicate hints.

use conexao_domain::kernel::{
    field::Kind,
    problem::Problem,
    record::Record,
    value::{CpfCnpj, fold},
};
use conexao_storage::{Tx, search};
use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait, Query},
};
use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use super::present::titled;
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
pub async fn lookup(engine: &Engine, gate: &Gate, q: &str) -> Result<Vec<Hint>, Problem> {
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
    let exact = CpfCnpj::parse(q).ok().zip(gate.resource.fields.iter().find(|f| f.kind == Kind::CpfCnpj));
    let wanted = match exact {
        Some((document, field)) => Condition::all().add(Expr::col(field.name).eq(document.as_str())),
        None => match search::prefix(gate.resource, q) {
            Some(prefix) => prefix,
            None => search::condition(&tx, gate.resource, q).await.refused()?,
        },
    };
    let mut hints = matching(&tx, gate, wanted, None).await?;
    hints.sort_by_cached_key(|hint| (fold(&hint.title), hint.id.clone()));
    tx.rollback().await.refused()?;
    Ok(hints)
}

/// Live records that share a value with `input` in one of the fields the
/// resource compares, `except` the record itself.
pub async fn duplicates(
    engine: &Engine,
    gate: &Gate,
    input: &Record,
    except: Option<Uuid>,
) -> Result<Vec<Hint>, Problem> {
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
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
    Ok(found.into_iter().map(|(id, (title, subtitle))| Hint { id: id.to_string(), title, subtitle, field }).collect())
}
