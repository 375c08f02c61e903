//! Getting in without a password that works: recovery and invitations; and how
//! one wants to be told.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Client, Failure, query::segment};

/// Whose password a link changes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Recovering {
    pub name: String,
    /// Shown in part.
    pub email: String,
}

/// What a link invites to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Invited {
    pub email: String,
    pub name: Option<String>,
    pub company: String,
}

/// How well a password resists guessing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Strength {
    /// From 0 to 4.
    pub score: u8,
    pub accepted: bool,
    /// Why not, in the reader's language.
    pub refused: Option<String>,
}

/// Whether one is told of a category on a channel: `app`, `email`, `push`,
/// `sms` or `slack`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeChoice {
    pub category: String,
    pub channel: String,
    pub wanted: bool,
}

/// How one wants to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeChoices {
    pub choices: Vec<NoticeChoice>,
    /// One mail about several notices.
    pub digest: bool,
    /// `hour` or `day`.
    #[serde(default)]
    pub digest_every: String,
    /// Nothing but what is in the application from `HH:MM`…
    pub quiet_from: Option<String>,
    /// … until `HH:MM`.
    pub quiet_until: Option<String>,
    /// The same until this moment.
    #[serde(default)]
    pub undisturbed_until: Option<String>,
    /// Minutes after which what nobody read goes another way.
    #[serde(default)]
    pub escalate_minutes: Option<i64>,
}

impl Client {
    /// Has a link sent to choose a new password, if the address is somebody's.
    pub async fn ask_recovery(&self, email: &str) -> Result<(), Failure> {
        self.post("/auth/recovery").anonymous().json(json!({ "email": email })).done().await
    }

    /// Whose password a link changes, while it is good.
    pub async fn recovery(&self, token: &str) -> Result<Recovering, Failure> {
        self.get(format!("/auth/recovery/{}", segment(token))).anonymous().read().await
    }

    /// Chooses a new password with a link; every log-in ends.
    pub async fn recover(&self, token: &str, password: &str) -> Result<(), Failure> {
        let call = self.post(format!("/auth/recovery/{}", segment(token))).anonymous();
        call.json(json!({ "password": password })).done().await
    }

    /// What a link invites to, while it is good.
    pub async fn invitation(&self, token: &str) -> Result<Invited, Failure> {
        self.get(format!("/auth/invitations/{}", segment(token))).anonymous().read().await
    }

    /// Joins with a link.
    pub async fn join(&self, token: &str, name: &str, password: &str) -> Result<(), Failure> {
        let call = self.post(format!("/auth/invitations/{}", segment(token))).anonymous();
        call.json(json!({ "name": name, "password": password })).done().await
    }

    /// How strong a password is; `known` is what others know of its owner.
    pub async fn password_strength(&self, password: &str, known: &[&str]) -> Result<Strength, Failure> {
        let body = json!({ "password": password, "known": known });
        self.post("/auth/password-strength").anonymous().json(body).read().await
    }

    /// How I want to be told.
    pub async fn notice_choices(&self) -> Result<NoticeChoices, Failure> {
        self.get("/notification-choices").read().await
    }

    /// Changes how I want to be told; choices not named stay.
    pub async fn choose_notices(&self, choices: &NoticeChoices) -> Result<NoticeChoices, Failure> {
        self.patch("/notification-choices").json(json!(choices)).read().await
    }
}
