//! A new customer with what it owns: two statements in one transaction.

use std::fmt::Write;

use actix_web::{http::StatusCode, web};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use conexao_domain::kernel::value::{alnum, fold};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Postgres, Row, Transaction, postgres::PgRow};
use uuid::Uuid;

use super::{
    Answer, Failure, State,
    auth::Claims,
    customers::{answer, related, steps},
    journal::{self, Entry},
    json::{Text, document, email, phone},
};

#[derive(Debug, Serialize, Deserialize)]
struct Contact {
    channel: String,
    value: String,
    label: Option<String>,
    #[serde(default)]
    main: bool,
    consent: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Address {
    kind: String,
    cep: Option<String>,
    street: Option<String>,
    number: Option<String>,
    district: Option<String>,
    municipality: Option<String>,
    city: Option<String>,
    uf: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ExternalId {
    source: String,
    external_id: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Input {
    kind: String,
    name: String,
    document: Option<String>,
    birth_date: Option<NaiveDate>,
    consent_basis: Option<String>,
    #[serde(default)]
    contacts: Vec<Contact>,
    #[serde(default)]
    addresses: Vec<Address>,
    #[serde(default)]
    external_ids: Vec<ExternalId>,
    #[serde(default)]
    tags: Vec<String>,
}

const SQL: &str = "WITH c AS (INSERT INTO customer (tenant_id, id, version, created_at, updated_at, created_by, search_text, status, kind, \
       name, name_sort, document, birth_date, phone, email, city, city_sort, uf, consent_basis) \
       VALUES ($1, $2, 1, $3, $3, $4, $5, 'active', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)), \
     l AS (INSERT INTO customer_contact (tenant_id, id, customer_id, position, channel, value, label, main, consent) \
       SELECT $1, u.id, $2, u.n - 1, u.channel, u.value, u.label, u.main, coalesce(u.consent, 'unknown') \
       FROM unnest($17::uuid[], $18::text[], $19::text[], $20::text[], $21::bool[], $22::text[]) \
       WITH ORDINALITY AS u (id, channel, value, label, main, consent, n)), \
     a AS (INSERT INTO customer_address (tenant_id, id, customer_id, position, kind, cep, street, number, district, municipality, city, uf) \
       SELECT $1, u.id, $2, u.n - 1, u.kind, u.cep, u.street, u.number, u.district, u.municipality, u.city, u.uf \
       FROM unnest($23::uuid[], $24::text[], $25::text[], $26::text[], $27::text[], $28::text[], $29::text[], $30::text[], $31::text[]) \
       WITH ORDINALITY AS u (id, kind, cep, street, number, district, municipality, city, uf, n)), \
     e AS (INSERT INTO customer_external_id (tenant_id, id, customer_id, position, source, external_id) \
       SELECT $1, u.id, $2, u.n - 1, u.source, u.external_id FROM unnest($32::uuid[], $33::text[], $34::text[]) \
       WITH ORDINALITY AS u (id, source, external_id, n)), \
     t AS (INSERT INTO tag_link (tenant_id, resource, record_id, tag) SELECT $1, 'customer', $2, u FROM unnest($35::text[]) AS u), \
     o AS (INSERT INTO outbox (tenant_id, id, event, resource, record_id, payload, created_at) \
       VALUES ($1, $36, 'customer.create', 'customer', $2, $37, $3)) ";

/// Who acts, for the entry and the answer.
const ACTOR: &str = ", (SELECT u.name FROM user_account u WHERE u.tenant_id = $1 AND u.id = $4), \
    (SELECT u.email FROM user_account u WHERE u.tenant_id = $1 AND u.id = $4)";

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Check digits of a CPF or CNPJ, written out.
pub fn valid_document(code: &str) -> bool {
    let (body, last_weight) = match code.len() {
        11 => (9, 11),
        14 => (12, 9),
        _ => return false,
    };
    let digit = |upto: usize| {
        let weights = (2..=last_weight).cycle();
        let sum: u32 =
            code.bytes().take(upto).rev().zip(weights).map(|(b, w)| u32::from(b.saturating_sub(48)) * w).sum();
        if sum % 11 < 2 { 0 } else { 11 - sum % 11 }
    };
    let is = |at: usize| code.as_bytes().get(at).map(|b| u32::from(b.saturating_sub(48)));
    is(body) == Some(digit(body)) && is(body + 1) == Some(digit(body + 1))
}

fn read(body: &[u8]) -> Option<Input> {
    let mut input: Input = serde_json::from_slice(body).ok()?;
    input.document = input.document.map(|text| digits(&text));
    input.document.as_deref().is_none_or(valid_document).then_some(())?;
    for contact in &mut input.contacts {
        contact.value = match contact.channel.as_str() {
            "email" => contact.value.trim().to_lowercase(),
            _ => format!("+55{}", digits(&contact.value)),
        };
    }
    Some(input)
}

/// What is derived from the input.
struct Derived<'a> {
    id: Uuid,
    now: DateTime<Utc>,
    phone: Option<&'a str>,
    email: Option<&'a str>,
    city: Option<&'a str>,
    uf: Option<&'a str>,
    search: String,
    contacts: Vec<Uuid>,
    addresses: Vec<Uuid>,
    external_ids: Vec<Uuid>,
}

fn derive(input: &Input) -> Derived<'_> {
    let contact = |channels: &[&str]| {
        let found = input.contacts.iter().find(|c| channels.contains(&c.channel.as_str()));
        found.map(|c| c.value.as_str())
    };
    let (phone, email) = (contact(&["whatsapp", "phone"]), contact(&["email"]));
    let (folded, bare) = (fold(&input.name), email.map(|text| alnum(text).to_lowercase()));
    let words = [Some(folded.as_str()), input.document.as_deref(), phone, bare.as_deref(), email];
    let ids = |count: usize| (0..count).map(|_| Uuid::now_v7()).collect::<Vec<_>>();
    Derived {
        id: Uuid::now_v7(),
        now: Utc::now(),
        phone,
        email,
        city: input.addresses.first().and_then(|a| a.city.as_deref()),
        uf: input.addresses.first().and_then(|a| a.uf.as_deref()),
        search: words.into_iter().flatten().collect::<Vec<_>>().join(" "),
        contacts: ids(input.contacts.len()),
        addresses: ids(input.addresses.len()),
        external_ids: ids(input.external_ids.len()),
    }
}

pub async fn create(claims: Claims, state: web::Data<State>, body: web::Bytes) -> Answer {
    let input = read(&body).ok_or(Failure::Status(StatusCode::UNPROCESSABLE_ENTITY))?;
    let derived = derive(&input);
    let mut tx = state.pool.begin().await?;
    let row = insert(&mut tx, &claims, &input, &derived).await?;
    let (actor, previous): (&str, &str) = (row.try_get(2)?, row.try_get(1)?);
    let entry = Entry {
        at: derived.now,
        actor,
        resource: "customer",
        record: derived.id,
        action: "create",
        changes: format!("{{\"input\":[null,{}]}}", String::from_utf8_lossy(&body)),
        seq: row.try_get(0)?,
        previous,
    };
    journal::append(&mut tx, &claims, entry).await?;
    tx.commit().await?;
    Ok(answer(StatusCode::CREATED, seen(&input, &derived, claims.sub, actor, row.try_get(3)?)))
}

async fn insert(
    tx: &mut Transaction<'static, Postgres>,
    claims: &Claims,
    input: &Input,
    derived: &Derived<'_>,
) -> Result<PgRow, sqlx::Error> {
    fn column<'a, T>(rows: &'a [T], of: fn(&'a T) -> Option<&'a str>) -> Vec<Option<&'a str>> {
        rows.iter().map(of).collect()
    }
    let sql = [SQL, journal::NEXT, ACTOR].concat();
    let (contacts, addresses) = (&input.contacts, &input.addresses);
    sqlx::query(AssertSqlSafe(sql))
        .bind(claims.tenant)
        .bind(derived.id)
        .bind(derived.now)
        .bind(claims.sub)
        .bind(&derived.search)
        .bind(&input.kind)
        .bind(&input.name)
        .bind(fold(&input.name))
        .bind(&input.document)
        .bind(input.birth_date)
        .bind(derived.phone)
        .bind(derived.email)
        .bind(derived.city)
        .bind(derived.city.map(fold))
        .bind(derived.uf)
        .bind(&input.consent_basis)
        .bind(&derived.contacts)
        .bind(column(contacts, |c| Some(c.channel.as_str())))
        .bind(column(contacts, |c| Some(c.value.as_str())))
        .bind(column(contacts, |c| c.label.as_deref()))
        .bind(contacts.iter().map(|c| c.main).collect::<Vec<_>>())
        .bind(column(contacts, |c| c.consent.as_deref()))
        .bind(&derived.addresses)
        .bind(column(addresses, |a| Some(a.kind.as_str())))
        .bind(column(addresses, |a| a.cep.as_deref()))
        .bind(column(addresses, |a| a.street.as_deref()))
        .bind(column(addresses, |a| a.number.as_deref()))
        .bind(column(addresses, |a| a.district.as_deref()))
        .bind(column(addresses, |a| a.municipality.as_deref()))
        .bind(column(addresses, |a| a.city.as_deref()))
        .bind(column(addresses, |a| a.uf.as_deref()))
        .bind(&derived.external_ids)
        .bind(column(&input.external_ids, |e| Some(e.source.as_str())))
        .bind(column(&input.external_ids, |e| Some(e.external_id.as_str())))
        .bind(&input.tags)
        .bind(Uuid::now_v7())
        .bind(journal::payload(
            claims,
            "",
            derived.now,
            &["kind", "name", "document", "contacts", "addresses", "phone", "email"],
        ))
        .fetch_one(&mut **tx)
        .await
}

