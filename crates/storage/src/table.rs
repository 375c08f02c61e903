//! Rows of resources and their lines: select, insert, compare-and-swap.

use async_recursion::async_recursion;
use chrono::{DateTime, Utc};
use conexao_domain::kernel::{
    field::{Field, Kind, Lines},
    record::Record,
    resource::Resource,
    value::fold,
};
use sea_orm::{
    ConnectionTrait, DbBackend, Value,
    sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr},
};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::{
    StorageError, Tx,
    value::{among, from_column, id_column, to_column},
};

/// Between the tags of a record in one text; no tag has a control character.
const BETWEEN_TAGS: char = '\u{1f}';

/// Runs a select over `resource`'s table, adding its columns and its tags.
#[async_recursion]
pub async fn select(
    tx: &Tx,
    resource: &'static Resource,
    select: &mut SelectStatement,
) -> Result<Vec<Record>, StorageError> {
    let fields: Vec<&'static Field> = resource.columns().collect();
    select.columns(fields.iter().map(|f| f.name));
    let tags = resource.fields.iter().find(|f| f.kind == Kind::Tags);
    if tags.is_some() {
        select.expr(tags_of(tx.get_database_backend(), resource));
    }
    let rows = tx.query_all(&*select).await?;
    let read = |row: &sea_orm::QueryResult| {
        let mut record = Record(Map::with_capacity(fields.len() + 8));
        for (index, field) in fields.iter().enumerate() {
            record.set(field.name, from_column(field, row, index)?);
        }
        if let Some(field) = tags {
            record.set(field.name, read_tags(row.try_get_by_index::<Option<String>>(fields.len())?.as_deref()));
        }
        Ok(record)
    };
    rows.iter().map(read).collect()
}

/// All tags of a row as one text: a second statement would cost more.
fn tags_of(backend: DbBackend, resource: &Resource) -> SimpleExpr {
    let (join, character) =
        if backend == DbBackend::Postgres { ("string_agg", "chr") } else { ("group_concat", "char") };
    let (table, name, between) = (resource.table, resource.name, u32::from(BETWEEN_TAGS));
    Expr::cust(format!(
        "(SELECT {join}(l.tag, {character}({between})) FROM tag_link l \
         WHERE l.tenant_id = {table}.tenant_id AND l.resource = '{name}' AND l.record_id = {table}.id)"
    ))
}

fn read_tags(joined: Option<&str>) -> Json {
    let mut tags: Vec<&str> = joined.map(|text| text.split(BETWEEN_TAGS).collect()).unwrap_or_default();
    tags.sort_unstable();
    tags.into()
}

/// Records by id, live ones only unless `removed`; without lines.
#[async_recursion]
pub async fn by_ids(
    tx: &Tx,
    resource: &'static Resource,
    ids: &[Uuid],
    removed: bool,
) -> Result<Vec<Record>, StorageError> {
    let mut query = Query::select();
    query.from(resource.table).and_where(Expr::col("tenant_id").eq(tx.tenant().0)).and_where(among(
        tx.get_database_backend(),
        "id",
        ids,
    ));
    if !removed {
        query.and_where(Expr::col("deleted_at").is_null());
    }
    select(tx, resource, &mut query).await
}

/// Holds the row to the end of the transaction, against changes and against
/// rows that would refer to it.
#[async_recursion]
pub async fn lock(tx: &Tx, resource: &Resource, id: Uuid) -> Result<(), StorageError> {
    let mut query = Query::select();
    query
        .column("id")
        .from(resource.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("id").eq(id))
        .lock_exclusive();
    tx.query_one(&query).await?;
    Ok(())
}

/// Adds lines to records.
#[async_recursion]
pub async fn fill(tx: &Tx, resource: &'static Resource, records: &mut [Record]) -> Result<(), StorageError> {
    if records.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = records.iter().filter_map(|r| Uuid::parse_str(r.id()).ok()).collect();
    for (field, lines) in resource.lines() {
        let rows = lines_of(tx, lines, &ids).await?;
        attach(records, field.name, rows);
    }
    Ok(())
}

fn attach(records: &mut [Record], field: &str, rows: Vec<(String, Json)>) {
    let mut by_owner: std::collections::HashMap<String, Vec<Json>> = std::collections::HashMap::new();
    for (owner, row) in rows {
        by_owner.entry(owner).or_default().push(row);
    }
    for record in records {
        let rows = by_owner.remove(record.id()).unwrap_or_default();
        record.set(field, rows);
    }
}

