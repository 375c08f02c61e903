//! Invariant 3: every write leaves audit and outbox rows in its transaction.

use conexao_domain::registry::RESOURCES;
use serde_json::{Value as Json, json};

use crate::support::{App, dump, full_input, on_each_database, query};

/// (action, record) of every entry, oldest first.
async fn entries(app: &App, table: &str, action: &str, order: &str) -> Vec<(String, Json)> {
    let sql = format!("SELECT {action} AS action, record_id FROM {table} WHERE tenant_id = 1 ORDER BY {order}");
    let rows = query(app, app.tenant(), &sql).await;
    rows.into_iter().map(|row| (row["action"].as_str().unwrap().to_owned(), row["record_id"].clone())).collect()
}

#[test]
fn every_write_leaves_one_audit_entry_and_one_event() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        for resource in RESOURCES {
            let input = full_input(&admin, resource).await;
            let audit = entries(&app, "audit", "action", "seq").await.len();
            let outbox = entries(&app, "outbox", "event", "id").await.len();
            let made = admin.create(resource, input).await;
            let title = json!({ resource.title: "Outro Nome 7" });
            // A delivery is what it is from the start.
            let fixed = ["webhook_delivery", "message", "suppression", "invitation", "consent", "legal_hold"]
                .contains(&resource.name);
            let made = if resource.name == "warranty" {
                made.now(admin.patch(&made, json!({ "notes": "x" })).await.expect(200))
            } else if resource.name == "privacy_request" {
                made.now(admin.patch(&made, json!({ "details": "x" })).await.expect(200))
            } else if resource.name == "absence" {
                made.now(admin.patch(&made, json!({ "reason": "x" })).await.expect(200))
            } else if fixed {
                made
            } else {
                made.now(admin.patch(&made, title).await.expect(200))
            };
            admin.delete(&made).await.expect(204);
            admin.post(&format!("{}/actions/restore", made.path()), json!({})).await.expect(200);
            let hidden = crate::support::masked(&made).into_iter().next();
            if let Some(field) = &hidden {
                admin.reveal(&made, field).await.expect(200);
            }
            let mut expected = vec!["create", "update", "delete", "restore", "reveal"];
            expected.retain(|action| hidden.is_some() || *action != "reveal");
            expected.retain(|action| !(fixed && *action == "update"));
            let actions: Vec<String> =
                entries(&app, "audit", "action", "seq").await.split_off(audit).into_iter().map(|e| e.0).collect();
            assert_eq!(actions, expected, "{}", resource.name);
            let events: Vec<String> =
                entries(&app, "outbox", "event", "id").await.split_off(outbox).into_iter().map(|e| e.0).collect();
            let expected: Vec<String> = expected.iter().map(|a| format!("{}.{a}", resource.name)).collect();
            assert_eq!(events, expected);
        }
    });
}

#[test]
fn a_refused_write_leaves_nothing() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let made = admin.customer().with("document", crate::support::cpf(1)).create().await;
        let warranty = admin.warranty(&made).create().await;
        let before = dump(&app, app.tenant()).await;
        for request in [
            admin.customer().with("document", crate::support::cpf(1)).send(),
            admin.customer().with("document", crate::support::cpf(1)).send().once("k"),
            admin.customer().named("").send(),
            admin.patch(&made, json!({ "name": null })),
            admin.patch(&made, json!({ "name": "x" })).if_match(9),
            admin.delete(&made),
            admin.delete(&made).if_match(9),
            admin.step(&made, "activate", json!({})),
            admin.step(&warranty, "check", json!({})),
            admin.warranty(&made).with("items", json!([{}])).send(),
            admin.warranty(&made).with("customer_id", made.id().replace('0', "1")).send().once("k2"),
        ] {
            let answer = request.await;
            assert!(answer.status.is_client_error(), "{}: {}", answer.what, answer.text);
        }
        assert_eq!(dump(&app, app.tenant()).await, before);
    });
}

#[test]
fn the_timeline_tells_who_changed_what() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let made = admin.customer().named("Antes").create().await;
        let seller = app.login("vendedor");
        app.clock.advance(chrono::TimeDelta::seconds(60));
        let patched = seller.patch(&made, json!({ "name": "Depois", "addresses": [{ "city": "Recife" }] })).await;
        let made = made.now(patched.expect(200));
        app.clock.advance(chrono::TimeDelta::seconds(60));
        admin.step(&made, "block", json!({ "block_reason": "fraude" })).await.expect(200);
        let timeline = admin.get(&format!("{}/timeline", made.path())).await;
        let actions: Vec<&Json> = timeline.items().iter().map(|i| &i["action"]).collect();
        assert_eq!(actions, ["block", "update", "create"]);
        let update = &timeline.items()[1];
        assert_eq!(update["actor"], json!({ "id": seller.id, "name": "vendedor", "for_id": null }));
        assert_eq!(update["at"], "2026-03-10T15:01:00.000Z");
        let change =
            |field: &str| update["changes"].as_array().unwrap().iter().find(|c| c["field"] == field).unwrap().clone();
        assert_eq!(change("name"), json!({ "field": "name", "old": "Antes", "new": "Depois" }));
        assert_eq!(change("city")["new"], "Recife");
        assert_eq!(change("addresses"), json!({ "field": "addresses", "old": 0, "new": 1 }));
    });
}

#[test]
fn a_long_timeline_is_told_in_pages_without_gaps() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let mut made = admin.customer().named("0").create().await;
        for n in 1..=120 {
            // Three changes share each moment.
            if n % 3 == 0 {
                app.clock.advance(chrono::TimeDelta::milliseconds(1));
            }
            made = made.now(admin.patch(&made, json!({ "name": n.to_string() })).await.expect(200));
        }
        let (mut seen, mut after) = (Vec::new(), None::<String>);
        loop {
            let request = admin.get(&format!("{}/timeline", made.path()));
            let request = if let Some(after) = &after { request.query("after", after) } else { request };
            let page = request.await;
            seen.extend(page.items().iter().map(|i| i["id"].as_str().unwrap().to_owned()));
            match page.expect(200)["next"].as_str() {
                Some(next) => after = Some(next.to_owned()),
                None => break,
            }
        }
        assert_eq!(seen.len(), 121);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 121, "an entry was told twice");
    });
}
