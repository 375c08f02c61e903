//! The engine from a configuration, migrated and ready.

use conexao_engine::{Engine, SystemClock, identity::Breached, jobs::Registry, vault::Vault};
use conexao_integrations::{files::FileStore, http::Egress, webhook::WebhookSender};
use conexao_migrations::Migrator;
use conexao_storage::Db;
use sea_orm_migration::MigratorTrait;

use crate::{config::Config, mail, secret};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Connects without touching the schema.
pub async fn connect(config: &Config) -> Result<Db, Failure> {
    if config.database_url.is_none() {
        std::fs::create_dir_all(&config.data)?;
    }
    Ok(Db::connect(&config.database(), config.connections).await?)
}

/// The engine on an up-to-date database.
pub async fn engine(config: &Config) -> Result<Engine, Failure> {
    engine_for(config, false).await
}

/// The same; a demonstration shows the links it cannot send.
pub async fn engine_for(config: &Config, demo: bool) -> Result<Engine, Failure> {
    let db = connect(config).await?;
    Migrator::up(db.pool(), None).await?;
    let files = FileStore::open(&config.file_store())?;
    let secret = secret::load(config)?;
    let engine = Engine::new(db, files, &secret, SystemClock).with_vault(Vault::open(&config.vault_file()?)?);
    if let Some(list) = &config.breached_passwords {
        engine.identity.refuse_breached(Breached::open(list)?);
    }
    let engine = engine.with_egress(egress(config));
    Ok(engine.with_mail(mail::room(config, &secret, demo)?))
}

/// Where we may connect to when a company says the address.
fn egress(config: &Config) -> Egress {
    if config.webhooks_to_private_networks { Egress::AllowPrivate } else { Egress::PublicOnly }
}

/// Background work with everything that reaches the world outside.
pub fn registry(config: &Config) -> Result<Registry, Failure> {
    Ok(Registry::standard().webhooks(WebhookSender::new(egress(config))?))
}
