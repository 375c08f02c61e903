//! What a company may be connected to, and what each connection needs to know:
//! fields, some of them secret.

use crate::kernel::{
    field::{Field, Kind},
    problem::FieldProblem,
    record::Record,
};

/// How a connection is tried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trial {
    /// Nothing leaves but a question; with a recipient a message goes there.
    Recipient(&'static str),
    /// A message is posted where all of them go.
    Post,
    /// What was given is checked; nobody is asked.
    Check,
}

/// One kind of connection, declared once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Integration {
    /// Stable name; locale keys `integration.<name>` and `integration.<name>.about`.
    pub name: &'static str,
    /// Owner of the fields in the locales.
    pub owner: &'static str,
    pub icon: &'static str,
    pub fields: &'static [Field],
    /// Fields that are kept encrypted and never shown.
    pub secrets: &'static [&'static str],
    /// A secret that is made here when nobody gives one.
    pub made: Option<&'static str>,
    pub trial: Trial,
}

impl Integration {
    pub fn is_secret(&self, field: &str) -> bool {
        self.secrets.contains(&field)
    }

    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Fields that are no secrets, as a record keeps them.
    pub fn plain(&self) -> impl Iterator<Item = &'static Field> + use<> {
        let secrets = self.secrets;
        self.fields.iter().filter(move |field| !secrets.contains(&field.name))
    }
}

const SHORT: Kind = Kind::Text { max: 200 };
const ADDRESS: Kind = Kind::Text { max: 400 };

/// Mail by a relay of the company's own.
pub static EMAIL: Integration = Integration {
    name: "email",
    owner: "integration_email",
    icon: "mail",
    fields: &[
        Field::new("host", SHORT).required(),
        Field::new("port", Kind::Integer { min: 1, max: 65_535 }).required().default("587"),
        Field::new("tls", Kind::Choice(&["starttls", "implicit", "none"])).required().default("starttls"),
        Field::new("user", SHORT),
        Field::new("password", ADDRESS),
        Field::new("from", Kind::Email).required(),
        Field::new("from_name", SHORT),
    ],
    secrets: &["password"],
    made: None,
    trial: Trial::Recipient("email"),
};

/// Text messages by Twilio.
pub static TWILIO: Integration = Integration {
    name: "twilio",
    owner: "integration_twilio",
    icon: "phone",
    fields: &[
        Field::new("account_sid", SHORT).required(),
        Field::new("auth_token", ADDRESS).required(),
        // A number in E.164, a name, or a messaging service (`MG…`).
        Field::new("sender", SHORT).required(),
        Field::new("base_url", ADDRESS),
    ],
    secrets: &["auth_token"],
    made: None,
    trial: Trial::Recipient("phone"),
};

/// Posts to a channel by an incoming webhook.
pub static SLACK: Integration = Integration {
    name: "slack",
    owner: "integration_slack",
    icon: "message-square",
    fields: &[Field::new("webhook_url", ADDRESS).required(), Field::new("channel", SHORT)],
    secrets: &["webhook_url"],
    made: None,
    trial: Trial::Post,
};

/// Web push: the key pair that signs, and whom push services write to.
pub static PUSH: Integration = Integration {
    name: "push",
    owner: "integration_push",
    icon: "bell-ring",
    fields: &[Field::new("contact", ADDRESS).required(), Field::new("private_key", ADDRESS)],
    secrets: &["private_key"],
    made: Some("private_key"),
    trial: Trial::Check,
};

/// Every kind of connection; a new one adds its line here.
pub static INTEGRATIONS: &[&Integration] = &[&EMAIL, &TWILIO, &SLACK, &PUSH];

/// A kind of connection by its name.
pub fn by_name(name: &str) -> Option<&'static Integration> {
    INTEGRATIONS.iter().find(|integration| integration.name == name).copied()
}

/// Reads what somebody gave over what there is; `has` tells which secrets are
/// kept. Secrets are in the record only when they were given anew.
pub fn plan(
    integration: &Integration,
    current: &Record,
    has: impl Fn(&str) -> bool,
    input: &serde_json::Map<String, serde_json::Value>,
) -> Result<Record, Vec<FieldProblem>> {
    let mut next = Record::default();
    let mut problems = Vec::new();
    for field in integration.plain() {
        let default = field.default.and_then(|text| field.kind.canonical(&text.into()).ok());
        let kept = Some(current.get(field.name).clone()).filter(|value| !value.is_null());
        next.set(field.name, kept.or(default).unwrap_or_default());
    }
    for (name, value) in input {
        match integration.field(name).map(|field| field.kind.canonical(value)) {
            Some(Ok(value)) => next.set(name, value),
            Some(Err(invalid)) => problems.push(FieldProblem::new(name, invalid.0)),
            None => problems.push(FieldProblem::new(name, "unknown")),
        }
    }
    for field in integration.fields.iter().filter(|field| field.required) {
        let kept = integration.is_secret(field.name) && !input.contains_key(field.name) && has(field.name);
        if next.get(field.name).is_null() && !kept && !problems.iter().any(|p| p.field == field.name) {
            problems.push(FieldProblem::new(field.name, "required"));
        }
    }
    if problems.is_empty() { Ok(next) } else { Err(problems) }
}

/// What may be shown of a secret: its last four characters, of a long one only.
pub fn hint(secret: &str) -> String {
    let count = secret.chars().count();
    if count < 12 { String::new() } else { secret.chars().skip(count - 4).collect() }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    fn planned(has: bool, input: &serde_json::Value) -> Result<Record, Vec<(String, String)>> {
        let done = plan(&TWILIO, &Record::default(), |_| has, input.as_object().unwrap());
        done.map_err(|problems| problems.into_iter().map(|p| (p.field, p.code)).collect())
    }

    #[test]
    fn declarations_hold_together() {
        for integration in INTEGRATIONS {
            for secret in integration.secrets.iter().chain(&integration.made) {
                assert!(integration.field(secret).is_some(), "{}: {secret}", integration.name);
            }
        }
    }

    #[test]
    fn a_kept_secret_need_not_be_given_again_but_may_not_be_taken_away() {
        let rest = json!({ "account_sid": "AC1", "sender": "+5511999990000" });
        assert_eq!(planned(false, &rest).unwrap_err(), [("auth_token".to_owned(), "required".to_owned())]);
        assert!(planned(true, &rest).unwrap().get("auth_token").is_null());
        let emptied = json!({ "account_sid": "AC1", "sender": "+5511999990000", "auth_token": "" });
        assert_eq!(planned(true, &emptied).unwrap_err(), [("auth_token".to_owned(), "required".to_owned())]);
    }

    #[test]
    fn short_secrets_show_nothing() {
        assert_eq!(hint("senha curta"), "");
        assert_eq!(hint("um segredo bem longo"), "ongo");
    }
}
