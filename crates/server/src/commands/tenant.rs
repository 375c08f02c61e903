//! `conexao tenant` and `conexao operator`: for whoever holds the machine.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use conexao_domain::settings::TenantKind;
use conexao_engine::{
    Engine, Session,
    tenants::{self, Founded, Overview},
};
use conexao_storage::Tenant;

use super::user::password;
use crate::{Outcome, app, config::Config};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Every tenant: short name, kind, state, people, last use.
    List,
    /// Make a tenant and invite its first administrator by mail.
    Create {
        #[arg(long)]
        name: String,
        /// Who is invited.
        #[arg(long)]
        email: String,
        /// Short name; made of the name unless told.
        #[arg(long)]
        slug: Option<String>,
        /// `production`, `sandbox` or `demo`.
        #[arg(long, default_value = "production")]
        kind: String,
    },
    /// Keep everybody of a tenant out, at once.
    Suspend {
        /// Short name of the tenant.
        slug: String,
        /// Shown to those who try to come in.
        #[arg(long)]
        reason: String,
    },
    /// Let a suspended tenant in again.
    Reinstate {
        /// Short name of the tenant.
        slug: String,
    },
    /// Give a tenant another plan, which bounds how often its programs may call.
    Plan {
        /// Short name of the tenant.
        slug: String,
        /// `standard`, `essential` or `enterprise`.
        plan: String,
    },
}

pub async fn run(config: Config, arguments: Arguments) -> Outcome {
    let engine = app::engine(&config).await?;
    let session = operator(&engine).await?;
    match arguments.action {
        Action::List => list(&engine, &session).await?,
        Action::Create { name, email, slug, kind } => {
            let wanted = Founded { name, slug, kind: Some(kind), email };
            show(&tenants::found(&engine, &session, &wanted).await?);
        }
        Action::Suspend { slug, reason } => {
            show(&tenants::suspend(&engine, &session, number(&engine, &slug).await?, &reason).await?);
        }
        Action::Plan { slug, plan } => {
            show(&tenants::choose_plan(&engine, &session, number(&engine, &slug).await?, &plan).await?);
        }
        Action::Reinstate { slug } => {
            show(&tenants::reinstate(&engine, &session, number(&engine, &slug).await?).await?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The machine itself as operator: what it does is in the operator's audit.
async fn operator(engine: &Engine) -> Result<Session, Box<dyn std::error::Error + Send + Sync>> {
    let tenant = tenants::operator_tenant(engine).await?;
    Ok(engine.system(tenant, "conexao tenant").await?)
}

async fn number(engine: &Engine, slug: &str) -> Result<i32, Box<dyn std::error::Error + Send + Sync>> {
    let found = tenants::by_slug(engine, slug).await?;
    found.map(|tenant| tenant.id).ok_or_else(|| format!("no tenant is called {slug}").into())
}

async fn list(engine: &Engine, session: &Session) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut after = None;
    loop {
        let (items, next) = tenants::list(engine, session, after).await?;
        items.iter().for_each(show);
        after = next;
        if after.is_none() {
            return Ok(());
        }
    }
}

fn show(tenant: &Overview) {
    let row = &tenant.row;
    let used = tenant.last_use.map_or_else(|| "never".to_owned(), |at| at.format("%Y-%m-%d %H:%M").to_string());
    let plan = tenants::plan(row);
    println!(
        "{}  {}  {}  {}  {plan}  {} users  last use {used}",
        row.slug, row.name, row.kind, row.status, tenant.users
    );
}

#[derive(Debug, Args)]
pub struct OperatorArguments {
    #[command(subcommand)]
    action: OperatorAction,
}

#[derive(Debug, Subcommand)]
enum OperatorAction {
    /// Add somebody who looks after the installation; the password is read
    /// from `CONEXAO_NEW_PASSWORD` or standard input.
    Add {
        #[arg(long)]
        name: String,
        #[arg(long)]
        email: String,
    },
}

pub async fn run_operator(config: Config, arguments: OperatorArguments) -> Outcome {
    let engine = app::engine(&config).await?;
    let OperatorAction::Add { name, email } = arguments.action;
    println!("{}", tenants::add_operator(&engine, &name, &email, &password()?).await?);
    Ok(ExitCode::SUCCESS)
}

/// Whether somebody looks after the installation, for `conexao doctor`.
pub async fn has_operator(engine: &Engine) -> bool {
    let all = tenants::all(engine).await.unwrap_or_default();
    let operator = all.iter().find(|tenant| TenantKind::parse(&tenant.kind) == TenantKind::Operator);
    match operator {
        Some(row) => tenants::people(engine, Tenant(row.id)).await.is_ok_and(|people| people > 0),
        None => false,
    }
}
