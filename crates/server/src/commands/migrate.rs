//! `conexao migrate`.

use std::process::ExitCode;

use clap::Args;
use conexao_engine::jobs;
use conexao_migrations::Migrator;
use sea_orm_migration::MigratorTrait;

use crate::{Outcome, app, config::Config};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Say what would run, and change nothing.
    #[arg(long)]
    plan: bool,
}

pub async fn run(config: Config, arguments: Arguments) -> Outcome {
    let db = app::connect(&config).await?;
    let pending = Migrator::get_pending_migrations(db.pool()).await?;
    if pending.is_empty() {
        println!("The database is up to date.");
    }
    for migration in &pending {
        println!("{}", migration.name());
    }
    if !arguments.plan && !pending.is_empty() {
        Migrator::up(db.pool(), None).await?;
        println!("{} migrations applied.", pending.len());
    }
    if !arguments.plan {
        jobs::migrate(&db).await?;
    }
    Ok(ExitCode::SUCCESS)
}
