//! `conexao verify`.

use std::process::ExitCode;

use conexao_engine::{audit, tenants};
use conexao_storage::Tenant;

use crate::{Outcome, app, config::Config};

pub async fn run(config: Config) -> Outcome {
    let engine = app::engine(&config).await?;
    let mut sound = true;
    for tenant in tenants::all(&engine).await? {
        let verified = audit::check(&engine, Tenant(tenant.id)).await?;
        match verified.broken_at {
            None => println!("{}: {} entries, chain intact", tenant.slug, verified.entries),
            Some(seq) => println!("{}: chain broken at entry {seq}", tenant.slug),
        }
        sound &= verified.broken_at.is_none();
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
