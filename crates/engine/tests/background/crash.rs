//! `kill -9` at any moment: nothing acknowledged is lost, no effect happens
//! twice. A child process works on the database and is killed a hundred times;
//! after a last, undisturbed run everything it acknowledged has to be there
//! exactly once.

use std::{
    collections::{BTreeMap, HashMap},
    io::{BufRead, BufReader, Write as _},
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use conexao_domain::{after_sales::warranty::WARRANTY, customers::customer::CUSTOMER};
use conexao_engine::{
    Engine, Session, audit, identity,
    jobs::{self, BulkRequest, Options, Registry, bulk},
    notify,
};
use conexao_integrations::files::{FileStore, FileStoreConfig};
use conexao_storage::{Db, Tenant, entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{
    home::{Home, People, customer, id, options, people, quiet, read, start, step, stop, warranty},
    jobs::{Count, ask},
    react::{Tally, drawn},
};

on_both!(a_hundred_kills);

/// Kills per database, and how long a child lives at most.
const KILLS: u64 = 100;
const LIFE: u64 = 600;
/// How long a patient killer waits for the next word of a child.
const PATIENCE: Duration = Duration::from_secs(30);
/// Customers that bulk jobs change, in lots of this size.
const LOT: usize = 40;
const LOTS: usize = 5;

/// What the child is told in its environment.
const URL: &str = "CONEXAO_CRASH_URL";
const WHO: &str = "CONEXAO_CRASH_WHO";

fn registry() -> Registry {
    // Being killed again and again is no fault of the job.
    let patient = Count { tries: Some(8), ..Count::default() };
    Registry::standard().job(patient).reaction(Tally::default())
}

/// As quick to notice a death as whole seconds allow.
fn impatient() -> Options {
    Options { heartbeat: Duration::from_secs(1), missed_heartbeats: 1, ..options() }
}

/// Says that something is committed.
fn acknowledge(what: &str, id: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nACK {what} {id}").unwrap();
    out.flush().unwrap();
}

/// Not a test of its own: the process that gets killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let (Ok(url), Ok(who)) = (std::env::var(URL), std::env::var(WHO)) else { return };
    let who: HashMap<String, Json> = serde_json::from_str(&who).unwrap();
    let db = Db::connect(&url, 12).await.unwrap();
    let files = FileStore::open(&FileStoreConfig::Local { folder: std::env::temp_dir() }).unwrap();
    let engine = Engine::new(db, files, "secret", conexao_engine::SystemClock);
    let tenant = Tenant(i32::try_from(who["tenant"].as_i64().unwrap()).unwrap());
    let session = async |name: &str| {
        identity::session_of(&engine, tenant, who[name].as_str().unwrap().parse().unwrap()).await.unwrap()
    };
    let (marta, vera, caio) = (session("marta").await, session("vera").await, session("caio").await);
    let lots: Vec<Vec<Uuid>> = serde_json::from_value(who["lots"].clone()).unwrap();
    let background = jobs::start(&engine, registry(), impatient()).await.unwrap();
    acknowledge("ready", 0);
    for turn in 0.. {
        let stamp = Uuid::now_v7();
        let buyer = customer(&engine, &vera, &format!("Cliente {stamp}")).await;
        acknowledge("customer", buyer.id());
        let request = warranty(&engine, &vera, &buyer).await;
        acknowledge("warranty", request.id());
        step(&engine, &marta, &request, "generate", json!({})).await;
        acknowledge("generate", request.id());
        step(&engine, &caio, &request, "check", json!({})).await;
        acknowledge("check", request.id());
        if turn % 4 == 0 {
            acknowledge("count", ask(&engine, &vera, json!({ "lines": 15, "slow": 5 })).await);
            let lot = &lots[usize::try_from(stamp.as_u128() % 5).unwrap()];
            let values = json!({ "trade_name": stamp.to_string() }).as_object().cloned().unwrap();
            let request = BulkRequest { action: "patch".to_owned(), values, ids: lot.clone(), query: None };
            acknowledge("bulk", bulk(&engine, &marta, &CUSTOMER, request).await.unwrap());
        }
    }
    stop(background).await;
}

/// A running child and what it says.
struct Victim {
    process: Child,
    said: mpsc::Receiver<String>,
}

fn spawn(url: &str, who: &Json) -> Victim {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "crash::child", "--nocapture"]).env(URL, url).env(WHO, who.to_string());
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let out = BufReader::new(process.stdout.take().unwrap());
    let (sender, said) = mpsc::channel();
    std::thread::spawn(move || out.lines().map_while(Result::ok).for_each(|line| drop(sender.send(line))));
    Victim { process, said }
}

