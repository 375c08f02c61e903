//! Schemas that belong to no resource.

use conexao_domain::kernel::problem::Code;
use serde_json::{Map, Value as Json, json};

use crate::routes::object;

/// Schemas that all resources share.
pub(super) fn all() -> Map<String, Json> {
    let text = || json!({ "type": "string" });
    let optional = || json!({ "type": ["string", "null"] });
    let codes: Vec<&str> = Code::ALL.iter().map(|c| c.name()).collect();
    let error = object(&[("field", text()), ("code", text()), ("message", text())]);
    let mut all = Map::new();
    all.insert(
        "Problem".into(),
        object(&[
            ("type", text()),
            ("title", text()),
            ("status", json!({ "type": "integer" })),
            ("code", json!({ "type": "string", "enum": codes })),
            ("detail", text()),
            ("reason", text()),
            ("request_id", text()),
            ("errors", json!({ "type": "array", "items": error })),
        ]),
    );
    all.insert(
        "Reference".into(),
        object(&[("id", text()), ("resource", text()), ("title", text()), ("subtitle", optional())]),
    );
    all.insert(
        "Hint".into(),
        object(&[("id", text()), ("title", text()), ("subtitle", optional()), ("field", text())]),
    );
    all.insert(
        "Step".into(),
        object(&[
            ("name", text()),
            ("allowed", json!({ "type": "boolean" })),
            ("permitted", json!({ "type": "boolean" })),
            ("reason", optional()),
            // The input that lifts the reason.
            ("needs", optional()),
            // With the reason `four_eyes`: who acted before, and may not decide again.
            (
                "who",
                json!({ "type": "array", "items": object(&[("id", text()), ("name", text()), ("action", text())]) }),
            ),
        ]),
    );
    all.insert(
        "Related".into(),
        object(&[("resource", text()), ("field", text()), ("count", json!({ "type": "integer" }))]),
    );
    all.insert(
        "Group".into(),
        object(&[
            ("key", json!({ "description": "The value; of an interval its first day" })),
            ("split", json!({ "description": "The second value, where groups are parted" })),
            ("count", json!({ "type": "integer" })),
            ("sum", json!({ "type": ["integer", "null"] })),
        ]),
    );
    let instant = || json!({ "type": "string", "format": "date-time" });
    let person = || json!({ "type": ["object", "null"], "properties": { "id": text(), "name": optional() } });
    all.insert(
        "Comment".into(),
        object(&[
            ("id", text()),
            ("text", text()),
            ("author", person()),
            ("mentions", json!({ "type": "array", "items": person() })),
            ("created_at", instant()),
        ]),
    );
    all.insert(
        "Attachment".into(),
        object(&[
            ("id", text()),
            ("name", text()),
            ("size", json!({ "type": "integer", "description": "Bytes" })),
            ("media_type", text()),
            ("has_thumbnail", json!({ "type": "boolean" })),
            ("created_at", instant()),
            ("created_by", person()),
        ]),
    );
    let change = object(&[("field", text()), ("old", json!({})), ("new", json!({}))]);
    all.insert(
        "TimelineEntry".into(),
        object(&[
            ("id", text()),
            ("at", json!({ "type": "string", "format": "date-time" })),
            ("kind", json!({ "type": "string", "enum": ["change", "comment", "file"] })),
            ("actor", json!({ "type": ["object", "null"], "properties": { "id": optional(), "name": text(), "for_id": optional() } })),
            ("action", text()),
            ("changes", json!({ "type": "array", "items": change })),
            ("text", text()),
            ("undoes", json!({ "type": "string", "description": "Of `undo`: the entry it took back" })),
            ("file", json!({ "type": "object" })),
        ]),
    );
    audit(&mut all);
    account(&mut all);
    background(&mut all);
    super::privacy::all(&mut all);
    all
}

