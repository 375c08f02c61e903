//! `kill -9` in the middle of an import and of its taking back: every row has
//! its effect once.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use conexao_domain::customers::customer::CUSTOMER;
use conexao_engine::{
    Engine, Session, audit, import,
    jobs::{self, Options, Registry},
};
use conexao_integrations::files::{FileStore, FileStoreConfig};
use conexao_storage::{Db, entity};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::home::{Home, options, people, start, stop, until_job};

on_both!(every_row_once);

const ROWS: usize = 4_000;
/// Kills while the import runs, and as many while it is taken back.
const KILLS: u64 = 6;

/// What the child is told in its environment.
const URL: &str = "CONEXAO_IMPORT_URL";
const FILES: &str = "CONEXAO_IMPORT_FILES";

fn impatient() -> Options {
    Options { heartbeat: Duration::from_secs(1), missed_heartbeats: 1, ..options() }
}

/// Not a test of its own: the process that gets killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let (Ok(url), Ok(folder)) = (std::env::var(URL), std::env::var(FILES)) else { return };
    let db = Db::connect(&url, 12).await.unwrap();
    let files = FileStore::open(&FileStoreConfig::Local { folder: folder.into() }).unwrap();
    let engine = Engine::new(db, files, "secret", conexao_engine::SystemClock);
    let background = jobs::start(&engine, Registry::standard(), impatient()).await.unwrap();
    tokio::time::sleep(Duration::from_mins(10)).await;
    stop(background).await;
}

fn spawn(url: &str, files: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "import::child"]).env(URL, url).env(FILES, files);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Has children work on the job and kills them, each after it got on with it,
/// until they were as many as planned or the job is done.
async fn kill_again_and_again(engine: &Engine, session: &Session, home: &Home, job: Uuid) -> u64 {
    let files = home.folder.path().join("files");
    let told = async || jobs::get(engine, session, job).await.unwrap();
    for killed in 0..KILLS {
        let before = told().await["done"].as_i64();
        let mut victim = spawn(&home.url, &files);
        for _ in 0..600 {
            let now = told().await;
            if now["done"].as_i64() > before || now["state"] == "done" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        // Into the next transaction, wherever that is by now.
        tokio::time::sleep(Duration::from_millis(u64::from(Uuid::new_v4().as_bytes()[0]))).await;
        victim.kill().unwrap();
        victim.wait().unwrap();
        if told().await["state"] == "done" {
            return killed;
        }
    }
    KILLS
}

fn id(job: &Json) -> Uuid {
    job["id"].as_str().unwrap().parse().unwrap()
}

async fn every_row_once(home: Home) {
    let engine = home.engine().await;
    let marta = people(&engine, "one").await.marta;
    let file = home.folder.path().join("a.csv");
    let rows = (0..ROWS).map(|n| format!("Pessoa {n},p{n}@exemplo.com\n"));
    let text = std::iter::once("nome,email\n".to_owned()).chain(rows).collect::<String>();
    std::fs::write(&file, text).unwrap();
    let received = import::receive(&engine, &marta, &CUSTOMER, "a.csv", &file).await.unwrap();
    let import = id(&received);
    let finish = async |job: Uuid| {
        let kills = kill_again_and_again(&engine, &marta, &home, job).await;
        assert!(kills > 0, "killed before it was done");
        let background = start(&engine, Registry::standard()).await;
        until_job(&engine, &marta, job, "done").await;
        stop(background).await;
        import::get(&engine, &marta, import).await.unwrap()["summary"].clone()
    };

    let summary = finish(id(&import::run(&engine, &marta, import).await.unwrap())).await;
    assert_eq!((&summary["created"], &summary["failed"]), (&ROWS.into(), &0.into()));
    assert_eq!(entries(&engine, &marta, "create").await, ROWS);
    let summary = finish(id(&import::revert(&engine, &marta, import).await.unwrap())).await;
    assert_eq!((&summary["reverted"], &summary["kept"]), (&ROWS.into(), &0.into()));
    assert_eq!(entries(&engine, &marta, "delete").await, ROWS);
    assert_eq!(audit::verify(&engine, marta.tenant).await.unwrap().broken_at, None);
}

/// Audit entries of customers, one for each effect.
async fn entries(engine: &Engine, session: &Session, action: &str) -> usize {
    let tx = engine.db.read(session.tenant).await.unwrap();
    let found = entity::audit::Entity::find()
        .filter(entity::audit::Column::TenantId.eq(session.tenant.0))
        .filter(entity::audit::Column::Resource.eq("customer"))
        .filter(entity::audit::Column::Action.eq(action));
    usize::try_from(found.count(&*tx).await.unwrap()).unwrap()
}