/// What was acknowledged: kind → ids.
type Acknowledged = BTreeMap<String, Vec<Uuid>>;

fn note(line: &str, acknowledged: &mut Acknowledged) {
    let mut words = line.split(' ');
    if let (Some("ACK"), Some(what), Some(Ok(id))) = (words.next(), words.next(), words.next().map(str::parse)) {
        acknowledged.entry(what.to_owned()).or_default().push(id);
    }
}

/// Lets a child work for a while and kills it. On a slow machine a short life
/// ends before any work, so a `patient` killer waits for the first acknowledged lot.
fn kill_one(url: &str, who: &Json, patient: bool, acknowledged: &mut Acknowledged) {
    let mut victim = spawn(url, who);
    let ready = victim.said.recv_timeout(Duration::from_secs(30)).is_ok();
    assert!(ready, "the child says something");
    if patient {
        while let Ok(line) = victim.said.recv_timeout(PATIENCE) {
            note(&line, acknowledged);
            if line.starts_with("ACK bulk") {
                break;
            }
        }
    }
    let end = Instant::now() + Duration::from_millis(rand_below(LIFE));
    while let Ok(line) = victim.said.recv_timeout(end.saturating_duration_since(Instant::now())) {
        note(&line, acknowledged);
    }
    // SIGKILL, which nothing can answer.
    victim.process.kill().unwrap();
    victim.process.wait().unwrap();
    victim.said.iter().for_each(|line| note(&line, acknowledged));
}

/// Below `n`, from the random part of an id.
fn rand_below(n: u64) -> u64 {
    u64::try_from(Uuid::new_v4().as_u128() % u128::from(n)).unwrap()
}

async fn a_hundred_kills(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, caio, cida, system } = people(&engine, "one").await;
    let mut lots = Vec::new();
    for n in 0..LOTS * LOT {
        let made = customer(&engine, &system, &format!("Lote {n}")).await;
        if n % LOT == 0 {
            lots.push(Vec::new());
        }
        lots.last_mut().unwrap().push(id(&made));
    }
    let who =
        json!({ "tenant": marta.tenant.0, "marta": marta.user, "vera": vera.user, "caio": caio.user, "lots": lots });
    let url = home.url.clone();
    let killing = tokio::task::spawn_blocking(move || {
        let mut acknowledged = Acknowledged::new();
        (0..KILLS).for_each(|n| kill_one(&url, &who, n % 4 == 0, &mut acknowledged));
        acknowledged
    });
    let acknowledged = killing.await.unwrap();
    let background = start(&engine, registry()).await;
    quiet(&engine).await;
    stop(background).await;

    let trail = trail(&engine, &system).await;
    nothing_is_lost(&engine, &marta, &acknowledged, &trail).await;
    reactions_count_once(&engine, [&vera, &caio, &cida], &trail).await;
    jobs_count_once(&engine, &marta, &trail).await;
    let verified = audit::verify(&engine, marta.tenant).await.unwrap();
    assert_eq!((verified.broken_at, verified.entries), (None, i64::try_from(trail.len()).unwrap()));
    let of = |what: &str| acknowledged.get(what).map_or(0, Vec::len);
    println!(
        "{KILLS} kills: {} customers, {} checks, {} jobs acknowledged",
        of("customer"),
        of("check"),
        of("count") + of("bulk")
    );
    assert!(of("check") > 20 && of("bulk") > 5, "the children did get to work");
}

