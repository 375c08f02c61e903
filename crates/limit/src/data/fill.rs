//! Fills a migrated PostgreSQL database: COPY with the indexes away, which are
//! built again at the end.

use anyhow::{Context, Result};
use conexao_domain::{after_sales::warranty::WARRANTY, customers::customer::CUSTOMER, kernel::resource::Resource};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row as _};
use uuid::Uuid;

use super::{
    copy::{self, Table},
    shape::{self, Row},
    warranty::Counts,
};

/// Records per COPY.
const BATCH: u64 = 20_000;

/// Adds the generated records to the tenant `slug`. The role of `url` must not
/// be bound by row-level security, and may put triggers aside.
pub async fn fill(url: &str, slug: &str, counts: Counts) -> Result<()> {
    let mut connection = PgConnection::connect(url).await?;
    connection.execute("SET session_replication_role = replica").await.context("needs a superuser")?;
    connection.execute("SET maintenance_work_mem = '1GB'; SET synchronous_commit = off").await?;
    let tenant: i32 =
        sqlx::query_scalar("SELECT id FROM tenant WHERE slug = $1").bind(slug).fetch_one(&mut connection).await?;
    let team: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM user_account WHERE tenant_id = $1 ORDER BY id")
        .bind(tenant)
        .fetch_all(&mut connection)
        .await?;
    let indexes = drop_indexes(&mut connection).await?;
    write(&mut connection, &CUSTOMER, tenant, counts.customers, |n| shape::customer(n, counts.customers, &team))
        .await?;
    write(&mut connection, &WARRANTY, tenant, counts.warranties, |n| shape::warranty(n, counts, &team)).await?;
    for resource in [&CUSTOMER, &WARRANTY] {
        // What the triggers, put aside, would have done.
        let sql = format!(
            "INSERT INTO {0}_search SELECT tenant_id, id, search_text FROM {0} WHERE tenant_id = $1",
            resource.table
        );
        sqlx::query(AssertSqlSafe(sql)).bind(tenant).execute(&mut connection).await?;
    }
    sqlx::query("INSERT INTO sequence (tenant_id, name, value) VALUES ($1, 'warranty.number', $2)")
        .bind(tenant)
        .bind(i64::try_from(counts.warranties)?)
        .execute(&mut connection)
        .await?;
    for index in indexes {
        connection.execute(AssertSqlSafe(index)).await?;
    }
    connection.execute("VACUUM ANALYZE").await?;
    connection.close().await?;
    Ok(())
}

/// Drops what is quicker to build at the end; returns how to.
async fn drop_indexes(connection: &mut PgConnection) -> Result<Vec<String>> {
    let tables: Vec<String> = [&CUSTOMER, &WARRANTY]
        .into_iter()
        .flat_map(copy::tables)
        .filter(|table| table.name != "tag_link")
        .map(|table| table.name.to_owned())
        .chain([&CUSTOMER, &WARRANTY].map(|resource| format!("{}_search", resource.table)))
        .collect();
    let sql = "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public' AND i.tablename = ANY ($1) \
               AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)";
    let rows = sqlx::query(sql).bind(&tables).fetch_all(&mut *connection).await?;
    let mut definitions = Vec::new();
    for row in rows {
        let (name, definition): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        connection.execute(AssertSqlSafe(format!("DROP INDEX \"{name}\""))).await?;
        definitions.push(definition);
    }
    Ok(definitions)
}

async fn write(
    connection: &mut PgConnection,
    resource: &'static Resource,
    tenant: i32,
    count: u64,
    make: impl Fn(u64) -> Result<Row>,
) -> Result<()> {
    let mut tables = copy::tables(resource);
    let mut begin = 0;
    while begin < count {
        let end = count.min(begin + BATCH);
        for n in begin..end {
            copy::add(&mut tables, resource, tenant, &make(n)?);
        }
        for table in &mut tables {
            send(connection, table).await?;
        }
        begin = end;
    }
    Ok(())
}

async fn send(connection: &mut PgConnection, table: &mut Table) -> Result<()> {
    let mut copy = connection.copy_in_raw(&table.statement()).await?;
    copy.send(table.text.as_bytes()).await?;
    copy.finish().await?;
    table.text.clear();
    Ok(())
}
