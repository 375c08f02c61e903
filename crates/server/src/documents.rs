//! What never changes while the server runs: the API's document and its page.
//! Made for the first reader, then handed to everybody as it is.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::LazyLock,
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, ETAG, EntityTag, Header, IfNoneMatch},
    web::Bytes,
};
use conexao_api::openapi;

/// Bytes with the name by which readers know whether they have them.
struct Kept {
    bytes: Bytes,
    tag: String,
}

impl Kept {
    fn of(text: String) -> Self {
        // The same on every node of a version: this hasher has no key.
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Self { tag: format!("{:016x}", hasher.finish()), bytes: text.into() }
    }

    fn answer(&self, request: &HttpRequest, media: &'static str) -> HttpResponse {
        let own = EntityTag::new_strong(self.tag.clone());
        let has = match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Any) => true,
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|tag| tag.weak_eq(&own)),
            Err(_) => false,
        };
        let mut response = if has { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response.insert_header((ETAG, own.to_string())).insert_header((CACHE_CONTROL, "no-cache"));
        if has { response.finish() } else { response.content_type(media).body(self.bytes.clone()) }
    }
}

static DOCUMENT: LazyLock<Kept> = LazyLock::new(|| Kept::of(openapi::document().to_string()));
static PAGE: LazyLock<Kept> = LazyLock::new(|| Kept::of(openapi::page(&openapi::document())));

/// `/api/openapi.json`.
pub async fn document(request: HttpRequest) -> HttpResponse {
    DOCUMENT.answer(&request, "application/json")
}

/// `/api/docs`.
pub async fn docs(request: HttpRequest) -> HttpResponse {
    PAGE.answer(&request, "text/html; charset=utf-8")
}

#[cfg(test)]
mod tests {
    use actix_web::{http::StatusCode, test::TestRequest};

    use super::*;

    #[test]
    fn who_has_the_document_is_not_sent_it_again() {
        let kept = Kept::of("{}".to_owned());
        let first = kept.answer(&TestRequest::get().to_http_request(), "application/json");
        assert_eq!(first.status(), StatusCode::OK);
        let tag = format!("\"{}\"", kept.tag);
        let again = TestRequest::get().insert_header(("If-None-Match", tag)).to_http_request();
        assert_eq!(kept.answer(&again, "application/json").status(), StatusCode::NOT_MODIFIED);
        let other = TestRequest::get().insert_header(("If-None-Match", "\"other\"")).to_http_request();
        assert_eq!(kept.answer(&other, "application/json").status(), StatusCode::OK);
    }
}
