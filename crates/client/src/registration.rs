//! Accounts that people ask for themselves, and photos of people.

use serde::Deserialize;
use serde_json::json;

use crate::{
    Client, Failure,
    model::{Page, Photo},
    query::segment,
};

/// A company that takes registrations.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Registering {
    pub company: String,
    /// Domains of addresses that are admitted; all where there are none.
    pub domains: Vec<String>,
    /// Whether an administrator has to approve each account.
    pub approval: bool,
}

/// An account that was made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Registered {
    pub email: String,
    /// Whether an administrator has to approve it.
    pub pending: bool,
}

#[derive(Debug, Deserialize)]
struct Address {
    email: String,
}

impl Client {
    /// The company of a short name, if it takes registrations.
    pub async fn registering(&self, company: &str) -> Result<Registering, Failure> {
        self.get(format!("/auth/registration/{}", segment(company))).anonymous().read().await
    }

    /// Asks for an account; a link is sent to the address.
    pub async fn register(&self, company: &str, name: &str, email: &str) -> Result<(), Failure> {
        let body = json!({ "company": company, "name": name, "email": email });
        self.post("/auth/register").anonymous().json(body).done().await
    }

    /// Makes the account of a link, with a password.
    pub async fn confirm_registration(&self, token: &str, password: &str) -> Result<Registered, Failure> {
        let path = format!("/auth/registration/confirm/{}", segment(token));
        self.post(path).anonymous().json(json!({ "password": password })).read().await
    }

    /// Makes the address of a link count; which it is.
    pub async fn confirm_email(&self, token: &str) -> Result<String, Failure> {
        let found: Address = self.post(format!("/auth/email/{}", segment(token))).anonymous().read().await?;
        Ok(found.email)
    }

    /// Who of the company has a photo.
    pub async fn photos(&self) -> Result<Vec<Photo>, Failure> {
        let found: Page<Photo> = self.get("/photos").read().await?;
        Ok(found.items)
    }

    /// Where somebody's photo is, for [`Client::get`] and its download.
    pub fn photo_path(user: &str) -> String {
        format!("/photos/{}", segment(user))
    }

    /// Removes my photo.
    pub async fn remove_photo(&self) -> Result<(), Failure> {
        self.delete("/me/photo").done().await
    }
}
