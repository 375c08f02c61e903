//! Passkeys. The client carries what browsers ask and answer; it makes no keys
//! itself.

use serde_json::{Value as Json, json};

use crate::{
    Client, Failure,
    model::{AddedPasskey, Ceremony, Entry, Me, Passkeys},
    query::segment,
};

/// With what one shows again who one is.
#[derive(Clone)]
pub enum Proof {
    Password(String),
    /// What a passkey signed for [`Client::passkey_proof`].
    Passkey {
        ceremony: String,
        credential: Json,
    },
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Self::Password(_)) { "Password" } else { "Passkey" })
    }
}

impl Proof {
    pub(crate) fn body(&self) -> Json {
        match self {
            Self::Password(password) => json!({ "password": password }),
            Self::Passkey { ceremony, credential } => {
                json!({ "passkey": { "ceremony": ceremony, "credential": credential } })
            }
        }
    }

    /// The proof together with another value.
    pub(crate) fn with(&self, name: &str, value: impl Into<Json>) -> Json {
        let mut body = self.body();
        if let Some(body) = body.as_object_mut() {
            body.insert(name.to_owned(), value.into());
        }
        body
    }
}

impl Client {
    /// What any passkey is asked to sign to log in.
    pub async fn passkey_options(&self) -> Result<Ceremony, Failure> {
        self.post("/auth/passkey/options").anonymous().read().await
    }

    /// Logs in with what a passkey signed.
    pub async fn enter_with_passkey(&self, ceremony: &str, credential: &Json) -> Result<Me, Failure> {
        let body = json!({ "ceremony": ceremony, "credential": credential });
        let entry: Entry = self.post("/auth/passkey").anonymous().json(body).read().await?;
        Ok(self.come_in(entry))
    }

    /// What the passkeys of a [`Failure::challenge`]'s user are asked to sign.
    pub async fn second_step_options(&self, challenge: &str) -> Result<Ceremony, Failure> {
        let body = json!({ "challenge": challenge });
        self.post("/auth/two-factor/passkey/options").anonymous().json(body).read().await
    }

    /// Answers a challenge with what a passkey signed; see [`Client::second_step`].
    pub async fn second_step_with_passkey(
        &self,
        challenge: &str,
        ceremony: &str,
        credential: &Json,
        remember: bool,
    ) -> Result<Me, Failure> {
        let body = json!({
            "challenge": challenge,
            "ceremony": ceremony,
            "credential": credential,
            "remember": remember,
        });
        let entry: Entry = self.post("/auth/two-factor/passkey").anonymous().json(body).read().await?;
        Ok(self.come_in(entry))
    }

    /// My passkeys, and whether there can be any here.
    pub async fn passkeys(&self) -> Result<Passkeys, Failure> {
        self.get("/me/passkeys").read().await
    }

    /// What a new passkey is made of.
    pub async fn begin_passkey(&self, proof: &Proof) -> Result<Ceremony, Failure> {
        self.post("/me/passkeys/options").unkeyed().json(proof.body()).read().await
    }

    /// What my passkeys are asked to sign in the place of the password.
    pub async fn passkey_proof(&self) -> Result<Ceremony, Failure> {
        self.post("/me/passkeys/proof").unkeyed().read().await
    }

    /// Adds a passkey that was made.
    pub async fn add_passkey(&self, ceremony: &str, name: &str, credential: &Json) -> Result<AddedPasskey, Failure> {
        let body = json!({ "ceremony": ceremony, "name": name, "credential": credential });
        self.post("/me/passkeys").unkeyed().json(body).read().await
    }

    /// Gives one of my passkeys another name.
    pub async fn rename_passkey(&self, id: &str, name: &str) -> Result<(), Failure> {
        self.patch(format!("/me/passkeys/{}", segment(id))).json(json!({ "name": name })).done().await
    }

    /// Removes one of my passkeys.
    pub async fn remove_passkey(&self, id: &str, proof: &Proof) -> Result<(), Failure> {
        self.post(format!("/me/passkeys/{}/actions/remove", segment(id))).unkeyed().json(proof.body()).done().await
    }

    /// Changes my password; my other log-ins end.
    pub async fn change_password(&self, proof: &Proof, password: &str) -> Result<(), Failure> {
        self.post("/me/password").unkeyed().json(proof.with("new_password", password)).done().await
    }

    /// Has a link sent to another address of mine.
    pub async fn ask_email(&self, proof: &Proof, email: &str) -> Result<(), Failure> {
        self.post("/me/email").unkeyed().json(proof.with("email", email)).done().await
    }
}
