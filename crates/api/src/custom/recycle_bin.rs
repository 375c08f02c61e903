//! What was removed and can come back.

use actix_web::{HttpResponse, web};
use conexao_domain::{
    kernel::{
        problem::{Code, Problem},
        query::{DEFAULT_LIMIT, MAX_LIMIT},
    },
    registry,
};
use conexao_engine::read::{self, Before, Discarded};
use serde::Deserialize;
use serde_json::json;

use crate::{
    ApiError, Caller, Operation, Routes,
    routes::{object, page},
};

pub(super) fn routes(routes: &mut Routes<'_>) {
    let text = || json!({ "type": "string" });
    let person = json!({ "type": ["object", "null"], "properties": { "id": text(), "name": text() } });
    let item = object(&[
        ("resource", text()),
        ("id", json!({ "type": "string", "format": "uuid" })),
        ("title", text()),
        ("subtitle", json!({ "type": ["string", "null"] })),
        ("deleted_at", json!({ "type": "string", "format": "date-time" })),
        ("deleted_by", person),
        ("version", json!({ "type": "integer" })),
    ]);
    let summary =
        "What was removed, newest first, of whatever I may remove; `actions/restore` of a record brings it back";
    let read = Operation::new("recycle-bin", summary).query(&[
        ("resource", "Of this resource only, by its singular name"),
        ("q", "Words that the records have"),
        ("after", "`next` of the previous page"),
        ("limit", "Rows per page, 1 to 200; 50 unless told"),
    ]);
    routes.get("/recycle-bin", read.answer(200, page(&item)), bin);
}

#[derive(Debug, Deserialize)]
struct Wanted {
    resource: Option<String>,
    #[serde(default)]
    q: String,
    after: Option<String>,
    limit: Option<u64>,
}

impl Wanted {
    fn read(&self) -> Result<Discarded<'_>, Problem> {
        let unknown = || Problem::new(Code::UnknownParameter).detail("resource");
        let malformed = |name: &str| Problem::new(Code::Malformed).detail(name);
        let resource = self.resource.as_deref().map(|name| registry::by_name(name).ok_or_else(unknown)).transpose()?;
        let after =
            self.after.as_deref().map(|text| Before::read(text).ok_or_else(|| malformed("after"))).transpose()?;
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        let limit = Some(limit).filter(|limit| (1..=MAX_LIMIT).contains(limit)).ok_or_else(|| malformed("limit"))?;
        Ok(Discarded { resource, words: &self.q, after, limit })
    }
}

async fn bin(caller: Caller, wanted: web::Query<Wanted>) -> Result<HttpResponse, ApiError> {
    let page = read::bin(&caller.engine, &caller.session, &wanted.read()?).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": page.items, "next": page.next })))
}
