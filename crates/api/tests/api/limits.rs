//! Allowances are counted by who calls, not by what they claim; sums stay right.

use conexao_api::middleware::Limits;
use serde_json::json;

use crate::support::{Client, PASSWORD, on_each_database};

#[test]
fn made_up_tokens_share_the_allowance_of_their_address() {
    on_each_database(async |app| {
        let node = app.node(Limits::new(5, 100)).await;
        let ask = |n: usize, address: &str| {
            Client::new(node.clone(), Some(format!("inventado-{n}")), uuid::Uuid::nil()).get("/me").from(address)
        };
        for n in 0..5 {
            ask(n, "203.0.113.7").await.problem(401, "unauthenticated");
        }
        let refused = ask(6, "203.0.113.7").await;
        assert!(!refused.header("retry-after").is_empty());
        refused.problem(429, "too_many_requests");
        ask(7, "203.0.113.8").await.problem(401, "unauthenticated");
        // One network of the newer kind is one caller.
        for n in 0..5 {
            ask(n, &format!("2001:db8::{n}")).await.problem(401, "unauthenticated");
        }
        ask(9, "2001:db8::ffff").await.problem(429, "too_many_requests");
        ask(9, "2001:db8:1::1").await.problem(401, "unauthenticated");
    });
}

#[test]
fn who_is_logged_in_has_an_allowance_of_their_own() {
    on_each_database(async |app| {
        let node = app.node(Limits::new(3, 100)).await;
        let login = async |role: &'static str| {
            let member = app.member(role);
            let body = json!({ "email": member.email, "password": PASSWORD });
            let token = app.stranger().post("/auth/login", body).await.expect(200)["access_token"].clone();
            Client::new(node.clone(), token.as_str().map(str::to_owned), member.id)
        };
        let (one, other) = (login("vendedor").await, login("gerente").await);
        for left in ["2", "1", "0"] {
            let answer = one.get("/me").from("203.0.113.7").await;
            assert_eq!((answer.header("ratelimit-remaining"), answer.header("ratelimit-limit")), (left, "3"));
        }
        one.get("/me").from("203.0.113.9").await.problem(429, "too_many_requests");
        other.get("/me").from("203.0.113.7").await.expect(200);
    });
}

#[test]
fn log_in_has_a_small_allowance_for_each_address() {
    on_each_database(async |app| {
        let node = app.node(Limits::new(100, 2)).await;
        let body = json!({ "email": "ninguem@aurora.test", "password": "errada-errada" });
        let ask =
            || Client::new(node.clone(), None, uuid::Uuid::nil()).post("/auth/login", body.clone()).from("203.0.113.7");
        for _ in 0..2 {
            ask().await.problem(401, "credentials");
        }
        ask().await.problem(429, "too_many_requests");
    });
}

#[test]
fn sums_beyond_what_a_number_holds_are_refused_by_name_and_others_are_exact() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let customer = admin.customer().create().await;
        let first = admin.warranty(&customer).create().await;
        admin.warranty(&customer).create().await;
        let sum = || admin.get("/warranties/aggregate").query("group", "customer_id").query("sum", "total");
        let set = async |cents: i64, only: &str| {
            let sql = format!("UPDATE warranty SET total = {cents} WHERE tenant_id = 1 {only}");
            crate::support::execute(&app, app.tenant(), &sql).await.unwrap();
        };
        let half = i64::MAX / 2;
        set(half, "").await;
        assert_eq!(sum().await.expect(200)["groups"][0]["sum"], half * 2);
        set(-half, "").await;
        assert_eq!(sum().await.expect(200)["groups"][0]["sum"], -half * 2);
        set(i64::MAX, "").await;
        sum().await.refuses(&[("sum", "range")]);
        set(i64::MIN, &format!("AND id = {}", id_text(&app, first.id()))).await;
        assert_eq!(sum().await.expect(200)["groups"][0]["sum"], -1);
    });
}

fn id_text(app: &crate::support::App, id: &str) -> String {
    if app.engine.db.is_postgres() { format!("'{id}'") } else { format!("X'{}'", id.replace('-', "")) }
}
