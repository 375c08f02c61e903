//! Retention: the law's years, longer where a company says why, and what
//! reached its end.

use serde_json::json;

use crate::support::{on_each_database, start_of_time};

#[test]
fn a_company_may_keep_longer_but_not_shorter() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let line = async |basis: &str| {
            let all = admin.get("/privacy/retention").await;
            all.items().iter().find(|line| line["basis"] == basis).cloned().unwrap()
        };
        assert_eq!(
            (line("fiscal").await["years"].clone(), line("account").await["years"].clone()),
            (json!(5), json!(null))
        );
        let choose = |basis: &str, years: i64, reason: &str| {
            admin.post("/privacy/retention", json!({ "basis": basis, "years": years, "reason": reason }))
        };
        choose("fiscal", 4, "menos").await.refuses(&[("years", "range")]);
        choose("fiscal", 21, "mais").await.refuses(&[("years", "range")]);
        choose("account", 5, "x").await.refuses(&[("years", "range")]);
        choose("nada", 5, "x").await.refuses(&[("basis", "choice")]);
        choose("fiscal", 10, "").await.refuses(&[("reason", "required")]);
        choose("fiscal", 10, "acordo com o banco").await.expect(204);
        choose("fiscal", 8, "novo acordo").await.expect(204);
        let now = line("fiscal").await;
        assert_eq!((&now["years"], &now["legal_years"], &now["reason"]), (&json!(8), &json!(5), &json!("novo acordo")));
        let entries = admin.get("/audit").query("resource", "retention").await;
        assert_eq!(entries.items().len(), 2);
    });
}

#[test]
fn people_without_movement_are_proposed_and_become_requests() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let quiet = admin.customer().named("Esquecida").create().await;
        let busy = admin.customer().named("Ocupada").create().await;
        let held = admin.customer().named("Presa").create().await;
        admin
            .create(&conexao_domain::privacy::hold::LEGAL_HOLD, json!({ "customer_id": held.id(), "reason": "x" }))
            .await;
        let names = async |client: &crate::support::Client| -> Vec<String> {
            let due = client.get("/privacy/proposals").await.expect(200);
            due["people"].as_array().unwrap().iter().map(|p| p["title"].as_str().unwrap().to_owned()).collect()
        };
        assert!(names(&admin).await.is_empty());
        let aged = "UPDATE customer SET updated_at = '2020-01-01 00:00:00+00:00'";
        crate::support::execute(&app, app.tenant(), aged).await.unwrap();
        admin.warranty(&busy).create().await;
        assert!(start_of_time().to_rfc3339().starts_with("2026"));
        assert_eq!(names(&admin).await, ["Esquecida"], "who moved or is held is not proposed");
        let made = admin.post("/privacy/proposals", json!({ "id": quiet.id() })).await.expect(201);
        assert_eq!((&made["kind"], &made["status"]), (&json!("retention"), &json!("received")));
        admin.post("/privacy/proposals", json!({ "id": made["id"] })).await.problem(404, "not_found");
        assert_eq!(admin.read(&quiet).await["name"], "Esquecida", "nothing happens by itself");
    });
}
