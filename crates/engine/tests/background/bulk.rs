//! Bulk jobs: one action on many records, one result each.

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use conexao_domain::{
    after_sales::warranty::WARRANTY,
    customers::customer::CUSTOMER,
    identity::team::TEAM,
    kernel::{problem::Code, query, resource::Resource, value::MovableClock},
};
use conexao_engine::{
    Engine, Session,
    jobs::{self, BulkRequest, Registry, bulk},
    read, write,
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::home::{Home, People, create, customer, id, people, read as seen, start, stop, until, until_job, warranty};

on_both!(
    patches_ids_and_queries,
    one_refusal_leaves_the_others_alone,
    removes_and_checks_permission,
    tags_are_put_on_and_taken_off,
    a_bulk_job_is_taken_back,
    steps_and_removals_are_taken_back,
    only_ones_own_and_only_for_a_while,
    an_undo_that_was_interrupted_goes_on_where_it_was
);

fn request(action: &str, values: Json) -> BulkRequest {
    let Json::Object(values) = values else { panic!("values are an object") };
    BulkRequest { action: action.to_owned(), values, ..BulkRequest::default() }
}

fn on_ids(action: &str, values: Json, ids: &[Uuid]) -> BulkRequest {
    BulkRequest { ids: ids.to_vec(), ..request(action, values) }
}

fn on_query(action: &str, values: Json, text: &str) -> BulkRequest {
    BulkRequest { query: Some(text.to_owned()), ..request(action, values) }
}

async fn count(engine: &Engine, session: &Session, filter: &str, value: &str) -> i64 {
    let wanted = query::parse(&CUSTOMER, [(filter, value), ("count", "exact")].into_iter(), &[]).unwrap();
    read::list(engine, &session.gate(&CUSTOMER, "read").unwrap(), &wanted).await.unwrap().count.unwrap()
}

/// Many customers in one transaction.
async fn customers(engine: &Engine, session: &Session, many: usize) -> Vec<Uuid> {
    let gate = session.gate(&CUSTOMER, "create").unwrap();
    let inputs: Vec<_> = (0..many)
        .map(|n| json!({ "name": format!("Cliente {n:04}"), "tags": ["lote"] }).as_object().cloned().unwrap())
        .collect();
    let mut write = conexao_engine::Write::begin(engine, session).await.unwrap();
    let facts = conexao_engine::facts::plain(engine, session);
    let drafted = write::draft(&mut write, &gate, &inputs, &facts).await.unwrap();
    let drafted: Vec<_> = drafted.into_iter().map(Result::unwrap).collect();
    let ids = drafted.iter().map(|d| id(&d.record)).collect();
    write::insert(&mut write, &gate, drafted).await.unwrap();
    write.commit(201, &Json::Null).await.unwrap();
    ids
}

async fn patches_ids_and_queries(home: Home) {
    let engine = home.engine().await;
    let People { marta, .. } = people(&engine, "one").await;
    let background = start(&engine, Registry::standard()).await;
    let ids = customers(&engine, &marta, 450).await;
    let twice = [&ids[..30], &ids[..10]].concat();
    let job = bulk(&engine, &marta, &CUSTOMER, on_ids("patch", json!({ "tags": ["vip"] }), &twice)).await.unwrap();
    let job = until_job(&engine, &marta, job, "done").await;
    assert_eq!(json!([job["done"], job["total"], job["failed"], job["resource"]]), json!([30, 30, 0, "customer"]));
    assert_eq!(job["title"], "Editar: Clientes");
    let first = seen(&engine, &marta, &CUSTOMER, ids[0]).await;
    assert_eq!((first.version(), first.get("tags")), (2, &json!(["vip"])));

    // The patch takes records out of what the query finds, and none is left out for it.
    assert_eq!(count(&engine, &marta, "filter[tags]", "lote").await, 420);
    let job = bulk(
        &engine,
        &marta,
        &CUSTOMER,
        on_query("patch", json!({ "tags": ["novo"] }), "filter%5Btags%5D=lote&limit=10&sort=name"),
    )
    .await
    .unwrap();
    let job = until_job(&engine, &marta, job, "done").await;
    assert_eq!(json!([job["done"], job["total"], job["result"]]), json!([420, 420, { "done": 420, "failed": 0 }]));
    assert_eq!(
        (count(&engine, &marta, "filter[tags]", "lote").await, count(&engine, &marta, "filter[tags]", "novo").await),
        (0, 420)
    );
    let last = seen(&engine, &marta, &CUSTOMER, ids[449]).await;
    assert_eq!(last.version(), 2, "once");
    stop(background).await;
}

async fn one_refusal_leaves_the_others_alone(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, .. } = people(&engine, "one").await;
    let registry = Registry::standard();
    let background = start(&engine, registry.clone()).await;
    let (ana, bia) = (customer(&engine, &vera, "Ana").await, customer(&engine, &vera, "Bia").await);
    let mut ids = Vec::new();
    for n in 0..30 {
        ids.push(id(&warranty(&engine, &vera, if n % 10 == 3 { &bia } else { &ana }).await));
    }
    let missing = Uuid::now_v7();
    ids.push(missing);
    let gate = marta.gate(&CUSTOMER, "block").unwrap();
    let reason = json!({ "block_reason": "inadimplente" }).as_object().cloned().unwrap();
    write::step(&engine, &gate, id(&bia), 1, "block", &reason).await.unwrap();

    let started = bulk(&engine, &marta, &WARRANTY, on_ids("generate", json!({}), &ids)).await.unwrap();
    let job = until_job(&engine, &marta, started, "done").await;
    assert_eq!(json!([job["done"], job["failed"], job["result"]]), json!([31, 4, { "done": 27, "failed": 4 }]));
    let failed = jobs::rows(&engine, &marta, started, true, None).await.unwrap().items;
    assert_eq!(failed.iter().map(|row| row["line"].as_i64().unwrap()).collect::<Vec<_>>(), [4, 14, 24, 31]);
    assert_eq!(failed[0]["record_id"], ids[3].to_string());
    assert_eq!(failed[0]["errors"][0]["message"], "O cliente está bloqueado. Reative o cadastro para gerar o pedido.");
    assert_eq!(failed[3]["errors"][0]["code"], "not_found");
    assert_eq!(seen(&engine, &marta, &WARRANTY, ids[3]).await.text("status"), Some("pending"));
    assert_eq!(jobs::rows(&engine, &marta, started, false, None).await.unwrap().items.len(), 31);

    // What stood in the way is gone: only the failed ones are done again.
    let gate = marta.gate(&CUSTOMER, "activate").unwrap();
    write::step(&engine, &gate, id(&bia), 2, "activate", &serde_json::Map::new()).await.unwrap();
    jobs::retry(&engine, &registry, &marta, started).await.unwrap();
    until("the failed ones", || async { jobs::get(&engine, &marta, started).await.unwrap()["failed"] == 1 }).await;
    let job = until_job(&engine, &marta, started, "done").await;
    assert_eq!(json!([job["done"], job["total"], job["failed"]]), json!([31, 31, 1]));
    for warranty in &ids[..30] {
        let seen = seen(&engine, &marta, &WARRANTY, *warranty).await;
        assert_eq!((seen.text("status"), seen.version()), (Some("generated"), 2));
    }
    stop(background).await;
}

