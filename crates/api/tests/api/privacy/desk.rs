//! Requests and what is found and handed over for them.

use std::io::{Cursor, Read};

use conexao_domain::privacy::{consent::CONSENT, hold::LEGAL_HOLD, request::PRIVACY_REQUEST};
use serde_json::{Value as Json, json};

use super::person::{EMAIL, NAME, PHONE, document, records, request, scattered, with_warranty};
use crate::{
    imports::office::Office,
    support::{Client, on_each_database},
};

fn groups(found: &Json) -> Vec<&str> {
    found["groups"].as_array().unwrap().iter().map(|group| group["name"].as_str().unwrap()).collect()
}

#[test]
fn a_request_has_a_deadline_and_its_way() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let made = admin.create(&PRIVACY_REQUEST, json!({ "name": NAME, "email": EMAIL })).await;
        assert_eq!(made["number"], "LGPD-2026-0001");
        assert_eq!((&made["received_on"], &made["due_on"]), (&json!("2026-03-10"), &json!("2026-03-25")));
        let sooner = json!({ "name": NAME, "email": EMAIL, "deadline_days": 5 });
        assert_eq!(admin.create(&PRIVACY_REQUEST, sooner).await["due_on"], "2026-03-13", "back from a Sunday");
        let late = json!({ "name": NAME, "email": EMAIL, "deadline_days": 16 });
        admin.post("/privacy-requests", late).await.refuses(&[("deadline_days", "range")]);
        admin.post("/privacy-requests", json!({ "name": NAME })).await.refuses(&[("document", "requester_unknown")]);
        admin.step(&made, "start", json!({})).await.problem(409, "step_refused");
        let made = made.now(admin.step(&made, "confirm_identity", json!({ "identity_proof": "RG" })).await.expect(200));
        let made = made.now(admin.step(&made, "start", json!({})).await.expect(200));
        let answer = json!({ "answer_note": "segue", "answer_channel": "email" });
        assert_eq!(admin.step(&made, "answer", answer).await.problem(409, "step_refused")["reason"], "file_not_made");
        let refusal = json!({ "legal_reason": "identity", "answer_note": "documento ilegível" });
        let refused = admin.step(&made, "refuse", refusal).await.expect(200);
        assert!(refused["status"] == "refused" && !refused["closed_at"].is_null(), "{refused}");
        let seller = app.login("vendedor");
        seller.get("/privacy-requests").await.problem(403, "forbidden");
        app.login("financeiro").get("/privacy-requests").await.problem(403, "forbidden");
    });
}

#[test]
fn everything_about_a_person_is_found_by_any_of_her_values() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let (her, _) = with_warranty(&app).await;
        let look = async |body: Json| admin.post("/privacy/search", body).await.expect(200);
        for identity in [
            json!({ "document": document() }),
            json!({ "email": EMAIL.to_uppercase() }),
            json!({ "phone": "(11) 98765-4321" }),
            json!({ "name": "macabea secreta" }),
        ] {
            let found = look(identity.clone()).await;
            let people = &found["groups"][0];
            assert_eq!((&people["name"], &people["person"]), (&json!("customer"), &json!(true)), "{identity}");
            assert_eq!(people["items"][0]["id"], her["id"], "{identity}");
        }
        let by_mail = look(json!({ "email": EMAIL })).await;
        assert!(groups(&by_mail).contains(&"message"), "{by_mail}");
        let by_phone = look(json!({ "phone": PHONE })).await;
        assert!(groups(&by_phone).contains(&"comment"), "{by_phone}");
        let by_name = look(json!({ "name": NAME })).await;
        for place in ["customer", "message", "warranty", "comment", "audit"] {
            assert!(groups(&by_name).contains(&place), "{place}: {by_name}");
        }
        assert!(
            !by_name.to_string().contains(PHONE) && !by_name.to_string().contains(&document()),
            "only where, not what"
        );
        assert_eq!(look(json!({ "document": crate::support::cpf(999) })).await["groups"], json!([]));
        admin.post("/privacy/search", json!({})).await.refuses(&[("document", "requester_unknown")]);
        admin.post("/privacy/search", json!({ "document": "123" })).await.problem(422, "validation");
        app.login("gerente").post("/privacy/search", json!({ "email": EMAIL })).await.problem(403, "forbidden");
        let elsewhere = app.login_elsewhere("super_admin").post("/privacy/search", json!({ "email": EMAIL })).await;
        assert_eq!(elsewhere.expect(200)["groups"], json!([]), "nobody finds people of another company");
        // Who searched is known, for whom is not.
        let entries = admin.get("/audit").query("action", "search").await;
        assert!(entries.items().len() >= 7 && !entries.text.contains(EMAIL), "{}", entries.text);
    });
}

#[test]
fn a_request_finds_what_belongs_to_its_person() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let (her, warranty) = with_warranty(&app).await;
        let asked = request(&admin, "access", &her).await;
        let found = admin.post(&format!("{}/search", asked.path()), json!({})).await.expect(200);
        let of = |name: &str| {
            found["groups"].as_array().unwrap().iter().find(|g| g["name"] == name).cloned().unwrap_or_default()
        };
        assert_eq!(of("warranty")["items"][0]["id"], warranty["id"]);
        for place in ["comment", "attachment", "audit", "idempotency", "privacy_request", "message"] {
            assert!(groups(&found).contains(&place), "{place}: {found}");
        }
        assert!(groups(&found).iter().all(|name| *name != "user"), "{found}");
    });
}

