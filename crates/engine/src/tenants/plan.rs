//! What a tenant pays for, which bounds how often its programs may call.

use conexao_domain::{kernel::problem::Problem, settings::COMPANY};
use conexao_storage::Tenant;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::{Map, Value as Json, json};

use super::{
    Row,
    operator::{self, Overview},
    settings,
};
use crate::{
    Engine, Session, Write,
    journal::Entry,
    refusal::Refused,
    tokens::{PLANS, Plan},
};

/// The name of a tenant's plan.
pub fn of(row: &Row) -> &'static str {
    Plan::of(&row.settings).name
}

/// Gives a tenant another plan, for its operator.
pub async fn choose(engine: &Engine, session: &Session, id: i32, name: &str) -> Result<Overview, Problem> {
    session.require("tenant.plan")?;
    let plan = PLANS.iter().find(|plan| plan.name == name).ok_or_else(|| Problem::field("plan", "choice"))?;
    super::get(engine, Tenant(id)).await?;
    // The tenant's own audit says so too, in the transaction that does it.
    let own = engine.system(Tenant(id), "Operador").await?;
    let mut write = Write::begin(engine, &own).await?;
    let row = settings::row(&write.tx, true).await?;
    let before = of(&row);
    if before == plan.name {
        drop(write);
        return operator::overview(engine, row, true).await;
    }
    let changes = Map::from_iter([
        ("tenant".to_owned(), json!([row.slug, row.slug])),
        ("plan".to_owned(), json!([before, plan.name])),
    ]);
    let mut values: Json = serde_json::from_str(&row.settings).unwrap_or_else(|_| json!({}));
    if let Some(values) = values.as_object_mut() {
        values.insert("plan".to_owned(), plan.name.into());
    }
    let mut active = row.into_active_model();
    active.settings = Set(values.to_string());
    let row = active.update(&*write.tx).await.refused()?;
    let entry = Entry { resource: COMPANY.name, record_id: None, action: "plan".to_owned(), changes: changes.clone() };
    write.note(entry);
    write.commit(200, &Json::Null).await?;
    engine.announce_change(Tenant(id)).await;
    operator::note(engine, session, "plan", changes).await?;
    operator::overview(engine, row, true).await
}