async fn removes_and_checks_permission(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, caio, .. } = people(&engine, "one").await;
    let other = people(&engine, "two").await;
    let background = start(&engine, Registry::standard()).await;
    let (ana, bia) = (customer(&engine, &vera, "Ana").await, customer(&engine, &vera, "Bia").await);
    warranty(&engine, &vera, &ana).await;
    let ids = [id(&ana), id(&bia)];
    let code = async |session: &Session, request: BulkRequest| {
        bulk(&engine, session, &CUSTOMER, request).await.unwrap_err().code
    };
    assert_eq!(code(&caio, on_ids("delete", json!({}), &ids)).await, Code::Forbidden);
    assert_eq!(code(&vera, on_ids("block", json!({}), &ids)).await, Code::Forbidden);
    assert_eq!(code(&marta, request("delete", json!({}))).await, Code::Validation, "nothing named");
    assert_eq!(code(&marta, on_ids("explode", json!({}), &ids)).await, Code::Validation);
    assert_eq!(code(&marta, on_query("delete", json!({}), "filter[nothing]=1")).await, Code::UnknownParameter);

    let elsewhere = bulk(&engine, &other.marta, &CUSTOMER, on_ids("delete", json!({}), &ids)).await.unwrap();
    let job = until_job(&engine, &other.marta, elsewhere, "done").await;
    assert_eq!(json!([job["done"], job["failed"]]), json!([2, 2]), "another tenant's records are not there");

    let job = bulk(&engine, &marta, &CUSTOMER, on_ids("delete", json!({}), &ids)).await.unwrap();
    let done = until_job(&engine, &marta, job, "done").await;
    assert_eq!(json!([done["done"], done["failed"]]), json!([2, 1]));
    let rows = jobs::rows(&engine, &marta, job, true, None).await.unwrap().items;
    assert_eq!(
        (rows[0]["record_id"].as_str(), rows[0]["errors"][0]["code"].as_str()),
        (Some(ana.id()), Some("in_use"))
    );
    assert_eq!(count(&engine, &marta, "filter[name]", "Bia").await, 0);
    create(&engine, &vera, &CUSTOMER, json!({ "name": "Bia" })).await;
    stop(background).await;
}

