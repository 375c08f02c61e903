//! A running installation, and a proxy before it that can cut answers off.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use actix_web::{
    App, Error, HttpServer,
    body::MessageBody,
    dev::{ServerHandle, ServiceRequest, ServiceResponse},
    middleware::{Next, from_fn},
    web,
};
use conexao_api::{
    ApiError,
    middleware::{Limits, limit, secure, speak},
};
use conexao_client::{Builder, Client, Retry};
use conexao_domain::kernel::problem::{Code, Problem};
use conexao_engine::{
    Engine, Session, SystemClock, identity,
    jobs::{self, Options, Registry},
    tenants,
};
use conexao_integrations::files::{FileStore, FileStoreConfig};
use conexao_migrations::Migrator;
use conexao_storage::Db;
use sea_orm_migration::MigratorTrait;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

pub const EMAIL: &str = "admin@aurora.test";
pub const PASSWORD: &str = "senha-de-teste-2026";
const SECRET: &str = "a secret that only tests know, long enough to sign with";

/// What is to go wrong, and what was seen.
#[derive(Debug, Default)]
pub struct Faults {
    /// Requests still to be answered 503.
    pub unavailable: AtomicU32,
    /// Answers still to be cut off after the server made them.
    pub cut: AtomicU32,
    /// Log-ins seen.
    pub logins: AtomicU32,
}

/// Takes one of a number of faults.
fn take(left: &AtomicU32) -> bool {
    left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok()
}

pub struct Home {
    /// Address of the server, and of the proxy before it.
    pub server: String,
    pub proxy: String,
    pub faults: Arc<Faults>,
    stop: ServerHandle,
    _folder: TempDir,
}

impl Home {
    pub async fn start() -> Self {
        Self::with_limits(100_000, 100_000).await
    }

    /// With allowances of requests and log-ins a minute.
    pub async fn with_limits(requests: u32, logins: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db =
            Db::connect(&format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display()), 8).await.unwrap();
        Migrator::up(db.pool(), None).await.unwrap();
        let files = FileStore::open(&FileStoreConfig::Local { folder: folder.path().join("files") }).unwrap();
        let engine = Engine::new(db, files, SECRET, SystemClock);
        let tenant = tenants::create(&engine, "aurora", "Aurora", conexao_domain::settings::TenantKind::Production)
            .await
            .unwrap();
        let system = Session::system(tenant, "Conexão");
        identity::create_user(&engine, &system, "Ana", EMAIL, &["admin"], PASSWORD).await.unwrap();
        let faults = Arc::new(Faults::default());
        let (stop, port) = serve(engine, Arc::clone(&faults), Limits::new(requests, logins)).await;
        let proxy = listen(port, Arc::clone(&faults)).await;
        let address = |port| format!("http://127.0.0.1:{port}");
        Self { server: address(port), proxy: address(proxy), faults, stop, _folder: folder }
    }

    /// A client by way of the proxy that does not wait long.
    pub fn builder(&self) -> Builder {
        let retry = Retry { pause: Duration::from_millis(20), ..Retry::default() };
        Client::builder(&self.proxy).retry(retry)
    }

    pub fn client(&self) -> Client {
        self.builder().credentials(EMAIL, PASSWORD).build()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        drop(self.stop.stop(false));
    }
}

/// The server as `conexao serve` assembles it, on a thread of its own.
async fn serve(engine: Engine, faults: Arc<Faults>, limits: Limits) -> (ServerHandle, u16) {
    let (ready, started) = oneshot::channel();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let registry = Registry::standard();
            let background = jobs::start(&engine, registry.clone(), Options::default()).await.unwrap();
            let server = HttpServer::new(move || {
                App::new()
                    .app_data(web::Data::new(limits.clone()))
                    .app_data(web::Data::from(Arc::clone(&faults)))
                    .app_data(web::Data::new(engine.clone()))
                    .service(conexao_api::service(engine.clone(), registry.clone(), &[]))
                    .wrap(from_fn(stumble))
                    .wrap(from_fn(limit))
                    .wrap(from_fn(speak))
                    .wrap(from_fn(secure))
                    .wrap(tracing_actix_web::TracingLogger::default())
            });
            let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
            let port = server.addrs()[0].port();
            let running = server.run();
            ready.send((running.handle(), port)).ok();
            running.await.unwrap();
            background.stop(Duration::from_secs(1)).await;
        });
    });
    started.await.unwrap()
}

async fn stumble(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let faults = request.app_data::<web::Data<Faults>>().unwrap();
    if request.path() == "/api/v1/auth/login" {
        faults.logins.fetch_add(1, Ordering::SeqCst);
    } else if take(&faults.unavailable) {
        let problem = ApiError(Problem::new(Code::Unavailable));
        return Ok(request.error_response(problem).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}

/// Hands bytes through; an answer to be cut is swallowed whole, with the connection.
async fn listen(server: u16, faults: Arc<Faults>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let faults = Arc::clone(&faults);
            tokio::spawn(async move {
                let Ok(far) = TcpStream::connect(("127.0.0.1", server)).await else { return };
                hand_through(near, far, &faults).await;
            });
        }
    });
    port
}

async fn hand_through(near: TcpStream, far: TcpStream, faults: &Faults) {
    let ((mut ask, mut tell), (mut answer, mut forward)) = (near.into_split(), far.into_split());
    let there = tokio::spawn(async move { tokio::io::copy(&mut ask, &mut forward).await });
    let mut bytes = vec![0; 16 << 10];
    while let Ok(count) = answer.read(&mut bytes).await {
        if count == 0 || take(&faults.cut) || tell.write_all(&bytes[..count]).await.is_err() {
            break;
        }
    }
    there.abort();
}
