//! What a log-in asks after the password: there from the start, unlike the form.

use std::sync::Arc;

use crate::{api::Failure, t};

/// Leads back to the password.
pub type Back = Arc<dyn Fn(Option<Failure>) + Send + Sync>;

/// What the second step is asked with, and how it can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    pub text: String,
    /// `totp`, `passkey`, `recovery`.
    pub methods: Vec<String>,
}

impl Challenge {
    /// The challenge in a refused log-in, if there is one.
    pub fn of(failure: &Failure) -> Option<Self> {
        Some(Self { text: failure.challenge()?.to_owned(), methods: failure.methods() })
    }

    /// How it is answered, in a sentence.
    pub fn says(&self) -> String {
        if self.has("totp") { t!("second.text") } else { t!("second.text_other") }
    }

    /// Whether one way is open.
    pub fn has(&self, method: &str) -> bool {
        self.methods.iter().any(|one| one == method)
    }
}
