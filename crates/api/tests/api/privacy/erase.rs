//! Anonymising: what goes, what stays and why, and that nobody does it alone.

use conexao_domain::{identity::api_token::API_TOKEN, integration::message::MESSAGE, privacy::hold::LEGAL_HOLD};
use conexao_engine::{audit, identity, privacy, vault::Place};
use serde_json::{Value as Json, json};

use super::person::{EMAIL, NAME, PHONE, document, imported, records, request, scattered, secrets, with_warranty};
use crate::{
    imports::office::Office,
    support::{App, Client, Made, dump, execute, on_each_database},
};

async fn preview(client: &Client, asked: &Made, her: &Made) -> Json {
    client.post(&format!("{}/preview", asked.path()), json!({ "records": records(her) })).await.expect(200)
}

fn body(her: &Made, preview: &Json) -> Json {
    json!({ "records": records(her), "digest": preview["digest"] })
}

/// Carries it out as somebody else than who asked.
async fn carry_out(app: &App, office: &Office, asked: &Made, her: &Made) -> Json {
    let other = app.login("admin");
    let shown = preview(&other, asked, her).await;
    let job = other.post(&format!("{}/anonymise", asked.path()), body(her, &shown)).await.expect(202);
    office.ended(&job).await
}

/// Everything the company's tables say, without what proves the request.
async fn said(app: &App) -> String {
    let mut tables = dump(app, app.tenant()).await;
    tables.retain(|(table, _)| !table.starts_with("privacy_request"));
    format!("{tables:?}")
}

#[test]
fn a_person_goes_from_everywhere() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let her = scattered(&app).await;
        imported(&office).await;
        let before = said(&app).await;
        for secret in secrets() {
            assert!(before.contains(&secret), "{secret} is there to begin with");
        }
        let asked = request(&office.client, "anonymisation", &her).await;
        let done = carry_out(&app, &office, &asked, &her).await;
        assert_eq!(done["state"], "done", "{done}");
        let after = said(&app).await;
        for secret in secrets() {
            let at = after.find(&secret);
            let around = at.map(|at| after[at.saturating_sub(200)..].chars().take(400).collect::<String>());
            assert!(at.is_none(), "{secret} is left: {around:?}");
        }
        let now = office.client.read(&her).await;
        assert!(now["name"].as_str().unwrap().starts_with("Anonimizado "), "{:?}", now.body);
        for field in ["document", "birth_date", "phone", "email", "notes", "city"] {
            assert!(now[field].is_null(), "{field}");
        }
        for field in ["contacts", "addresses", "external_ids"] {
            assert_eq!(now[field], json!([]), "{field}");
        }
        assert!(office.client.get("/customers?q=macabea").await.items().is_empty(), "nor by the search");
        assert!(office.client.get(&format!("{}/attachments", her.path())).await.items().is_empty());
        // The chain holds, and what is left of it tells who did what.
        let verified = audit::verify(&app.engine, app.tenant()).await.unwrap();
        assert_eq!(verified.broken_at, None);
        let actions = office.client.get("/audit").query("record", her.id()).await;
        let actions: Vec<&str> = actions.items().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
        assert!(actions.contains(&"anonymise") && actions.contains(&"create"), "{actions:?}");
        let asked = office.client.read(&asked).await;
        assert_eq!(asked["erased_by"], json!(app.login("admin").id));
        let answer = json!({ "answer_note": "feito", "answer_channel": "email" });
        office.client.step(&asked, "answer", answer).await.expect(200);
        // Somebody else's record is as it was, but for her.
        let others = office.client.get("/customers?q=olimpico").await;
        let comments =
            office.client.get(&format!("/customers/{}/comments", others.items()[0]["id"].as_str().unwrap())).await;
        assert_eq!(comments.items()[0]["text"], "é marido de •••");
        office.close().await;
    });
}

/// Keeps what a message said, as it is kept once it was sent.
async fn settled(app: &App, message: &Made, text: &str) {
    let said = json!({ "_said": {
        "subject": format!("{NAME}: novidade"), "text": text, "html": format!("<p>{text}</p>"), "short": text,
        "detail": text, "link": null, "action": "Abrir", "company": "Aurora",
    } });
    let id = message.id().parse().unwrap();
    let place = Place { tenant: app.tenant().0, table: "message_content", column: "sealed", id };
    let sealed = app.engine.vault.seal(&said.to_string(), &place).unwrap();
    let subject = message["subject"].as_str().unwrap();
    let sql = format!(
        "INSERT INTO message_content (tenant_id, message_id, sealed) \
         SELECT tenant_id, id, '{sealed}' FROM message WHERE subject = '{subject}'"
    );
    assert_eq!(execute(app, app.tenant(), &sql).await.unwrap(), 1);
}

