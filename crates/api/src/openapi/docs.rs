//! The documentation page: plain HTML from the document, no script, so it is
//! fast, printable and works under the strict content policy.

use std::{collections::BTreeMap, fmt::Write};

use conexao_domain::{
    kernel::problem::Code,
    locale::{self, Locale},
    registry::RESOURCES,
};
use serde_json::Value as Json;

use super::events;

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn text<'a>(value: &'a Json, name: &str) -> &'a str {
    value.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// The page for a document.
pub fn page(document: &Json) -> String {
    let mut out = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>Conexão API</title><link rel=\"stylesheet\" href=\"/api/docs.css\"></head><body><main><h1>Conexão API</h1>",
    );
    let info = document.get("info").cloned().unwrap_or_default();
    let _ = write!(
        out,
        "<p>{}</p><p><a href=\"/api/openapi.json\">openapi.json</a> · version {}</p>",
        escape(text(&info, "description")),
        escape(text(&info, "version"))
    );
    let mut groups: BTreeMap<String, Vec<(String, String, &Json)>> = BTreeMap::new();
    for (path, methods) in document.get("paths").and_then(Json::as_object).into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let tag = operation.pointer("/tags/0").and_then(Json::as_str).unwrap_or("other");
            groups.entry(tag.to_owned()).or_default().push((method.to_uppercase(), path.clone(), operation));
        }
    }
    for (tag, operations) in &groups {
        let _ = write!(out, "<section><h2 id=\"{0}\">{0}</h2>", escape(tag));
        for (method, path, operation) in operations {
            describe(&mut out, method, path, operation);
        }
        out.push_str("</section>");
    }
    problems(&mut out);
    events(&mut out);
    schemas(&mut out, document);
    out.push_str("</main></body></html>");
    out
}

fn describe(out: &mut String, method: &str, path: &str, operation: &Json) {
    let _ = write!(
        out,
        "<details><summary><code>{method}</code> <code>{}</code> {}</summary>",
        escape(path),
        escape(text(operation, "summary"))
    );
    if let Some(permission) = operation.get("x-permission").and_then(Json::as_str) {
        let _ = write!(out, "<p>Permission <code>{}</code></p>", escape(permission));
    }
    let parameters = operation.get("parameters").and_then(Json::as_array).filter(|p| !p.is_empty());
    if let Some(parameters) = parameters {
        out.push_str("<table><thead><tr><th scope=\"col\">Parameter</th><th scope=\"col\">In</th><th scope=\"col\">Meaning</th></tr></thead><tbody>");
        for p in parameters {
            let _ = write!(
                out,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
                escape(text(p, "name")),
                escape(text(p, "in")),
                escape(text(p, "description"))
            );
        }
        out.push_str("</tbody></table>");
    }
    for (title, value) in [("Body", operation.get("requestBody")), ("Answers", operation.get("responses"))] {
        if let Some(value) = value {
            let json = serde_json::to_string_pretty(value).unwrap_or_default();
            let _ = write!(out, "<h3>{title}</h3><pre tabindex=\"0\">{}</pre>", escape(&json));
        }
    }
    out.push_str("</details>");
}

fn problems(out: &mut String) {
    out.push_str("<section><h2>Problems</h2><table><thead><tr><th scope=\"col\">Code</th><th scope=\"col\">Status</th><th scope=\"col\">Meaning</th></tr></thead><tbody>");
    for code in Code::ALL {
        let title = locale::text(Locale::En, &format!("problem.{}", code.name()));
        let _ = write!(
            out,
            "<tr id=\"problem-{0}\"><td><code>{0}</code></td><td>{1}</td><td>{2}</td></tr>",
            code.name(),
            code.status(),
            escape(&title)
        );
    }
    out.push_str("</tbody></table></section>");
}

fn events(out: &mut String) {
    out.push_str("<section><h2>Events</h2><table><thead><tr><th scope=\"col\">Event</th><th scope=\"col\">When</th></tr></thead><tbody>");
    for event in RESOURCES.iter().flat_map(|resource| events::of(resource)) {
        let _ = write!(out, "<tr><td><code>{}</code></td><td>{}</td></tr>", escape(&event.name), escape(&event.when));
    }
    out.push_str("</tbody></table></section>");
}

fn schemas(out: &mut String, document: &Json) {
    out.push_str("<section><h2>Schemas</h2>");
    for (name, schema) in document.pointer("/components/schemas").and_then(Json::as_object).into_iter().flatten() {
        let json = serde_json::to_string_pretty(schema).unwrap_or_default();
        let _ = write!(
            out,
            "<details><summary><code>{}</code></summary><pre tabindex=\"0\">{}</pre></details>",
            escape(name),
            escape(&json)
        );
    }
    out.push_str("</section>");
}
