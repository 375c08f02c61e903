//! Webhooks: for whom nothing is sent, how, and that nobody's slowness is others'.

use std::time::Duration;

use conexao_domain::integration::webhook::WEBHOOK;
use conexao_engine::{Engine, jobs::Registry, tenants, write};
use conexao_integrations::http::Egress;
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::{
    home::{Home, People, create, customer, id, people, start, stop, until},
    receiver::{Mood, Receiver},
    webhooks::{admin, sent, step, subscribe},
};

on_both!(
    what_is_sent_goes_under_tls,
    nothing_is_sent_for_a_suspended_company,
    one_companys_slow_receivers_keep_nobody_elses_deliveries_back,
);

async fn what_is_sent_goes_under_tls(home: Home) {
    let engine = home.engine().await;
    let People { system, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let gate = dora.gate(&WEBHOOK, "create").unwrap();
    let input =
        json!({ "name": "Loja", "url": "http://loja.example/gancho", "events": [{ "event": "customer.create" }] });
    let refused = write::create(&engine, &gate, input.as_object().unwrap()).await.unwrap_err();
    assert_eq!((refused.fields[0].field.as_str(), refused.fields[0].code.as_str()), ("url", "url.plain"));
    let made = subscribe(&engine, &dora, &["customer.create"], None).await;
    let gate = dora.gate(&WEBHOOK, "update").unwrap();
    let change = async |engine: &Engine, url: &str, version: i64| {
        let input = json!({ "url": url }).as_object().cloned().unwrap();
        write::patch(engine, &gate, id(&made), version, &input).await
    };
    assert_eq!(change(&engine, "http://10.1.2.3/gancho", 1).await.unwrap_err().fields[0].code, "url.plain");
    let open = engine.clone().with_egress(Egress::AllowPrivate);
    change(&open, "http://10.1.2.3/gancho", 1).await.unwrap();
    // What is there may be paused where it could not be made.
    step(&engine, &dora, &WEBHOOK, &made, "pause").await;
}

async fn nothing_is_sent_for_a_suspended_company(home: Home) {
    let engine = home.engine().await;
    let People { system, vera, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    subscribe(&engine, &dora, &["customer.create"], None).await;
    customer(&engine, &vera, "Ana").await;
    let switch = async |status: &str| {
        let tx = engine.db.system().await.unwrap();
        tx.execute_unprepared(&format!("UPDATE tenant SET status = '{status}'")).await.unwrap();
        tx.commit().await.unwrap();
        tenants::forget(&engine);
    };
    switch("suspended").await;
    let receiver = Receiver::default();
    let background = start(&engine, Registry::standard().webhooks(receiver.clone())).await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert_eq!(receiver.count(), 0, "it waits");
    switch("active").await;
    sent(&receiver, 1).await;
    stop(background).await;
}

async fn one_companys_slow_receivers_keep_nobody_elses_deliveries_back(home: Home) {
    let engine = home.engine().await;
    let (one, two) = (people(&engine, "one").await, people(&engine, "two").await);
    let (dora, rita) = (admin(&engine, &one.system).await, admin(&engine, &two.system).await);
    // Enough subscriptions to take every place there is.
    for _ in 0..6 {
        subscribe(&engine, &dora, &["customer.create"], None).await;
    }
    for n in 0..6 {
        customer(&engine, &one.vera, &format!("Ana {n}")).await;
    }
    let receiver = Receiver::default();
    receiver.henceforth(Mood::Slow(Duration::from_secs(8)));
    let background = start(&engine, Registry::standard().webhooks(receiver.clone())).await;
    // Half of the places, and no more.
    sent(&receiver, 8).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(receiver.count(), 8);
    let input = json!({ "name": "Outra", "url": "https://outra.example/", "events": [{ "event": "customer.create" }] });
    create(&engine, &rita, &WEBHOOK, input).await;
    customer(&engine, &two.vera, "Bia").await;
    until("the other company's delivery", || async {
        receiver.received().iter().any(|received| received.url == "https://outra.example/")
    })
    .await;
    stop(background).await;
}