/// What the audit says.
fn audit(all: &mut Map<String, Json>) {
    let text = || json!({ "type": "string" });
    let optional = || json!({ "type": ["string", "null"] });
    let record = json!({ "type": ["object", "null"], "properties": { "id": text(), "title": optional(), "screen": { "type": "boolean" } } });
    let change = object(&[
        ("field", text()),
        ("label", text()),
        ("old", optional()),
        ("new", optional()),
        ("masked", json!({ "type": "boolean" })),
    ]);
    let entry = object(&[
        ("id", text()),
        ("at", json!({ "type": "string", "format": "date-time" })),
        ("actor", object(&[("id", optional()), ("name", text()), ("for_id", optional())])),
        ("action", text()),
        ("action_label", text()),
        ("resource", text()),
        ("resource_label", text()),
        ("record", record),
        ("fields", json!({ "type": "array", "items": text() })),
        ("ip", optional()),
        ("request_id", optional()),
        ("clock", optional()),
        // Of one entry only.
        ("changes", json!({ "type": "array", "items": change })),
        ("hash", text()),
        ("previous_hash", text()),
    ]);
    all.insert("AuditEntry".into(), entry);
}

/// Who is logged in.
fn account(all: &mut Map<String, Json>) {
    let text = || json!({ "type": "string" });
    let optional = || json!({ "type": ["string", "null"] });
    let themed = || object(&[("light", optional()), ("dark", optional())]);
    let user = object(&[
        ("id", text()),
        ("name", text()),
        ("email", text()),
        ("locale", text()),
        ("theme", text()),
        ("density", text()),
        ("username", optional()),
        ("shortcuts", json!({ "type": ["object", "null"], "additionalProperties": { "type": "string" } })),
        ("shortcuts_off", json!({ "type": "boolean" })),
    ]);
    let tenant = object(&[
        ("id", json!({ "type": "integer" })),
        ("name", text()),
        ("slug", text()),
        ("trade_name", json!({ "type": ["string", "null"] })),
        ("kind", json!({ "enum": ["production", "sandbox", "demo", "operator"] })),
        ("time_zone", text()),
        ("logos", themed()),
        ("accents", themed()),
        ("clock", json!({ "type": ["object", "null"], "additionalProperties": true })),
    ]);
    let me = object(&[
        ("user", user),
        ("tenant", tenant),
        ("roles", json!({ "type": "array", "items": object(&[("id", text()), ("name", text())]) })),
        ("permissions", json!({ "type": "array", "items": text() })),
        (
            "standing_in",
            json!({ "type": "array", "items": object(&[("id", text()), ("name", text()), ("until", text())]) }),
        ),
        ("must_enrol", json!({ "type": "boolean" })),
        ("unread", json!({ "type": "integer" })),
    ]);
    all.insert("Me".into(), me);
}

/// Jobs, their rows, notifications.
fn background(all: &mut Map<String, Json>) {
    let text = || json!({ "type": "string" });
    let optional = || json!({ "type": ["string", "null"] });
    let number = || json!({ "type": "integer" });
    let flag = || json!({ "type": "boolean" });
    let states = ["queued", "running", "done", "failed", "cancelled", "dead"];
    let job = object(&[
        ("id", text()),
        ("kind", text()),
        ("title", text()),
        ("state", json!({ "type": "string", "enum": states })),
        ("done", number()),
        ("total", number()),
        ("failed", number()),
        ("result", json!({})),
        ("error", optional()),
        ("resource", optional()),
        ("created_at", text()),
        ("started_at", optional()),
        ("finished_at", optional()),
        ("created_by", json!({ "type": ["object", "null"] })),
        ("cancellable", flag()),
        ("undoable", flag()),
        ("has_file", flag()),
        ("file_name", optional()),
    ]);
    all.insert("Job".into(), job);
    let error = object(&[("field", text()), ("code", text()), ("message", text())]);
    let errors = json!({ "type": "array", "items": error });
    let row = object(&[("line", number()), ("record_id", optional()), ("ok", flag()), ("errors", errors)]);
    all.insert("JobRow".into(), row);
    let notification = object(&[
        ("id", text()),
        ("category", text()),
        ("event", text()),
        ("title", text()),
        ("body", text()),
        ("resource", optional()),
        ("record_id", optional()),
        ("read_at", optional()),
        ("created_at", text()),
    ]);
    all.insert("Notification".into(), notification);
    let import = object(&[
        ("id", text()),
        ("resource", text()),
        ("file_name", text()),
        ("size", number()),
        ("state", text()),
        ("shape", json!({ "type": "object" })),
        ("options", json!({ "type": "object" })),
        ("mapping", json!({ "type": "array", "items": { "type": "object" } })),
        ("mode", text()),
        ("key", optional()),
        ("summary", json!({ "type": "object" })),
        ("job_id", optional()),
    ]);
    all.insert("Import".into(), import);
}
