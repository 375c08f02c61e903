//! Warranty and exchange requests with their items.

use conexao_storage::schema::{
    ColumnType::{Boolean, Date, Id, Instant, Integer, Text},
    lines_table, record_table,
};
use sea_orm_migration::sea_orm::DbBackend;

crate::migration!(statements);

fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        record_table("warranty")
            .sorted_text("number", "number_sort")
            .unique_live("number")
            .required("status", Text)
            .sorted("status")
            .required("kind", Text)
            .required("customer_id", Id)
            .references("customer_id", "customer")
            .sorted_text("order_number", "order_number_sort")
            .texts(&["channel", "marker"])
            .indexed(&["marker"])
            .optional("deadline", Date)
            .sorted("deadline")
            .optional("owner_id", Id)
            .references("owner_id", "user_account")
            .optional("total", Integer)
            .sorted("total")
            .texts(&["return_carrier", "return_code", "return_freight"])
            .optional("return_due", Date)
            .optional("return_received_at", Date)
            .optional("other_address", Boolean)
            .texts(&[
                "delivery_cep",
                "delivery_street",
                "delivery_number",
                "delivery_complement",
                "delivery_district",
                "delivery_city",
                "delivery_uf",
            ])
            .texts(&["erp_order", "adjustment", "cancel_reason", "notes"])
            .optional("return_requested_at", Instant)
            .optional("generated_at", Instant)
            .optional("checked_at", Instant),
        lines_table("warranty_item", "warranty_id", "warranty")
            .required("sku", Text)
            .required("product", Text)
            .texts(&["product_version", "serial"])
            .required("reason", Text)
            .required("quantity", Integer)
            .optional("unit_price", Integer)
            .optional("total", Integer),
    ];
    tables.iter().flat_map(|t| t.sql(backend)).collect()
}