async fn tags_of(engine: &Engine, session: &Session, ids: &[Uuid]) -> Vec<Json> {
    let mut tags = Vec::new();
    for id in ids {
        tags.push(seen(engine, session, &CUSTOMER, *id).await.get("tags").clone());
    }
    tags
}

async fn run(engine: &Engine, session: &Session, resource: &'static Resource, request: BulkRequest) -> (Uuid, Json) {
    let job = bulk(engine, session, resource, request).await.unwrap();
    (job, until_job(engine, session, job, "done").await)
}

async fn undo(engine: &Engine, session: &Session, job: Uuid) -> (Uuid, Json) {
    let undoing = jobs::undo(engine, session, job).await.unwrap();
    let id = undoing["id"].as_str().unwrap().parse().unwrap();
    (id, until_job(engine, session, id, "done").await)
}

async fn reason(engine: &Engine, session: &Session, job: Uuid) -> String {
    let problem = jobs::undo(engine, session, job).await.unwrap_err();
    assert_eq!(problem.code, Code::NotUndoable);
    problem.detail.unwrap()
}

async fn tags_are_put_on_and_taken_off(home: Home) {
    let engine = home.engine().await;
    let People { marta, caio, .. } = people(&engine, "one").await;
    let background = start(&engine, Registry::standard()).await;
    let ids = customers(&engine, &marta, 3).await;
    let refused = async |session: &Session, resource: &'static Resource, values: Json| {
        bulk(&engine, session, resource, on_ids("tag", values, &ids)).await.unwrap_err().code
    };
    assert_eq!(refused(&marta, &CUSTOMER, json!({})).await, Code::Validation);
    assert_eq!(refused(&marta, &CUSTOMER, json!({ "add": ["x".repeat(41)] })).await, Code::Validation);
    assert_eq!(refused(&marta, &TEAM, json!({ "add": ["x"] })).await, Code::Validation, "teams have no tags");
    assert_eq!(refused(&caio, &CUSTOMER, json!({ "add": ["x"] })).await, Code::Forbidden);
    let request = on_ids("tag", json!({ "add": ["vip", "ouro"], "remove": ["lote", "nunca"] }), &ids[..2]);
    let (job, done) = run(&engine, &marta, &CUSTOMER, request).await;
    assert_eq!((&done["failed"], &done["title"]), (&json!(0), &json!("Etiquetar: Clientes")));
    let expected = [json!(["ouro", "vip"]), json!(["ouro", "vip"]), json!(["lote"])];
    assert_eq!(tags_of(&engine, &marta, &ids).await, expected);
    undo(&engine, &marta, job).await;
    assert_eq!(tags_of(&engine, &marta, &ids).await, [json!(["lote"]), json!(["lote"]), json!(["lote"])]);
    stop(background).await;
}

async fn a_bulk_job_is_taken_back(home: Home) {
    let engine = home.engine().await;
    let People { marta, .. } = people(&engine, "one").await;
    let registry = Registry::standard();
    let background = start(&engine, registry.clone()).await;
    let ids = customers(&engine, &marta, 60).await;
    let gate = marta.gate(&CUSTOMER, "update").unwrap();
    let patch = async |at: usize, version: i64, values: Json| {
        write::patch(&engine, &gate, ids[at], version, values.as_object().unwrap()).await.unwrap()
    };
    // One is so already: the job changes nothing of it, and takes nothing back.
    patch(0, 1, json!({ "notes": "igual" })).await;
    let (job, done) = run(&engine, &marta, &CUSTOMER, on_ids("patch", json!({ "notes": "igual" }), &ids)).await;
    assert_eq!(json!([done["done"], done["failed"], done["undoable"]]), json!([60, 0, true]));
    // One was changed since.
    patch(30, 2, json!({ "name": "Outra" })).await;
    let (undoing, undone) = undo(&engine, &marta, job).await;
    assert_eq!(
        json!([undone["kind"], undone["done"], undone["total"], undone["failed"]]),
        json!(["bulk.undo", 59, 59, 1])
    );
    assert_eq!((&undone["title"], &undone["undoable"]), (&json!("Desfazer: Editar: Clientes"), &json!(false)));
    let rows = jobs::rows(&engine, &marta, undoing, true, None).await.unwrap().items;
    assert_eq!((rows[0]["line"].as_i64(), rows[0]["errors"][0]["code"].as_str()), (Some(31), Some("not_undoable")));
    assert_eq!(rows[0]["errors"][0]["message"], "O registro mudou depois disso.");
    for (at, id) in ids.iter().enumerate() {
        let record = seen(&engine, &marta, &CUSTOMER, *id).await;
        let (notes, version) = match at {
            0 => (Some("igual"), 2),
            30 => (Some("igual"), 3),
            _ => (None, 3),
        };
        assert_eq!((record.text("notes"), record.version()), (notes, version), "{at}");
    }
    // Once is enough, and what was taken back is not done again.
    assert_eq!(jobs::get(&engine, &marta, job).await.unwrap()["undoable"], false);
    assert_eq!(reason(&engine, &marta, job).await, "undo_nothing");
    assert_eq!(reason(&engine, &marta, undoing).await, "undo_nothing");
    assert!(jobs::retry(&engine, &registry, &marta, job).await.is_err());
    stop(background).await;
}

