//! Personal data is masked wherever it is shown; revealing it leaves a trace.

use conexao_domain::registry::RESOURCES;
use serde_json::{Value as Json, json};

use crate::support::{Client, Made, cpf, on_each_database};

const PHONE: &str = "+5511987654321";
const EMAIL: &str = "macabea.secreta@example.com";
const BIRTH: &str = "1977-04-21";

async fn known_person(client: &Client) -> Made {
    let contacts = json!([
        { "channel": "whatsapp", "value": PHONE },
        { "channel": "email", "value": EMAIL },
    ]);
    client
        .customer()
        .named("Macabéa")
        .with("document", cpf(42))
        .with("birth_date", BIRTH)
        .with("contacts", contacts)
        .create()
        .await
}

/// Fails when the text holds personal values in clear.
#[track_caller]
fn keeps_quiet(what: &str, text: &str) {
    for secret in [cpf(42).as_str(), PHONE, &PHONE[5..], EMAIL, BIRTH] {
        assert!(!text.contains(secret), "{what} tells {secret}: {text}");
    }
}

#[test]
fn personal_data_is_masked_wherever_it_is_shown() {
    on_each_database(async |app| {
        // Nobody is shown more than asked for: not even who may reveal.
        let admin = app.login("super_admin");
        let made = known_person(&admin).await;
        keeps_quiet("create", &made.body.to_string());
        let patched = admin.patch(&made, json!({ "notes": "nota" })).await;
        keeps_quiet("patch", &patched.text);
        let made = made.now(patched.expect(200));
        let stale = admin.patch(&made, json!({ "notes": "outra" })).if_match(1).await;
        keeps_quiet("stale", &stale.text);
        stale.problem(412, "stale");
        let stepped = admin.step(&made, "block", json!({ "block_reason": "x" })).await;
        keeps_quiet("step", &stepped.text);
        let made = made.now(stepped.expect(200));
        let warranty = admin.warranty(&made).create().await;
        keeps_quiet("reference", &warranty.body.to_string());
        for path in [
            made.path(),
            format!("{}/timeline", made.path()),
            warranty.path(),
            format!("{}/timeline", warranty.path()),
            "/customers".into(),
            "/customers?sort=-updated_at&limit=1".into(),
            "/customers/lookup?q=macabea".into(),
            format!("/customers/lookup?q={}", &cpf(42)[..6]),
            "/customers/aggregate?group=status".into(),
            "/warranties".into(),
            "/warranties/lookup?q=macabea".into(),
        ] {
            let answer = admin.get(&path).await;
            keeps_quiet(&path, &answer.text);
            answer.expect(200);
        }
        for (field, value) in [("document", cpf(42)), ("phone", PHONE.into()), ("email", EMAIL.into())] {
            let found = admin.get("/customers/duplicates").query(field, value).await;
            keeps_quiet(field, &found.text);
            assert_eq!(found.items().len(), 1, "{field}");
        }
        let shown = admin.read(&made).await;
        let mut masked: Vec<&str> = shown["_masked"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
        masked.sort_unstable();
        assert_eq!(masked, ["birth_date", "document", "email", "phone"]);
        assert_eq!(shown["contacts"][0]["_masked"], json!(["value"]));
    });
}

#[test]
fn revealing_needs_the_permission_and_is_recorded() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let made = known_person(&admin).await;
        let seller = app.login("vendedor");
        keeps_quiet("get", &seller.get(&made.path()).await.text);
        seller.reveal(&made, "document").await.problem(403, "forbidden");

        let checker = app.login("conferente");
        let phone = format!("contacts.{}.value", made["contacts"][0]["id"].as_str().unwrap());
        assert_eq!(checker.reveal(&made, "document").await.expect(200)["value"], cpf(42));
        assert_eq!(checker.reveal(&made, &phone).await.expect(200)["value"], PHONE);
        keeps_quiet("after a look", &checker.get(&made.path()).await.text);
        // Nothing but what is masked, and only here.
        for field in ["name", "", "contacts", "contacts.x.value", "contacts.0.value", "id", "search_text", "nada"] {
            checker.reveal(&made, field).await.refuses(&[("field", "not_masked")]);
        }
        let empty = admin.customer().named("Vazia").create().await;
        checker.reveal(&empty, "document").await.refuses(&[("field", "not_masked")]);

        let timeline = checker.get(&format!("{}/timeline", made.path())).await;
        let reveals: Vec<&Json> = timeline.items().iter().filter(|i| i["action"] == "reveal").collect();
        assert_eq!(reveals.len(), 2, "the refused attempts show nothing, the others leave an entry each");
        assert_eq!(reveals[0]["actor"]["id"], json!(checker.id));
        let entry = admin.get(&format!("/audit/{}", reveals[0]["id"].as_str().unwrap())).await.expect(200);
        let named = entry["changes"][0]["new"].as_str().unwrap();
        assert_eq!(entry["changes"][0]["field"], "fields");
        assert!(named.contains("Contatos"), "the newest first: {named}");
        keeps_quiet("audit", &entry.to_string());
    });
}

