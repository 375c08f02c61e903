//! Examples for the JSON schemas of operations.

use serde_json::{Map, Value as Json, json};

/// A body that fits `schema`; resource inputs, which are components, are empty.
pub fn example(schema: &Json) -> Json {
    if schema.get("$ref").is_some() {
        return json!({});
    }
    if let Some(first) = schema.pointer("/enum/0") {
        return first.clone();
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match kind {
        Some("object") => {
            let properties = schema["properties"].as_object().cloned().unwrap_or_default();
            Json::Object(properties.iter().map(|(name, schema)| (name.clone(), example(schema))).collect::<Map<_, _>>())
        }
        Some("array") => json!([]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(false),
        Some("string") if schema["format"] == "uuid" => json!(uuid::Uuid::nil()),
        Some("string") if schema["format"] == "date" => json!("2026-03-10"),
        Some("string") if schema["format"] == "date-time" => json!("2026-03-10T12:00:00.000Z"),
        Some("string") => json!("texto-de-exemplo-123"),
        _ => Json::Null,
    }
}
