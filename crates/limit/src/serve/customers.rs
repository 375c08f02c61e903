//! List by keyset, look-up, one customer: one statement each.

use std::fmt::Write;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use conexao_domain::kernel::value::fold;
use serde::Deserialize;
use sqlx::{AssertSqlSafe, Row, postgres::PgRow};
use uuid::Uuid;

use super::{
    Answer, Failure, State,
    auth::Claims,
    json::{As, Text, document},
};

/// The columns of a customer as every answer has them.
pub const COLUMNS: &[(&str, As)] = &[
    ("id", As::Id),
    ("version", As::Integer),
    ("created_at", As::Instant),
    ("updated_at", As::Instant),
    ("created_by", As::Id),
    ("status", As::Text),
    ("kind", As::Text),
    ("name", As::Text),
    ("trade_name", As::Text),
    ("document", As::Document),
    ("state_registration", As::Text),
    ("birth_date", As::Hidden),
    ("owner_id", As::Id),
    ("phone", As::Phone),
    ("email", As::Email),
    ("city", As::Text),
    ("uf", As::Text),
    ("consent_basis", As::Text),
    ("consent_at", As::Date),
    ("consent_note", As::Text),
    ("block_reason", As::Text),
    ("notes", As::Text),
    ("tags", As::Tags),
];

/// `COLUMNS` in SQL, of the table alias `c`.
pub const SELECTED: &str = "c.id, c.version, c.created_at, c.updated_at, c.created_by, c.status, c.kind, c.name, \
    c.trade_name, c.document, c.state_registration, c.birth_date IS NOT NULL, c.owner_id, c.phone, c.email, c.city, c.uf, \
    c.consent_basis, c.consent_at, c.consent_note, c.block_reason, c.notes, \
    (SELECT string_agg(t.tag, chr(31) ORDER BY t.tag) FROM tag_link t \
     WHERE t.tenant_id = $1 AND t.resource = 'customer' AND t.record_id = c.id), o.name, o.email, m.name, m.email";
pub const USERS: &str = "LEFT JOIN user_account o ON o.tenant_id = $1 AND o.id = c.owner_id \
    LEFT JOIN user_account m ON m.tenant_id = $1 AND m.id = c.created_by";

#[derive(Debug, Deserialize)]
pub struct Wanted {
    limit: Option<i64>,
    after: Option<String>,
    q: Option<String>,
    #[serde(rename = "filter[uf]")]
    uf: Option<String>,
    #[serde(rename = "filter[status]")]
    status: Option<String>,
}

#[derive(Debug, Deserialize, serde::Serialize)]
struct Cursor {
    s: String,
    v: Vec<String>,
    i: Uuid,
}

/// The open object of a customer: its columns and references.
pub fn write(out: &mut Text, row: &PgRow) -> Result<(), sqlx::Error> {
    out.0.push('{');
    out.columns(row, 0, COLUMNS)?;
    out.name("_refs");
    out.0.push('{');
    let at = COLUMNS.len();
    let masked = |index: usize| -> Result<Option<String>, sqlx::Error> {
        Ok(row.try_get::<Option<&str>, _>(index)?.map(str::to_owned))
    };
    out.reference("owner_id", "user", row.try_get(12)?, row.try_get(at)?, masked(at + 1)?.as_deref());
    out.reference("created_by", "user", row.try_get(4)?, row.try_get(at + 2)?, masked(at + 3)?.as_deref());
    out.0.push('}');
    Ok(())
}

pub fn answer(status: StatusCode, text: Text) -> HttpResponse {
    HttpResponse::build(status).insert_header((header::CONTENT_TYPE, "application/json")).body(text.0)
}

