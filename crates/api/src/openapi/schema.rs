//! JSON schemas of resources, from their fields.

use conexao_domain::{
    kernel::{
        field::{Field, Kind, Writer},
        flow::Step,
        resource::{Resource, SYSTEM_FIELDS},
    },
    registry,
};
use serde_json::{Map, Value as Json, json};

use crate::routes::{component, object};

/// `customer` → `Customer`.
pub(crate) fn schema_name(resource: &Resource) -> String {
    let words = resource.name.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
    });
    words.collect()
}

fn kind(field: &Field) -> Json {
    match field.kind {
        Kind::Text { max } | Kind::LongText { max } => json!({ "type": "string", "maxLength": max }),
        Kind::Integer { min, max } => json!({ "type": "integer", "format": "int64", "minimum": min, "maximum": max }),
        Kind::Money => json!({ "type": "integer", "format": "int64", "description": "Cents, BRL", "example": 38990 }),
        Kind::Rate => {
            json!({ "type": "integer", "format": "int64", "description": "Basis points; 100 is 1 %", "example": 250 })
        }
        Kind::Quantity => {
            json!({ "type": "integer", "format": "int64", "description": "Thousandths; 1000 is 1", "example": 1000 })
        }
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Date => json!({ "type": "string", "format": "date", "example": "2026-11-20" }),
        Kind::Instant => json!({ "type": "string", "format": "date-time", "example": "2026-11-20T12:00:00.000Z" }),
        Kind::CpfCnpj => {
            json!({ "type": "string", "description": "CPF or CNPJ (also alphanumeric), without punctuation", "example": "52998224725" })
        }
        Kind::Phone => {
            json!({ "type": "string", "description": "E.164; Brazilian forms are accepted", "example": "+5511900000000" })
        }
        Kind::Cep => json!({ "type": "string", "pattern": "^[0-9]{8}$", "example": "01310100" }),
        Kind::Email => json!({ "type": "string", "format": "email", "example": "ana@example.com" }),
        Kind::Uf => json!({ "type": "string", "description": "State, two letters", "example": "SP" }),
        Kind::Municipality => json!({ "type": "string", "description": "IBGE code", "example": "3550308" }),
        Kind::Choice(options) => json!({ "type": "string", "enum": options }),
        Kind::Reference(name) => {
            json!({ "type": "string", "format": "uuid", "description": format!("Id of a {name}") })
        }
        Kind::User => json!({ "type": "string", "format": "uuid", "description": "Id of a user" }),
        Kind::Tags => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Lines(lines) => {
            json!({ "type": "array", "maxItems": lines.max, "minItems": lines.min, "items": fields(lines.fields.iter(), true) })
        }
        Kind::State => json!({ "type": "string" }),
    }
}

fn fields<'a>(list: impl Iterator<Item = &'a Field>, with_id: bool) -> Json {
    let mut properties = Map::new();
    let mut required = Vec::new();
    if with_id {
        properties.insert("id".into(), json!({ "type": "string", "format": "uuid" }));
    }
    for field in list {
        let mut schema = kind(field);
        if let Some(map) = schema.as_object_mut() {
            if field.writer == Writer::System {
                map.insert("readOnly".into(), true.into());
            }
            if field.personal {
                map.insert("x-personal".into(), true.into());
            }
        }
        if field.required && field.writer != Writer::System && field.default.is_none() {
            required.push(Json::from(field.name));
        } else if let Some(word) = schema.get("type").and_then(Json::as_str).map(str::to_owned)
            && let Some(map) = schema.as_object_mut()
            && !map.contains_key("enum")
        {
            map.insert("type".into(), json!([word, "null"]));
        }
        properties.insert(field.name.into(), schema);
    }
    let mut schema = json!({ "type": "object", "properties": properties });
    if let Some(map) = schema.as_object_mut().filter(|_| !required.is_empty()) {
        map.insert("required".into(), required.into());
    }
    schema
}

/// Lists leave lines out, and what is personal may come as a mask, which has
/// neither the form nor the length of the value.
fn as_read(schema: &mut Json, resource: &Resource) {
    let is_line = |name: &Json| resource.fields.iter().any(|f| *name == f.name && matches!(f.kind, Kind::Lines(_)));
    if let Some(required) = schema.get_mut("required").and_then(Json::as_array_mut) {
        required.retain(|name| !is_line(name));
    }
    unmasked(schema);
}

fn unmasked(schema: &mut Json) {
    let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) else { return };
    for property in properties.values_mut() {
        if let Some(items) = property.get_mut("items") {
            unmasked(items);
        }
        if let Some(map) = property.as_object_mut().filter(|map| map.contains_key("x-personal")) {
            map.retain(|rule, _| !["format", "pattern", "maxLength"].contains(&rule.as_str()));
        }
    }
}

/// What a record looks like when it is read.
pub(super) fn record(resource: &Resource) -> Json {
    let mut schema = fields(SYSTEM_FIELDS.iter().chain(resource.fields), false);
    as_read(&mut schema, resource);
    let states: Vec<&str> = resource.flow.map(|f| f.states.iter().map(|s| s.name).collect()).unwrap_or_default();
    if let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) {
        if !states.is_empty() {
            properties.insert("status".into(), json!({ "type": "string", "enum": states, "readOnly": true }));
        }
        properties.insert("_refs".into(), json!({ "type": "object", "description": "Names of what reference fields point to", "additionalProperties": component("Reference") }));
        properties.insert(
            "_masked".into(),
            json!({ "type": "array", "items": { "type": "string" }, "description": "Fields whose value is a mask" }),
        );
        properties.insert("_steps".into(), json!({ "type": "array", "items": component("Step") }));
        if registry::secret_of(resource.name).is_some() {
            properties.insert(
                "_secret".into(),
                json!({ "type": "string", "description": "Shown in the one answer that makes it" }),
            );
        }
        properties.insert("_related".into(), json!({ "type": "array", "items": component("Related") }));
    }
    schema
}

/// What may be sent to create or change a record.
pub(super) fn input(resource: &Resource) -> Json {
    fields(resource.fields.iter().filter(|f| f.writer != Writer::System), false)
}

/// What is sent and what is answered of a record that is one of its kind.
pub(crate) fn record_schemas(resource: &Resource) -> (Json, Json) {
    (input(resource), fields(SYSTEM_FIELDS.iter().chain(resource.fields), false))
}

/// What a flow step takes.
pub(crate) fn inputs(resource: &Resource, step: &Step) -> Json {
    let declared: Vec<(&Field, bool)> =
        step.inputs.iter().filter_map(|(name, required)| Some((resource.field(name)?, *required))).collect();
    let properties: Vec<(&str, Json)> = declared.iter().map(|(field, _)| (field.name, kind(field))).collect();
    let mut schema = object(&properties);
    let required: Vec<Json> =
        declared.iter().filter(|(_, required)| *required).map(|(field, _)| field.name.into()).collect();
    if let Some(map) = schema.as_object_mut().filter(|_| !required.is_empty()) {
        map.insert("required".into(), required.into());
    }
    schema
}
