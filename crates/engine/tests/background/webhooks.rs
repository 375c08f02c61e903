//! Webhooks: what is sent to whom, in which order, how often, signed by what.

use std::{sync::Arc, time::Duration};

use chrono::{TimeDelta, Utc};
use conexao_domain::{
    customers::customer::CUSTOMER,
    identity::role::Scope::{self, All, Own},
    integration::{delivery::DELIVERY, webhook::WEBHOOK},
    kernel::{problem::Code, query, record::Record, resource::Resource, value::MovableClock},
};
use conexao_engine::{
    Engine, Session, identity,
    jobs::{BulkRequest, Registry, bulk},
    notify, read, secrets,
    vault::Vault,
    write,
};
use serde_json::{Value as Json, json};

use crate::{
    home::{Home, People, create, customer, id, people, quiet, read as seen, start, stop, until, until_job},
    receiver::{Mood, Receiver},
};

on_both!(
    events_are_sent_as_the_subscription_wants,
    a_records_events_arrive_in_order_whatever_fails,
    a_day_of_failures_disables_and_tells,
    deliveries_are_sent_again_by_hand_one_or_many,
    secrets_are_sealed_and_rotate_with_overlap,
    an_abandoned_delivery_is_sent_again_under_the_same_id,
    nobody_has_sent_to_them_what_they_may_not_read,
);

/// An administrator, besides the people of the house.
pub async fn admin(engine: &Engine, system: &Session) -> Session {
    let email = format!("dora{}@example.com", system.tenant.0);
    let id = identity::create_user(engine, system, "Dora", &email, &["admin"], "correct horse 9").await.unwrap();
    identity::session_of(engine, system.tenant, id).await.unwrap()
}

pub async fn subscribe(engine: &Engine, session: &Session, events: &[&str], filter: Option<&str>) -> Record {
    let events: Vec<Json> = events.iter().map(|event| json!({ "event": event })).collect();
    let input = json!({ "name": "Loja", "url": "https://loja.example/gancho", "events": events, "filter": filter });
    create(engine, session, &WEBHOOK, input).await
}

async fn listed(engine: &Engine, session: &Session, resource: &'static Resource) -> Vec<Record> {
    let query = query::parse(resource, [("sort", "created_at"), ("limit", "200")].into_iter(), &[]).unwrap();
    read::list(engine, &session.gate(resource, "read").unwrap(), &query).await.unwrap().items
}

async fn rename(engine: &Engine, session: &Session, record: &Record, name: &str) {
    let gate = session.gate(&CUSTOMER, "update").unwrap();
    let version = seen(engine, session, &CUSTOMER, id(record)).await.version();
    let input = json!({ "name": name }).as_object().cloned().unwrap();
    write::patch(engine, &gate, id(record), version, &input).await.unwrap();
}

pub async fn step(
    engine: &Engine,
    session: &Session,
    resource: &'static Resource,
    record: &Record,
    name: &str,
) -> Record {
    let gate = session.gate(resource, name).unwrap();
    let version = seen(engine, session, resource, id(record)).await.version();
    write::step(engine, &gate, id(record), version, name, &serde_json::Map::new()).await.unwrap()
}

pub async fn sent(receiver: &Receiver, count: usize) {
    until(&format!("{count} deliveries"), || async { receiver.count() >= count }).await;
}

async fn all_sent(engine: &Engine, session: &Session) {
    until("all to be sent", || async {
        listed(engine, session, &DELIVERY).await.iter().all(|d| d.text("status") != Some("pending"))
    })
    .await;
}

