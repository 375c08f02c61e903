//! The application as `conexao serve` assembles it, called in process.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    rc::Rc,
    sync::Arc,
};

use actix_web::{
    body,
    dev::{Service, ServiceResponse},
    http::{StatusCode, header::HeaderMap},
    test, web,
};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use conexao_api::middleware::{Forwarding, Limits, Patience, Proxies, around};
use conexao_domain::{
    identity::role::SEEDED_ROLES,
    kernel::value::{Clock, MovableClock},
};
use conexao_engine::{Engine, Session, identity, messages::MailRoom, tenants};
use conexao_integrations::files::FileStore;
use conexao_storage::{Db, Tenant};
use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

use super::{
    client::Client,
    database::{Server, fresh},
};

/// Password of every seeded user.
pub const PASSWORD: &str = "senha-de-teste-2026";

const SECRET: &str = "a secret that only tests know, long enough to sign with";

/// The moment at which every test begins: a Tuesday noon in São Paulo.
pub fn start_of_time() -> DateTime<Utc> {
    "2026-03-10T15:00:00Z".parse().unwrap()
}

/// A user with one role in one of the two seeded companies.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: Uuid,
    pub email: String,
    pub token: String,
}

/// What the template database holds: two companies with one user per role.
#[derive(Debug, Clone, Default)]
pub struct Seeded {
    /// By tenant and role key.
    members: HashMap<(i32, &'static str), Member>,
}

/// Fills a migrated database.
pub async fn seed(db: Db, files: FileStore) -> Seeded {
    let engine = Engine::new(db, files, SECRET, MovableClock::new(start_of_time()));
    let mut seeded = Seeded::default();
    for slug in ["aurora", "boreal"] {
        let tenant =
            tenants::create(&engine, slug, slug, conexao_domain::settings::TenantKind::Production).await.unwrap();
        let system = Session::system(tenant, "Conexão");
        for role in SEEDED_ROLES {
            let email = format!("{}@{slug}.test", role.key);
            let id = identity::create_user(&engine, &system, role.key, &email, &[role.key], PASSWORD).await.unwrap();
            let granted = identity::login(&engine, &email, PASSWORD, identity::Origin::default()).await.unwrap();
            seeded.members.insert((tenant.0, role.key), Member { id, email, token: granted.access_token });
        }
    }
    seeded
}

type Call = dyn Fn(actix_http::Request) -> LocalBoxFuture<'static, (StatusCode, HeaderMap, Bytes)>;

/// A running application; cheap to clone.
#[derive(Clone)]
pub struct App {
    pub engine: Engine,
    pub clock: Arc<MovableClock>,
    seeded: Seeded,
    url: String,
    call: Rc<Call>,
}

/// An application that is not running yet; unlike a running one it can move
/// to another thread.
#[derive(Clone)]
pub struct Seed {
    files: FileStore,
    clock: Arc<MovableClock>,
    seeded: Seeded,
    url: String,
}

/// Connections of an application in a thread of its own.
const FEW: u32 = 5;

impl Seed {
    /// Connects anew: a connection works only as long as the thread that opened it.
    pub async fn start(self) -> App {
        let db = Db::connect(&self.url, FEW).await.unwrap();
        App::assemble(db, self).await
    }
}

impl App {
    async fn start(db: Db, files: FileStore, seeded: Seeded, url: &str) -> Self {
        let clock = Arc::new(MovableClock::new(start_of_time()));
        Self::assemble(db, Seed { files, clock, seeded, url: url.to_owned() }).await
    }

    async fn assemble(db: Db, seed: Seed) -> Self {
        let Seed { files, clock, seeded, url } = seed;
        let engine = Engine::new(db, files, SECRET, clock.clone());
        let call = service(engine.clone(), Network::default()).await;
        Self { engine, clock, seeded, url, call }
    }

    /// Another node on the same database, with its own allowances.
    pub async fn node(&self, limits: Limits) -> Self {
        self.node_in(Network { limits, ..Network::default() }).await
    }

    /// The same in a network of its own.
    pub async fn node_in(&self, network: Network) -> Self {
        let engine = Engine::new(self.engine.db.clone(), self.engine.files.clone(), SECRET, self.clock.clone());
        Self { call: service(engine.clone(), network).await, engine, ..self.clone() }
    }

    /// The same on an engine whose list of messages shows links, as where
    /// there is no way out for mail.
    pub async fn showing_links(&self) -> Self {
        let room = MailRoom::new(SECRET, "http://localhost:8080").showing_links();
        let engine = self.engine.clone().with_mail(room);
        Self { call: service(engine.clone(), Network::default()).await, engine, ..self.clone() }
    }

