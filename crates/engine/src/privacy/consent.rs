//! Reaction: what somebody agreed to hear, or no more, holds for the addresses
//! it would reach them at.

use async_trait::async_trait;
use conexao_domain::{
    customers::customer::CUSTOMER,
    kernel::{
        canonical::write_instant,
        problem::{Code, Problem},
        record::Record,
    },
    privacy::consent::CONSENT,
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{
    react::{Event, ReactCtx, Reaction},
    read, write,
};

/// Ways to reach a customer follow the register of consents.
#[derive(Debug)]
pub struct ConsentReaches;

#[async_trait]
impl Reaction for ConsentReaches {
    fn name(&self) -> &'static str {
        "consent_reaches"
    }

    fn follows(&self, event: &str) -> bool {
        matches!(event, "consent.create" | "consent.revoke")
    }

    async fn react(&self, ctx: &ReactCtx<'_>, event: &Event) -> Result<(), Problem> {
        let Some(id) = event.record_id else { return Ok(()) };
        let mut write = ctx.write().await?;
        let consent = match read::load(&write.tx, &ctx.session.gate(&CONSENT, "read")?, id).await {
            Err(problem) if problem.code == Code::NotFound => return Ok(()),
            found => found?,
        };
        // Contracts and the law let a company write about their own matters.
        if consent.text("purpose") != Some("marketing") {
            return Ok(());
        }
        let Some(customer) = consent.text("customer_id").and_then(|id| Uuid::parse_str(id).ok()) else { return Ok(()) };
        let gate = ctx.session.gate(&CUSTOMER, "update")?;
        let Ok(current) = read::load(&write.tx, &gate, customer).await else { return Ok(()) };
        let Some(contacts) = decided(&current, &consent) else { return Ok(()) };
        let input = Map::from_iter([("contacts".to_owned(), contacts)]);
        write::apply_patch(ctx.engine, &mut write, &gate, customer, None, &input).await?;
        ctx.commit(write).await
    }
}

/// The customer's contacts as the consent leaves them; none when it says
/// nothing new about any.
fn decided(customer: &Record, consent: &Record) -> Option<Json> {
    let revoked = consent.text("status") == Some("revoked");
    let (word, at, how) = if revoked {
        ("opt_out", consent.instant("revoked_at"), consent.text("revoked_how"))
    } else {
        ("opt_in", consent.instant("given_at"), consent.text("given_how"))
    };
    let how: Option<String> = how.map(|how| how.chars().take(80).collect());
    let channel = consent.text("channel").unwrap_or("any");
    let mut lines = customer.lines("contacts");
    let mut changed = false;
    for line in &mut lines {
        let meant = channel == "any" || line.text("channel") == Some(channel);
        if meant && line.text("consent") != Some(word) {
            changed = true;
            line.set("consent", word);
            line.set("consent_at", at.map_or(Json::Null, |at| write_instant(at).into()));
            line.set("consent_source", how.clone());
        }
    }
    changed.then(|| json!(lines))
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn record(value: &Json) -> Record {
        Record(value.as_object().unwrap().clone())
    }

    #[test]
    fn a_revoked_consent_closes_its_channel_only() {
        let customer = record(&json!({ "contacts": [
            { "channel": "email", "value": "a@b.example", "consent": "opt_in" },
            { "channel": "phone", "value": "+551131234567", "consent": "unknown" },
        ]}));
        let mut consent = record(&json!({ "channel": "email", "status": "revoked", "revoked_how": "por telefone",
            "revoked_at": "2026-03-10T15:00:00.000Z" }));
        let contacts = decided(&customer, &consent).unwrap();
        assert_eq!(contacts[0]["consent"], "opt_out");
        assert_eq!(contacts[0]["consent_source"], "por telefone");
        assert_eq!(contacts[1]["consent"], "unknown");
        consent.set("channel", "letter");
        assert!(decided(&customer, &consent).is_none());
        consent.set("channel", "any");
        assert_eq!(decided(&customer, &consent).unwrap()[1]["consent"], "opt_out");
    }
}
