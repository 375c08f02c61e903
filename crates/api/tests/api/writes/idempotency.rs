//! Invariant 6: a retried request has one effect.

use std::future::IntoFuture;

use futures_util::future::join_all;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::support::{Answer, Client, Request, cpf, dump, on_each_database, query};

async fn audits(client: &Client) -> usize {
    query(&client.app, client.app.tenant(), "SELECT seq FROM audit").await.len()
}

#[test]
fn a_repeated_request_gets_the_first_answer_and_does_nothing() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let send = || admin.customer().named("Uma").with("document", cpf(1)).send().once("chave-1");
        let first = send().await;
        assert_eq!(first.header("idempotent-replayed"), "");
        let before = dump(&app, app.tenant()).await;
        let second = send().await;
        assert_eq!(second.header("idempotent-replayed"), "true");
        for header in ["location", "etag", "content-type"] {
            assert_eq!(second.header(header), first.header(header), "{header}");
        }
        assert_eq!((second.status, &second.body), (first.status, &first.body));
        assert_eq!(dump(&app, app.tenant()).await, before);
        // Also after the record has moved on.
        let id = first.body["id"].as_str().unwrap();
        let patched = admin.request(actix_web::http::Method::PATCH, &format!("/customers/{id}")).if_match(1);
        patched.json(&json!({ "name": "Outra" })).await.expect(200);
        assert_eq!(send().await.body, first.body);
    });
}

#[test]
fn another_request_under_the_same_key_is_refused() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let made = admin.customer().named("Uma").send().once("k").await.expect(201);
        admin.customer().named("Outra").send().once("k").await.problem(409, "idempotency_mismatch");
        let step = format!("/customers/{}/actions/deactivate", made["id"].as_str().unwrap());
        admin.post(&step, json!({})).if_match(1).once("k").await.problem(409, "idempotency_mismatch");
        // A key belongs to who used it.
        app.login("vendedor").customer().named("Outra").send().once("k").await.expect(201);
        app.login_elsewhere("super_admin").customer().named("Outra").send().once("k").await.expect(201);
        for unfit in ["", &"k".repeat(201)] {
            admin.customer().send().once(unfit).await.problem(400, "malformed");
        }
        admin.customer().send().once(&"k".repeat(200)).await.expect(201);
    });
}

#[test]
fn a_refused_request_may_be_mended_under_its_key() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        admin.customer().named("").send().once("k").await.problem(422, "validation");
        admin.customer().named("Certa").send().once("k").await.expect(201);
    });
}

/// Sends twenty at once and demands one answer for all of them.
async fn at_once(request: impl Fn() -> Request) -> Answer {
    let answers = join_all((0..20).map(|_| request().into_future())).await;
    let first = answers.iter().find(|a| a.header("idempotent-replayed").is_empty()).expect("one that acted").clone();
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (first.status, &first.body), "{}", answer.text);
    }
    let acted = answers.iter().filter(|a| a.header("idempotent-replayed").is_empty()).count();
    assert_eq!(acted, 1, "{acted} requests acted");
    first
}

#[test]
fn twenty_identical_requests_at_once_have_one_effect_and_one_answer() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let count = async || admin.get("/customers").query("count", "exact").await.body["count"].as_i64().unwrap();
        // Without anything unique about it.
        at_once(|| admin.customer().named("Livre").send().once("a")).await.expect(201);
        assert_eq!(count().await, 1);
        // With a unique value, which the twins find taken by the first.
        let made =
            at_once(|| admin.customer().named("Única").with("document", cpf(1)).send().once("b")).await.expect(201);
        assert_eq!(count().await, 2);
        // Based on a version, which the twins find stale.
        let path = format!("/customers/{}", made["id"].as_str().unwrap());
        let before = audits(&admin).await;
        let block =
            || admin.post(&format!("{path}/actions/block"), json!({ "block_reason": "x" })).if_match(1).once("c");
        at_once(block).await.expect(200);
        assert_eq!(audits(&admin).await, before + 1);
        assert_eq!(admin.get(&path).await.body["version"], 2);
        // With a number from a sequence.
        let customer = crate::support::Made { resource: &conexao_domain::customers::customer::CUSTOMER, body: made };
        at_once(|| admin.warranty(&customer).send().once("d")).await.expect(201);
        let next = admin.warranty(&customer).create().await;
        assert_eq!((&next["number"], &next["marker"]), (&json!("GR-000002"), &json!("GR2")));
        let comment = || admin.post(&format!("{path}/comments"), json!({ "text": "oi" })).once("e");
        at_once(comment).await.expect(201);
        assert_eq!(admin.get(&format!("{path}/comments")).await.items().len(), 1);
    });
}

#[test]
fn an_answer_without_a_body_is_repeated_without_a_body() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let path = format!("/users/{}/actions/set-password", app.member("tecnico").id);
        let send = || admin.post(&path, json!({ "password": "outra-senha-2026" })).once("k");
        send().await.expect(204);
        let before = audits(&admin).await;
        let again = send().await;
        assert_eq!((again.status.as_u16(), again.text.as_str(), &again.body), (204, "", &Json::Null));
        assert_eq!(audits(&admin).await, before);
    });
}

#[test]
fn what_is_kept_of_a_request_says_nothing_of_its_body() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let path = format!("/users/{}/actions/set-password", app.member("tecnico").id);
        let body = json!({ "password": "outra-senha-2026" });
        admin.post(&path, body.clone()).once("k").await.expect(204);
        let rows = query(&app, app.tenant(), "SELECT request_hash FROM idempotency").await;
        let kept: Vec<&str> = rows.iter().filter_map(|row| row["request_hash"].as_str()).collect();
        let guess = format!("POST/api/v1{path}{body}");
        let guess = hex::encode(Sha256::digest(guess.as_bytes()));
        assert!(kept.len() == 1 && kept[0].len() > 40 && kept[0] != guess, "{kept:?}");
        // It still tells another request from the same one.
        let other = admin.post(&path, json!({ "password": "mais-uma-senha-2026" })).once("k").await;
        other.problem(409, "idempotency_mismatch");
    });
}