async fn file(client: &Client, job: &Json) -> Vec<(String, String)> {
    let answer = client.get(&format!("/jobs/{}/file", job["id"].as_str().unwrap())).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let mut zip = zip::ZipArchive::new(Cursor::new(answer.bytes)).unwrap();
    let mut files = Vec::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.push((file.name().unwrap().into_owned(), text));
    }
    files
}

#[test]
fn the_file_for_the_person_has_everything_and_is_proven() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let admin = &office.client;
        let her = scattered(&app).await;
        let asked = request(admin, "export", &her).await;
        let path = format!("{}/export", asked.path());
        admin.post(&path, json!({ "records": [] })).await.refuses(&[("records", "required")]);
        let job = admin.post(&path, json!({ "records": records(&her) })).await.expect(202);
        assert_eq!(office.ended(&job).await["state"], "done");
        let files = file(admin, &job).await;
        let of = |name: &str| {
            files.iter().find(|(n, _)| n.starts_with(name)).unwrap_or_else(|| panic!("no {name}")).1.clone()
        };
        let page = of("leia-me.html");
        for told in [NAME, EMAIL, "rádio", "98765-4321", "Nome ou razão social"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        assert!(!page.contains("<script"));
        let data: Json = serde_json::from_str(&of("dados.json")).unwrap();
        let kinds: Vec<&str> =
            data["registros"].as_array().unwrap().iter().map(|r| r["tipo"].as_str().unwrap()).collect();
        assert!(kinds.contains(&"customer") && kinds.contains(&"message"), "{kinds:?}");
        let message = data["registros"].as_array().unwrap().iter().find(|r| r["tipo"] == "message").unwrap();
        assert!(message["conteudo"].as_str().unwrap().contains("Seu rádio chegou"), "{message}");
        assert!(page.contains("Seu rádio chegou"), "{page}");
        assert_eq!(of("anexos/001-"), "retrato");
        assert!(!data.to_string().contains("Olímpico"), "nothing of other people's records");
        let asked = admin.read(&asked).await;
        assert_eq!(asked["file_sha256"].as_str().unwrap().len(), 64);
        assert!(!asked["file_made_at"].is_null() && !asked["delivered_at"].is_null(), "{:?}", asked.body);
        let answer = json!({ "answer_note": "enviado", "answer_channel": "email" });
        assert_eq!(admin.step(&asked, "answer", answer).await.expect(200)["status"], "answered");
        let over = app.login("admin").get(&format!("/jobs/{}/file", job["id"].as_str().unwrap())).await;
        assert_eq!(over.status, 404, "nobody else's file");
        office.close().await;
    });
}

#[test]
fn a_correction_names_its_request() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let her = scattered(&app).await;
        let asked = request(&admin, "correction", &her).await;
        let body = json!({ "resource": "customer", "id": her.id() });
        admin.post(&format!("{}/correct", asked.path()), body.clone()).await.expect(204);
        let newest = admin.get("/audit").query("record", her.id()).await.items()[0].clone();
        let entry = admin.get(&format!("/audit/{}", newest["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(entry["action"], "correct");
        assert!(entry["changes"].to_string().contains(asked["number"].as_str().unwrap()), "{entry}");
        app.login("vendedor").post(&format!("{}/correct", asked.path()), body).await.problem(403, "forbidden");
    });
}

#[test]
fn deadlines_are_told_once_each() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        admin.create(&PRIVACY_REQUEST, json!({ "name": NAME, "email": EMAIL })).await;
        let told = async || {
            conexao_engine::privacy::remind(&app.engine).await.unwrap();
            let sql = "SELECT title FROM notification WHERE event = 'privacy_request.due'";
            crate::support::query(&app, app.tenant(), sql).await.len()
        };
        assert_eq!(told().await, 0);
        for (days, count) in [(10, 1), (11, 1), (13, 2), (15, 3), (16, 4), (20, 4)] {
            app.clock.set(crate::support::start_of_time() + chrono::TimeDelta::days(days));
            assert_eq!(told().await, count, "day {days}");
            assert_eq!(told().await, count, "once");
        }
    });
}

#[test]
fn consents_and_holds_keep_their_history() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let her = admin.customer().create().await;
        let input = json!({ "customer_id": her.id(), "purpose": "marketing", "purpose_text": "Ofertas por e-mail", "channel": "email", "given_how": "site" });
        let given = admin.create(&CONSENT, input).await;
        admin.patch(&given, json!({ "purpose": "sharing" })).await.problem(422, "validation");
        let revoked = admin.step(&given, "revoke", json!({ "revoked_how": "pediu por telefone" })).await.expect(200);
        assert!(revoked["status"] == "revoked" && !revoked["revoked_at"].is_null() && !revoked["given_at"].is_null());
        let hold = admin.create(&LEGAL_HOLD, json!({ "customer_id": her.id(), "reason": "processo 1" })).await;
        admin.step(&hold, "release", json!({})).await.problem(422, "validation");
        let released = admin.step(&hold, "release", json!({ "release_reason": "acordo" })).await.expect(200);
        assert_eq!(released["status"], "released");
    });
}
