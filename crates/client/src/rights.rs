//! What roles are and would be, who can see a record, and standing in for
//! somebody absent.

use serde_json::{Map, Value as Json, json};

use conexao_domain::kernel::record::Record;

use crate::{
    Client, Failure, Query,
    model::{Absences, GrantDraft, Mention, Page, RoleRow, SeenBy, Simulation},
    query::segment,
};

/// Roles and what follows from them; needs `role.read`.
#[derive(Debug, Clone, Copy)]
pub struct Rights<'a>(pub(crate) &'a Client);

impl Rights<'_> {
    /// Every role with its grants and how many people have it.
    pub async fn roles(&self) -> Result<Vec<RoleRow>, Failure> {
        let found: Page<RoleRow> = self.0.get("/roles/table").read().await?;
        Ok(found.items)
    }

    /// Who would gain and lose what if the role (none for a new one) were
    /// saved so, and what somebody with it alone would see; own and team rows
    /// are counted as `person` would see them.
    pub async fn simulate(
        &self,
        role: Option<&str>,
        scope: &str,
        grants: &[GrantDraft],
        person: Option<&str>,
    ) -> Result<Simulation, Failure> {
        let body = json!({ "id": role, "scope": scope, "grants": grants, "person": person });
        self.0.post("/roles/simulate").unkeyed().json(body).read().await
    }

    /// Who can see and change a record, and why.
    pub async fn seen_by(&self, resource: &str, id: &str) -> Result<SeenBy, Failure> {
        let query = Query::new().with("resource", resource).with("id", id);
        self.0.get("/permissions/seen-by").query(&query).read().await
    }
}

/// One's own absences, which take no permission.
impl Client {
    /// My absences, and those in which I stand in.
    pub async fn absences(&self) -> Result<Absences, Failure> {
        self.get("/me/absences").read().await
    }

    /// Names who stands in for me: `substitute_id`, `starts_on`, `ends_on`,
    /// and maybe `reason` and `with_administration`.
    pub async fn name_substitute(&self, values: Map<String, Json>) -> Result<Record, Failure> {
        self.post("/me/absences").json(Json::Object(values)).record().await
    }

    /// Ends an absence of mine early.
    pub async fn end_absence(&self, id: &str) -> Result<Record, Failure> {
        self.post(format!("/me/absences/{}/end", segment(id))).json(json!({})).record().await
    }

    /// Active people of the company by name, at most ten.
    pub async fn colleagues(&self, text: &str) -> Result<Vec<Mention>, Failure> {
        let found: Page<Mention> = self.get("/me/colleagues").query(&Query::new().with("q", text)).read().await?;
        Ok(found.items)
    }

    /// What roles are and would be.
    pub const fn rights(&self) -> Rights<'_> {
        Rights(self)
    }
}