#[test]
fn what_messages_said_goes_too() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let her = scattered(&app).await;
        let client = &office.client;
        let write = async |subject: &str, to: &str, customer: Option<&str>| {
            let input = json!({ "subject": subject, "address": to, "customer_id": customer, "body": "Bom dia" });
            client.create(&MESSAGE, input).await
        };
        let hers = write("Aviso um", "outro.endereco@example.com", Some(her.id())).await;
        let by_address = write("Aviso dois", EMAIL, None).await;
        let others = write("Aviso três", "equipe@aurora.test", None).await;
        for message in [&hers, &by_address, &others] {
            settled(&app, message, &format!("{NAME} ligou de {PHONE}; a peça chegou")).await;
        }
        execute(&app, app.tenant(), "UPDATE message SET status = 'sent', next_at = NULL").await.unwrap();
        let content = async |message: &Made| client.get(&format!("{}/content", message.path())).await;
        for message in [&hers, &by_address, &others] {
            assert!(content(message).await.expect(200).to_string().contains(NAME), "there to begin with");
        }
        let asked = request(client, "anonymisation", &her).await;
        assert_eq!(carry_out(&app, &office, &asked, &her).await["state"], "done");
        for message in [&hers, &by_address, &others] {
            let answer = content(message).await;
            for secret in secrets() {
                assert!(!answer.text.contains(&secret), "{secret} is left: {}", answer.text);
            }
        }
        assert!(!content(&hers).await.text.contains("a peça chegou"), "what went to her is forgotten");
        let rest = content(&others).await.expect(200);
        assert_eq!(rest["text"], "••• ligou de +55•••; a peça chegou", "what others were told loses her alone");
        office.close().await;
    });
}

#[test]
fn once_more_changes_nothing_and_a_new_import_is_somebody_new() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let her = scattered(&app).await;
        let asked = request(&office.client, "anonymisation", &her).await;
        carry_out(&app, &office, &asked, &her).await;
        let version = office.client.read(&her).await.version();
        let again = request(&office.client, "anonymisation", &her).await;
        assert_eq!(carry_out(&app, &office, &again, &her).await["state"], "done");
        assert_eq!(office.client.read(&her).await.version(), version, "nothing was left to empty");
        let text = format!("nome;cpf\n{NAME};{}\n", document());
        let import = office.customers("de novo.csv", text).await;
        let run = office.done(&import, "run").await;
        assert_eq!(run["summary"]["created"], 1, "{run}");
        assert_eq!(office.client.read(&her).await.version(), version, "and not linked to who she was");
        office.close().await;
    });
}

#[test]
fn what_the_law_keeps_is_shown_before_and_kept_apart() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let (her, warranty) = with_warranty(&app).await;
        let asked = request(&office.client, "anonymisation", &her).await;
        let shown = preview(&office.client, &asked, &her).await;
        let of = |id: &Json| {
            shown["records"].as_array().unwrap().iter().find(|r| r["id"] == *id).cloned().unwrap_or_default()
        };
        let person = of(&her["id"]);
        assert_eq!(person["tie"], "person");
        let kept: Vec<(&str, &str, &str)> = person["kept"]
            .as_array()
            .unwrap()
            .iter()
            .map(|k| (k["field"].as_str().unwrap(), k["basis"].as_str().unwrap(), k["until"].as_str().unwrap()))
            .collect();
        assert_eq!(kept, [("name", "fiscal", "2031-12-31"), ("document", "fiscal", "2031-12-31")]);
        assert_eq!(of(&warranty["id"])["kept"][0]["basis"], "consumer");
        let places: Vec<&str> =
            shown["places"].as_array().unwrap().iter().map(|p| p["place"].as_str().unwrap()).collect();
        assert!(
            places.contains(&"comment") && places.contains(&"audit") && places.contains(&"attachment"),
            "{places:?}"
        );
        let done = carry_out(&app, &office, &asked, &her).await;
        assert_eq!(done["state"], "done", "{done}");
        let admin = app.login("admin");
        let listed = admin.get("/privacy/kept").await;
        let row = &listed.items()[0];
        assert_eq!(
            (&row["basis"], &row["until"], &row["over"]),
            (&json!("fiscal"), &json!("2031-12-31"), &json!(false))
        );
        assert!(!listed.text.contains(&document()) && !listed.text.contains(NAME));
        let look = format!("/privacy/kept/{}/reveal", row["id"].as_str().unwrap());
        admin.post(&look, json!({ "reason": " " })).await.refuses(&[("reason", "required")]);
        let seen = admin.post(&look, json!({ "reason": "ofício 12" })).await.expect(200);
        let values: Vec<&str> =
            seen["items"].as_array().unwrap().iter().map(|v| v["value"].as_str().unwrap()).collect();
        assert!(values.contains(&NAME) && values.contains(&document().as_str()), "{values:?}");
        // Not before its time, and then it is proposed.
        let gone = format!("/privacy/kept/{}/dispose", row["id"].as_str().unwrap());
        assert_eq!(admin.post(&gone, json!({})).await.problem(409, "step_refused")["reason"], "still_kept");
        office.close().await;
        app.clock.set("2032-01-01T12:00:00Z".parse().unwrap());
        let session = identity::session_of(&app.engine, app.tenant(), app.login("admin").id).await.unwrap();
        let due = privacy::proposals(&app.engine, &session).await.unwrap();
        let id = due["kept"][0]["id"].as_str().unwrap().parse().unwrap();
        privacy::dispose(&app.engine, &session, id).await.unwrap();
        assert_eq!(privacy::proposals(&app.engine, &session).await.unwrap()["kept"], json!([]));
        assert!(privacy::show_kept(&app.engine, &session, id, "depois").await.is_err(), "nothing is left");
    });
}

