//! Where personal data may be besides records. A test compares this list with
//! the tables of the database, so a new table cannot be forgotten.

/// How rows of a place tell which record they are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// By the columns `resource` and `record_id`.
    Record,
    /// Only their texts tell.
    Texts,
}

/// What an anonymisation does to rows of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    /// Texts of rows about the person are emptied, elsewhere only the values
    /// that tell of the person are.
    Redact,
    /// The row goes.
    Remove,
    /// The row goes, and its file.
    RemoveFile,
    /// File and rows of the import go, the import stays.
    Clear,
    /// The texts go and a chained entry says so.
    Chained,
    /// Encrypted: what went to the person goes, elsewhere the person is taken
    /// out. No search of the database sees it.
    Sealed,
}

/// A table of the system with texts that may name somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub table: &'static str,
    /// Its key without the tenant.
    pub key: &'static [&'static str],
    /// Columns with texts.
    pub texts: &'static [&'static str],
    pub about: About,
    pub erasure: Erasure,
}

const fn place(
    table: &'static str,
    key: &'static [&'static str],
    texts: &'static [&'static str],
    about: About,
    erasure: Erasure,
) -> Place {
    Place { table, key, texts, about, erasure }
}

/// All of them, in the order in which they are emptied.
pub static PLACES: &[Place] = &[
    // First: whose a message is stands in its record, which is emptied later.
    place("message_content", &["message_id"], &["sealed"], About::Texts, Erasure::Sealed),
    place("idempotency", &["actor", "key"], &["body"], About::Texts, Erasure::Remove),
    place("notification", &["id"], &["title", "body"], About::Record, Erasure::Remove),
    place("comment", &["id"], &["text"], About::Record, Erasure::Redact),
    place("attachment", &["id"], &["name"], About::Record, Erasure::RemoveFile),
    place("import_row", &["import_id", "line"], &["cells", "errors"], About::Texts, Erasure::Redact),
    place("import_batch", &["import_id", "seq"], &["changes"], About::Texts, Erasure::Redact),
    place("import", &["id"], &["sample", "file_name", "shape", "mapping"], About::Texts, Erasure::Clear),
    place("job_row", &["job_id", "line"], &["errors"], About::Texts, Erasure::Redact),
    place("job", &["id"], &["title", "params", "result", "error", "file_name"], About::Texts, Erasure::Redact),
    place("message_event", &["id"], &["detail"], About::Texts, Erasure::Redact),
    place("saved_view", &["id"], &["name", "query"], About::Texts, Erasure::Redact),
    place("dashboard", &["user_id", "name"], &["widgets"], About::Texts, Erasure::Redact),
    place("outbox", &["id"], &["payload"], About::Record, Erasure::Redact),
    place("audit", &["seq"], &["changes"], About::Record, Erasure::Chained),
];

/// Tables that hold nothing of the people a company has as customers, and why.
pub static NOTHING: &[(&str, &str)] = &[
    ("account_link", "invitations and recoveries of the team, hashed; see the technical retention"),
    ("audit_head", "the end of the chain"),
    ("channel_state", "whether a way out is open"),
    ("credential", "passwords of the team, hashed"),
    ("erasure", "what was anonymised: no values, but for what the law keeps, encrypted"),
    ("failed_attempt", "names and addresses of failed log-ins, hashed or hours only"),
    ("integration", "credentials of the company, encrypted"),
    ("login_challenge", "log-ins of the team"),
    ("message_template", "wordings of the company"),
    ("notification_choice", "choices of the team"),
    ("notification_default", "choices of the company"),
    ("notification_rhythm", "choices of the team"),
    ("passkey", "keys of the team"),
    ("passkey_ceremony", "questions to keys of the team, minutes only"),
    ("push_key", "keys of the company, encrypted"),
    ("push_subscription", "browsers of the team, encrypted"),
    ("recovery_code", "codes of the team, hashed"),
    ("recovery_request", "requests of the team, hours only"),
    ("retention_choice", "years, chosen by the company"),
    ("search_key", "the way from records to their search text"),
    ("second_factor", "keys of the team, encrypted"),
    ("secret", "keys of programs, hashed or encrypted"),
    ("sequence", "counters"),
    ("session", "log-ins of the team; see the technical retention"),
    ("signing_key", "keys of the installation"),
    ("tag_link", "labels of records, emptied with them"),
    ("tenant", "the company itself"),
    ("token_usage", "counts of calls"),
    ("trusted_device", "devices of the team"),
    ("user_channel", "ways to the team"),
    ("user_photo", "faces of the team"),
    ("user_preference", "choices of the team"),
];
