//! The trigram index of a record table and what keeps it in step.
//!
//! On PostgreSQL it is a table of its own. Row-level security keeps `LIKE` from
//! using an index unless the policy itself says `LIKE`: a condition that might
//! leak is only tried on rows the policy has let through. So the policy of this
//! table lets a transaction see the rows of its tenant that contain the words
//! it has announced, and `{name}_matches` announces and reads them.

use super::tenant::OWN_ROWS;

/// Words of a search that PostgreSQL's index takes part in.
pub(crate) const WORDS: usize = 4;

pub(super) fn postgres(name: &str) -> Vec<String> {
    let announced = (1..=WORDS).map(|n| format!("text LIKE current_setting('conexao.word{n}', true)"));
    let announced = announced.collect::<Vec<_>>().join(" AND ");
    vec![
        // The key begins with the record, so that for a search only the trigram index is of use.
        format!(
            "CREATE TABLE {name}_search (tenant_id INTEGER NOT NULL, record_id UUID NOT NULL, text TEXT NOT NULL, \
             PRIMARY KEY (record_id, tenant_id))"
        ),
        format!("CREATE INDEX {name}_search_text_idx ON {name}_search USING gin (text gin_trgm_ops)"),
        format!("ALTER TABLE {name}_search ENABLE ROW LEVEL SECURITY"),
        format!("ALTER TABLE {name}_search FORCE ROW LEVEL SECURITY"),
        format!(
            "CREATE POLICY tenant_rows ON {name}_search USING ({OWN_ROWS} AND {announced}) WITH CHECK ({OWN_ROWS})"
        ),
        format!(
            "CREATE FUNCTION {name}_matches(tenant INTEGER, words TEXT, most INTEGER) RETURNS SETOF UUID LANGUAGE plpgsql \
             SET enable_seqscan = off SET enable_indexscan = off AS $$ BEGIN \
             PERFORM set_config('conexao.word' || n, coalesce((string_to_array(words, E'\\n'))[n], '%'), true) \
             FROM generate_series(1, {WORDS}) AS n; \
             RETURN QUERY SELECT record_id FROM {name}_search WHERE tenant_id = tenant LIMIT most; END $$"
        ),
        format!(
            "CREATE FUNCTION {name}_search_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             IF TG_OP = 'INSERT' THEN \
             INSERT INTO {name}_search SELECT tenant_id, id, search_text FROM added; \
             RETURN NULL; END IF; \
             PERFORM set_config('conexao.word' || n, '%', true) FROM generate_series(1, {WORDS}) AS n; \
             IF TG_OP = 'UPDATE' THEN \
             UPDATE {name}_search SET text = new.search_text WHERE tenant_id = new.tenant_id AND record_id = new.id; \
             ELSE \
             DELETE FROM {name}_search WHERE tenant_id = old.tenant_id AND record_id = old.id; \
             END IF; RETURN NULL; END $$"
        ),
        format!(
            "CREATE TRIGGER {name}_search_insert AFTER INSERT ON {name} REFERENCING NEW TABLE AS added \
             FOR EACH STATEMENT EXECUTE FUNCTION {name}_search_follow()"
        ),
        format!(
            "CREATE TRIGGER {name}_search_update AFTER UPDATE OF search_text ON {name} FOR EACH ROW \
             WHEN (old.search_text <> new.search_text) EXECUTE FUNCTION {name}_search_follow()"
        ),
        format!(
            "CREATE TRIGGER {name}_search_delete AFTER DELETE ON {name} FOR EACH ROW \
             EXECUTE FUNCTION {name}_search_follow()"
        ),
    ]
}

/// Keeps the trigram index that all tables share in step with the table's search text.
pub(super) fn sqlite(name: &str) -> Vec<String> {
    let add = format!(
        "INSERT INTO search_key (tenant_id, resource_table, record_id) VALUES (new.tenant_id, '{name}', new.id); \
         INSERT INTO search_index (rowid, text) VALUES (last_insert_rowid(), new.search_text);"
    );
    let rid = format!(
        "(SELECT rid FROM search_key WHERE tenant_id = old.tenant_id AND resource_table = '{name}' AND record_id = old.id)"
    );
    vec![
        format!("CREATE TRIGGER {name}_search_insert AFTER INSERT ON {name} BEGIN {add} END"),
        format!(
            "CREATE TRIGGER {name}_search_update AFTER UPDATE OF search_text ON {name} WHEN old.search_text <> new.search_text \
             BEGIN UPDATE search_index SET text = new.search_text WHERE rowid = {rid}; END"
        ),
        format!(
            "CREATE TRIGGER {name}_search_delete AFTER DELETE ON {name} BEGIN DELETE FROM search_index WHERE rowid = {rid}; \
             DELETE FROM search_key WHERE tenant_id = old.tenant_id AND resource_table = '{name}' AND record_id = old.id; END"
        ),
    ]
}
