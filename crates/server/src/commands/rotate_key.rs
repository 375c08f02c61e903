//! `conexao rotate-key`.

use std::process::ExitCode;

use conexao_engine::{messages, privacy, secrets, tenants, vault::Vault};
use conexao_storage::Tenant;

use crate::{Outcome, app, config::Config};

/// A new key is put in use, everything is wrapped with it, and only then are
/// the keys before forgotten; interrupted anywhere, it can be run again.
/// Running servers notice that the file changed.
pub async fn run(config: Config) -> Outcome {
    let engine = app::engine(&config).await?;
    let path = config.vault_file()?;
    let engine = engine.with_vault(Vault::add_key(&path)?);
    let mut wrapped = 0;
    for tenant in tenants::all(&engine).await? {
        // Again until nothing was left: a server may have been about to write.
        loop {
            let tenant = Tenant(tenant.id);
            let kept = privacy::rewrap(&engine, tenant).await?;
            match secrets::rewrap(&engine, tenant).await? + messages::rewrap(&engine, tenant).await? + kept {
                0 => break,
                some => wrapped += some,
            }
        }
    }
    Vault::forget_old_keys(&path)?;
    println!(
        "{wrapped} secrets are encrypted with a new key. Nodes that have a copy of {} need the new one.",
        path.display()
    );
    Ok(ExitCode::SUCCESS)
}
