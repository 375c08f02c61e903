//! Customers with contacts, addresses and external ids.

use conexao_storage::schema::{
    ColumnType::{Boolean, Date, Id, Instant, Text},
    lines_table, record_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        record_table("customer")
            .required("status", Text)
            .sorted("status")
            .required("kind", Text)
            .sorted_text("name", "name_sort")
            .texts(&["trade_name", "document", "state_registration"])
            .unique_live("document")
            .optional("birth_date", Date)
            .optional("owner_id", Id)
            .references("owner_id", "user_account")
            .texts(&["phone", "email"])
            .indexed(&["phone"])
            .indexed(&["email"])
            .sorted_text("city", "city_sort")
            .texts(&["uf", "consent_basis", "consent_note", "block_reason", "notes"])
            .optional("consent_at", Date),
        lines_table("customer_contact", "customer_id", "customer")
            .required("channel", Text)
            .required("value", Text)
            .texts(&["label", "consent", "consent_source"])
            .optional("main", Boolean)
            .optional("consent_at", Instant)
            .indexed(&["value"]),
        lines_table("customer_address", "customer_id", "customer").required("kind", Text).texts(&[
            "cep",
            "street",
            "number",
            "complement",
            "district",
            "municipality",
            "city",
            "uf",
        ]),
        lines_table("customer_external_id", "customer_id", "customer")
            .required("source", Text)
            .required("external_id", Text)
            .indexed(&["source", "external_id"]),
    ];
    tables.iter().flat_map(|t| t.sql(backend)).collect()
}
