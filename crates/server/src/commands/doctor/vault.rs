//! The keys that encrypt secrets at rest: whether they are there, whose they
//! are, and whether they open what is stored.

use std::{fs, path::PathBuf};

use conexao_engine::{Engine, sealed, tenants};
use conexao_storage::{Db, Tenant, entity::tenant};
use sea_orm_migration::sea_orm::EntityTrait;

use super::{Finding, is_private};
use crate::config::Config;

fn path(config: &Config) -> PathBuf {
    config.vault.clone().unwrap_or_else(|| config.data.join("vault.key"))
}

/// The file itself.
pub(super) fn file(config: &Config) -> Finding {
    let path = path(config);
    match fs::metadata(&path) {
        Ok(meta) if is_private(&meta) => {
            (true, format!("The keys of the vault are in {}, readable by their owner alone.", path.display()))
        }
        Ok(_) => (false, format!("Others can read the keys of the vault; run: chmod 600 {}", path.display())),
        Err(_) => (true, format!("The keys of the vault will be made in {} at first start.", path.display())),
    }
}

/// Whether the file is gone from an installation that has companies. A start
/// would make a new one, which opens nothing.
pub(super) async fn lost(config: &Config, db: &Db) -> Option<Finding> {
    let path = path(config);
    let used = tenant::Entity::find().one(db.pool()).await.is_ok_and(|found| found.is_some());
    (used && !path.exists()).then(|| {
        (false, format!("The keys of the vault are gone: bring {} back from a backup before a start.", path.display()))
    })
}

/// Whether the keys open what is stored.
pub(super) async fn stored(engine: &Engine) -> Finding {
    let mut all = sealed::Tried::default();
    for tenant in tenants::all(engine).await.unwrap_or_default() {
        match sealed::try_some(engine, Tenant(tenant.id)).await {
            Ok(tried) => {
                all.all += tried.all;
                all.closed += tried.closed;
            }
            Err(problem) => return (false, format!("What is stored encrypted cannot be read: {problem}")),
        }
    }
    match all {
        sealed::Tried { all: 0, .. } => (true, "Nothing is stored encrypted yet.".into()),
        sealed::Tried { all, closed: 0 } => (true, format!("The keys of the vault open what is stored ({all} tried).")),
        sealed::Tried { all, closed } => (
            false,
            format!(
                "The keys of the vault do not open {closed} of {all} values: bring the key file back they were sealed with."
            ),
        ),
    }
}
