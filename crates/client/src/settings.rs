//! The company: its settings, its clock, its logos, what it is connected to,
//! environments for trying things out; and, for the operator, all companies.

use conexao_domain::{
    kernel::record::Record,
    settings::{COMPANY, company},
};
use serde_json::{Map, Value as Json, json};

use crate::{
    Client, Download, Failure, Query, Upload,
    model::{ClockFace, Connection, Page, Sandbox, TenantPage, TenantSummary, Tried},
    query::segment,
};

/// A change of the clock; see [`Client::move_clock`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClockChange {
    /// Back to the world's time.
    pub reset: bool,
    /// RFC 3339 moment to show.
    pub set: Option<String>,
    pub advance_seconds: Option<i64>,
    pub frozen: Option<bool>,
}

impl Client {
    /// The settings; `version` is what a change is based on. Needs `settings.manage`.
    pub async fn settings(&self) -> Result<Record, Failure> {
        self.get(format!("/{}/{}", COMPANY.path, company::ID)).record().await
    }

    /// Changes settings of a version.
    pub async fn change_settings(&self, version: i64, values: Map<String, Json>) -> Result<Record, Failure> {
        self.patch(format!("/{}/{}", COMPANY.path, company::ID)).if_match(version).json(values).record().await
    }

    /// Sets the logo for `light` or `dark`.
    pub async fn put_logo(&self, theme: &str, file: Upload) -> Result<(), Failure> {
        self.post(format!("/settings/logos/{}", segment(theme))).unkeyed().upload(Vec::new(), file).done().await
    }

    /// Takes a logo away.
    pub async fn remove_logo(&self, theme: &str) -> Result<(), Failure> {
        self.delete(format!("/settings/logos/{}", segment(theme))).done().await
    }

    /// The logo for `light` or `dark`.
    pub async fn logo(&self, theme: &str) -> Result<Download, Failure> {
        self.get(format!("/company/logos/{}", segment(theme))).download().await
    }

    /// What the company's clock shows.
    pub async fn clock(&self) -> Result<ClockFace, Failure> {
        self.get("/clock").read().await
    }

    /// Moves the clock of an environment for trying things out.
    pub async fn move_clock(&self, change: &ClockChange) -> Result<ClockFace, Failure> {
        let ClockChange { reset, set, advance_seconds, frozen } = change;
        let body = json!({ "reset": reset, "set": set, "advance_seconds": advance_seconds, "frozen": frozen });
        self.post("/clock").json(body).read().await
    }

    /// What the company may be connected to.
    pub async fn integrations(&self) -> Result<Vec<Connection>, Failure> {
        let found: Page<Connection> = self.get("/integrations").read().await?;
        Ok(found.items)
    }

    /// Sets what a connection needs; secrets that are not given stay.
    pub async fn set_integration(
        &self,
        name: &str,
        version: i64,
        values: Map<String, Json>,
    ) -> Result<Connection, Failure> {
        let path = format!("/integrations/{}", segment(name));
        self.patch(path).unkeyed().if_match(version).json(values).read().await
    }

    /// Removes a connection with its secrets.
    pub async fn remove_integration(&self, name: &str) -> Result<(), Failure> {
        self.delete(format!("/integrations/{}", segment(name))).done().await
    }

    /// Tries a connection out; with `to` a message really goes there.
    pub async fn test_integration(&self, name: &str, to: Option<&str>) -> Result<Tried, Failure> {
        let path = format!("/integrations/{}/actions/test", segment(name));
        self.post(path).unkeyed().json(json!({ "to": to })).read().await
    }

    /// Environments for trying things out.
    pub async fn sandboxes(&self) -> Result<Vec<Sandbox>, Failure> {
        let found: Page<Sandbox> = self.get("/sandboxes").read().await?;
        Ok(found.items)
    }

    /// Makes an environment and invites its administrator.
    pub async fn set_up_sandbox(&self, name: &str, email: &str) -> Result<Sandbox, Failure> {
        self.post("/sandboxes").unkeyed().json(json!({ "name": name, "email": email })).read().await
    }

    /// Empties the environment one is in.
    pub async fn reset_sandbox(&self) -> Result<(), Failure> {
        self.post("/sandboxes/actions/reset").unkeyed().done().await
    }

    /// A page of the installation's companies; for its operator.
    pub async fn tenants(&self, after: Option<&str>) -> Result<TenantPage, Failure> {
        let query = Query::new().with("after", after.unwrap_or_default());
        self.get("/tenants").query(&query).read().await
    }

    /// One company with how much it holds.
    pub async fn tenant(&self, id: i32) -> Result<TenantSummary, Failure> {
        self.get(format!("/tenants/{id}")).read().await
    }

    /// Makes a company and invites its first administrator.
    pub async fn found_tenant(&self, name: &str, kind: &str, email: &str) -> Result<TenantSummary, Failure> {
        let body = json!({ "name": name, "kind": kind, "email": email });
        self.post("/tenants").unkeyed().json(body).read().await
    }

    /// Keeps everybody of a company out, at once.
    pub async fn suspend_tenant(&self, id: i32, reason: &str) -> Result<TenantSummary, Failure> {
        let path = format!("/tenants/{id}/actions/suspend");
        self.post(path).unkeyed().json(json!({ "reason": reason })).read().await
    }

    /// Gives a company another plan: `standard`, `essential` or `enterprise`.
    pub async fn choose_plan(&self, id: i32, plan: &str) -> Result<TenantSummary, Failure> {
        self.post(format!("/tenants/{id}/actions/plan")).unkeyed().json(json!({ "plan": plan })).read().await
    }

    /// Lets a suspended company in again.
    pub async fn reinstate_tenant(&self, id: i32) -> Result<TenantSummary, Failure> {
        self.post(format!("/tenants/{id}/actions/reinstate")).unkeyed().read().await
    }
}