pub async fn list(claims: Claims, state: web::Data<State>, wanted: web::Query<Wanted>) -> Answer {
    let limit = wanted.limit.unwrap_or(50);
    let mut conditions = String::new();
    for (value, column, number) in [(&wanted.uf, "uf", 5), (&wanted.status, "status", 6)] {
        if value.is_some() {
            let _ = write!(conditions, " AND {column} = ${number}");
        } else {
            // The parameter is bound all the same and needs a type.
            let _ = write!(conditions, " AND ${number}::text IS NULL");
        }
    }
    let cursor: Option<Cursor> =
        wanted.after.as_ref().and_then(|text| serde_json::from_slice(&hex::decode(text).ok()?).ok());
    conditions.push_str(if cursor.is_some() {
        " AND (name_sort, id) > ($3, $4)"
    } else {
        " AND $3::text IS NULL AND $4::uuid IS NULL"
    });
    conditions.push_str(if wanted.q.is_some() {
        " AND id = ANY (ARRAY(SELECT record_id FROM customer_search WHERE tenant_id = $1 AND text LIKE ALL ($7)))"
    } else {
        " AND $7::text[] IS NULL"
    });
    let words = wanted.q.as_ref().map(|q| fold(q).split(' ').map(|word| format!("%{word}%")).collect::<Vec<_>>());
    let sql = format!(
        "WITH page AS (SELECT * FROM customer WHERE tenant_id = $1 AND deleted_at IS NULL{conditions} \
         ORDER BY name_sort, id LIMIT $2) \
         SELECT {SELECTED} FROM page c {USERS} ORDER BY c.name_sort, c.id"
    );
    let after = cursor.as_ref().and_then(|c| c.v.first()).map(|name| fold(name));
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(claims.tenant)
        .bind(limit + 1)
        .bind(after)
        .bind(cursor.map(|c| c.i))
        .bind(&wanted.uf)
        .bind(&wanted.status)
        .bind(words)
        .persistent(wanted.q.is_none())
        .fetch_all(&state.pool)
        .await?;
    let size = usize::try_from(limit).unwrap_or_default();
    let mut out = Text(String::with_capacity(rows.len() * 1024));
    out.0.push_str("{\"items\":[");
    for (position, row) in rows.iter().take(size).enumerate() {
        if position > 0 {
            out.0.push(',');
        }
        write(&mut out, row)?;
        out.0.push('}');
    }
    out.0.push_str("],\"next\":");
    match rows.get(size.saturating_sub(1)).filter(|_| rows.len() > size) {
        Some(last) => {
            let cursor = Cursor { s: "name".into(), v: vec![last.try_get(7)?], i: last.try_get(0)? };
            let _ = write!(out.0, "\"{}\"", hex::encode(serde_json::to_vec(&cursor).unwrap_or_default()));
        }
        None => out.0.push_str("null"),
    }
    out.0.push_str(",\"count\":null}");
    Ok(answer(StatusCode::OK, out))
}

#[derive(Debug, Deserialize)]
pub struct Typed {
    q: String,
}

/// A whole document by its index, anything else by trigrams.
pub async fn lookup(claims: Claims, state: web::Data<State>, typed: web::Query<Typed>) -> Answer {
    let digits: String = typed.q.chars().filter(char::is_ascii_digit).collect();
    let rows = if digits.len() == 11 || digits.len() == 14 {
        sqlx::query("SELECT id, name, document FROM customer WHERE tenant_id = $1 AND deleted_at IS NULL AND document = $2 LIMIT 10")
            .bind(claims.tenant)
            .bind(digits)
            .fetch_all(&state.pool)
            .await?
    } else {
        let words: Vec<String> = fold(&typed.q).split(' ').map(|word| format!("%{word}%")).collect();
        sqlx::query(
            "SELECT c.id, c.name, c.document FROM customer_search s JOIN customer c ON c.tenant_id = s.tenant_id AND c.id = s.record_id \
             WHERE s.tenant_id = $1 AND s.text LIKE ALL ($2) AND c.deleted_at IS NULL LIMIT 10",
        )
        .bind(claims.tenant)
        .bind(words)
        .persistent(false)
        .fetch_all(&state.pool)
        .await?
    };
    let mut hits = rows
        .iter()
        .map(|row| Ok((row.try_get(1)?, row.try_get(0)?, row.try_get(2)?)))
        .collect::<Result<Vec<(&str, Uuid, Option<&str>)>, sqlx::Error>>()?;
    hits.sort_unstable();
    let mut out = Text("{\"items\":[".to_owned());
    for (position, (name, id, number)) in hits.into_iter().enumerate() {
        let _ = write!(out.0, "{}{{\"id\":\"{id}\",\"title\":", if position > 0 { "," } else { "" });
        out.plain(name);
        let _ = match number {
            Some(number) => write!(out.0, ",\"subtitle\":\"{}\"}}", document(number)),
            None => write!(out.0, ",\"subtitle\":null}}"),
        };
    }
    out.0.push_str("]}");
    Ok(answer(StatusCode::OK, out))
}

