//! One step of a warranty request: two statements in one transaction.

use std::fmt::Write;

use actix_web::{HttpRequest, http::StatusCode, http::header, web};
use chrono::Utc;
use serde::Deserialize;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{
    Answer, Failure, State,
    auth::Claims,
    customers::answer,
    journal::{self, Entry},
    json::{As, Text, document},
};

const COLUMNS: &[(&str, As)] = &[
    ("id", As::Id),
    ("version", As::Integer),
    ("created_at", As::Instant),
    ("updated_at", As::Instant),
    ("created_by", As::Id),
    ("number", As::Text),
    ("status", As::Text),
    ("kind", As::Text),
    ("customer_id", As::Id),
    ("order_number", As::Text),
    ("channel", As::Text),
    ("marker", As::Text),
    ("deadline", As::Date),
    ("owner_id", As::Id),
    ("total", As::Integer),
    ("return_carrier", As::Text),
    ("return_code", As::Text),
    ("return_freight", As::Text),
    ("return_due", As::Date),
    ("return_received_at", As::Date),
    ("other_address", As::Boolean),
    ("delivery_cep", As::Text),
    ("delivery_street", As::Text),
    ("delivery_number", As::Text),
    ("delivery_complement", As::Text),
    ("delivery_district", As::Text),
    ("delivery_city", As::Text),
    ("delivery_uf", As::Text),
    ("erp_order", As::Text),
    ("adjustment", As::Text),
    ("cancel_reason", As::Text),
    ("return_requested_at", As::Instant),
    ("generated_at", As::Instant),
    ("checked_at", As::Instant),
    ("notes", As::Text),
    ("tags", As::Tags),
    ("items", As::Raw),
];

const REST: &str = "\
    (SELECT string_agg(t.tag, chr(31)) FROM tag_link t WHERE t.tenant_id = $1 AND t.resource = 'warranty' AND t.record_id = w.id), \
    (SELECT json_agg(json_build_object('id', l.id, 'sku', l.sku, 'product', l.product, 'product_version', l.product_version, \
      'serial', l.serial, 'reason', l.reason, 'quantity', l.quantity, 'unit_price', l.unit_price, 'total', l.total) ORDER BY l.position) \
     FROM warranty_item l WHERE l.tenant_id = $1 AND l.warranty_id = w.id)::text, \
    c.name, c.document, o.name, o.email, m.name, m.email, \
    (SELECT u.name FROM user_account u WHERE u.tenant_id = $1 AND u.id = $8), h.seq, h.hash \
    FROM w JOIN h ON true JOIN customer c ON c.tenant_id = $1 AND c.id = w.customer_id \
    LEFT JOIN user_account o ON o.tenant_id = $1 AND o.id = w.owner_id \
    LEFT JOIN user_account m ON m.tenant_id = $1 AND m.id = w.created_by";

#[derive(Debug, Deserialize)]
pub struct Input {
    return_carrier: String,
    return_code: String,
}

fn statement() -> String {
    let own: Vec<String> = COLUMNS.iter().take(COLUMNS.len() - 2).map(|(name, _)| format!("w.{name}")).collect();
    format!(
        "WITH w AS (UPDATE warranty SET status = 'awaiting_return', version = version + 1, updated_at = $4, return_requested_at = $4, \
           return_carrier = $5, return_code = $6, search_text = search_text || ' ' || lower($6) \
           WHERE tenant_id = $1 AND id = $2 AND version = $3 AND status = 'pending' AND deleted_at IS NULL RETURNING *), \
         o AS (INSERT INTO outbox (tenant_id, id, event, resource, record_id, payload, created_at) \
           SELECT $1, $7, 'warranty.request_return', 'warranty', $2, $9, $4 FROM w), \
         h AS ({}) SELECT {}, {REST}",
        journal::NEXT,
        own.join(", ")
    )
}

pub async fn request_return(
    claims: Claims,
    state: web::Data<State>,
    request: HttpRequest,
    id: web::Path<Uuid>,
    input: web::Json<Input>,
) -> Answer {
    let version = request.headers().get(header::IF_MATCH).and_then(|v| v.to_str().ok());
    let version: Option<i64> = version.and_then(|v| v.trim_matches('"').parse().ok());
    let now = Utc::now();
    let mut tx = state.pool.begin().await?;
    let row = sqlx::query(AssertSqlSafe(statement()))
        .bind(claims.tenant)
        .bind(*id)
        .bind(version.ok_or(Failure::Status(StatusCode::PRECONDITION_REQUIRED))?)
        .bind(now)
        .bind(&input.return_carrier)
        .bind(&input.return_code)
        .bind(Uuid::now_v7())
        .bind(claims.sub)
        .bind(journal::payload(&claims, "", now, &["status", "return_carrier", "return_code", "return_requested_at"]))
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(Failure::Status(StatusCode::PRECONDITION_FAILED))?;
    let at = COLUMNS.len();
    let actor: &str = row.try_get(at + 6)?;
    let changes = serde_json::json!({
        "status": ["pending", "awaiting_return"], "return_carrier": [null, input.return_carrier],
        "return_code": [null, input.return_code], "return_requested_at": [null, now],
    });
    let entry = Entry {
        at: now,
        actor,
        resource: "warranty",
        record: *id,
        action: "request_return",
        changes: changes.to_string(),
        seq: row.try_get(at + 7)?,
        previous: row.try_get(at + 8)?,
    };
    journal::append(&mut tx, &claims, entry).await?;
    tx.commit().await?;
    let mut out = Text("{".to_owned());
    out.columns(&row, 0, COLUMNS)?;
    out.name("_refs");
    out.0.push('{');
    let number: Option<&str> = row.try_get(at + 1)?;
    out.reference("customer_id", "customer", row.try_get(8)?, row.try_get(at)?, number.map(document).as_deref());
    out.reference("owner_id", "user", row.try_get(13)?, row.try_get(at + 2)?, row.try_get(at + 3)?);
    out.reference("created_by", "user", row.try_get(4)?, row.try_get(at + 4)?, row.try_get(at + 5)?);
    let _ = write!(
        out.0,
        "}},\"_steps\":[{{\"name\":\"generate\",\"allowed\":false,\"reason\":\"return_not_received\",\"permitted\":true}},\
         {{\"name\":\"cancel\",\"allowed\":true,\"reason\":null,\"permitted\":true}}],\"_related\":[]}}"
    );
    Ok(answer(StatusCode::OK, out))
}
