//! What the privacy desk answers.

use serde_json::{Map, Value as Json, json};

use crate::routes::object;

fn text() -> Json {
    json!({ "type": "string" })
}

fn optional() -> Json {
    json!({ "type": ["string", "null"] })
}

fn flag() -> Json {
    json!({ "type": "boolean" })
}

fn list(items: &Json) -> Json {
    json!({ "type": "array", "items": items })
}

pub(super) fn all(all: &mut Map<String, Json>) {
    let reason = object(&[("field", optional()), ("label", optional()), ("what", text())]);
    let about = json!({ "type": ["object", "null"], "properties": { "resource": text(), "id": text() } });
    let item = object(&[
        ("id", text()),
        ("title", optional()),
        ("state", optional()),
        ("created_at", optional()),
        ("about", about),
        ("reasons", list(&reason)),
    ]);
    let group = object(&[
        ("kind", json!({ "type": "string", "enum": ["records", "texts"] })),
        ("name", text()),
        ("label", text()),
        ("person", flag()),
        ("items", list(&item)),
        ("more", flag()),
    ]);
    all.insert("PrivacyFound".into(), object(&[("groups", list(&group))]));
    let kept = object(&[
        ("field", text()),
        ("label", text()),
        ("basis", text()),
        ("basis_label", text()),
        ("law", text()),
        ("until", optional()),
    ]);
    let record = object(&[
        ("resource", text()),
        ("resource_label", text()),
        ("id", text()),
        ("title", text()),
        ("tie", json!({ "type": "string", "enum": ["person", "refers", "mentions"] })),
        ("emptied", list(&text())),
        ("kept", list(&kept)),
    ]);
    let place = object(&[("place", text()), ("label", text()), ("count", json!({ "type": "integer" }))]);
    let preview = [("records", list(&record)), ("places", list(&place)), ("held", list(&text())), ("digest", text())];
    all.insert("PrivacyPreview".into(), object(&preview));
    kept_data(all);
}

/// What is kept, and for how long.
fn kept_data(all: &mut Map<String, Json>) {
    let years = || json!({ "type": ["integer", "null"] });
    let choice = object(&[
        ("basis", text()),
        ("label", text()),
        ("law", text()),
        ("legal_years", years()),
        ("years", years()),
        ("most_years", years()),
        ("reason", optional()),
        ("resources", list(&text())),
    ]);
    all.insert("RetentionChoice".into(), choice);
    let erasure = object(&[
        ("id", text()),
        ("resource", text()),
        ("record_id", text()),
        ("request_id", optional()),
        ("erased_at", text()),
        ("emptied", list(&text())),
        ("kept", flag()),
        ("basis", optional()),
        ("basis_label", optional()),
        ("law", optional()),
        ("until", optional()),
        ("over", flag()),
    ]);
    let person = object(&[("resource", text()), ("id", text()), ("title", text()), ("idle_since", optional())]);
    let proposals = [("idle_years", json!({ "type": "integer" })), ("people", list(&person)), ("kept", list(&erasure))];
    all.insert("PrivacyProposals".into(), object(&proposals));
    all.insert("Erasure".into(), erasure);
    all.insert("KeptValue".into(), object(&[("field", text()), ("label", text()), ("value", json!({}))]));
}
