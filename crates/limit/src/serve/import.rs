//! The import as a program for one file would do it: read and checked on a
//! thread of its own, copied table by table, one transaction for some thousand
//! rows, with the audit entry of each and one event for all.

use std::{collections::HashSet, fmt::Write};

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use conexao_domain::kernel::value::{Uf, alnum, fold, municipalities};
use csv::StringRecord;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, Postgres, Transaction, postgres::PgPoolCopyExt};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{Answer, Failure, State, auth::Claims, create::valid_document};

/// Rows of one transaction.
const BATCH: usize = 5000;

/// A customer that passed the checks.
#[derive(Debug)]
struct Row {
    id: Uuid,
    company: bool,
    name: String,
    document: String,
    born: Option<NaiveDate>,
    phone: String,
    email: String,
    cep: String,
    street: String,
    number: String,
    district: String,
    city: String,
    uf: String,
    municipality: Option<&'static str>,
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn read(cells: &StringRecord, seen: &mut HashSet<String>) -> Option<Row> {
    let cell = |at: usize| cells.get(at).unwrap_or_default().trim();
    let document = digits(cell(2));
    let company = cell(0) == "Pessoa jurídica";
    let fits = valid_document(&document) && (document.len() == 14) == company && seen.insert(document.clone());
    let born = if cell(3).is_empty() { None } else { Some(NaiveDate::parse_from_str(cell(3), "%d/%m/%Y").ok()?) };
    let phone = digits(cell(4));
    let email = cell(5).to_lowercase();
    let (cep, uf) = (digits(cell(6)), Uf::parse(cell(11)).ok()?);
    let place = municipalities::by_name(cell(10), uf);
    let checked = fits
        && !cell(1).is_empty()
        && (10..=11).contains(&phone.len())
        && email.split_once('@').is_some_and(|(user, domain)| !user.is_empty() && domain.contains('.'))
        && cep.len() == 8;
    checked.then(|| Row {
        id: Uuid::now_v7(),
        company,
        name: cell(1).to_owned(),
        document,
        born,
        phone: format!("+55{phone}"),
        email,
        cep,
        street: cell(7).to_owned(),
        number: cell(8).to_owned(),
        district: cell(9).to_owned(),
        city: place.map_or_else(|| cell(10).to_owned(), |place| place.name.to_owned()),
        uf: uf.as_str().to_owned(),
        municipality: place.map(|place| place.code.as_str()),
    })
}

/// Reads the file and sends its good rows on; returns how many were bad.
fn parse(body: &[u8], sender: &mpsc::Sender<Vec<Row>>) -> usize {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(body);
    let (mut seen, mut bad, mut batch) = (HashSet::new(), 0, Vec::with_capacity(BATCH));
    let mut cells = StringRecord::new();
    while reader.read_record(&mut cells).unwrap_or_default() {
        match read(&cells, &mut seen) {
            Some(row) => batch.push(row),
            None => bad += 1,
        }
        if batch.len() == BATCH && sender.blocking_send(std::mem::take(&mut batch)).is_err() {
            return bad;
        }
    }
    let _ = sender.blocking_send(batch);
    bad
}

/// One table's text for COPY.
#[derive(Debug, Default)]
struct Copy(String);

impl Copy {
    fn row(&mut self, cells: &[Option<&str>]) {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.0.push('\t');
            }
            let Some(text) = cell else {
                self.0.push_str("\\N");
                continue;
            };
            for letter in text.chars() {
                match letter {
                    '\\' => self.0.push_str("\\\\"),
                    '\t' => self.0.push_str("\\t"),
                    '\n' => self.0.push_str("\\n"),
                    '\r' => self.0.push_str("\\r"),
                    other => self.0.push(other),
                }
            }
        }
        self.0.push('\n');
    }

    async fn send(self, connection: &mut PgConnection, into: &str) -> Result<(), sqlx::Error> {
        let mut copy = connection.copy_in_raw(&format!("COPY {into} FROM STDIN")).await?;
        copy.send(self.0.as_bytes()).await?;
        copy.finish().await.map(|_| ())
    }
}

