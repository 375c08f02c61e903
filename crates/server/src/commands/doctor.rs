//! `conexao doctor`: what is missing or unsafe, in words.

use std::{os::unix::fs::PermissionsExt, process::ExitCode};

use conexao_migrations::Migrator;
use conexao_storage::Db;
use sea_orm_migration::MigratorTrait;

use crate::{Outcome, app, config::Config};

/// A finding: whether it is well, and the sentence.
type Finding = (bool, String);

pub async fn run(config: Config) -> Outcome {
    let mut findings = vec![secret(&config), listening(&config)];
    match app::connect(&config).await {
        Ok(db) => findings.extend(database(&db).await),
        Err(error) => findings
            .push((false, format!("The database does not answer: {error}. Check DATABASE_URL or the data folder."))),
    }
    for (well, text) in &findings {
        println!("{} {text}", if *well { "ok  " } else { "FIX " });
    }
    let well = findings.iter().all(|(well, _)| *well);
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
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
        Ok(meta) if meta.permissions().mode().trailing_zeros() >= 6 => {
            (true, format!("The master secret is in {}, readable by its owner alone.", path.display()))
        }
        Ok(_) => (false, format!("Others can read {0}; run: chmod 600 {0}", path.display())),
        Err(_) => (true, format!("The master secret will be made in {} at first start.", path.display())),
    }
}

fn listening(config: &Config) -> Finding {
    let local = config.listen.starts_with("127.") || config.listen.starts_with("localhost");
    let text = if local {
        "Listens on this machine only."
    } else {
        "Listens on the network: put a TLS proxy in front, tokens and passwords pass here."
    };
    (local, text.into())
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
