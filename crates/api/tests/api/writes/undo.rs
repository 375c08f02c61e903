//! Taking back what one just did.

use chrono::TimeDelta;
use conexao_domain::identity::user::USER;
use serde_json::{Value as Json, json};

use crate::support::{Client, Made, on_each_database};

async fn undone(client: &Client, made: &Made) -> Made {
    made.now(client.step(made, "undo", json!({})).await.expect(200))
}

async fn refused(client: &Client, made: &Made, reason: &str) {
    let body = client.step(made, "undo", json!({})).await.problem(409, "not_undoable");
    assert_eq!(body["reason"], reason);
    assert!(body["detail"].as_str().unwrap().contains(' '), "words, not a code: {body}");
}

/// A record without what says when and how often it was written.
fn content(record: &Json) -> Json {
    let mut record = record.clone();
    for name in ["version", "updated_at", "_steps", "_related", "_refs"] {
        record.as_object_mut().unwrap().remove(name);
    }
    record
}

#[test]
fn a_change_is_taken_back_with_lines_tags_and_what_it_is_found_by() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let contact = |value: &str| json!([{ "channel": "email", "value": value }]);
        let first =
            admin.customer().with("tags", json!(["vip"])).with("contacts", contact("ana@a.test")).create().await;
        let changed =
            json!({ "name": "Bibiana", "tags": ["novo"], "contacts": contact("bibiana@a.test"), "notes": "x" });
        let second = first.now(admin.patch(&first, changed).await.expect(200));
        // What only stands beside the record does not matter.
        admin.post(&format!("{}/comments", second.path()), json!({ "text": "oi", "mentions": [] })).await.expect(201);
        let third = undone(&admin, &second).await;
        assert_eq!(content(&third.body), content(&first.body));
        assert_eq!(third.version(), 3);
        let found = async |name: &str| admin.get("/customers").query("q", name).await.items().len();
        assert_eq!((found("ana terra").await, found("bibiana").await), (1, 0));
        let line = |made: &Made| made["contacts"][0]["id"].clone();
        assert_eq!(line(&third), line(&first), "lines are the same ones again");
        assert_eq!(admin.plain(&third).await["contacts"][0]["value"], "ana@a.test");

        let told = admin.get(&format!("{}/timeline", third.path())).await;
        let entry = |action: &str| told.items().iter().find(|entry| entry["action"] == action).unwrap();
        let (undo, update) = (entry("undo"), entry("update"));
        assert_eq!((&undo["action"], &undo["undoes"]), (&json!("undo"), &update["id"]));
        assert!(undo["changes"].as_array().unwrap().iter().all(|change| change["field"] != "undoes"));
        let entry = admin.get(&format!("/audit/{}", undo["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(entry["action_label"], "Desfez");
        refused(&admin, &third, "undo_nothing").await;
    });
}

#[test]
fn a_step_is_taken_back_unless_it_asked_whether_it_was_meant() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let customer = admin.customer().create().await;
        let first = admin.warranty(&customer).create().await;
        refused(&admin, &first, "undo_nothing").await;
        let sent = json!({ "return_carrier": "Correios", "return_code": "LR-1", "return_due": "2026-03-20" });
        let second = first.now(admin.step(&first, "request_return", sent).await.expect(200));
        assert_eq!(second["status"], "awaiting_return");
        let third = undone(&admin, &second).await;
        assert_eq!(content(&third.body), content(&first.body));
        assert!(third["return_requested_at"].is_null() && third["return_carrier"].is_null());
        let fourth = third.now(admin.step(&third, "cancel", json!({ "cancel_reason": "x" })).await.expect(200));
        refused(&admin, &fourth, "undo_final").await;
    });
}

#[test]
fn only_ones_own_last_change_and_only_for_a_minute() {
    on_each_database(async |app| {
        let (admin, clerk) = (app.login("super_admin"), app.login("vendedor"));
        let made = clerk.customer().create().await;
        let changed = made.now(clerk.patch(&made, json!({ "notes": "a" })).await.expect(200));
        refused(&admin, &changed, "undo_other").await;
        clerk.step(&made, "undo", json!({})).await.problem(412, "stale");
        clerk.step(&made, "undo", json!({})).without_if_match().await.problem(428, "precondition_required");
        app.login_elsewhere("super_admin").step(&changed, "undo", json!({})).await.problem(404, "not_found");
        // The same request twice has one effect.
        let once = clerk.step(&changed, "undo", json!({})).once("k").await.expect(200);
        assert_eq!(clerk.step(&changed, "undo", json!({})).once("k").await.expect(200), once);
        let made = changed.now(once);
        let late = made.now(clerk.patch(&made, json!({ "notes": "b" })).await.expect(200));
        app.clock.advance(TimeDelta::seconds(61));
        refused(&clerk, &late, "undo_late").await;
        assert_eq!(clerk.read(&late).await["notes"], "b");
    });
}

#[test]
fn what_lets_people_in_is_not_taken_back() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let user = app.member("vendedor").id;
        let user = Made { resource: &USER, body: admin.get(&format!("/users/{user}")).await.expect(200) };
        let changed = user.now(admin.patch(&user, json!({ "name": "Outra" })).await.expect(200));
        refused(&admin, &changed, "undo_never").await;
    });
}

#[test]
fn whoever_lost_the_permission_takes_nothing_back() {
    on_each_database(async |app| {
        let (admin, clerk) = (app.login("super_admin"), app.login("vendedor"));
        let made = clerk.customer().create().await;
        let changed = made.now(clerk.patch(&made, json!({ "notes": "a" })).await.expect(200));
        let roles = admin.get("/roles").query("filter[key]", "vendedor").await;
        let role = Made { resource: &conexao_domain::identity::role::ROLE, body: roles.items()[0].clone() };
        let role = admin.read(&role).await;
        let grants = json!([{ "permission": "customer.read" }]);
        admin.patch(&role, json!({ "grants": grants })).await.expect(200);
        clerk.step(&changed, "undo", json!({})).await.problem(403, "forbidden");
    });
}