/// The record as the product answers with it.
fn seen(input: &Input, derived: &Derived<'_>, actor: Uuid, name: &str, mail: Option<&str>) -> Text {
    let now = derived.now.to_rfc3339_opts(SecondsFormat::Millis, true);
    let id = |ids: &[Uuid], at: usize| ids.get(at).copied().unwrap_or_default();
    let mut out = Text(format!(
        "{{\"id\":\"{}\",\"version\":1,\"created_at\":\"{now}\",\"updated_at\":\"{now}\",\"created_by\":\"{actor}\",\
         \"status\":\"active\",\"kind\":\"{}\",\"trade_name\":null,\"state_registration\":null,\"owner_id\":null,\
         \"consent_at\":null,\"consent_note\":null,\"block_reason\":null,\"notes\":null",
        derived.id, input.kind
    ));
    let birth = input.birth_date.map(|_| "•••".to_owned());
    let fields = [
        ("name", Some(input.name.clone())),
        ("document", input.document.as_deref().map(document)),
        ("birth_date", birth),
        ("phone", derived.phone.map(phone)),
        ("email", derived.email.map(email)),
        ("city", derived.city.map(str::to_owned)),
        ("uf", derived.uf.map(str::to_owned)),
        ("consent_basis", input.consent_basis.clone()),
    ];
    for (name, value) in &fields {
        out.name(name);
        out.optional(value.as_deref());
    }
    let personal = fields
        .iter()
        .filter(|(name, value)| value.is_some() && ["document", "birth_date", "phone", "email"].contains(name));
    let hidden: Vec<&str> = personal.map(|(name, _)| *name).collect();
    let contacts = input.contacts.iter().enumerate().map(|(i, c)| {
        json!({ "id": id(&derived.contacts, i), "channel": c.channel, "value": masked(&c.channel, &c.value), "label": c.label, "main": c.main,
            "consent": c.consent.as_deref().unwrap_or("unknown"), "consent_at": null, "consent_source": null, "_masked": ["value"] })
    });
    let addresses = input.addresses.iter().enumerate().map(|(i, a)| {
        json!({ "id": id(&derived.addresses, i), "kind": a.kind, "cep": a.cep, "street": a.street, "number": a.number, "complement": null,
            "district": a.district, "municipality": a.municipality, "city": a.city, "uf": a.uf })
    });
    let others =
        input.external_ids.iter().enumerate().map(
            |(i, e)| json!({ "id": id(&derived.external_ids, i), "source": e.source, "external_id": e.external_id }),
        );
    let lists = [
        ("contacts", contacts.collect::<Value>()),
        ("addresses", addresses.collect()),
        ("external_ids", others.collect()),
        ("tags", json!(input.tags)),
        ("_masked", json!(hidden)),
    ];
    for (name, list) in lists {
        out.name(name);
        let _ = write!(out.0, "{list}");
    }
    out.0.push_str(",\"_refs\":{");
    out.reference("created_by", "user", Some(actor), Some(name), mail);
    let _ = write!(out.0, "}},\"_steps\":{},\"_related\":{}}}", steps("active"), related(0, 0));
    out
}

/// A contact as it is shown, by what it is.
fn masked(channel: &str, value: &str) -> String {
    if channel == "email" { super::json::email(value) } else { super::json::phone(value) }
}
