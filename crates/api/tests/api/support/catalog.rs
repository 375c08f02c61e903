//! What the database says about its own tables, the same for every kind.

use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};

use super::App;

/// A table as the database has it.
#[derive(Debug, Default)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    pub primary_key: Vec<String>,
    pub indexes: Vec<Index>,
    pub foreign_keys: Vec<ForeignKey>,
    /// Whether row-level security binds everybody; `None` where there is none.
    pub forced_row_security: Option<bool>,
}

#[derive(Debug)]
pub struct Column {
    pub name: String,
    pub required: bool,
}

#[derive(Debug)]
pub struct Index {
    pub columns: Vec<String>,
    pub unique: bool,
    /// Whether it covers some rows only.
    pub partial: bool,
}

#[derive(Debug)]
pub struct ForeignKey {
    pub columns: Vec<String>,
    pub table: String,
    pub to: Vec<String>,
}

impl Table {
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }
}

/// Every table that migrations made.
pub async fn tables(app: &App) -> Vec<Table> {
    let queries = if app.engine.db.is_postgres() { &POSTGRES } else { &SQLITE };
    let mut tables = Vec::new();
    for row in rows(app, queries.tables, &[]).await {
        let forced = row.try_get_by_index::<Option<i32>>(1).unwrap().map(|forced| forced == 1);
        let mut table = Table { name: text(&row, 0), forced_row_security: forced, ..Table::default() };
        for row in rows(app, queries.columns, &[&table.name]).await {
            table.columns.push(Column { name: text(&row, 0), required: flag(&row, 1) });
        }
        table.primary_key = rows(app, queries.primary_key, &[&table.name]).await.iter().map(|r| text(r, 0)).collect();
        for row in rows(app, queries.indexes, &[&table.name]).await {
            table.indexes.push(Index { columns: list(&row, 0), unique: flag(&row, 1), partial: flag(&row, 2) });
        }
        for row in rows(app, queries.foreign_keys, &[&table.name]).await {
            table.foreign_keys.push(ForeignKey { columns: list(&row, 0), table: text(&row, 1), to: list(&row, 2) });
        }
        tables.push(table);
    }
    tables
}

struct Queries {
    tables: &'static str,
    columns: &'static str,
    primary_key: &'static str,
    indexes: &'static str,
    foreign_keys: &'static str,
}

const SQLITE: Queries = Queries {
    tables: "SELECT name, NULL FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
             AND name NOT LIKE 'search_index%' AND name <> 'seaql_migrations' ORDER BY name",
    columns: "SELECT name, \"notnull\" FROM pragma_table_info($1)",
    primary_key: "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk",
    indexes: "SELECT (SELECT group_concat(c.name) FROM pragma_index_info(i.name) c), i.\"unique\", i.partial FROM pragma_index_list($1) i",
    foreign_keys: "SELECT group_concat(\"from\"), \"table\", group_concat(\"to\") \
                   FROM pragma_foreign_key_list($1) GROUP BY id, \"table\"",
};

const POSTGRES: Queries = Queries {
    tables: "SELECT relname::text, (relforcerowsecurity AND relrowsecurity)::int FROM pg_class \
             WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'seaql_migrations' ORDER BY 1",
    columns: "SELECT attname::text, attnotnull::int FROM pg_attribute \
              WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
    primary_key: "SELECT a.attname::text FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k(n, place), pg_attribute a \
                  WHERE i.indrelid = $1::regclass AND i.indisprimary AND a.attrelid = i.indrelid AND a.attnum = k.n ORDER BY k.place",
    indexes: "SELECT (SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY k(n, place), pg_attribute a \
               WHERE a.attrelid = i.indrelid AND a.attnum = k.n), i.indisunique::int, (i.indpred IS NOT NULL)::int FROM pg_index i WHERE i.indrelid = $1::regclass",
    foreign_keys: "SELECT (SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(c.conkey) WITH ORDINALITY k(n, place), pg_attribute a \
                   WHERE a.attrelid = c.conrelid AND a.attnum = k.n), c.confrelid::regclass::text, \
                   (SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(c.confkey) WITH ORDINALITY k(n, place), pg_attribute a \
                   WHERE a.attrelid = c.confrelid AND a.attnum = k.n) \
                   FROM pg_constraint c WHERE c.conrelid = $1::regclass AND c.contype = 'f'",
};

async fn rows(app: &App, sql: &str, values: &[&str]) -> Vec<QueryResult> {
    let values: Vec<sea_orm::Value> = values.iter().map(|v| (*v).into()).collect();
    let statement = Statement::from_sql_and_values(backend(app), sql, values);
    app.engine.db.pool().query_all_raw(statement).await.unwrap_or_else(|e| panic!("{sql}: {e}"))
}

pub fn backend(app: &App) -> DbBackend {
    app.engine.db.pool().get_database_backend()
}

fn text(row: &QueryResult, index: usize) -> String {
    row.try_get_by_index(index).unwrap()
}

fn flag(row: &QueryResult, index: usize) -> bool {
    row.try_get_by_index::<i32>(index).unwrap() == 1
}

/// Names joined by commas; none for an index on expressions alone.
fn list(row: &QueryResult, index: usize) -> Vec<String> {
    let joined: Option<String> = row.try_get_by_index(index).unwrap();
    joined.unwrap_or_default().split(',').map(str::to_owned).collect()
}