async fn trail(engine: &Engine, session: &Session) -> Vec<entity::audit::Model> {
    let tx = engine.db.read(session.tenant).await.unwrap();
    entity::audit::Entity::find().filter(entity::audit::Column::TenantId.eq(session.tenant.0)).all(&*tx).await.unwrap()
}

fn of<'a>(
    trail: &'a [entity::audit::Model],
    resource: &'a str,
    action: &'a str,
) -> impl Iterator<Item = &'a entity::audit::Model> {
    trail.iter().filter(move |entry| entry.resource == resource && entry.action == action)
}

async fn nothing_is_lost(
    engine: &Engine,
    session: &Session,
    acknowledged: &Acknowledged,
    trail: &[entity::audit::Model],
) {
    for (what, ids) in acknowledged {
        for id in ids {
            match what.as_str() {
                "customer" => drop(read(engine, session, &CUSTOMER, *id).await),
                "warranty" => drop(read(engine, session, &WARRANTY, *id).await),
                "generate" => assert!(
                    ["generated", "checked"]
                        .contains(&read(engine, session, &WARRANTY, *id).await.text("status").unwrap())
                ),
                "check" => assert_eq!(read(engine, session, &WARRANTY, *id).await.text("status"), Some("checked")),
                "count" | "bulk" => assert_eq!(jobs::get(engine, session, *id).await.unwrap()["state"], "done"),
                _ => {}
            }
        }
    }
    for action in ["generate", "check"] {
        let mut taken: Vec<_> = of(trail, "warranty", action).map(|entry| entry.record_id).collect();
        taken.sort();
        assert!(taken.windows(2).all(|pair| pair[0] != pair[1]), "each step once");
    }
}

async fn reactions_count_once(engine: &Engine, [vera, caio, cida]: [&Session; 3], trail: &[entity::audit::Model]) {
    let count = |action: &str| u64::try_from(of(trail, "warranty", action).count()).unwrap();
    assert_eq!(notify::unread(engine, caio).await.unwrap(), count("generate"));
    assert_eq!(notify::unread(engine, cida).await.unwrap(), count("generate"));
    assert_eq!(notify::unread(engine, vera).await.unwrap(), count("check"), "the creator of each, checked by another");
    assert_eq!(drawn(engine, caio, "tally").await, i64::try_from(count("generate")).unwrap());
}

async fn jobs_count_once(engine: &Engine, session: &Session, trail: &[entity::audit::Model]) {
    let tx = engine.db.read(session.tenant).await.unwrap();
    let all =
        entity::job::Entity::find().filter(entity::job::Column::TenantId.eq(session.tenant.0)).all(&*tx).await.unwrap();
    drop(tx);
    assert!(all.iter().all(|job| job.state == "done" && job.failed == 0), "every job there is, acknowledged or not");
    let counts = all.iter().filter(|job| job.kind == "count").count();
    assert_eq!(drawn(engine, session, "count").await, i64::try_from(counts * 15).unwrap());

    // Each bulk job wrote a value of its own: the trail shows it once per record.
    let mut seen: HashMap<(String, Option<Uuid>), usize> = HashMap::new();
    let mut versions: HashMap<Option<Uuid>, i64> = HashMap::new();
    for entry in of(trail, "customer", "update") {
        let changes: Json = serde_json::from_str(&entry.changes).unwrap();
        let value = changes["trade_name"][1].as_str().unwrap().to_owned();
        *seen.entry((value, entry.record_id)).or_default() += 1;
        *versions.entry(entry.record_id).or_insert(1) += 1;
    }
    assert!(seen.values().all(|times| *times == 1));
    let bulks: Vec<_> = all.iter().filter(|job| job.kind == "bulk").collect();
    assert_eq!(seen.len(), bulks.len() * LOT, "all records of all jobs");
    assert!(bulks.iter().all(|job| job.done == job.total));
    for (record, version) in versions {
        assert_eq!(read(engine, session, &CUSTOMER, record.unwrap()).await.version(), version);
    }
}
