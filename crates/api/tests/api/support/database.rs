//! Databases for tests: a template is migrated and seeded once per process and
//! copied for every test. What differs between SQLite and PostgreSQL stays here.

use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use conexao_integrations::files::{FileStore, FileStoreConfig};
use conexao_migrations::Migrator;
use conexao_storage::Db;
use sea_orm::ConnectionTrait;
use sea_orm_migration::MigratorTrait;
use tempfile::TempDir;

use super::app::{Seeded, seed};

/// Where databases of one kind are made.
#[derive(Debug, Clone)]
pub enum Server {
    Sqlite,
    /// URL of a database in which databases may be created.
    Postgres(String),
}

impl Server {
    /// PostgreSQL when the environment names one, else SQLite: each has a stage
    /// of its own.
    pub fn here() -> Self {
        std::env::var("CONEXAO_TEST_POSTGRES").map_or(Self::Sqlite, Self::Postgres)
    }

    pub const fn has_row_security(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

/// A database that exists for one test.
#[derive(Debug)]
pub struct Database {
    pub url: String,
    name: String,
    server: Server,
    /// Files, and SQLite's database; removed with this value.
    folder: TempDir,
}

/// Connections of a test's pool: enough for requests that wait for each other.
const CONNECTIONS: u32 = 12;

impl Database {
    pub async fn connect(&self) -> Db {
        Db::connect(&self.url, CONNECTIONS).await.unwrap()
    }

    /// Where this test's uploads go.
    pub fn files(&self) -> FileStore {
        files_in(self.folder.path())
    }

    /// Removes the database; its connections must be closed.
    pub async fn remove(self) {
        if let Server::Postgres(url) = &self.server {
            administer(url, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await;
        }
    }
}

/// A seeded database to copy, and what was seeded.
#[derive(Debug)]
struct Template {
    name: String,
    file: Option<PathBuf>,
    seeded: Seeded,
    _folder: TempDir,
}

static SQLITE: Mutex<Option<Template>> = Mutex::new(None);
static POSTGRES: Mutex<Option<Template>> = Mutex::new(None);
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A copy of the template with what it holds. Blocks while the first caller
/// makes the template; must run outside an async runtime.
pub fn fresh(server: &Server) -> (Database, Seeded) {
    let templates = if matches!(server, Server::Sqlite) { &SQLITE } else { &POSTGRES };
    let (name, file, seeded) = {
        // A test that failed while it made the template must not hide its reason behind poison.
        let mut template = templates.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let template = template.get_or_insert_with(|| actix_web::rt::System::new().block_on(make(server)));
        (template.name.clone(), template.file.clone(), template.seeded.clone())
    };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = tempfile::tempdir().unwrap();
    let database = match (server, file) {
        (Server::Sqlite, Some(file)) => {
            let copy = folder.path().join("test.db");
            std::fs::copy(file, &copy).unwrap();
            let url = format!("sqlite://{}?mode=rwc", copy.display());
            Database { url, name: "test".to_owned(), server: server.clone(), folder }
        }
        (Server::Postgres(admin), _) => {
            let copy = format!("conexao_test_{}_{number}", std::process::id());
            let sql = format!("CREATE DATABASE {copy} TEMPLATE {name}");
            actix_web::rt::System::new().block_on(administer(admin, &sql));
            Database { url: sibling(admin, &copy), name: copy, server: server.clone(), folder }
        }
        (Server::Sqlite, None) => unreachable!("a SQLite template is a file"),
    };
    (database, seeded)
}

async fn make(server: &Server) -> Template {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("template.db");
    let (url, name, file) = match server {
        Server::Sqlite => (format!("sqlite://{}?mode=rwc", path.display()), "template".to_owned(), Some(path)),
        Server::Postgres(admin) => {
            remove_leftovers(admin).await;
            let name = format!("conexao_test_{}_template", std::process::id());
            administer(admin, &format!("CREATE DATABASE {name}")).await;
            (sibling(admin, &name), name, None)
        }
    };
    let db = Db::connect(&url, 2).await.unwrap();
    Migrator::up(db.pool(), None).await.unwrap();
    let seeded = seed(db.clone(), files_in(folder.path())).await;
    if !db.is_postgres() {
        // Everything into the one file that is copied.
        db.pool().execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    }
    db.pool().close_by_ref().await.unwrap();
    Template { name, file, seeded, _folder: folder }
}

fn files_in(folder: &Path) -> FileStore {
    FileStore::open(&FileStoreConfig::Local { folder: folder.join("files") }).unwrap()
}

/// Databases of test runs that ended without removing them.
async fn remove_leftovers(admin: &str) {
    let db = Db::connect(admin, 1).await.unwrap();
    let sql = "SELECT datname::text FROM pg_database WHERE datname LIKE 'conexao\\_test\\_%'";
    let rows = db.pool().query_all_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql)).await;
    for row in rows.unwrap() {
        let name: String = row.try_get_by_index(0).unwrap();
        let owner = name.trim_start_matches("conexao_test_").split('_').next().unwrap_or_default();
        if !Path::new("/proc").join(owner).exists() {
            // Somebody else may be removing it at this moment.
            let _ = db.pool().execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
    db.pool().close_by_ref().await.unwrap();
}

async fn administer(url: &str, sql: &str) {
    let db = Db::connect(url, 1).await.unwrap();
    db.pool().execute_unprepared(sql).await.unwrap();
    db.pool().close_by_ref().await.unwrap();
}

/// The URL of another database on the same server.
fn sibling(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}
