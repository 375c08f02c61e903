//! Tables of a tenant: key `(tenant_id, id)`, composite foreign keys, row-level
//! security, and for records the sort, unique and search indexes.

use sea_orm::DbBackend;

use super::{Column, ColumnType, search};

/// The rows of the transaction's tenant, and none where no tenant is set. An
/// equality of `tenant_id`, because then a statement that names its tenant
/// compares the two once and not for every row, and its plan knows how many
/// rows to expect.
pub(super) const OWN_ROWS: &str =
    "tenant_id = NULLIF(NULLIF(current_setting('conexao.tenant', true), ''), 'system')::integer";

/// A table under construction; [`TenantTable::sql`] gives its statements.
#[derive(Debug)]
pub struct TenantTable {
    name: &'static str,
    columns: Vec<Column>,
    key: Vec<&'static str>,
    references: Vec<(&'static str, &'static str, bool)>,
    /// (columns, unique, only live rows)
    indexes: Vec<(Vec<&'static str>, bool, bool)>,
    searchable: bool,
    /// Whether rows say who made them, and are found by it.
    authored: bool,
    system_may_read: bool,
}

/// A table with key `(tenant_id, id)` and nothing else yet.
pub fn tenant_table(name: &'static str) -> TenantTable {
    TenantTable {
        name,
        columns: Vec::new(),
        key: vec!["id"],
        references: Vec::new(),
        indexes: Vec::new(),
        searchable: false,
        authored: false,
        system_may_read: false,
    }
    .required("id", ColumnType::Id)
}

/// The table of a resource: adds version, stamps, soft removal and search text.
pub fn record_table(name: &'static str) -> TenantTable {
    let mut table = tenant_table(name)
        .required("version", ColumnType::Integer)
        .required("created_at", ColumnType::Instant)
        .required("updated_at", ColumnType::Instant)
        .optional("created_by", ColumnType::Id)
        .optional("deleted_at", ColumnType::Instant)
        .defaulted("search_text", ColumnType::Text, "''")
        .sorted("created_at")
        .sorted("updated_at");
    table.searchable = true;
    table.authored = true;
    table
}

/// The index by which a list of somebody's own rows finds what they created.
pub fn created_by_index(table: &str) -> String {
    format!(
        "CREATE INDEX IF NOT EXISTS {table}_created_by_idx ON {table} (tenant_id, created_by) WHERE deleted_at IS NULL"
    )
}

/// The index by which the recycle bin finds what was removed, newest first.
pub fn removed_index(table: &str) -> String {
    format!(
        "CREATE INDEX IF NOT EXISTS {table}_removed_idx ON {table} (tenant_id, deleted_at, id) WHERE deleted_at IS NOT NULL"
    )
}

/// The table of a resource's lines: owned rows in order.
pub fn lines_table(name: &'static str, parent: &'static str, owner: &'static str) -> TenantTable {
    let mut table = tenant_table(name).required(parent, ColumnType::Id).required("position", ColumnType::Integer);
    table.references.push((parent, owner, true));
    table.indexes.push((vec![parent, "position"], false, false));
    table
}

impl TenantTable {
    /// Replaces the key `(tenant_id, id)`; drops the `id` column.
    pub fn keyed_by(mut self, columns: &[&'static str]) -> Self {
        self.columns.retain(|c| c.name != "id");
        self.key = columns.to_vec();
        self
    }

    pub fn required(self, name: &'static str, kind: ColumnType) -> Self {
        self.column(Column { name, kind, required: true, default: None })
    }

    pub fn optional(self, name: &'static str, kind: ColumnType) -> Self {
        self.column(Column { name, kind, required: false, default: None })
    }

    /// A required column with an SQL literal as default.
    pub fn defaulted(self, name: &'static str, kind: ColumnType, default: &'static str) -> Self {
        self.column(Column { name, kind, required: true, default: Some(default) })
    }

    pub fn texts(self, names: &[&'static str]) -> Self {
        names.iter().fold(self, |table, name| table.optional(name, ColumnType::Text))
    }

    fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// `(tenant_id, column)` refers to `(tenant_id, id)` of `table`.
    pub fn references(mut self, column: &'static str, table: &'static str) -> Self {
        self.references.push((column, table, false));
        self.indexed(&[column])
    }

    /// An index for lists sorted by `column`: live rows, id as tie-break. Text
    /// is ordered by code point, whatever the language of the database.
    pub fn sorted(mut self, column: &'static str) -> Self {
        let text = self.columns.iter_mut().find(|c| c.name == column && c.kind == ColumnType::Text);
        if let Some(text) = text {
            text.kind = ColumnType::Folded;
        }
        self.indexes.push((vec![column, "id"], false, true));
        self
    }

    /// Like [`Self::sorted`] for text: people sort without case and accents, so
    /// the index is on a folded copy, ordered by code point in both databases.
    pub fn sorted_text(self, column: &'static str, folded: &'static str) -> Self {
        self.texts(&[column])
            .column(Column { name: folded, kind: ColumnType::Folded, required: false, default: None })
            .sorted(folded)
    }

    /// No two live rows share the value.
    pub fn unique_live(mut self, column: &'static str) -> Self {
        self.indexes.push((vec![column], true, true));
        self
    }

    pub fn unique(mut self, columns: &[&'static str]) -> Self {
        self.indexes.push((columns.to_vec(), true, false));
        self
    }

    pub fn indexed(mut self, columns: &[&'static str]) -> Self {
        self.indexes.push((columns.to_vec(), false, false));
        self
    }

    /// Lets the system's own transactions (log-in, relay, job runner) in.
    pub fn system(mut self) -> Self {
        self.system_may_read = true;
        self
    }

    /// The statements that make the table, in order.
    pub fn sql(&self, backend: DbBackend) -> Vec<String> {
        let mut statements = vec![self.create(backend)];
        statements.extend(self.indexes.iter().map(|(columns, unique, live)| self.index(columns, *unique, *live)));
        if self.authored {
            statements.extend([created_by_index(self.name), removed_index(self.name)]);
        }
        let postgres = backend == DbBackend::Postgres;
        if postgres {
            statements.extend(self.postgres());
        }
        if self.searchable {
            statements.extend(if postgres { search::postgres(self.name) } else { search::sqlite(self.name) });
        }
        statements
    }

    fn create(&self, backend: DbBackend) -> String {
        let tenant = Column { name: "tenant_id", kind: ColumnType::Small, required: true, default: None };
        let mut parts: Vec<String> = std::iter::once(&tenant).chain(&self.columns).map(|c| c.sql(backend)).collect();
        parts.push(format!("PRIMARY KEY (tenant_id, {})", self.key.join(", ")));
        for (column, table, owned) in &self.references {
            let action = if *owned { " ON DELETE CASCADE" } else { "" };
            parts.push(format!("FOREIGN KEY (tenant_id, {column}) REFERENCES {table} (tenant_id, id){action}"));
        }
        format!("CREATE TABLE {} ({})", self.name, parts.join(", "))
    }

    fn index(&self, columns: &[&str], unique: bool, live: bool) -> String {
        let kind = if unique { "UNIQUE INDEX" } else { "INDEX" };
        let suffix = if unique { "key" } else { "idx" };
        let condition = if live { " WHERE deleted_at IS NULL" } else { "" };
        let (name, list) = (columns.join("_"), columns.join(", "));
        format!("CREATE {kind} {table}_{name}_{suffix} ON {table} (tenant_id, {list}){condition}", table = self.name)
    }

    fn postgres(&self) -> Vec<String> {
        let name = self.name;
        let system = if self.system_may_read { " OR current_setting('conexao.tenant', true) = 'system'" } else { "" };
        vec![
            format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"),
            // FORCE: the owner, which the application connects as, is bound too.
            format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY"),
            format!("CREATE POLICY tenant_rows ON {name} USING ({OWN_ROWS}{system}) WITH CHECK ({OWN_ROWS}{system})"),
        ]
    }
}
