//! What people ask about their data, what they agreed to, what must not be
//! erased, what was; and audit entries whose content may go while they stay.

use conexao_storage::schema::{
    ColumnType::{Date, Id, Instant, Integer, Json, Text},
    record_table, tenant_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        record_table("privacy_request")
            .sorted_text("number", "number_sort")
            .unique_live("number")
            .required("status", Text)
            .sorted("status")
            .required("kind", Text)
            .required("name", Text)
            .texts(&["document", "email", "phone"])
            .optional("customer_id", Id)
            .references("customer_id", "customer")
            .required("channel", Text)
            .optional("received_on", Date)
            .optional("deadline_days", Integer)
            .optional("due_on", Date)
            .sorted("due_on")
            .optional("owner_id", Id)
            .references("owner_id", "user_account")
            .texts(&["details", "identity_proof"])
            .optional("confirmed_at", Instant)
            .texts(&["legal_reason", "answer_channel", "answer_note", "file_sha256"])
            .optional("file_made_at", Instant)
            .optional("delivered_at", Instant)
            .optional("erased_at", Instant)
            .optional("erased_by", Id)
            .references("erased_by", "user_account")
            .optional("closed_at", Instant)
            .sorted("closed_at"),
        record_table("consent")
            .required("customer_id", Id)
            .references("customer_id", "customer")
            .required("status", Text)
            .sorted("status")
            .required("purpose", Text)
            .required("purpose_text", Text)
            .required("channel", Text)
            .optional("given_at", Instant)
            .sorted("given_at")
            .required("given_how", Text)
            .optional("revoked_at", Instant)
            .sorted("revoked_at")
            .texts(&["revoked_how"]),
        record_table("legal_hold")
            .required("customer_id", Id)
            .references("customer_id", "customer")
            .required("status", Text)
            .sorted("status")
            .required("reason", Text)
            .texts(&["process", "release_reason"])
            .optional("released_at", Instant)
            .sorted("released_at"),
        // Of whom nothing is left here but what the law keeps, encrypted.
        tenant_table("erasure")
            .required("resource", Text)
            .required("record_id", Id)
            .optional("request_id", Id)
            .required("erased_at", Instant)
            .optional("erased_by", Id)
            .texts(&["basis", "sealed"])
            .optional("keep_until", Date)
            .required("fields", Json)
            .unique(&["resource", "record_id"])
            .indexed(&["keep_until"]),
        // Where a company keeps longer than the law asks for.
        tenant_table("retention_choice")
            .keyed_by(&["basis"])
            .required("basis", Text)
            .required("years", Integer)
            .required("reason", Text)
            .required("changed_at", Instant),
    ];
    let mut statements: Vec<String> = tables.iter().flat_map(|t| t.sql(backend)).collect();
    // The chain covers a digest of what changed, made with a salt: an entry whose
    // content went keeps the digest and loses the salt, so nobody can guess it back.
    statements.push("ALTER TABLE audit ADD COLUMN salt TEXT".to_owned());
    statements.push("ALTER TABLE audit ADD COLUMN digest TEXT".to_owned());
    statements
}
