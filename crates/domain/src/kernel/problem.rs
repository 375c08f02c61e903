//! Everything that can go wrong on purpose, in one table: code and HTTP status
//! here, wording in the locales (`problem.<code>`), mapping to HTTP in `api`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident = $status:literal $code:literal;)*) => {
        /// Stable problem codes (RFC 9457 `type` suffix).
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $($(#[doc = $doc])* $name),* }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status),* }
            }
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }
        }
    };
}

codes! {
    /// A value breaks a rule; `fields` says which and why.
    Validation = 422 "validation";
    /// The request itself cannot be read.
    Malformed = 400 "malformed";
    /// A list parameter names something that is not declared.
    UnknownParameter = 400 "unknown_parameter";
    Unauthenticated = 401 "unauthenticated";
    /// E-mail or password is wrong; never says which.
    Credentials = 401 "credentials";
    /// The password was good and a code is wanted; `challenge` is what it answers.
    SecondFactor = 401 "second_factor";
    /// The password is good in several companies; `companies` are the choice.
    CompanyChoice = 401 "company_choice";
    /// The account is there and nobody approved it yet.
    AwaitingApproval = 401 "awaiting_approval";
    /// No passkey of somebody who may come in signed; never says why.
    PasskeyRefused = 401 "passkey_refused";
    /// The second step took too long, came from elsewhere or was tried too often.
    ChallengeExpired = 401 "challenge_expired";
    /// A role demands a second factor, and until there is one nothing else goes.
    TwoFactorRequired = 403 "two_factor_required";
    /// A role demands a second factor, and this is the last one.
    LastFactor = 409 "last_factor";
    Forbidden = 403 "forbidden";
    /// The company's access was suspended; `reason` says why.
    TenantSuspended = 403 "tenant_suspended";
    /// The step wants another person than one who acted on the record before; `who` names them.
    FourEyes = 403 "four_eyes";
    NotFound = 404 "not_found";
    /// The address is known, the method is not; `Allow` names those that are.
    MethodNotAllowed = 405 "method_not_allowed";
    /// The request did not come in time.
    RequestTimeout = 408 "request_timeout";
    /// The flow has no such step from the record's state, or its guard refused.
    StepRefused = 409 "step_refused";
    /// The change cannot be taken back; `reason` says why.
    NotUndoable = 409 "not_undoable";
    /// Another live record already holds a unique value.
    Duplicate = 409 "duplicate";
    /// What goes in environments for trying things out only, like moving the clock.
    NotInProduction = 409 "not_in_production";
    /// The record is referenced by others and cannot go.
    InUse = 409 "in_use";
    /// The same idempotency key came with another body.
    IdempotencyMismatch = 409 "idempotency_mismatch";
    /// The first request with this idempotency key has not ended yet.
    InProgress = 409 "in_progress";
    /// The record changed since it was read; `current` holds it as it is now.
    Stale = 412 "stale";
    /// A write needs `If-Match`.
    PreconditionRequired = 428 "precondition_required";
    TooLarge = 413 "too_large";
    UnsupportedMedia = 415 "unsupported_media";
    TooManyRequests = 429 "too_many_requests";
    /// A file cannot be read; `detail` holds its code.
    File = 422 "file";
    Internal = 500 "internal";
    Unavailable = 503 "unavailable";
}

/// One value that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// Path of the value, e.g. `contacts.0.value`.
    pub field: String,
    /// Reason code, `invalid.<code>` in the locales.
    pub code: String,
    /// Wording in the reader's language; filled where the answer is written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

impl FieldProblem {
    pub fn new(field: impl Into<String>, code: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), message: String::new() }
    }
}

/// A refusal: what the caller can learn and do about it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}: {}", code.name(), detail.as_deref().unwrap_or_default())]
pub struct Problem {
    pub code: Code,
    /// Reason code or name that the wording mentions.
    pub detail: Option<String>,
    pub fields: Vec<FieldProblem>,
    /// Extension members of the answer, e.g. `valid` or `current`.
    /// Boxed so that results stay small.
    pub extra: Box<Map<String, Json>>,
}

impl Problem {
    pub fn new(code: Code) -> Self {
        Self { code, detail: None, fields: Vec::new(), extra: Box::default() }
    }

    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    /// Refused values; an empty list is a mistake of the caller.
    pub fn fields(fields: Vec<FieldProblem>) -> Self {
        Self { fields, ..Self::new(Code::Validation) }
    }

    /// One refused value.
    pub fn field(field: impl Into<String>, code: impl Into<String>) -> Self {
        Self::fields(vec![FieldProblem::new(field, code)])
    }

    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }
}
