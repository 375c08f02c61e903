//! `kill -9` in the middle of an anonymisation: what was emptied stays emptied,
//! the next try finds the rest, and the chain of the audit holds.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use conexao_domain::{
    after_sales::warranty::WARRANTY,
    customers::customer::CUSTOMER,
    privacy::{needle::Needles, needle::What, request::PRIVACY_REQUEST},
};
use conexao_engine::{
    Engine, audit, identity,
    jobs::{self, Options, Registry},
    notes::comments,
    privacy::{self, Chosen},
    write,
};
use conexao_integrations::files::{FileStore, FileStoreConfig};
use conexao_storage::{Db, entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::home::{Home, create, id, options, people, read, start, stop, until_job, warranty};

on_both!(nothing_of_her_is_left);

const NAME: &str = "Macabéa Secreta da Silva";
/// Records that name her, so that there is something to be killed in.
const COMMENTS: usize = 400;
const KILLS: usize = 5;

const URL: &str = "CONEXAO_PRIVACY_URL";
const FILES: &str = "CONEXAO_PRIVACY_FILES";

/// Not a test of its own: the process that gets killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let (Ok(url), Ok(folder)) = (std::env::var(URL), std::env::var(FILES)) else { return };
    let db = Db::connect(&url, 12).await.unwrap();
    let files = FileStore::open(&FileStoreConfig::Local { folder: folder.into() }).unwrap();
    let engine = Engine::new(db, files, "secret", conexao_engine::SystemClock);
    let impatient = Options { heartbeat: Duration::from_secs(1), missed_heartbeats: 1, ..options() };
    let background = jobs::start(&engine, Registry::standard(), impatient).await.unwrap();
    tokio::time::sleep(Duration::from_mins(10)).await;
    stop(background).await;
}

fn spawn(url: &str, files: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "privacy::child"]).env(URL, url).env(FILES, files);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

async fn nothing_of_her_is_left(home: Home) {
    let engine = home.engine().await;
    let who = people(&engine, "one").await;
    let person = async |name: &str| {
        let email = format!("{name}@one.example");
        let id =
            identity::create_user(&engine, &who.system, name, &email, &["admin"], "correct horse 9").await.unwrap();
        identity::session_of(&engine, who.system.tenant, id).await.unwrap()
    };
    let (opener, other) = (person("abre").await, person("confirma").await);
    let contacts = json!([{ "channel": "phone", "value": "+5511987654321" }]);
    let her =
        create(&engine, &opener, &CUSTOMER, json!({ "name": NAME, "document": "52998224725", "contacts": contacts }))
            .await;
    let request = warranty(&engine, &opener, &her).await;
    let gate = opener.gate(&WARRANTY, "read").unwrap();
    for n in 0..COMMENTS {
        comments::add(&engine, &gate, id(&request), &format!("{n}: {NAME} ligou, 529.982.247-25"), &[]).await.unwrap();
    }
    let input = json!({ "kind": "anonymisation", "name": NAME, "customer_id": her.id() });
    let asked = create(&engine, &opener, &PRIVACY_REQUEST, input).await;
    for (step, body) in [("confirm_identity", json!({ "identity_proof": "RG" })), ("start", json!({}))] {
        let gate = opener.gate(&PRIVACY_REQUEST, step).unwrap();
        let now = read(&engine, &opener, &PRIVACY_REQUEST, id(&asked)).await;
        write::step(&engine, &gate, id(&asked), now.version(), step, body.as_object().unwrap()).await.unwrap();
    }
    let chosen = vec![Chosen { resource: "customer".to_owned(), id: id(&her) }];
    let shown = privacy::preview(&engine, &other, id(&asked), &chosen).await.unwrap();
    let digest = shown["digest"].as_str().unwrap().to_owned();
    let job = privacy::anonymise(&engine, &other, id(&asked), chosen, &digest).await.unwrap();
    let job: Uuid = job["id"].as_str().unwrap().parse().unwrap();

    let files = home.folder.path().join("files");
    let told = async || jobs::get(&engine, &other, job).await.unwrap();
    for _ in 0..KILLS {
        let before = told().await["done"].as_i64();
        let mut victim = spawn(&home.url, &files);
        for _ in 0..400 {
            let now = told().await;
            if now["done"].as_i64() > before || now["state"] == "done" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        victim.kill().unwrap();
        victim.wait().unwrap();
    }
    let background = start(&engine, Registry::standard()).await;
    until_job(&engine, &other, job, "done").await;
    stop(background).await;

    let mut needles = Needles::default();
    needles.add(What::Name, NAME);
    needles.add(What::Document, "52998224725");
    let tx = engine.db.read(other.tenant).await.unwrap();
    let texts = entity::comment::Entity::find().filter(entity::comment::Column::TenantId.eq(other.tenant.0));
    let texts = texts.all(&*tx).await.unwrap();
    assert_eq!(texts.len(), COMMENTS);
    assert!(texts.iter().all(|row| needles.found(&row.text).is_empty()), "every comment, however often it was tried");
    let entries = entity::audit::Entity::find().filter(entity::audit::Column::TenantId.eq(other.tenant.0));
    let entries = entries.all(&*tx).await.unwrap();
    assert!(entries.iter().all(|row| needles.found(&row.changes).is_empty()));
    let emptied = entries.iter().filter(|row| row.resource == "customer" && row.action == "anonymise").count();
    assert_eq!(emptied, 1, "her record once");
    tx.rollback().await.unwrap();
    assert_eq!(audit::verify(&engine, other.tenant).await.unwrap().broken_at, None);
    let now = read(&engine, &other, &CUSTOMER, id(&her)).await;
    assert!(now.text("name").unwrap().starts_with("Anonimizado") && *now.get("document") == Json::Null);
}