async fn steps_and_removals_are_taken_back(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, .. } = people(&engine, "one").await;
    let background = start(&engine, Registry::standard()).await;
    let ana = customer(&engine, &vera, "Ana").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(id(&warranty(&engine, &vera, &ana).await));
    }
    let (job, _) = run(&engine, &marta, &WARRANTY, on_ids("generate", json!({}), &ids)).await;
    let (_, undone) = undo(&engine, &marta, job).await;
    assert_eq!(json!([undone["done"], undone["failed"]]), json!([3, 0]));
    for id in &ids {
        let record = seen(&engine, &marta, &WARRANTY, *id).await;
        assert_eq!((record.text("status"), record.get("generated_at")), (Some("pending"), &Json::Null));
    }
    let (job, _) = run(&engine, &marta, &WARRANTY, on_ids("cancel", json!({ "cancel_reason": "x" }), &ids[..1])).await;
    assert_eq!(reason(&engine, &marta, job).await, "undo_final");

    let (job, _) = run(&engine, &marta, &WARRANTY, on_query("delete", json!({}), "filter[status]=pending")).await;
    let gone = async || read::get(&engine, &marta.gate(&WARRANTY, "read").unwrap(), ids[1]).await.is_err();
    assert!(gone().await);
    write::restore(&engine, &marta.gate(&WARRANTY, "delete").unwrap(), ids[2]).await.unwrap();
    let (undoing, undone) = undo(&engine, &marta, job).await;
    assert_eq!(json!([undone["done"], undone["failed"]]), json!([2, 1]), "somebody brought one back before");
    let rows = jobs::rows(&engine, &marta, undoing, true, None).await.unwrap().items;
    assert_eq!(rows[0]["record_id"], ids[2].to_string());
    assert!(!gone().await);
    stop(background).await;
}

async fn only_ones_own_and_only_for_a_while(home: Home) {
    let clock = Arc::new(MovableClock::new(Utc::now()));
    let engine = home.engine_at(Arc::clone(&clock), true).await;
    let People { marta, vera, .. } = people(&engine, "one").await;
    let background = start(&engine, Registry::standard()).await;
    let ids = customers(&engine, &marta, 2).await;
    let (job, _) = run(&engine, &vera, &CUSTOMER, on_ids("patch", json!({ "notes": "a" }), &ids)).await;
    assert_eq!(jobs::undo(&engine, &people(&engine, "two").await.marta, job).await.unwrap_err().code, Code::NotFound);
    let managed = jobs::get(&engine, &marta, job).await.unwrap();
    assert_eq!(managed["undoable"], false, "whoever manages jobs sees it");
    assert_eq!(reason(&engine, &marta, job).await, "undo_other");
    assert_eq!(jobs::get(&engine, &vera, job).await.unwrap()["undoable"], true);
    clock.advance(TimeDelta::minutes(11));
    assert_eq!(jobs::get(&engine, &vera, job).await.unwrap()["undoable"], false);
    assert_eq!(reason(&engine, &vera, job).await, "undo_late");
    stop(background).await;
}

async fn an_undo_that_was_interrupted_goes_on_where_it_was(home: Home) {
    let engine = home.engine().await;
    let People { marta, .. } = people(&engine, "one").await;
    let registry = Registry::standard();
    let background = start(&engine, registry.clone()).await;
    let ids = customers(&engine, &marta, 400).await;
    let (job, _) = run(&engine, &marta, &CUSTOMER, on_ids("patch", json!({ "notes": "a" }), &ids)).await;
    let undoing = jobs::undo(&engine, &marta, job).await.unwrap();
    let undoing: Uuid = undoing["id"].as_str().unwrap().parse().unwrap();
    until("it began", || async { jobs::get(&engine, &marta, undoing).await.unwrap()["done"] != 0 }).await;
    stop(background).await;
    let background = start(&engine, registry).await;
    let done = until_job(&engine, &marta, undoing, "done").await;
    assert_eq!(json!([done["done"], done["total"], done["failed"]]), json!([400, 400, 0]));
    for id in &ids {
        let record = seen(&engine, &marta, &CUSTOMER, *id).await;
        assert_eq!((record.text("notes"), record.version()), (None, 3), "once");
    }
    stop(background).await;
}
