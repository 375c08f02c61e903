//! `conexao doctor`: what is missing or unsafe, in words.

mod network;
mod vault;

use std::{fs::Metadata, os::unix::fs::PermissionsExt, process::ExitCode};

use conexao_engine::Engine;
use conexao_migrations::Migrator;
use conexao_storage::Db;
use sea_orm_migration::MigratorTrait;

use super::tenant::has_operator;
use crate::{Outcome, app, config::Config};

/// A finding: whether it is well, and the sentence.
type Finding = (bool, String);

pub async fn run(config: Config) -> Outcome {
    let mut findings = vec![secret(&config), vault::file(&config)];
    findings.extend(network::findings(&config));
    match app::connect(&config).await {
        Ok(db) => {
            findings.extend(database(&db).await);
            findings.extend(match vault::lost(&config, &db).await {
                Some(lost) => vec![lost],
                None => inside(&config, &db).await,
            });
        }
        Err(error) => findings
            .push((false, format!("The database does not answer: {error}. Check DATABASE_URL or the data folder."))),
    }
    for (well, text) in &findings {
        println!("{} {text}", if *well { "ok  " } else { "FIX " });
    }
    let well = findings.iter().all(|(well, _)| *well);
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether only the owner may read a file.
fn is_private(meta: &Metadata) -> bool {
    meta.permissions().mode().trailing_zeros() >= 6
}

fn secret(config: &Config) -> Finding {
    if let Some(secret) = &config.secret {
        let long = secret.len() >= 32;
        return (
            long,
            if long {
                "The master secret is configured.".into()
            } else {
                "The master secret is shorter than 32 characters; make a longer one.".into()
            },
        );
    }
    let path = config.data.join("secret.key");
    match std::fs::metadata(&path) {
        Ok(meta) if is_private(&meta) => {
            (true, format!("The master secret is in {}, readable by its owner alone.", path.display()))
        }
        Ok(_) => (false, format!("Others can read {0}; run: chmod 600 {0}", path.display())),
        Err(_) => (true, format!("The master secret will be made in {} at first start.", path.display())),
    }
}

/// What only shows in an installation that is up to date: whether its keys fit,
/// and whether somebody looks after its companies.
async fn inside(config: &Config, db: &Db) -> Vec<Finding> {
    let pending = Migrator::get_pending_migrations(db.pool()).await;
    if !pending.is_ok_and(|pending| pending.is_empty()) {
        return Vec::new();
    }
    match app::engine(config).await {
        Ok(engine) => vec![vault::stored(&engine).await, operator(&engine).await],
        Err(error) => vec![(false, format!("The installation does not start: {error}"))],
    }
}

async fn operator(engine: &Engine) -> Finding {
    let text = "No operator: fine for one company. Further companies are made and suspended by command, or on screens \
                after: conexao operator add --name … --email …";
    let well = has_operator(engine).await;
    (true, if well { "The installation has an operator.".into() } else { text.into() })
}

async fn database(db: &Db) -> Vec<Finding> {
    let mut findings = Vec::new();
    match Migrator::get_pending_migrations(db.pool()).await {
        Ok(pending) if pending.is_empty() => findings.push((true, "The schema is up to date.".into())),
        Ok(pending) => findings.push((false, format!("{} migrations wait; run: conexao migrate", pending.len()))),
        Err(error) => findings.push((false, format!("The schema cannot be read: {error}"))),
    }
    if db.is_postgres() {
        let bypass = db.bypasses_row_security().await.unwrap_or(true);
        let text = if bypass {
            "The database user bypasses row-level security; use a role without SUPERUSER and BYPASSRLS."
        } else {
            "Row-level security binds the database user."
        };
        findings.push((!bypass, text.into()));
    } else {
        findings.push((true, "SQLite: fine for one node; set DATABASE_URL to use PostgreSQL.".into()));
    }
    findings
}