const CUSTOMER: &str = "customer (tenant_id, id, version, created_at, updated_at, created_by, search_text, status, kind, name, \
    name_sort, document, birth_date, phone, email, city, city_sort, uf, consent_basis)";
const CONTACT: &str = "customer_contact (tenant_id, id, customer_id, position, channel, value, main, consent)";
const ADDRESS: &str = "customer_address (tenant_id, id, customer_id, position, kind, cep, street, number, district, municipality, city, uf)";
const AUDIT: &str =
    "audit (tenant_id, seq, at, actor_id, actor_name, resource, record_id, action, changes, ip, request_id, hash)";

/// What all rows of a batch share.
struct Stamp {
    tenant: String,
    user: String,
    now: String,
    at: DateTime<Utc>,
}

async fn save(tx: &mut Transaction<'static, Postgres>, claims: &Claims, rows: &[Row]) -> Result<(), sqlx::Error> {
    let at = Utc::now();
    let now = at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let stamp = Stamp { tenant: claims.tenant.to_string(), user: claims.sub.to_string(), now, at };
    let count = i64::try_from(rows.len()).unwrap_or_default();
    let (last, previous): (i64, String) = sqlx::query_as(
        "INSERT INTO audit_head (tenant_id, chain, seq, hash) VALUES ($1, 'audit', $2, repeat('0', 64)) \
         ON CONFLICT (tenant_id, chain) DO UPDATE SET seq = audit_head.seq + $2 RETURNING seq, hash",
    )
    .bind(claims.tenant)
    .bind(count)
    .fetch_one(&mut **tx)
    .await?;
    let (mut customers, mut contacts, mut addresses) = (Copy::default(), Copy::default(), Copy::default());
    for row in rows {
        write_row(&stamp, row, &mut customers, &mut contacts, &mut addresses);
    }
    customers.send(tx, CUSTOMER).await?;
    contacts.send(tx, CONTACT).await?;
    addresses.send(tx, ADDRESS).await?;
    let (audit, hash) = entries(&stamp, rows, last - count, previous);
    audit.send(tx, AUDIT).await?;
    sqlx::query(
        "WITH told AS (INSERT INTO outbox (tenant_id, id, event, resource, payload, created_at) VALUES ($1, $3, 'customer.import', 'customer', $4, $5)) \
         UPDATE audit_head SET hash = $2 WHERE tenant_id = $1 AND chain = 'audit'",
    )
    .bind(claims.tenant)
    .bind(hash)
    .bind(Uuid::now_v7())
    .bind(json!({ "created": rows.iter().map(|row| row.id).collect::<Vec<_>>() }).to_string())
    .bind(stamp.at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn write_row(stamp: &Stamp, row: &Row, customers: &mut Copy, contacts: &mut Copy, addresses: &mut Copy) {
    let (tenant, now) = (Some(stamp.tenant.as_str()), Some(stamp.now.as_str()));
    let id = row.id.to_string();
    let id = Some(id.as_str());
    let (name, city) = (fold(&row.name), fold(&row.city));
    let search = format!("{name} {} {} {} {}", row.document, row.phone, alnum(&row.email).to_lowercase(), row.email);
    let born = row.born.map(|day| day.to_string());
    let (phone, email) = (Some(row.phone.as_str()), Some(row.email.as_str()));
    customers.row(&[
        tenant,
        id,
        Some("1"),
        now,
        now,
        Some(&stamp.user),
        Some(&search),
        Some("active"),
        Some(if row.company { "company" } else { "person" }),
        Some(&row.name),
        Some(&name),
        Some(&row.document),
        born.as_deref(),
        phone,
        email,
        Some(&row.city),
        Some(&city),
        Some(&row.uf),
        Some("none"),
    ]);
    for (position, channel, value) in [("0", "whatsapp", phone), ("1", "email", email)] {
        let own = Uuid::now_v7().to_string();
        contacts.row(&[tenant, Some(&own), id, Some(position), Some(channel), value, Some("f"), Some("unknown")]);
    }
    let own = Uuid::now_v7().to_string();
    addresses.row(&[
        tenant,
        Some(&own),
        id,
        Some("0"),
        Some("main"),
        Some(&row.cep),
        Some(&row.street),
        Some(&row.number),
        Some(&row.district),
        row.municipality,
        Some(&row.city),
        Some(&row.uf),
    ]);
}

/// The audit entries of the rows, and the hash the chain has then.
fn entries(stamp: &Stamp, rows: &[Row], mut seq: i64, mut hash: String) -> (Copy, String) {
    let mut audit = Copy::default();
    for row in rows {
        seq += 1;
        let (number, id) = (seq.to_string(), row.id.to_string());
        let changes = json!({
            "kind": [null, if row.company { "company" } else { "person" }], "name": [null, row.name], "document": [null, row.document],
            "birth_date": [null, row.born], "phone": [null, row.phone], "email": [null, row.email], "city": [null, row.city], "uf": [null, row.uf],
            "contacts": [null, [{ "channel": "whatsapp", "value": row.phone }, { "channel": "email", "value": row.email }]],
            "addresses": [null, [{ "cep": row.cep, "street": row.street, "number": row.number, "district": row.district,
                "municipality": row.municipality, "city": row.city, "uf": row.uf }]],
        });
        let changes = changes.to_string();
        let mut hasher = Sha256::new();
        hasher.update(&hash);
        hasher.update(json!([stamp.tenant, seq, stamp.now, stamp.user, "customer", id, "create", changes]).to_string());
        hash = hex::encode(hasher.finalize());
        audit.row(&[
            Some(&stamp.tenant),
            Some(&number),
            Some(&stamp.now),
            Some(&stamp.user),
            Some("limit"),
            Some("customer"),
            Some(&id),
            Some("create"),
            Some(&changes),
            None,
            None,
            Some(&hash),
        ]);
    }
    (audit, hash)
}

/// `POST /import`: the whole file as the body; answers when all is committed.
pub async fn import(claims: Claims, state: web::Data<State>, body: web::Bytes) -> Answer {
    let (sender, mut receiver) = mpsc::channel(2);
    let reading = web::block(move || parse(&body, &sender));
    let saving = async {
        let mut saved = 0;
        while let Some(rows) = receiver.recv().await {
            let mut tx = state.pool.begin().await?;
            save(&mut tx, &claims, &rows).await?;
            tx.commit().await?;
            saved += rows.len();
        }
        Ok::<usize, sqlx::Error>(saved)
    };
    let (bad, saved) = futures_util::future::join(reading, saving).await;
    let bad = bad.map_err(|_| Failure::Status(StatusCode::INTERNAL_SERVER_ERROR))?;
    Ok(HttpResponse::Ok().json(json!({ "created": saved?, "failed": bad })))
}

/// `GET /export`: the database writes the file itself.
pub async fn export(claims: Claims, state: web::Data<State>) -> Answer {
    use futures_util::TryStreamExt;
    let mut sql = "COPY (SELECT".to_owned();
    let _ = write!(
        sql,
        " status, kind, name, trade_name, document, birth_date, phone, email, city, uf, consent_basis, created_at \
         FROM customer WHERE tenant_id = {} AND deleted_at IS NULL ORDER BY name_sort, id) TO STDOUT (FORMAT csv, DELIMITER ';')",
        claims.tenant
    );
    let mut stream = state.pool.copy_out_raw(&sql).await?;
    let mut text = Vec::new();
    while let Some(piece) = stream.try_next().await? {
        text.extend_from_slice(&piece);
    }
    Ok(HttpResponse::Ok().content_type("text/csv").body(text))
}
