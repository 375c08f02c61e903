//! Rows of the system's own tables by what their texts say, whatever table it
//! is; for the privacy desk, which looks everywhere.

use conexao_domain::privacy::places::{About, Place};
use sea_orm::{
    Condition, ConnectionTrait, Order, QueryResult, Value,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, Query, SimpleExpr},
};
use uuid::Uuid;

use crate::{StorageError, Tx};

/// What is looked for: texts as they may be written, and records.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub forms: Vec<String>,
    /// Resource and id.
    pub records: Vec<(&'static str, Uuid)>,
}

/// A row that may be meant; its texts have to be looked at.
#[derive(Debug, Clone)]
pub struct TextRow {
    pub key: Vec<Value>,
    /// As the place names its columns.
    pub texts: Vec<Option<String>>,
    /// The record it is about, where the place says so.
    pub record: Option<(String, Uuid)>,
}

/// `column` holds `text` somewhere, in whatever case. SQLite only knows the case
/// of plain letters, so texts with others are asked for in each case.
pub fn holds(column: &'static str, text: &str) -> SimpleExpr {
    let plain = text.to_ascii_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    Expr::expr(Func::lower(Expr::col(column))).like(LikeExpr::new(format!("%{plain}%")).escape('\\'))
}

/// Any of the columns holds any of the texts.
pub fn any_holds(columns: &[&'static str], texts: &[String]) -> Condition {
    let pairs = columns.iter().flat_map(|column| texts.iter().map(|text| holds(column, text)));
    pairs.fold(Condition::any(), Condition::add)
}

/// Candidates in the order of their key, those after a key.
pub async fn rows(
    tx: &Tx,
    place: &Place,
    wanted: &Wanted,
    after: Option<&[Value]>,
    limit: u64,
) -> Result<Vec<TextRow>, StorageError> {
    let mut meant = any_holds(place.texts, &wanted.forms);
    // What names a record by its id is about it, too.
    let ids: Vec<String> = wanted.records.iter().map(|(_, id)| id.to_string()).collect();
    meant = meant.add(any_holds(place.texts, &ids));
    let about = place.about == About::Record;
    if about {
        for (resource, id) in &wanted.records {
            meant = meant
                .add(Condition::all().add(Expr::col("resource").eq(*resource)).add(Expr::col("record_id").eq(*id)));
        }
    }
    if meant.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = Query::select();
    select.columns(place.key.iter().copied()).columns(place.texts.iter().copied());
    if about {
        select.columns(["resource", "record_id"]);
    }
    select.from(place.table).and_where(Expr::col("tenant_id").eq(tx.tenant().0)).cond_where(meant);
    for column in place.key {
        select.order_by(*column, Order::Asc);
    }
    if let Some(after) = after {
        let columns = Expr::tuple(place.key.iter().map(|column| Expr::col(*column)));
        select.and_where(columns.gt(Expr::tuple(after.iter().cloned().map(Expr::val))));
    }
    select.limit(limit);
    tx.query_all(&select).await?.iter().map(|row| read(place, row, about)).collect()
}

fn read(place: &Place, row: &QueryResult, about: bool) -> Result<TextRow, StorageError> {
    let key = place.key.iter().map(|column| key_value(row, column)).collect::<Result<Vec<_>, _>>()?;
    let texts = place.texts.iter().map(|column| Ok(row.try_get::<Option<String>>("", column)?));
    let texts = texts.collect::<Result<Vec<_>, StorageError>>()?;
    let record = if about {
        let resource: Option<String> = row.try_get("", "resource")?;
        resource.zip(row.try_get::<Option<Uuid>>("", "record_id")?)
    } else {
        None
    };
    Ok(TextRow { key, texts, record })
}

/// Columns of keys are numbers, ids or words, as their names say.
fn key_value(row: &QueryResult, column: &str) -> Result<Value, StorageError> {
    Ok(match column {
        "seq" | "line" => row.try_get::<i64>("", column)?.into(),
        "actor" | "key" => row.try_get::<String>("", column)?.into(),
        _ => row.try_get::<Uuid>("", column)?.into(),
    })
}

fn this(tx: &Tx, place: &Place, row: &TextRow) -> Condition {
    let own = Condition::all().add(Expr::col("tenant_id").eq(tx.tenant().0));
    place.key.iter().zip(&row.key).fold(own, |all, (column, value)| all.add(Expr::col(*column).eq(value.clone())))
}

/// Writes other texts into a row.
pub async fn set(
    tx: &Tx,
    place: &Place,
    row: &TextRow,
    texts: &[(&'static str, Option<String>)],
) -> Result<(), StorageError> {
    let mut update = Query::update();
    update.table(place.table).cond_where(this(tx, place, row));
    for (column, text) in texts {
        update.value(*column, Value::String(text.clone()));
    }
    tx.execute(&update).await?;
    Ok(())
}

/// Removes a row.
pub async fn remove(tx: &Tx, place: &Place, row: &TextRow) -> Result<(), StorageError> {
    let mut delete = Query::delete();
    delete.from_table(place.table).cond_where(this(tx, place, row));
    tx.execute(&delete).await?;
    Ok(())
}
