//! A database of a test's own, people who work in it, and how to wait.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use conexao_domain::{
    after_sales::warranty::WARRANTY,
    customers::customer::CUSTOMER,
    identity::user::USER,
    kernel::{record::Record, resource::Resource, value::MovableClock},
};
use conexao_engine::{
    Engine, Session, identity,
    jobs::{self, Background, Options, Registry},
    tenants, write,
};
use conexao_integrations::files::{FileStore, FileStoreConfig};
use conexao_migrations::Migrator;
use conexao_storage::Db;
use sea_orm::ConnectionTrait;
use sea_orm_migration::MigratorTrait;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Where a database lives, and the folder of its files, which goes with it.
pub struct Home {
    pub url: String,
    pub folder: tempfile::TempDir,
}

impl Home {
    #[expect(clippy::unused_async, reason = "called like its sibling")]
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display());
        Self { url, folder }
    }

    /// A new database of the role the tests are given: an ordinary one, since
    /// row-level security does not bind superusers.
    pub async fn postgres() -> Option<Self> {
        let admin = std::env::var("CONEXAO_TEST_POSTGRES").ok()?;
        let db = Db::connect(&admin, 1).await.unwrap();
        let name = format!("t{}", Uuid::now_v7().simple());
        let run = async |sql: String| db.pool().execute_unprepared(&sql).await.unwrap();
        run(format!("CREATE DATABASE {name}")).await;
        let server = admin.rsplit_once('/').unwrap().0;
        Some(Self { url: format!("{server}/{name}"), folder: tempfile::tempdir().unwrap() })
    }

    /// An engine on the database, which is brought up to date.
    pub async fn engine(&self) -> Engine {
        self.engine_at(Arc::new(MovableClock::new(Utc::now())), false).await
    }

    /// An engine whose clock the test moves, or one that runs as clocks do.
    pub async fn engine_at(&self, clock: Arc<MovableClock>, still: bool) -> Engine {
        let db = Db::connect(&self.url, 12).await.unwrap();
        Migrator::up(db.pool(), None).await.unwrap();
        jobs::migrate(&db).await.unwrap();
        let files = FileStore::open(&FileStoreConfig::Local { folder: self.folder.path().join("files") }).unwrap();
        if still {
            Engine::new(db, files, "secret", clock)
        } else {
            Engine::new(db, files, "secret", conexao_engine::SystemClock)
        }
    }
}

/// Quick enough for tests.
pub fn options() -> Options {
    Options {
        heartbeat: Duration::from_secs(1),
        missed_heartbeats: 2,
        backoff: Duration::from_millis(100),
        schedule: false,
        ..Options::default()
    }
}

pub async fn start(engine: &Engine, registry: Registry) -> Background {
    jobs::start(engine, registry, options()).await.unwrap()
}

pub async fn stop(background: Background) {
    background.stop(Duration::from_secs(10)).await;
}

/// Waits until a question is answered with yes.
pub async fn until<F: Future<Output = bool>>(what: &str, mut question: impl FnMut() -> F) {
    for _ in 0..600 {
        if question().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("waited in vain: {what}");
}

/// Waits until nothing is left to do.
pub async fn quiet(engine: &Engine) {
    until("the background to be quiet", || async {
        let left = jobs::backlog(engine).await.unwrap();
        left.outbox == 0 && left.tasks == 0 && left.jobs == 0
    })
    .await;
}

/// Waits until a job is in a state, and returns it.
pub async fn until_job(engine: &Engine, session: &Session, id: Uuid, state: &str) -> Json {
    until(&format!("job to be {state}"), || async { jobs::get(engine, session, id).await.unwrap()["state"] == state })
        .await;
    jobs::get(engine, session, id).await.unwrap()
}

/// A tenant and who works there.
pub struct People {
    pub system: Session,
    /// Manager: every customer and warranty, all jobs.
    pub marta: Session,
    /// Seller: creates customers and warranties.
    pub vera: Session,
    /// Checkers; Cida reads English.
    pub caio: Session,
    pub cida: Session,
}

pub async fn people(engine: &Engine, slug: &str) -> People {
    let tenant = tenants::create(engine, slug, slug, conexao_domain::settings::TenantKind::Production).await.unwrap();
    let system = Session::system(tenant, "test");
    let person = async |name: &str, role: &str| {
        let email = format!("{}@{slug}.example", name.to_lowercase());
        let id = identity::create_user(engine, &system, name, &email, &[role], "correct horse 9").await.unwrap();
        identity::session_of(engine, tenant, id).await.unwrap()
    };
    let (marta, vera) = (person("Marta", "gerente").await, person("Vera", "vendedor").await);
    let (caio, cida) = (person("Caio", "conferente").await, person("Cida", "conferente").await);
    let english = json!({ "locale": "en" }).as_object().cloned().unwrap();
    write::patch(engine, &system.gate(&USER, "update").unwrap(), cida.user, 1, &english).await.unwrap();
    People { system, marta, vera, caio, cida }
}

pub async fn create(engine: &Engine, session: &Session, resource: &'static Resource, input: Json) -> Record {
    let gate = session.gate(resource, "create").unwrap();
    write::create(engine, &gate, input.as_object().unwrap()).await.unwrap()
}

pub fn id(record: &Record) -> Uuid {
    Uuid::parse_str(record.id()).unwrap()
}

pub async fn customer(engine: &Engine, session: &Session, name: &str) -> Record {
    create(engine, session, &CUSTOMER, json!({ "name": name })).await
}

pub async fn warranty(engine: &Engine, session: &Session, customer: &Record) -> Record {
    let item = json!({ "sku": "A1", "product": "Placa", "reason": "não liga" });
    create(engine, session, &WARRANTY, json!({ "customer_id": customer.id(), "items": [item] })).await
}

/// Takes a step of a warranty as it is now.
pub async fn step(engine: &Engine, session: &Session, warranty: &Record, name: &str, input: Json) -> Record {
    let gate = session.gate(&WARRANTY, name).unwrap();
    let current = read(engine, session, &WARRANTY, id(warranty)).await;
    write::step(engine, &gate, id(warranty), current.version(), name, input.as_object().unwrap()).await.unwrap()
}

pub async fn read(engine: &Engine, session: &Session, resource: &'static Resource, id: Uuid) -> Record {
    let gate = session.gate(resource, "read").unwrap();
    conexao_engine::read::get(engine, &gate, id).await.unwrap()
}
