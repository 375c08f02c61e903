//! `conexao user`.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use conexao_domain::settings::TenantKind;
use conexao_engine::{Engine, identity, tenants};
use conexao_storage::Tenant;

use crate::{Outcome, app, config::Config};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Create a user; the password is read from `CONEXAO_NEW_PASSWORD` or standard input.
    Create {
        #[arg(long)]
        name: String,
        #[arg(long)]
        email: String,
        /// Key of a role, e.g. `admin`; may be repeated.
        #[arg(long, default_value = "admin")]
        role: Vec<String>,
        /// Short name of the company; created when it does not exist.
        #[arg(long, default_value = "empresa")]
        tenant: String,
    },
}

pub async fn run(config: Config, arguments: Arguments) -> Outcome {
    let engine = app::engine(&config).await?;
    let Action::Create { name, email, role, tenant } = arguments.action;
    let tenant = find_or_create(&engine, &tenant).await?;
    let roles: Vec<&str> = role.iter().map(String::as_str).collect();
    let session = engine.system(tenant, "conexao user").await?;
    let id = identity::create_user(&engine, &session, &name, &email, &roles, &password()?).await?;
    println!("{id}");
    Ok(ExitCode::SUCCESS)
}

pub(super) fn password() -> std::io::Result<String> {
    if let Ok(password) = std::env::var("CONEXAO_NEW_PASSWORD") {
        return Ok(password);
    }
    eprintln!("Password:");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn find_or_create(engine: &Engine, slug: &str) -> Result<Tenant, Box<dyn std::error::Error + Send + Sync>> {
    let found = tenants::all(engine).await?.into_iter().find(|t| t.slug == slug);
    match found {
        Some(tenant) => Ok(Tenant(tenant.id)),
        None => Ok(tenants::create(engine, slug, slug, TenantKind::Production).await?),
    }
}
