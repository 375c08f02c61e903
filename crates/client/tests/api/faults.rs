//! What goes wrong on the way, and that nothing happens twice.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use conexao_client::{Client, Query, Reach, Retry, Upload};
use conexao_domain::customers::customer::CUSTOMER;
use serde_json::json;

use crate::support::Home;

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_asked_for_again_and_has_one_effect() {
    let home = Home::start().await;
    let client = home.client();
    let customers = client.resource(&CUSTOMER);
    client.me().await.unwrap();
    home.faults.cut.store(2, Ordering::SeqCst);
    let ana = customers.create(json!({ "name": "Ana" })).await.unwrap();
    assert_eq!(home.faults.cut.load(Ordering::SeqCst), 0, "both answers were lost");
    assert_eq!(customers.count(&Query::new()).await.unwrap(), 1);

    home.faults.cut.store(1, Ordering::SeqCst);
    let patched = customers.patch(ana.id(), 1, json!({ "name": "Ana Terra" })).await.unwrap();
    assert_eq!(patched.version(), 2, "the first answer, not a stale version");
    home.faults.cut.store(1, Ordering::SeqCst);
    let stepped = customers.step(ana.id(), 2, "deactivate", json!({})).await.unwrap();
    assert_eq!(stepped.version(), 3);
    home.faults.cut.store(1, Ordering::SeqCst);
    customers.remove(ana.id(), 3).await.unwrap();
    let never = customers.remove(ana.id(), 4).await.unwrap_err();
    assert_eq!(never.status, 404, "without a lost answer, gone is a refusal");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_answer_was_lost_is_there_once() {
    let home = Home::start().await;
    let client = home.client();
    client.me().await.unwrap();
    home.faults.cut.store(1, Ordering::SeqCst);
    let upload = Upload::bytes("clientes.csv", "nome\nAna\n");
    client.imports().upload(&CUSTOMER, upload).await.unwrap();
    assert_eq!(client.imports().list("customer", None).await.unwrap().items.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn unavailable_passes() {
    let home = Home::start().await;
    let client = home.client();
    client.me().await.unwrap();
    home.faults.unavailable.store(3, Ordering::SeqCst);
    client.resource(&CUSTOMER).create(json!({ "name": "Ana" })).await.unwrap();
    assert_eq!(client.resource(&CUSTOMER).count(&Query::new()).await.unwrap(), 1);
    home.faults.unavailable.store(5, Ordering::SeqCst);
    let refused = client.me().await.unwrap_err();
    assert_eq!((refused.status, refused.code.as_str()), (503, "unavailable"));
    assert_eq!(home.faults.unavailable.load(Ordering::SeqCst), 0, "five attempts were made");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rate_limit_is_waited_for() {
    let home = Home::with_limits(60, 60).await;
    let client = home.client();
    let hasty = Client::builder(&home.server).token(client.renew(None).await.unwrap()).retry(Retry::none()).build();
    let refused = loop {
        if let Err(refused) = hasty.me().await {
            break refused;
        }
    };
    assert_eq!((refused.status, refused.retry_after), (429, Some(Duration::from_secs(1))));
    let begun = Instant::now();
    client.resource(&CUSTOMER).create(json!({ "name": "Ana" })).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(900), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let retry = Retry { attempts: 3, pause: Duration::from_millis(5), ..Retry::default() };
    let client = Client::builder(&format!("http://{free}")).token("x").retry(retry).build();
    let failure = client.me().await.unwrap_err();
    assert_eq!((failure.reach, failure.code.as_str()), (Reach::Unsent, "network"));
    let nonsense = Client::new("no address at all", "x").me().await.unwrap_err();
    assert_eq!(nonsense.code, "unusable");
}
