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
        seller.get(&made.path()).query("reveal", true).await.problem(403, "forbidden");

        let checker = app.login("conferente");
        let shown = checker.get(&made.path()).query("reveal", true).await.expect(200);
        assert_eq!(shown["document"], cpf(42));
        assert_eq!(shown["birth_date"], BIRTH);
        assert_eq!(shown["contacts"][0]["value"], PHONE);
        assert_eq!(shown["contacts"][1]["value"], EMAIL);
        assert!(shown.get("_masked").is_none());

        let timeline = checker.get(&format!("{}/timeline", made.path())).await;
        let reveals: Vec<&Json> = timeline.items().iter().filter(|i| i["action"] == "reveal").collect();
        assert_eq!(reveals.len(), 1, "the refused attempt shows nothing, the other one leaves an entry");
        assert_eq!(reveals[0]["actor"]["id"], json!(checker.id));
        let entry = admin.get(&format!("/audit/{}", reveals[0]["id"].as_str().unwrap())).await.expect(200);
        let named = entry["changes"][0]["new"].as_str().unwrap();
        assert_eq!(entry["changes"][0]["field"], "fields");
        assert!(named.contains("CPF") && named.contains("Contatos"), "{named}");
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
        let real = app.login("super_admin").get(&made.path()).query("reveal", true).await.expect(200);
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
