//! Every change of the schema, one short file each, never edited after release.

mod m0001_tenancy;
mod m0002_identity;
mod m0003_journal;
mod m0004_jobs;
mod m0005_notes;
mod m0006_notifications;
mod m0007_customers;
mod m0008_warranties;
mod m0009_imports;
mod m0010_tokens;
mod m0011_webhooks;
mod m0012_messages;
mod m0013_audit;
mod m0014_two_factor;
mod m0015_tenants;
mod m0016_passkeys;
mod m0017_teams;
mod m0018_privacy;
mod m0019_channels;
mod m0021_views;
mod m0022_account_mail;
mod m0023_own;
mod m0024_recycle_bin;
mod m0025_bulk_undo;

use sea_orm_migration::prelude::*;

#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_tenancy::Migration),
            Box::new(m0002_identity::Migration),
            Box::new(m0003_journal::Migration),
            Box::new(m0004_jobs::Migration),
            Box::new(m0005_notes::Migration),
            Box::new(m0006_notifications::Migration),
            Box::new(m0007_customers::Migration),
            Box::new(m0008_warranties::Migration),
            Box::new(m0009_imports::Migration),
            Box::new(m0010_tokens::Migration),
            Box::new(m0011_webhooks::Migration),
            Box::new(m0012_messages::Migration),
            Box::new(m0013_audit::Migration),
            Box::new(m0014_two_factor::Migration),
            Box::new(m0015_tenants::Migration),
            Box::new(m0016_passkeys::Migration),
            Box::new(m0017_teams::Migration),
            Box::new(m0018_privacy::Migration),
            Box::new(m0019_channels::Migration),
            Box::new(m0021_views::Migration),
            Box::new(m0022_account_mail::Migration),
            Box::new(m0023_own::Migration),
            Box::new(m0024_recycle_bin::Migration),
            Box::new(m0025_bulk_undo::Migration),
        ]
    }
}

/// Declares a migration that only runs forward, in one transaction, from a
/// function that gives its statements for a database.
macro_rules! migration {
    ($statements:path) => {
        #[derive(Debug, sea_orm_migration::prelude::DeriveMigrationName)]
        pub struct Migration;

        #[sea_orm_migration::async_trait::async_trait]
        impl sea_orm_migration::MigrationTrait for Migration {
            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }

            async fn up(&self, manager: &sea_orm_migration::SchemaManager) -> Result<(), sea_orm_migration::DbErr> {
                use sea_orm_migration::sea_orm::ConnectionTrait as _;
                let connection = manager.get_connection();
                for statement in $statements(manager.get_database_backend()) {
                    connection.execute_unprepared(&statement).await?;
                }
                Ok(())
            }
        }
    };
}
pub(crate) use migration;
