//! The browser application inside the binary, compressed when it was built.

use actix_web::{HttpRequest, HttpResponse, http::header};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../target/spa"]
struct Files;

/// A file of the application; any other path is a screen of it.
pub async fn serve(request: HttpRequest) -> HttpResponse {
    let path = request.path().trim_start_matches('/');
    let asset = path.starts_with("assets/");
    let known = !path.is_empty() && path != "manifest.json" && Files::get(path).is_some();
    if asset && !known {
        return HttpResponse::NotFound().finish();
    }
    let name = if known { path } else { "index.html" };
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut encoded = [("br", "br"), ("gzip", "gz")].into_iter().filter(|(encoding, _)| accepted.contains(encoding));
    let compressed = encoded.find_map(|(encoding, suffix)| Some((encoding, Files::get(&format!("{name}.{suffix}"))?)));
    match (compressed, Files::get(name)) {
        (Some((encoding, file)), _) => answer(name, file, Some(encoding), asset),
        (None, Some(file)) => answer(name, file, None, asset),
        (None, None) => HttpResponse::NotFound()
            .content_type("text/plain")
            .body("The browser application is not in this build; run `cargo xtask bundle`."),
    }
}

fn answer(name: &str, file: EmbeddedFile, encoding: Option<&'static str>, immutable: bool) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.content_type(media_type(name)).insert_header((header::VARY, "Accept-Encoding"));
    if let Some(encoding) = encoding {
        response.insert_header((header::CONTENT_ENCODING, encoding));
    }
    // Names carry a hash of the content, so what is under a name never changes.
    let caching = if immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.insert_header((header::CACHE_CONTROL, caching)).body(file.data.into_owned())
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript",
        "css" => "text/css",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "json" => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}