const LINES: &str = "\
    (SELECT json_agg(json_build_object('id', l.id, 'channel', l.channel, 'value', \
      CASE l.channel WHEN 'email' THEN left(l.value, 1) || '•••@' || split_part(l.value, '@', 2) \
      ELSE '(' || substr(l.value, 4, 2) || ') ' || repeat('•', length(l.value) - 9) || '-' || right(l.value, 4) END, \
      'label', l.label, 'main', l.main, \
      'consent', l.consent, 'consent_at', to_char(l.consent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), \
      'consent_source', l.consent_source, '_masked', json_build_array('value')) ORDER BY l.position) \
     FROM customer_contact l WHERE l.tenant_id = $1 AND l.customer_id = c.id)::text, \
    (SELECT json_agg(json_build_object('id', l.id, 'kind', l.kind, 'cep', l.cep, 'street', l.street, 'number', l.number, \
      'complement', l.complement, 'district', l.district, 'municipality', l.municipality, 'city', l.city, 'uf', l.uf) ORDER BY l.position) \
     FROM customer_address l WHERE l.tenant_id = $1 AND l.customer_id = c.id)::text, \
    (SELECT json_agg(json_build_object('id', l.id, 'source', l.source, 'external_id', l.external_id) ORDER BY l.position) \
     FROM customer_external_id l WHERE l.tenant_id = $1 AND l.customer_id = c.id)::text, \
    (SELECT count(*) FROM warranty w WHERE w.tenant_id = $1 AND w.customer_id = c.id AND w.deleted_at IS NULL), \
    (SELECT count(*) FROM message m WHERE m.tenant_id = $1 AND m.customer_id = c.id AND m.deleted_at IS NULL)";

/// What refers to a customer, and how often.
pub fn related(warranties: i64, messages: i64) -> String {
    format!(
        "[{{\"resource\":\"warranty\",\"field\":\"customer_id\",\"count\":{warranties}}},\
         {{\"resource\":\"message\",\"field\":\"customer_id\",\"count\":{messages}}}]"
    )
}

/// The steps an administrator may take from a state.
pub fn steps(state: &str) -> &'static str {
    match state {
        "active" => {
            "[{\"name\":\"deactivate\",\"allowed\":true,\"reason\":null,\"permitted\":true},\
             {\"name\":\"block\",\"allowed\":true,\"reason\":null,\"permitted\":true}]"
        }
        "blocked" => {
            "[{\"name\":\"deactivate\",\"allowed\":true,\"reason\":null,\"permitted\":true},\
             {\"name\":\"activate\",\"allowed\":true,\"reason\":null,\"permitted\":true}]"
        }
        _ => "[{\"name\":\"activate\",\"allowed\":true,\"reason\":null,\"permitted\":true}]",
    }
}

pub async fn get(claims: Claims, state: web::Data<State>, id: web::Path<Uuid>) -> Answer {
    let sql = format!(
        "SELECT {SELECTED}, {LINES} FROM customer c {USERS} WHERE c.tenant_id = $1 AND c.id = $2 AND c.deleted_at IS NULL"
    );
    let row = sqlx::query(AssertSqlSafe(sql)).bind(claims.tenant).bind(*id).fetch_optional(&state.pool).await?;
    let row = row.ok_or(Failure::Status(StatusCode::NOT_FOUND))?;
    let mut out = Text::default();
    write(&mut out, &row)?;
    let at = COLUMNS.len() + 4;
    for (index, name) in ["contacts", "addresses", "external_ids"].into_iter().enumerate() {
        out.name(name);
        out.0.push_str(row.try_get::<Option<&str>, _>(at + index)?.unwrap_or("[]"));
    }
    let version: i64 = row.try_get(1)?;
    let related = related(row.try_get(at + 3)?, row.try_get(at + 4)?);
    let _ = write!(out.0, ",\"_steps\":{},\"_related\":{related}}}", steps(row.try_get(5)?));
    let mut response = answer(StatusCode::OK, out);
    if let Ok(tag) = header::HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}
