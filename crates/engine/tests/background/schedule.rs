//! What is due by the clock is done once, however many nodes notice.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::kernel::value::MovableClock;
use conexao_engine::{
    Engine, Session,
    jobs::{self, Options, Registry},
    notify::{self, Told},
};
use conexao_storage::entity::{audit, idempotency, job, outbox};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait, sea_query::Expr};
use serde_json::json;

use crate::{
    home::{Home, People, customer, options, people, quiet, stop, until},
    jobs::{Count, ask},
};

on_both!(every_node_and_yet_once, a_broken_chain_is_found, forgets_what_is_old);

fn scheduled() -> Options {
    Options { schedule: true, ..options() }
}

async fn checks(engine: &Engine, session: &Session) -> Vec<String> {
    let page = jobs::list(engine, session, None).await.unwrap();
    let checks = page.items.iter().filter(|job| job["kind"] == "audit_verify");
    checks.map(|job| job["state"].as_str().unwrap().to_owned()).collect()
}

async fn every_node_and_yet_once(home: Home) {
    let (one, two) = (home.engine().await, home.engine().await);
    let (People { marta, vera, .. }, other) = (people(&one, "one").await, people(&one, "two").await);
    let mut nodes = Vec::new();
    for engine in [&one, &two, &one] {
        nodes.push(jobs::start(engine, Registry::standard(), scheduled()).await.unwrap());
    }
    for session in [&marta, &other.marta] {
        until("the daily check", || async { checks(&one, session).await == ["done"] }).await;
    }
    quiet(&one).await;
    assert_eq!(checks(&one, &marta).await.len(), 1);
    assert!(jobs::list(&one, &vera, None).await.unwrap().items.is_empty(), "the system's own");
    for node in nodes {
        stop(node).await;
    }
}

async fn a_broken_chain_is_found(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, .. } = people(&engine, "one").await;
    customer(&engine, &vera, "Ana").await;
    let tx = engine.db.write(marta.tenant).await.unwrap();
    audit::Entity::update_many().col_expr(audit::Column::ActorName, Expr::value("Outra")).exec(&*tx).await.unwrap();
    tx.commit().await.unwrap();
    let node = jobs::start(&engine, Registry::standard(), scheduled()).await.unwrap();
    until("the daily check", || async { checks(&engine, &marta).await == ["failed"] }).await;
    let page = jobs::list(&engine, &marta, None).await.unwrap();
    assert_eq!(
        page.items[0]["error"],
        "Algo falhou do nosso lado. Tente de novo e, se continuar, avise o suporte. (audit 1)"
    );
    stop(node).await;
}

/// An answer and a notification as of a moment.
async fn leave(engine: &Engine, session: &Session, at: DateTime<Utc>) {
    let tx = engine.db.write(session.tenant).await.unwrap();
    let answer = idempotency::ActiveModel {
        tenant_id: Set(session.tenant.0),
        actor: Set(session.user.to_string()),
        key: Set(at.to_rfc3339()),
        request_hash: Set(String::new()),
        status: Set(Some(200)),
        headers: Set(None),
        body: Set(None),
        created_at: Set(at),
    };
    idempotency::Entity::insert(answer).exec_without_returning(&*tx).await.unwrap();
    let told = Told {
        user: session.user,
        category: "check".to_owned(),
        event: "test".to_owned(),
        title: "Oi".to_owned(),
        body: String::new(),
        resource: None,
        record_id: None,
        source: at.to_rfc3339(),
    };
    assert_eq!(notify::tell(engine, &tx, at, vec![told]).await.unwrap().len(), 1);
    tx.commit().await.unwrap();
}

async fn forgets_what_is_old(home: Home) {
    let now = Utc::now();
    let clock = Arc::new(MovableClock::new(now));
    let engine = home.engine_at(Arc::clone(&clock), true).await;
    let People { marta, .. } = people(&engine, "one").await;
    let node = jobs::start(&engine, Registry::standard().job(Count::default()), options()).await.unwrap();
    let old = ask(&engine, &marta, json!({ "lines": 3 })).await;
    quiet(&engine).await;
    stop(node).await;
    leave(&engine, &marta, now - TimeDelta::hours(47)).await;
    leave(&engine, &marta, now - TimeDelta::hours(49)).await;

    let answers = async || {
        let tx = engine.db.read(marta.tenant).await.unwrap();
        idempotency::Entity::find().count(&*tx).await.unwrap()
    };
    let node = jobs::start(&engine, Registry::standard(), scheduled()).await.unwrap();
    until("old answers to go", || async { answers().await == 1 }).await;
    quiet(&engine).await;
    stop(node).await;
    assert!(jobs::get(&engine, &marta, old).await.is_ok(), "a young job stays");
    assert_eq!(notify::unread(&engine, &marta).await.unwrap(), 2);

    clock.advance(TimeDelta::days(400));
    let node = jobs::start(&engine, Registry::standard(), scheduled()).await.unwrap();
    let left = async || {
        let tx = engine.db.read(marta.tenant).await.unwrap();
        let (jobs, events) = (
            job::Entity::find_by_id((marta.tenant.0, old)).count(&*tx).await.unwrap(),
            outbox::Entity::find().count(&*tx).await.unwrap(),
        );
        (jobs, events)
    };
    // Told a moment ago by the machine's clock, long ago by the product's.
    until("old jobs and events to go", || async { left().await.0 == 0 && left().await.1 < 5 }).await;
    until("old news to go", || async { notify::unread(&engine, &marta).await.unwrap() == 0 }).await;
    tokio::time::timeout(Duration::from_secs(10), stop(node)).await.unwrap();
}
