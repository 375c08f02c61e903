//! What a person reads of themselves: one page without scripts or links.

use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        record::Record,
        resource::Resource,
    },
    locale,
};
use serde_json::Value as Json;

use crate::{Session, export::show};

/// How the page ends.
pub(super) const FOOT: &str = "</main></body></html>\n";

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#16211d;background:#fff}\
main{max-width:60rem;margin:0 auto;padding:2rem 1rem}h1{font-size:1.5rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}\
dl{display:grid;grid-template-columns:minmax(9rem,16rem) 1fr;gap:.25rem 1rem;margin:0}dt{color:#51605a}dd{margin:0;white-space:pre-line}\
section{border-top:1px solid #d5ddd9;padding:.5rem 0 1rem}p{margin:.5rem 0}";

/// Signs of the page's own language stand for themselves.
fn plain(text: &str) -> String {
    let sign = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        other => other.to_string(),
    };
    text.chars().map(sign).collect()
}

/// How the page begins: for whom and what for.
pub(super) fn head(session: &Session, request: &Record) -> String {
    let (title, about) = (locale::text(session.locale, "report.title"), locale::text(session.locale, "report.about"));
    let number = plain(request.text("number").unwrap_or_default());
    let name = plain(request.text("name").unwrap_or_default());
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{number}</title><style>{STYLE}</style></head><body><main><h1>{}</h1><p>{number} · {name}</p><p>{}</p>\n",
        session.locale.tag(),
        plain(&title),
        plain(&about)
    )
}

/// A record with everything it says; only what names the person where it is
/// somebody else's.
pub(super) fn record(
    session: &Session,
    resource: &'static Resource,
    record: &Record,
    mentioned: bool,
    said: &[(String, String)],
    letter: Option<&str>,
) -> String {
    let kind = locale::text(session.locale, &format!("resource.{}", resource.name));
    let pairs: String = resource.fields.iter().map(|field| pair(session, resource.name, field, record)).collect();
    let comments: Vec<String> =
        said.iter().map(|(at, text)| format!("<p>{} — {}</p>", plain(at), plain(text))).collect();
    let comments = comments.concat();
    // Lines of a letter are kept as its writer set them.
    let letter = letter.map(|text| format!("<p>{}</p>", plain(text).replace('\n', "<br>"))).unwrap_or_default();
    let note = if mentioned {
        format!("<p>{}</p>", plain(&locale::text(session.locale, "report.mentioned")))
    } else {
        String::new()
    };
    format!("<section><h2>{}</h2>{note}<dl>{pairs}</dl>{letter}{comments}</section>\n", plain(&kind))
}

fn pair(session: &Session, owner: &str, field: &Field, record: &Record) -> String {
    let text = value(session, owner, field, record.get(field.name));
    if text.is_empty() {
        return String::new();
    }
    format!("<dt>{}</dt><dd>{}</dd>", plain(&locale::field(session.locale, owner, field.name)), plain(&text))
}

fn value(session: &Session, owner: &str, field: &Field, value: &Json) -> String {
    // Who else is meant is named by their own record.
    if matches!(field.kind, Kind::Reference(_) | Kind::User) {
        return String::new();
    }
    let Kind::Lines(lines) = field.kind else { return show::text(&field.kind, (owner, field.name), value, session) };
    let line = |row: &Json| {
        let parts = lines.fields.iter().map(|f| {
            let value = row.get(f.name).unwrap_or(&Json::Null);
            show::text(&f.kind, (lines.table, f.name), value, session)
        });
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    value.as_array().into_iter().flatten().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_value_becomes_a_part_of_the_page() {
        assert_eq!(super::plain("<b>\"a\" & b</b>"), "&lt;b&gt;&quot;a&quot; &amp; b&lt;/b&gt;");
    }
}