async fn lines_of(tx: &Tx, lines: &Lines, owners: &[Uuid]) -> Result<Vec<(String, Json)>, StorageError> {
    let mut query = Query::select();
    query
        .columns([lines.parent, "id"])
        .columns(lines.fields.iter().map(|f| f.name))
        .from(lines.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(among(tx.get_database_backend(), lines.parent, owners))
        .order_by(lines.parent, sea_orm::Order::Asc)
        .order_by("position", sea_orm::Order::Asc);
    let rows = tx.query_all(&query).await?;
    let read = |row: &sea_orm::QueryResult| {
        let mut line = Record::default();
        line.set("id", row.try_get_by_index::<Uuid>(1)?.to_string());
        for (index, field) in lines.fields.iter().enumerate() {
            line.set(field.name, from_column(field, row, index + 2)?);
        }
        Ok((row.try_get_by_index::<Uuid>(0)?.to_string(), Json::Object(line.0)))
    };
    rows.iter().map(read).collect()
}

/// Folded copies of the text fields lists sort by.
fn sort_copies(resource: &'static Resource) -> impl Iterator<Item = &'static Field> {
    resource.fields.iter().filter(|f| f.sort && matches!(f.kind, Kind::Text { .. }))
}

/// Rows per statement: databases bound the number of parameters.
const CHUNK: usize = 200;

/// Inserts complete records (with id, version and stamps), their search text,
/// lines and tags.
#[async_recursion]
pub async fn insert(tx: &Tx, resource: &'static Resource, records: &[(Record, String)]) -> Result<(), StorageError> {
    let fields: Vec<&'static Field> = resource.columns().collect();
    for chunk in records.chunks(CHUNK) {
        let mut insert = Query::insert();
        let copies = sort_copies(resource).map(|f| format!("{}_sort", f.name));
        insert.into_table(resource.table).columns(
            ["tenant_id", "search_text"]
                .map(str::to_owned)
                .into_iter()
                .chain(fields.iter().map(|f| f.name.to_owned()))
                .chain(copies),
        );
        for (record, search) in chunk {
            let mut values: Vec<Value> = vec![tx.tenant().0.into(), search.as_str().into()];
            values.extend(fields.iter().map(|f| column_value(f, record)));
            values.extend(sort_copies(resource).map(|f| Value::String(record.text(f.name).map(fold))));
            insert.values_panic(values.into_iter().map(Expr::val));
        }
        tx.execute(&insert).await?;
    }
    let owned: Vec<&Record> = records.iter().map(|(r, _)| r).collect();
    insert_lines(tx, resource, &owned).await?;
    insert_tags(tx, resource, &owned).await
}

fn column_value(field: &Field, record: &Record) -> Value {
    if field.name == "id" { id_column(record.id()) } else { to_column(&field.kind, record.get(field.name)) }
}

async fn insert_lines(tx: &Tx, resource: &'static Resource, records: &[&Record]) -> Result<(), StorageError> {
    for (field, lines) in resource.lines() {
        let rows: Vec<(&str, usize, Record)> = records
            .iter()
            .flat_map(|r| r.lines(field.name).into_iter().enumerate().map(|(i, line)| (r.id(), i, line)))
            .collect();
        for chunk in rows.chunks(CHUNK) {
            let mut insert = Query::insert();
            insert.into_table(lines.table).columns(
                ["tenant_id", "id", lines.parent, "position"].into_iter().chain(lines.fields.iter().map(|f| f.name)),
            );
            for (owner, position, line) in chunk {
                let position = i64::try_from(*position).unwrap_or_default();
                let mut values: Vec<Value> =
                    vec![tx.tenant().0.into(), id_column(line.id()), id_column(owner), position.into()];
                values.extend(lines.fields.iter().map(|f| to_column(&f.kind, line.get(f.name))));
                insert.values_panic(values.into_iter().map(Expr::val));
            }
            tx.execute(&insert).await?;
        }
    }
    Ok(())
}

async fn insert_tags(tx: &Tx, resource: &Resource, records: &[&Record]) -> Result<(), StorageError> {
    let Some(field) = resource.fields.iter().find(|f| f.kind == Kind::Tags) else { return Ok(()) };
    let rows: Vec<(&str, &str)> = records
        .iter()
        .flat_map(|r| {
            r.get(field.name).as_array().into_iter().flatten().filter_map(Json::as_str).map(|tag| (r.id(), tag))
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        let mut insert = Query::insert();
        insert.into_table("tag_link").columns(["tenant_id", "resource", "record_id", "tag"]);
        for (id, tag) in chunk {
            let values: [Value; 4] = [tx.tenant().0.into(), resource.name.into(), id_column(id), (*tag).into()];
            insert.values_panic(values.into_iter().map(Expr::val));
        }
        tx.execute(&insert).await?;
    }
    Ok(())
}

/// Writes `next` over the row if it still has `version`; lines and tags are
/// replaced where they changed. `Stale` when somebody was faster.
#[async_recursion]
pub async fn update(
    tx: &Tx,
    resource: &'static Resource,
    version: i64,
    previous: &Record,
    next: &Record,
    search: &str,
) -> Result<(), StorageError> {
    write(tx, resource, version, previous, next, (search, false)).await
}

/// Like [`update`], and of removed rows as well: what has to go goes wherever it is.
#[async_recursion]
pub async fn update_anyway(
    tx: &Tx,
    resource: &'static Resource,
    version: i64,
    previous: &Record,
    next: &Record,
    search: &str,
) -> Result<(), StorageError> {
    write(tx, resource, version, previous, next, (search, true)).await
}

async fn write(
    tx: &Tx,
    resource: &'static Resource,
    version: i64,
    previous: &Record,
    next: &Record,
    (search, removed): (&str, bool),
) -> Result<(), StorageError> {
    tx.changes(resource);
    let mut update = Query::update();
    update.table(resource.table).value("search_text", search);
    for field in resource.columns().filter(|f| !matches!(f.name, "id" | "created_at" | "created_by")) {
        if next.get(field.name) != previous.get(field.name) {
            update.value(field.name, to_column(&field.kind, next.get(field.name)));
        }
    }
    for field in sort_copies(resource).filter(|f| next.get(f.name) != previous.get(f.name)) {
        update.value(format!("{}_sort", field.name), Value::String(next.text(field.name).map(fold)));
    }
    update
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("id").eq(id_column(next.id())))
        .and_where(Expr::col("version").eq(version));
    if !removed {
        update.and_where(Expr::col("deleted_at").is_null());
    }
    if tx.execute(&update).await?.rows_affected() != 1 {
        return Err(StorageError::Stale);
    }
    for (field, lines) in resource.lines().filter(|(f, _)| next.get(f.name) != previous.get(f.name)) {
        tx.execute(
            Query::delete()
                .from_table(lines.table)
                .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
                .and_where(Expr::col(lines.parent).eq(id_column(next.id()))),
        )
        .await?;
        let mut only = Record::default();
        only.set("id", next.id());
        only.set(field.name, next.get(field.name).clone());
        insert_lines(tx, resource, &[&only]).await?;
    }
    if let Some(field) =
        resource.fields.iter().find(|f| f.kind == Kind::Tags && next.get(f.name) != previous.get(f.name))
    {
        tx.execute(
            Query::delete()
                .from_table("tag_link")
                .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
                .and_where(Expr::col("resource").eq(resource.name))
                .and_where(Expr::col("record_id").eq(id_column(next.id()))),
        )
        .await?;
        let mut only = Record::default();
        only.set("id", next.id());
        only.set(field.name, next.get(field.name).clone());
        insert_tags(tx, resource, &[&only]).await?;
    }
    Ok(())
}

/// Writes what the record is found by, and nothing else of it.
#[async_recursion]
pub async fn set_search_text(tx: &Tx, resource: &Resource, id: &str, search: &str) -> Result<(), StorageError> {
    let mut update = Query::update();
    update
        .table(resource.table)
        .value("search_text", search)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("id").eq(id_column(id)));
    tx.execute(&update).await?;
    Ok(())
}

/// Marks the row removed, or live again with `None`. `Stale` when the row has
/// another version or is already so.
#[async_recursion]
pub async fn set_removed(
    tx: &Tx,
    resource: &Resource,
    id: &str,
    version: i64,
    at: Option<DateTime<Utc>>,
) -> Result<(), StorageError> {
    tx.changes(resource);
    let live = Expr::col("deleted_at").is_null();
    let mut update = Query::update();
    update
        .table(resource.table)
        .value("deleted_at", Value::ChronoDateTimeUtc(at))
        .value("version", version + 1)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("id").eq(id_column(id)))
        .and_where(Expr::col("version").eq(version))
        .and_where(if at.is_some() { live } else { live.not() });
    if tx.execute(&update).await?.rows_affected() == 1 { Ok(()) } else { Err(StorageError::Stale) }
}