#[test]
fn nobody_does_it_alone_or_unseen() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let her = scattered(&app).await;
        let mine = &office.client;
        let asked = request(mine, "anonymisation", &her).await;
        let path = format!("{}/anonymise", asked.path());
        let shown = preview(mine, &asked, &her).await;
        assert_eq!(mine.post(&path, body(&her, &shown)).await.problem(409, "step_refused")["reason"], "four_eyes");
        let other = app.login("admin");
        let wrong = json!({ "records": records(&her), "digest": "outro" });
        assert_eq!(other.post(&path, wrong).await.problem(409, "step_refused")["reason"], "preview_changed");
        app.login("gerente").post(&path, body(&her, &shown)).await.problem(403, "forbidden");
        // A legal hold stands against it, also one that comes in between.
        let hold = mine.create(&LEGAL_HOLD, json!({ "customer_id": her.id(), "reason": "processo 9" })).await;
        assert_eq!(preview(mine, &asked, &her).await["held"], json!(["processo 9"]));
        let shown = preview(&other, &asked, &her).await;
        assert_eq!(other.post(&path, body(&her, &shown)).await.problem(409, "step_refused")["reason"], "legal_hold");
        mine.step(&hold, "release", json!({ "release_reason": "acordo" })).await.expect(200);
        // What asks for something else erases nothing.
        let access = request(mine, "access", &her).await;
        let refused = other.post(&format!("{}/anonymise", access.path()), body(&her, &shown)).await;
        assert_eq!(refused.problem(409, "step_refused")["reason"], "other_kind");
        assert_eq!(mine.read(&her).await["name"], NAME);
        office.close().await;
    });
}

#[test]
fn nor_with_a_token_of_ones_own_or_in_somebodys_place() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let her = scattered(&app).await;
        let (mine, other) = (&office.client, app.login("admin"));
        let refused = async |client: &Client, asked: &Made| {
            let shown = preview(client, asked, &her).await;
            let answer = client.post(&format!("{}/anonymise", asked.path()), body(&her, &shown)).await;
            assert_eq!(answer.problem(409, "step_refused")["reason"], "four_eyes");
        };
        let held = ["privacy_request.*", "customer.*"];
        let scopes: Vec<Json> = held.iter().map(|permission| json!({ "permission": permission })).collect();
        for kind in ["personal", "service"] {
            let token = mine.create(&API_TOKEN, json!({ "name": kind, "kind": kind, "scopes": scopes })).await;
            let program = Client::new(app.clone(), token["_secret"].as_str().map(str::to_owned), mine.id);
            let asked = request(&program, "anonymisation", &her).await;
            refused(mine, &asked).await;
        }
        // Nor by making somebody else's request one that erases.
        let asked = request(&other, "access", &her).await;
        let asked = asked.now(mine.patch(&asked, json!({ "kind": "anonymisation" })).await.expect(200));
        refused(mine, &asked).await;
        // Whoever stands in for who opened it is no other pair of eyes.
        let asked = request(mine, "anonymisation", &her).await;
        let away = json!({ "substitute_id": other.id, "starts_on": "2026-03-10", "ends_on": "2026-03-10" });
        let away = mine.post("/me/absences", away).await.expect(201);
        refused(&other, &asked).await;
        mine.post(&format!("/me/absences/{}/end", away["id"].as_str().unwrap()), json!({})).await.expect(200);
        let shown = preview(&other, &asked, &her).await;
        let job = other.post(&format!("{}/anonymise", asked.path()), body(&her, &shown)).await.expect(202);
        assert_eq!(Office::with(other.clone()).ended(&job).await["state"], "done");
        office.close().await;
    });
}
