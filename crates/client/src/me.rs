//! The caller's own account, and the few things that belong to nobody.

use conexao_domain::identity::{role::ROLE, user::USER};
use serde_json::{Value as Json, json};

use crate::{
    Client, Failure, Query,
    model::{Me, Municipality, Page},
    query::segment,
    records::Records,
};

impl Client {
    /// Who I am and what I may do.
    pub async fn me(&self) -> Result<Me, Failure> {
        self.get("/me").read().await
    }

    /// Changes my `name`, `theme` or `locale`.
    pub async fn change_me(&self, values: impl Into<Json>) -> Result<Me, Failure> {
        self.patch("/me").json(values).read().await
    }

    /// Every permission there is.
    pub async fn permissions(&self) -> Result<Vec<String>, Failure> {
        let found: Page<String> = self.get("/permissions").read().await?;
        Ok(found.items)
    }

    /// The users of the company.
    pub fn users(&self) -> Records<'_> {
        self.resource(&USER)
    }

    /// The roles of the company, with what they grant.
    pub fn roles(&self) -> Records<'_> {
        self.resource(&ROLE)
    }

    /// Sets a user's password, which ends their sessions.
    pub async fn set_password(&self, user: &str, password: &str) -> Result<(), Failure> {
        let path = format!("/users/{}/actions/set-password", segment(user));
        self.post(path).json(json!({ "password": password })).done().await
    }

    /// Municipalities whose name begins like the text, in one state or (empty) in all.
    pub async fn municipalities(&self, text: &str, uf: &str) -> Result<Vec<Municipality>, Failure> {
        let query = Query::new().search(text).with("uf", uf);
        let found: Page<Municipality> = self.get("/municipalities").query(&query).read().await?;
        Ok(found.items)
    }
}
