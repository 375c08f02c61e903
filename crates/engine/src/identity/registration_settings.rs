//! Whether a company takes registrations, from whom, and what they become.

use conexao_domain::{
    identity::role::ROLE,
    kernel::{
        problem::{Code, Problem},
        record::Record,
    },
    settings::Company,
};
use conexao_storage::{Tx, table};
use serde_json::json;
use uuid::Uuid;

use super::bounds::holds;
use crate::{Session, refusal::Refused};

/// How a company takes registrations; not at all unless it says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    pub open: bool,
    /// Domains of addresses that are admitted; all where there are none.
    pub domains: Vec<String>,
    /// The role of whoever registers.
    pub role: Option<Uuid>,
    /// Whether an administrator has to approve each account.
    pub approval: bool,
}

fn role_of(settings: &Record) -> Option<Uuid> {
    Uuid::parse_str(settings.text("registration_role")?).ok()
}

impl Settings {
    /// From the settings of a company.
    pub(super) fn of(company: &Company) -> Self {
        let values = &company.values;
        let domains = values.lines("registration_domains");
        Self {
            open: values.flag("registration"),
            domains: domains.iter().filter_map(|line| Some(line.text("domain")?.to_lowercase())).collect(),
            role: role_of(values),
            approval: values.flag("registration_approval"),
        }
    }

    pub(super) const fn is_open(&self) -> bool {
        self.open && self.role.is_some()
    }

    /// Whether an address may register.
    pub(super) fn admits(&self, email: &str) -> bool {
        let domain = email.rsplit('@').next().unwrap_or_default();
        self.domains.is_empty() || self.domains.iter().any(|admitted| admitted == domain)
    }
}

/// Refuses settings whose role does not exist, or gives strangers more than
/// whoever changes them holds.
pub(crate) async fn within(tx: &Tx, session: &Session, before: &Record, after: &Record) -> Result<(), Problem> {
    let Some(role) = role_of(after).filter(|role| role_of(before) != Some(*role)) else { return Ok(()) };
    if table::by_ids(tx, &ROLE, &[role], false).await.refused()?.is_empty() {
        return Err(Problem::field("registration_role", "reference"));
    }
    let mut future = Record::default();
    future.set("roles", vec![json!({ "role_id": role.to_string() })]);
    if holds(tx, session, &future).await? {
        return Ok(());
    }
    Err(Problem { fields: Problem::field("registration_role", "beyond_own").fields, ..Problem::new(Code::Forbidden) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(values: &serde_json::Value) -> Settings {
        Settings::of(&Company::of(Record(values.as_object().cloned().unwrap_or_default())))
    }

    #[test]
    fn nobody_registers_unless_the_company_says_so() {
        let role = "0190a1b2-0000-7000-8000-000000000000";
        assert!(!settings(&json!({})).is_open());
        assert!(!settings(&json!({ "registration": true })).is_open(), "without a role");
        assert!(settings(&json!({ "registration": true, "registration_role": role })).is_open());
    }

    #[test]
    fn domains_are_compared_whole() {
        let own = settings(&json!({ "registration_domains": [{ "domain": "Aurora.test" }] }));
        assert!(own.admits("ana@aurora.test"));
        assert!(!own.admits("ana@notaurora.test") && !own.admits("ana@sub.aurora.test"));
        assert!(settings(&json!({})).admits("ana@anywhere.test"));
    }
}
