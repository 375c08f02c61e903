//! The second step of a log-in, and where somebody is logged in.

use serde_json::json;

use crate::{
    Client, Failure, Proof, Query,
    model::{AccessCounts, AccessPage, CompanyName, Entry, Key, LogIn, Me, Page, RecoveryCodes, SecondFactor},
    query::segment,
};

/// Code of the refusal that asks for the second step.
const SECOND_STEP: &str = "second_factor";

impl Failure {
    /// The challenge of a log-in whose password was good, for
    /// [`Client::second_step`].
    pub fn challenge(&self) -> Option<&str> {
        let text = self.extra.get("challenge")?.as_str();
        text.filter(|_| self.code == SECOND_STEP)
    }

    /// With what the challenge can be answered: `totp`, `passkey`, `recovery`.
    pub fn methods(&self) -> Vec<String> {
        self.extra.get("methods").and_then(|all| serde_json::from_value(all.clone()).ok()).unwrap_or_default()
    }

    /// The companies in which the password is good, where that is several.
    pub fn companies(&self) -> Vec<CompanyName> {
        self.extra.get("companies").and_then(|all| serde_json::from_value(all.clone()).ok()).unwrap_or_default()
    }
}

impl Client {
    /// Answers the challenge of [`Client::login`] with a code of the
    /// authenticator application or a recovery code. With `remember` this
    /// device leaves the step out for thirty days.
    pub async fn second_step(&self, challenge: &str, code: &str, remember: bool) -> Result<Me, Failure> {
        let body = json!({ "challenge": challenge, "code": code, "remember": remember });
        let entry: Entry = self.post("/auth/two-factor").anonymous().json(body).read().await?;
        Ok(self.come_in(entry))
    }

    /// How I stand with the second step.
    pub async fn two_factor(&self) -> Result<SecondFactor, Failure> {
        self.get("/me/two-factor").read().await
    }

    /// A key for an authenticator application; counts once it is confirmed.
    pub async fn begin_two_factor(&self, proof: &Proof) -> Result<Key, Failure> {
        self.post("/me/two-factor").unkeyed().json(proof.body()).read().await
    }

    /// Confirms the key; the recovery codes are shown this once.
    pub async fn confirm_two_factor(&self, code: &str) -> Result<RecoveryCodes, Failure> {
        self.post("/me/two-factor/confirm").unkeyed().json(json!({ "code": code })).read().await
    }

    /// Replaces the recovery codes.
    pub async fn renew_recovery_codes(&self, code: &str) -> Result<RecoveryCodes, Failure> {
        self.post("/me/two-factor/recovery-codes").unkeyed().json(json!({ "code": code })).read().await
    }

    /// Ends the authenticator application; a passkey needs no code.
    pub async fn disable_two_factor(&self, proof: &Proof, code: &str) -> Result<(), Failure> {
        let body = proof.with("code", code);
        self.post("/me/two-factor/disable").unkeyed().json(body).done().await
    }

    /// Ends the second step of a user who lost the device.
    pub async fn reset_two_factor(&self, user: &str) -> Result<(), Failure> {
        self.post(format!("/users/{}/actions/reset-two-factor", segment(user))).done().await
    }

    /// My log-ins that last, the last used first.
    pub async fn sessions(&self) -> Result<Vec<LogIn>, Failure> {
        let found: Page<LogIn> = self.get("/me/sessions").read().await?;
        Ok(found.items)
    }

    /// Counts of log-ins; needs `audit.read`.
    pub async fn access(&self) -> Result<AccessCounts, Failure> {
        self.get("/access").read().await
    }

    /// A page of `log-ins`, `failures`, `sessions` or `without-two-factor`;
    /// needs `audit.read`.
    pub async fn access_list(&self, list: &str, after: Option<&str>) -> Result<AccessPage, Failure> {
        let query = Query::new().with("after", after.unwrap_or_default());
        self.get(format!("/access/{}", segment(list))).query(&query).read().await
    }

    /// Ends one of my log-ins.
    pub async fn end_session(&self, id: &str) -> Result<(), Failure> {
        self.delete(format!("/me/sessions/{}", segment(id))).done().await
    }

    /// Ends all my log-ins but this one.
    pub async fn end_other_sessions(&self) -> Result<(), Failure> {
        self.post("/me/sessions/actions/end-others").unkeyed().done().await
    }
}
