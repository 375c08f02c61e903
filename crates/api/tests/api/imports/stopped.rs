//! Imports that are stopped and gone on with.

use std::time::Duration;

use actix_web::http::Method;
use serde_json::Value as Json;

use super::office::{Office, counts, path};
use crate::support::on_each_database;

/// More than are done before a cancellation is noticed.
const MANY: i64 = 12_000;

fn people(count: i64) -> String {
    let rows = (1..=count).map(|n| format!("Pessoa {n},p{n}@exemplo.com\n"));
    format!("nome,email\n{}", rows.collect::<String>())
}

async fn cancel(office: &Office, job: &Json) {
    let path = format!("/jobs/{}/cancel", job["id"].as_str().unwrap());
    office.client.request(Method::POST, &path).await.expect(200);
}

#[test]
fn a_stopped_import_goes_on_where_it_was_and_does_no_row_twice() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let import = office.customers("a.csv", people(MANY)).await;
        let job = office.ask(&import, "run").await;
        // Stopped as soon as something is done.
        let status = format!("/jobs/{}", job["id"].as_str().unwrap());
        while office.client.get(&status).await.expect(200)["done"] == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        cancel(&office, &job).await;
        assert_eq!(office.ended(&job).await["state"], "cancelled");
        let stopped = office.now(&import).await;
        assert_eq!(stopped["state"], "cancelled");
        let [created] = counts(&stopped, ["created"]);
        assert!(created > 0 && created < MANY, "{created}");

        let next = office.ask(&import, "run").await;
        assert_eq!(office.ended(&next).await["state"], "done");
        assert_eq!(counts(&office.now(&import).await, ["rows", "created", "failed"]), [MANY, MANY, 0]);
        // The first job is over for good: the second did its rows.
        office.client.request(Method::POST, &format!("{status}/retry")).await.expect(200);
        assert_ne!(office.ended(&job).await["state"], "done");
        let found = office.client.get("/customers").query("count", "exact").await.body;
        assert_eq!(found["count"], MANY, "{}", found["count"]);

        let back = office.done(&import, "revert").await;
        assert_eq!(counts(&back, ["reverted", "kept"]), [MANY, 0]);
        office.close().await;
    });
}

#[test]
fn what_never_began_can_be_stopped_and_asked_for_again() {
    on_each_database(async |app| {
        let mut office = Office::closed(&app).await;
        let import = office.customers("a.csv", people(3)).await;
        let job = office.ask(&import, "run").await;
        office.client.request(Method::POST, &format!("{}/run", path(&import))).await.problem(409, "step_refused");
        cancel(&office, &job).await;
        let next = office.ask(&import, "run").await;
        office.start().await;
        assert_eq!(office.ended(&next).await["state"], "done");
        assert_eq!(office.names().await, ["Pessoa 1", "Pessoa 2", "Pessoa 3"]);
        office.close().await;
    });
}
