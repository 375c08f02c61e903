//! The OpenAPI document: sound in itself, and about what is there.

use std::collections::{BTreeMap, BTreeSet};

use conexao_api::{openapi, operations};
use conexao_domain::kernel::problem::Code;
use serde_json::Value as Json;

use crate::support::{on_each_database, walk::call};

/// Every value in the document with the path to it.
fn walk(value: &Json, path: &str, visit: &mut impl FnMut(&str, &Json)) {
    visit(path, value);
    match value {
        Json::Object(map) => map.iter().for_each(|(name, value)| walk(value, &format!("{path}/{name}"), visit)),
        Json::Array(list) => list.iter().enumerate().for_each(|(i, value)| walk(value, &format!("{path}/{i}"), visit)),
        _ => {}
    }
}

#[test]
fn every_operation_is_documented_and_nothing_else_is() {
    let document = openapi::document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut documented = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            documented.insert((path.clone(), method.clone()));
        }
    }
    let mounted: BTreeSet<_> =
        operations().iter().map(|o| (format!("/api/v1{}", o.path), o.method.to_owned())).collect();
    assert_eq!(documented, mounted);
}

#[test]
fn references_lead_somewhere_and_everything_shared_is_used() {
    let document = openapi::document();
    let mut used = BTreeSet::new();
    walk(&document, "", &mut |path, value| {
        if let Some(target) = value.get("$ref").and_then(Json::as_str) {
            let pointer = target.strip_prefix('#').unwrap_or_else(|| panic!("{path} leads out: {target}"));
            assert!(document.pointer(pointer).is_some(), "{path} leads nowhere: {target}");
            used.insert(target.rsplit('/').next().unwrap().to_owned());
        }
    });
    let shared: BTreeSet<String> = document["components"]["schemas"].as_object().unwrap().keys().cloned().collect();
    let unused: Vec<&String> = shared.difference(&used).collect();
    assert!(unused.is_empty(), "no operation mentions {unused:?}");
}

#[test]
fn operations_are_told_apart_and_their_paths_and_answers_are_whole() {
    let document = openapi::document();
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let wanted: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        for (method, operation) in methods.as_object().unwrap() {
            let what = format!("{method} {path}");
            let id = operation["operationId"].as_str().unwrap().to_owned();
            if let Some(other) = ids.insert(id, what.clone()) {
                panic!("{what} and {other} have one id");
            }
            let parameters = operation["parameters"].as_array().unwrap();
            let at = |place: &str| -> Vec<&str> {
                let there = parameters.iter().filter(|p| p["in"] == place);
                there.map(|p| p["name"].as_str().unwrap()).collect()
            };
            assert_eq!(at("path").into_iter().collect::<BTreeSet<_>>(), wanted, "{what}");
            assert!(parameters.iter().filter(|p| p["in"] == "path").all(|p| p["required"] == true), "{what}");
            let query = at("query");
            assert_eq!(query.iter().collect::<BTreeSet<_>>().len(), query.len(), "{what} names a parameter twice");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{what}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{what}");
            // Nothing may come that is not named.
            assert!(!responses.contains_key("default"), "{what}");
            for status in ["400", "429", "5XX"] {
                assert!(responses[status]["content"]["application/problem+json"].is_object(), "{what}");
            }
        }
    }
}

/// Types of JSON Schema 2020-12.
const TYPES: [&str; 7] = ["object", "array", "string", "integer", "number", "boolean", "null"];

#[test]
fn schemas_have_known_types_and_their_examples_fit() {
    let document = openapi::document();
    let mut examples = 0;
    walk(&document, "", &mut |path, value| {
        let Some(kind) = value.get("type").filter(|_| value.get("in").is_none() && !path.ends_with("/properties"))
        else {
            return;
        };
        let kinds: Vec<&str> = match kind {
            Json::String(kind) => vec![kind.as_str()],
            Json::Array(kinds) => kinds.iter().filter_map(Json::as_str).collect(),
            // A property that is itself called `type`, or a security scheme.
            _ => return,
        };
        if path.contains("/securitySchemes/") {
            return;
        }
        assert!(kinds.iter().all(|kind| TYPES.contains(kind)), "{path}: {kinds:?}");
        let Some(example) = value.get("example") else { return };
        examples += 1;
        let found = match example {
            Json::Number(n) if n.is_i64() => "integer",
            Json::String(_) => "string",
            Json::Bool(_) => "boolean",
            Json::Array(_) => "array",
            Json::Object(_) => "object",
            _ => "null",
        };
        assert!(kinds.contains(&found), "{path}: the example {example} is no {kinds:?}");
        if let Some(max) = value["maxLength"].as_u64() {
            assert!(u64::try_from(example.as_str().unwrap().len()).unwrap() <= max, "{path}");
        }
    });
    assert!(examples > 10, "{examples} examples");
}

#[test]
fn every_problem_code_is_in_the_document() {
    let document = openapi::document();
    let listed = document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"].as_array().unwrap();
    assert_eq!(listed.len(), Code::ALL.len());
}

#[test]
fn what_is_documented_answers_and_what_is_not_does_not() {
    on_each_database(async |app| {
        let stranger = app.stranger();
        for operation in operations().iter().filter(|o| !o.public) {
            let path = operation.path.replace("{line}", "2");
            let parts =
                path.split('/').map(|p| if p.starts_with('{') { uuid::Uuid::nil().to_string() } else { p.to_owned() });
            let path = parts.collect::<Vec<_>>().join("/");
            let answer = call(&stranger, operation, &path, 1).await;
            // The event stream asks for its ticket, uploads are read before they are refused.
            let refused = answer.status == 401 || answer.status == 400;
            assert!(refused, "{} {}", answer.what, answer.text);
        }
        for path in ["/nada", "/customers/x/y/z/w", "/customers/../users", "/"] {
            stranger.get(path).await.problem(404, "not_found");
        }
    });
}
