//! Every way by which personal data could leave in clear, walked by somebody
//! without the permission to see it plain: lists, exports, webhooks, tokens,
//! live events, notices, audit and timeline.

use conexao_domain::{integration::webhook::WEBHOOK, registry::RESOURCES};
use serde_json::json;

use super::person::{EMAIL, PHONE, document, scattered};
use crate::{
    imports::office::Office,
    support::{Client, on_each_database, query},
};

#[track_caller]
fn quiet(what: &str, text: &str) {
    let document = document();
    for secret in [document.as_str(), PHONE, &PHONE[3..], EMAIL, "1977-04-21"] {
        assert!(!text.contains(secret), "{what} tells {secret}: {text}");
    }
}

#[test]
fn no_way_tells_personal_data_to_who_may_not_see_it() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let admin = app.login("super_admin");
        let hook = json!({ "name": "x", "url": "https://example.com/x", "events": [{ "event": "*" }] });
        admin.create(&WEBHOOK, hook).await;
        let her = scattered(&app).await;
        // Everything but looking, of everything.
        let all = conexao_domain::registry::permissions();
        let grants = all.iter().filter(|p| !p.ends_with(".reveal") && *p != "privacy.erase" && *p != "privacy.search");
        let grants: Vec<_> = grants.map(|p| json!({ "permission": p })).collect();
        let token = json!({ "name": "Sistema", "scopes": grants });
        let token = admin.post("/api-tokens", token).await.expect(201);
        let secret = token["_secret"].as_str().unwrap().to_owned();
        let program = Client::new(app.clone(), Some(secret), admin.id);
        for resource in RESOURCES {
            let path = format!("/{}", resource.path);
            quiet(&path, &program.get(&path).await.text);
            for format in ["csv", "jsonl"] {
                let file = program.get(&format!("{path}/export")).query("format", format).await;
                quiet(&format!("{path}/export {format}"), &file.text);
            }
        }
        for path in
            [her.path(), format!("{}/timeline", her.path()), "/audit".into(), "/audit/export?format=jsonl".into()]
        {
            let answer = program.get(&path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            quiet(&path, &answer.text);
        }
        for entry in program.get("/audit").query("record", her.id()).await.items() {
            quiet("entry", &program.get(&format!("/audit/{}", entry["id"].as_str().unwrap())).await.text);
        }
        program.reveal(&her, "document").await.problem(403, "forbidden");
        quiet("notifications", &admin.get("/notifications").await.text);
        // What waits for webhooks and for those who follow live says who and what, not the values.
        for table in ["outbox", "webhook_delivery", "notification", "idempotency", "job"] {
            let rows = query(&app, app.tenant(), &format!("SELECT * FROM {table}")).await;
            quiet(table, &json!(rows).to_string());
        }
        office.close().await;
    });
}