#[test]
fn a_mask_sent_back_never_becomes_data() {
    on_each_database(async |app| {
        let seller = app.login("vendedor");
        let made = known_person(&seller).await;
        let shown = seller.read(&made).await;
        let lines: Vec<Json> = shown["contacts"]
            .as_array()
            .unwrap()
            .iter()
            .map(
                |line| json!({ "id": line["id"], "channel": line["channel"], "value": line["value"], "label": "casa" }),
            )
            .collect();
        let sent = json!({ "contacts": lines, "document": shown["document"], "birth_date": shown["birth_date"], "notes": "oi" });
        let saved = seller.patch(&made, sent).await.expect(200);
        assert_eq!(saved["notes"], "oi");
        let real = app.login("super_admin").plain(&made).await;
        assert_eq!(real["document"], cpf(42));
        assert_eq!(real["birth_date"], BIRTH);
        assert_eq!(real["contacts"][0]["value"], PHONE);
        assert_eq!(real["contacts"][0]["label"], "casa");
        assert_eq!(real["contacts"][1]["value"], EMAIL);
        // A mask that belongs to nothing is a mistake like any other.
        let other = seller.customer().named("Outra").create().await;
        let answer = seller.patch(&other, json!({ "document": shown["document"] })).await;
        answer.problem(422, "validation");
    });
}

#[test]
fn nothing_personal_is_sortable_or_groupable_so_cursors_and_groups_cannot_tell() {
    for resource in RESOURCES {
        for field in resource.fields.iter().filter(|f| f.personal) {
            assert!(!field.sort, "{}.{}: its values would stand in cursors", resource.name, field.name);
        }
    }
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        known_person(&admin).await;
        for field in ["document", "phone", "email", "birth_date"] {
            let refused = admin.get("/customers/aggregate").query("group", field).await;
            refused.problem(400, "unknown_parameter");
        }
    });
}

#[test]
fn a_look_has_a_reason_and_an_answer_that_nobody_keeps() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let made = known_person(&admin).await;
        let body = json!({ "field": "document", "reason": "conferir nota" });
        let path = format!("{}/reveal", made.path());
        let first = admin.post(&path, body.clone()).once("olhada").await;
        assert_eq!(first.header("cache-control"), "no-store");
        assert_eq!(first.expect(200)["value"], cpf(42));
        admin.post(&path, body).once("olhada").await.expect(200);
        let kept = crate::support::query(&app, app.tenant(), "SELECT body FROM idempotency").await;
        assert!(!json!(kept).to_string().contains(&cpf(42)), "no answer is kept in clear");
        let looks = admin.get("/audit").query("action", "reveal").await;
        assert_eq!(looks.items().len(), 2, "each look is an entry");
        let entry = admin.get(&format!("/audit/{}", looks.items()[0]["id"].as_str().unwrap())).await.expect(200);
        assert!(entry["changes"].to_string().contains("conferir nota"), "{entry}");
        let long = json!({ "field": "document", "reason": "x".repeat(301) });
        admin.post(&path, long).await.refuses(&[("reason", "length")]);
    });
}

#[test]
fn many_looks_wait_and_are_told() {
    on_each_database(async |app| {
        let (admin, checker) = (app.login("super_admin"), app.login("conferente"));
        let made = known_person(&admin).await;
        for _ in 0..conexao_engine::read::A_MINUTE {
            checker.reveal(&made, "document").await.expect(200);
        }
        let refused = checker.reveal(&made, "document").await.problem(429, "too_many_requests");
        assert_eq!(refused["retry_after"], 60);
        admin.reveal(&made, "document").await.expect(200);
        let mut done = conexao_engine::read::A_MINUTE;
        let told = async || -> Vec<Json> {
            let all = admin.get("/notifications").await;
            all.items().iter().filter(|n| n["event"] == "audit.reveals").cloned().collect()
        };
        assert!(told().await.is_empty());
        while done < conexao_engine::read::ALARM + 2 {
            app.clock.advance(chrono::TimeDelta::seconds(2));
            if checker.reveal(&made, "document").await.status == 200 {
                done += 1;
            }
        }
        let told = told().await;
        assert_eq!(told.len(), 1, "of an hour once: {told:?}");
        assert!(!told[0].to_string().contains(&cpf(42)));
    });
}

#[test]
fn contacts_are_masked_by_what_they_are() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let made = known_person(&admin).await;
        let values: Vec<&str> =
            made["contacts"].as_array().unwrap().iter().map(|line| line["value"].as_str().unwrap()).collect();
        assert_eq!(values, ["(11) •••••-4321", "m•••@example.com"]);
    });
}