async fn events_are_sent_as_the_subscription_wants(home: Home) {
    let engine = home.engine().await;
    let People { system, vera, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let receiver = Receiver::default();
    let background = start(&engine, Registry::standard().webhooks(receiver.clone())).await;
    customer(&engine, &vera, "Antes da assinatura").await;
    quiet(&engine).await;
    let made = subscribe(&engine, &dora, &["customer.*"], Some("filter[name][contains]=ana")).await;
    let secret = made.text(secrets::SHOWN).unwrap().to_owned();
    assert!(secret.starts_with("whsec_"));

    let input = json!({ "name": "Ana Terra", "document": "52998224725", "contacts": [{ "channel": "email", "value": "ana@example.com" }] });
    let ana = create(&engine, &vera, &CUSTOMER, input).await;
    // A removed record fits no filter: what is told of it before is what was looked at before.
    sent(&receiver, 1).await;
    customer(&engine, &vera, "Bento").await;
    let removal = dora.gate(&CUSTOMER, "delete").unwrap();
    write::remove(&engine, &removal, id(&ana), 1).await.unwrap();
    sent(&receiver, 2).await;
    quiet(&engine).await;
    all_sent(&engine, &dora).await;

    let requests = receiver.received();
    let told: Vec<&str> = requests.iter().map(|r| r.body["type"].as_str().unwrap()).collect();
    assert_eq!(told, ["customer.create", "customer.delete"], "only what was asked for, from when it was asked");
    let first = &requests[0];
    assert_eq!(first.url, "https://loja.example/gancho");
    assert_eq!((&first.body["record"]["name"], &first.body["record_id"]), (&json!("Ana Terra"), &json!(ana.id())));
    assert_eq!(first.body["actor"]["name"], "Vera");
    assert!(!first.text.contains("52998224725") && !first.text.contains("ana@example"), "masked");
    assert_eq!(first.secrets, [secret]);

    let log = listed(&engine, &dora, &DELIVERY).await;
    assert_eq!(log.len(), 2);
    let gate = dora.gate(&DELIVERY, "read").unwrap();
    let one = read::get(&engine, &gate, id(&log[0])).await.unwrap();
    assert_eq!((one.text("status"), one.integer("response_status")), (Some("delivered"), Some(200)));
    assert_eq!((one.id(), one.text("event")), (first.id.as_str(), Some(first.event.as_str())));
    assert_eq!(one.text("response_body"), Some("•••"), "whatever the other side says may name people");
    assert_eq!(one.text("request_headers"), Some(format!("webhook-id: {}", one.id()).as_str()));
    let look = read::Look { field: "response_body", reason: None };
    let shown = read::reveal(&engine, &gate, id(&log[0]), look).await.unwrap();
    assert_eq!(shown["value"], "{\"cliente\":\"Ana 200\"}");
    assert!(seen(&engine, &dora, &WEBHOOK, id(&made)).await.text("last_success_at").is_some());
    stop(background).await;
}

async fn a_records_events_arrive_in_order_whatever_fails(home: Home) {
    let clock = Arc::new(MovableClock::new(Utc::now()));
    let engine = home.engine_at(clock.clone(), true).await;
    let People { system, marta, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let receiver = Receiver::default();
    let background = start(&engine, Registry::standard().webhooks(receiver.clone())).await;
    subscribe(&engine, &dora, &["customer.update"], None).await;
    let (ana, bia) = (customer(&engine, &marta, "Ana").await, customer(&engine, &marta, "Bia").await);
    // The first thing that arrives meets a wall.
    receiver.will([Mood::Answers(500)]);
    rename(&engine, &marta, &ana, "Ana 1").await;
    sent(&receiver, 1).await;
    for n in 2..=6 {
        rename(&engine, &marta, &ana, &format!("Ana {n}")).await;
    }
    quiet(&engine).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(receiver.count(), 1, "nothing of the record overtakes");
    rename(&engine, &marta, &bia, "Bia 1").await;
    sent(&receiver, 2).await;
    assert_eq!(receiver.received()[1].body["record_id"], json!(bia.id()), "others are not held up");
    receiver.will([Mood::Breaks]);
    for (wait, count) in [(13, 3), (40, 9)] {
        // Not before the failure is noted, or the lease would end instead.
        tokio::time::sleep(Duration::from_millis(500)).await;
        clock.advance(TimeDelta::seconds(wait));
        sent(&receiver, count).await;
    }
    all_sent(&engine, &dora).await;
    let requests = receiver.received();
    let of_ana: Vec<_> = requests.iter().filter(|r| r.body["record_id"] == json!(ana.id())).collect();
    let mut events: Vec<&str> = of_ana.iter().map(|r| r.body["id"].as_str().unwrap()).collect();
    events.dedup();
    assert!(events.len() == 6 && events.is_sorted(), "{events:?}");
    let tries: Vec<_> = of_ana.iter().filter(|r| r.id == of_ana[0].id).collect();
    assert_eq!(tries.len(), 3);
    assert!(tries.iter().all(|r| r.text == tries[0].text), "every attempt says the same");
    assert_eq!(receiver.count(), 9);
    stop(background).await;
}

async fn a_day_of_failures_disables_and_tells(home: Home) {
    let clock = Arc::new(MovableClock::new(Utc::now()));
    let engine = home.engine_at(clock.clone(), true).await;
    let People { system, marta, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let receiver = Receiver::default();
    let background = start(&engine, Registry::standard().webhooks(receiver.clone())).await;
    let made = subscribe(&engine, &dora, &["customer.*"], None).await;
    receiver.henceforth(Mood::Answers(503));
    let ana = customer(&engine, &marta, "Ana").await;
    rename(&engine, &marta, &ana, "Ana 2").await;
    let begun = engine.now();
    let mut tries = 0;
    loop {
        tries += 1;
        sent(&receiver, tries).await;
        let first = listed(&engine, &dora, &DELIVERY).await[0].id().parse().unwrap();
        let noted = || async {
            let one = seen(&engine, &dora, &DELIVERY, first).await;
            one.text("error").is_some() && one.instant("updated_at") == Some(engine.now())
        };
        until("the attempt to be noted", noted).await;
        let one = seen(&engine, &dora, &DELIVERY, first).await;
        let Some(next) = one.instant("next_at") else { break };
        let state = seen(&engine, &dora, &WEBHOOK, id(&made)).await;
        assert!(state.text("failing_since").is_some() && state.text("status") == Some("active"));
        clock.set(next + TimeDelta::milliseconds(1));
    }
    let hours = (engine.now() - begun).num_hours();
    assert!((20..=24).contains(&hours) && (10..=20).contains(&tries), "{tries} tries in {hours} hours");
    until("it to be disabled", || async {
        seen(&engine, &dora, &WEBHOOK, id(&made)).await.text("status") == Some("disabled")
    })
    .await;
    quiet(&engine).await;
    assert_eq!(notify::unread(&engine, &dora).await.unwrap(), 1, "administrators are told, once");
    assert_eq!(notify::unread(&engine, &marta).await.unwrap(), 0);
    let log = listed(&engine, &dora, &DELIVERY).await;
    let states: Vec<_> = log.iter().map(|d| d.text("status").unwrap()).collect();
    assert_eq!(states, ["failed", "pending"], "what came after waits");

    // Mended and resumed: what waited goes out, and new failures begin anew.
    receiver.henceforth(Mood::Answers(204));
    let resumed = step(&engine, &dora, &WEBHOOK, &made, "resume").await;
    assert_eq!((resumed.text("status"), resumed.text("failing_since")), (Some("active"), None));
    all_sent(&engine, &dora).await;
    assert_eq!(receiver.count(), tries + 1);

    // Who says it is gone for good is believed at once.
    receiver.will([Mood::Answers(410)]);
    rename(&engine, &marta, &ana, "Ana 3").await;
    until("it to be disabled again", || async {
        seen(&engine, &dora, &WEBHOOK, id(&made)).await.text("status") == Some("disabled")
    })
    .await;
    stop(background).await;
}

async fn deliveries_are_sent_again_by_hand_one_or_many(home: Home) {
    let engine = home.engine().await;
    let People { system, marta, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let receiver = Receiver::default();
    let background = start(&engine, Registry::standard().webhooks(receiver.clone())).await;
    let made = subscribe(&engine, &dora, &["customer.create"], None).await;
    for n in 0..3 {
        customer(&engine, &marta, &format!("Cliente {n}")).await;
    }
    sent(&receiver, 3).await;
    all_sent(&engine, &dora).await;
    let log = listed(&engine, &dora, &DELIVERY).await;
    let again = step(&engine, &dora, &DELIVERY, &log[0], "replay").await;
    assert_eq!(again.text("status"), Some("pending"));
    sent(&receiver, 4).await;
    all_sent(&engine, &dora).await;
    assert_eq!(receiver.received()[3].id, log[0].id(), "under the same id");
    let query = Some("filter[status]=delivered".to_owned());
    let request = BulkRequest { action: "replay".to_owned(), query, ..BulkRequest::default() };
    let job = bulk(&engine, &dora, &DELIVERY, request).await.unwrap();
    until_job(&engine, &dora, job, "done").await;
    sent(&receiver, 7).await;
    all_sent(&engine, &dora).await;

    // A test is sent once, whatever comes of it, and disturbs nothing.
    receiver.will([Mood::Answers(500)]);
    create(&engine, &dora, &DELIVERY, json!({ "subscription_id": made.id() })).await;
    sent(&receiver, 8).await;
    all_sent(&engine, &dora).await;
    let test = receiver.received()[7].clone();
    assert_eq!((&test.body["type"], &test.body["record"]), (&json!("webhook.ping"), &Json::Null));
    assert_eq!(test.secrets.len(), 1);
    let log = listed(&engine, &dora, &DELIVERY).await;
    assert_eq!((log[3].text("status"), log[3].text("error")), (Some("failed"), Some("webhook.status")));
    assert_eq!(seen(&engine, &dora, &WEBHOOK, id(&made)).await.text("failing_since"), None);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(receiver.count(), 8, "what webhooks do is told to nobody");
    stop(background).await;
}

async fn secrets_are_sealed_and_rotate_with_overlap(home: Home) {
    let clock = Arc::new(MovableClock::new(Utc::now()));
    let keys = home.folder.path().join("vault.key");
    let engine = home.engine_at(clock.clone(), true).await.with_vault(Vault::open(&keys).unwrap());
    let People { system, marta, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let receiver = Receiver::default();
    let background = start(&engine, Registry::standard().webhooks(receiver.clone())).await;
    let made = subscribe(&engine, &dora, &["customer.create"], None).await;
    let old = made.text(secrets::SHOWN).unwrap().to_owned();
    let rotated = step(&engine, &dora, &WEBHOOK, &made, "rotate_secret").await;
    let new = rotated.text(secrets::SHOWN).unwrap().to_owned();
    assert_ne!(old, new);
    let request = BulkRequest { action: "rotate_secret".to_owned(), ids: vec![id(&made)], ..BulkRequest::default() };
    assert!(bulk(&engine, &dora, &WEBHOOK, request).await.is_err(), "a job has no answer to show a secret in");

    for (n, good) in [vec![new.clone(), old.clone()], vec![new.clone()]].into_iter().enumerate() {
        customer(&engine, &marta, &format!("Cliente {n}")).await;
        sent(&receiver, n + 1).await;
        all_sent(&engine, &dora).await;
        let last = receiver.received().pop().unwrap();
        assert_eq!(last.secrets, good, "{n}");
        clock.advance(TimeDelta::hours(25));
    }
    stop(background).await;

    // A new master key re-wraps what is kept; the old one can then be forgotten.
    let engine = engine.with_vault(Vault::add_key(&keys).unwrap());
    assert_eq!(secrets::rewrap(&engine, dora.tenant).await.unwrap(), 2);
    assert_eq!(secrets::rewrap(&engine, dora.tenant).await.unwrap(), 0);
    Vault::forget_old_keys(&keys).unwrap();
    let engine = engine.with_vault(Vault::open(&keys).unwrap());
    let background = start(&engine, Registry::standard().webhooks(receiver.clone())).await;
    customer(&engine, &marta, "Depois").await;
    sent(&receiver, 3).await;
    let last = receiver.received().pop().unwrap();
    assert_eq!(last.secrets, [new]);
    stop(background).await;
}

async fn an_abandoned_delivery_is_sent_again_under_the_same_id(home: Home) {
    let clock = Arc::new(MovableClock::new(Utc::now()));
    let engine = home.engine_at(clock.clone(), true).await;
    let People { system, marta, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let receiver = Receiver::default();
    let registry = Registry::standard().webhooks(receiver.clone());
    let background = start(&engine, registry.clone()).await;
    subscribe(&engine, &dora, &["customer.create"], None).await;
    receiver.will([Mood::Slow(Duration::from_mins(10))]);
    customer(&engine, &marta, "Ana").await;
    sent(&receiver, 1).await;
    // The node dies with the request under way.
    drop(background);
    let background = start(&engine, registry).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(receiver.count(), 1, "until the lease ends it may still be under way");
    clock.advance(TimeDelta::seconds(61));
    sent(&receiver, 2).await;
    all_sent(&engine, &dora).await;
    let requests = receiver.received();
    assert_eq!((&requests[0].id, &requests[0].text), (&requests[1].id, &requests[1].text));
    let log = listed(&engine, &dora, &DELIVERY).await;
    assert_eq!((log.len(), log[0].integer("attempts")), (1, Some(2)));
    stop(background).await;
}

async fn nobody_has_sent_to_them_what_they_may_not_read(home: Home) {
    let engine = home.engine().await;
    let People { system, vera, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let with = |permissions: &[(&str, Scope)]| {
        let held = permissions.iter().map(|(name, scope)| ((*name).to_owned(), *scope)).collect();
        Session { permissions: Arc::new(held), ..vera.clone() }
    };
    let ask = async |session: &Session, events: &[&str], filter: Option<&str>| {
        let events: Vec<Json> = events.iter().map(|event| json!({ "event": event })).collect();
        let input = json!({ "name": "x", "url": "https://x.example", "events": events, "filter": filter });
        let gate = session.gate(&WEBHOOK, "create").unwrap();
        write::create(&engine, &gate, input.as_object().unwrap()).await
    };
    let own = with(&[("webhook_subscription.create", All), ("customer.read", Own)]);
    let all = with(&[("webhook_subscription.create", All), ("customer.read", All)]);
    for (session, events) in [(&own, ["customer.create"]), (&all, ["warranty.create"]), (&all, ["*"])] {
        let refused = ask(session, &events, None).await.unwrap_err();
        assert_eq!((refused.code, refused.fields[0].code.as_str()), (Code::Forbidden, "beyond_read"), "{events:?}");
    }
    assert!(ask(&all, &["customer.*"], Some("filter[status]=active")).await.is_ok());
    for (field, events, filter) in [
        ("filter", "customer.*", Some("filter[nothing]=1")),
        ("filter", "*.create", Some("filter[document]=x")),
        ("events.0.event", "customer.fly", None),
        ("events.0.event", "webhook_delivery.create", None),
    ] {
        let refused = ask(&dora, &[events], filter).await.unwrap_err();
        assert_eq!(refused.fields[0].field, field, "{events} {filter:?}");
    }
    for url in ["ftp://x.example", "https://", "https://user@x.example", "x.example", "https://x.example/a b"] {
        let input = json!({ "name": "x", "url": url, "events": [{ "event": "customer.create" }] });
        let gate = dora.gate(&WEBHOOK, "create").unwrap();
        let refused = write::create(&engine, &gate, input.as_object().unwrap()).await.unwrap_err();
        assert_eq!(refused.fields[0].code, "url", "{url}");
    }
}