    /// What another thread needs to run the application on the same database.
    pub fn seed(&self) -> Seed {
        let files = self.engine.files.clone();
        Seed { files, clock: self.clock.clone(), seeded: self.seeded.clone(), url: self.url.clone() }
    }

    /// Somebody of the first company, already logged in.
    pub fn login(&self, role: &'static str) -> Client {
        self.login_to(self.tenant(), role)
    }

    /// Somebody of the other company, already logged in.
    pub fn login_elsewhere(&self, role: &'static str) -> Client {
        self.login_to(self.other_tenant(), role)
    }

    fn login_to(&self, tenant: Tenant, role: &'static str) -> Client {
        let member = self.member_of(tenant, role);
        Client::new(self.clone(), Some(member.token.clone()), member.id)
    }

    /// Somebody without a token.
    pub fn stranger(&self) -> Client {
        Client::new(self.clone(), None, Uuid::nil())
    }

    pub fn member(&self, role: &'static str) -> &Member {
        self.member_of(self.tenant(), role)
    }

    fn member_of(&self, tenant: Tenant, role: &'static str) -> &Member {
        self.seeded.members.get(&(tenant.0, role)).expect("a seeded role")
    }

    /// Who has a role in the company of somebody.
    pub fn colleague(&self, of: Uuid, role: &'static str) -> &Member {
        let company = self.seeded.members.iter().find(|(_, member)| member.id == of);
        self.member_of(company.map_or(self.tenant(), |((tenant, _), _)| Tenant(*tenant)), role)
    }

    pub fn tenant(&self) -> Tenant {
        Tenant(1)
    }

    pub fn other_tenant(&self) -> Tenant {
        Tenant(2)
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Sends a request through the whole stack.
    pub async fn call(&self, request: actix_http::Request) -> (StatusCode, HeaderMap, Bytes) {
        (self.call)(request).await
    }
}

/// What stands between a node and its callers.
pub struct Network {
    pub limits: Limits,
    pub patience: Patience,
    /// Networks of proxies that write `X-Forwarded-…`.
    pub proxies: Vec<&'static str>,
    pub origins: Vec<String>,
}

impl Default for Network {
    fn default() -> Self {
        let limits = Limits::new(1_000_000, 1_000_000);
        Self { limits, patience: Patience::default(), proxies: Vec::new(), origins: Vec::new() }
    }
}

async fn service(engine: Engine, network: Network) -> Rc<Call> {
    let proxies = network.proxies.iter().map(|text| text.parse().unwrap()).collect();
    let app = actix_web::App::new()
        .app_data(web::Data::new(network.limits))
        .app_data(web::Data::new(network.patience))
        .app_data(web::Data::new(Proxies::new(proxies, Forwarding::XForwardedFor)))
        .app_data(web::Data::new(engine.clone()))
        .service(conexao_api::service(engine, conexao_engine::jobs::Registry::standard(), &network.origins));
    let app = around(app);
    let service = Rc::new(test::init_service(app).await);
    Rc::new(move |request| {
        let service = service.clone();
        Box::pin(async move {
            match service.call(request).await {
                Ok(response) => read(response).await,
                // What the server does with an error that no handler turned into an answer.
                Err(error) => {
                    let response = error.as_response_error().error_response();
                    let (status, headers) = (response.status(), response.headers().clone());
                    (status, headers, body::to_bytes(response.into_body()).await.unwrap_or_default())
                }
            }
        })
    })
}

async fn read<B: body::MessageBody>(response: ServiceResponse<B>) -> (StatusCode, HeaderMap, Bytes) {
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = body::to_bytes(response.into_body()).await;
    (status, headers, bytes.unwrap_or_else(|_| panic!("the body broke off")))
}

/// Runs a test on a fresh database of the kind this run is about; the suite
/// runs once for each.
pub fn on_each_database(test: impl AsyncFn(App)) {
    run(&Server::here(), test);
}

/// Runs a test where the database itself separates tenants.
pub fn on_row_security(test: impl AsyncFn(App)) {
    let server = Server::here();
    if server.has_row_security() {
        run(&server, test);
    }
}

fn run(server: &Server, test: impl AsyncFn(App)) {
    let (database, seeded) = fresh(server);
    let system = actix_web::rt::System::new();
    let db = system.block_on(database.connect());
    let run = || {
        system.block_on(async { test(App::start(db.clone(), database.files(), seeded, &database.url).await).await });
    };
    let outcome = catch_unwind(AssertUnwindSafe(run));
    system.block_on(async {
        let _ = db.pool().close_by_ref().await;
        database.remove().await;
    });
    if let Err(panic) = outcome {
        eprintln!("^ on {}", server.name());
        resume_unwind(panic);
    }
}
