//! Many threads on one database, each with an application of its own, as
//! several workers or nodes have.

use std::{
    collections::BTreeSet,
    future::IntoFuture,
    sync::{Arc, Barrier},
};

use conexao_domain::{after_sales::warranty::WARRANTY, customers::customer::CUSTOMER};
use futures_util::future::join_all;
use serde_json::{Value as Json, json};

use crate::support::{App, Client, Made, Request, on_each_database};

const THREADS: usize = 5;
const EACH: usize = 10;

/// What an answer was, in a form that can leave its thread.
type Told = (u16, bool, Json);

/// Sends fifty requests from five threads that begin together.
async fn at_once(app: &App, request: impl Fn(&Client, usize) -> Request + Send + Sync + 'static) -> Vec<Told> {
    let (barrier, request) = (Arc::new(Barrier::new(THREADS)), Arc::new(request));
    let threads = (0..THREADS).map(|thread| {
        let (seed, barrier, request) = (app.seed(), Arc::clone(&barrier), Arc::clone(&request));
        actix_web::rt::task::spawn_blocking(move || {
            actix_web::rt::System::new().block_on(async {
                let client = seed.start().await.login("super_admin");
                barrier.wait();
                let sent = (0..EACH).map(|n| request(&client, thread * EACH + n).into_future());
                let answers = join_all(sent).await;
                let told = answers.into_iter().map(|a| {
                    let replayed = a.header("idempotent-replayed") == "true";
                    (a.status.as_u16(), replayed, a.body)
                });
                told.collect::<Vec<Told>>()
            })
        })
    });
    join_all(threads).await.into_iter().flat_map(Result::unwrap).collect()
}

#[test]
fn of_fifty_patches_based_on_one_version_one_wins() {
    on_each_database(async |app| {
        let made = app.login("super_admin").customer().create().await;
        let body = made.body.clone();
        let answers = at_once(&app, move |client, n| {
            let made = Made { resource: &CUSTOMER, body: body.clone() };
            client.patch(&made, json!({ "name": format!("Nome {n}") }))
        });
        let answers = answers.await;
        let won: Vec<&Told> = answers.iter().filter(|(status, ..)| *status == 200).collect();
        assert_eq!(won.len(), 1);
        for (status, _, body) in answers.iter().filter(|(status, ..)| *status != 200) {
            assert_eq!((*status, &body["current"]["name"]), (412, &won[0].2["name"]), "{body}");
        }
    });
}

#[test]
fn one_idempotency_key_has_one_effect_from_every_thread() {
    on_each_database(async |app| {
        let answers = at_once(&app, |client, _| client.customer().named("Uma só").send().once("chave")).await;
        for (status, _, body) in &answers {
            assert_eq!((*status, body), (201, &answers[0].2), "{body}");
        }
        assert_eq!(answers.iter().filter(|(_, replayed, _)| !replayed).count(), 1, "one acted");
        let count = app.login("super_admin").get("/customers").query("count", "exact").await.expect(200);
        assert_eq!(count["count"], 1);
    });
}

#[test]
fn fifty_numbers_drawn_at_once_have_no_gap_and_no_twin() {
    on_each_database(async |app| {
        let customer = app.login("super_admin").customer().create().await.body;
        let answers = at_once(&app, move |client, n| {
            let made = Made { resource: &CUSTOMER, body: customer.clone() };
            // Every fifth is refused, which must not use a number up.
            let reason = if n % 5 == 0 { "" } else { "Não liga" };
            let item = json!({ "sku": "RT-1", "product": "Roteador", "reason": reason });
            client.warranty(&made).with("items", json!([item])).send()
        });
        let answers = answers.await;
        let created: Vec<&Told> = answers.iter().filter(|(status, ..)| *status == 201).collect();
        assert_eq!(created.len(), THREADS * EACH * 4 / 5, "{:?}", answers.iter().map(|a| a.0).collect::<Vec<_>>());
        let numbers: BTreeSet<&str> = created.iter().filter_map(|(_, _, body)| body["number"].as_str()).collect();
        let expected: Vec<String> = (1..=created.len()).map(|n| format!("GR-{n:06}")).collect();
        assert_eq!(numbers.into_iter().collect::<Vec<_>>(), expected);
        assert_eq!(WARRANTY.counters.len(), 2, "number and marker");
    });
}
