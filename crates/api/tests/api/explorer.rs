//! The audit looked through: every filter, page by page, masked, taken out.

use chrono::TimeDelta;
use conexao_domain::identity::{role::ROLE, user::USER};
use conexao_engine::audit as chain;
use serde_json::{Value as Json, json};

use crate::support::{App, Client, Made, execute, on_each_database};

const PHONE: &str = "+5511987654321";

async fn history(app: &App) -> (Client, Made) {
    let admin = app.login("super_admin");
    let contacts = json!([{ "channel": "phone", "value": PHONE }]);
    let made = admin.customer().named("Quitéria").with("contacts", contacts).create().await;
    app.clock.advance(TimeDelta::minutes(2));
    let seller = app.login("vendedor");
    let made = made.now(seller.patch(&made, json!({ "notes": "falou com o gerente" })).await.expect(200));
    app.clock.advance(TimeDelta::minutes(2));
    let made = made.now(admin.step(&made, "block", json!({ "block_reason": "cheque" })).await.expect(200));
    (admin, made)
}

async fn actions(client: &Client, pairs: &[(&str, &str)]) -> Vec<String> {
    let mut request = client.get("/audit");
    for (name, value) in pairs {
        request = request.query(name, value);
    }
    let answer = request.await;
    let items = answer.items().iter().map(|item| item["action"].as_str().unwrap().to_owned()).collect();
    answer.expect(200);
    items
}

#[test]
fn each_filter_finds_what_it_is_about() {
    on_each_database(async |app| {
        let (admin, made) = history(&app).await;
        let seller = app.login("vendedor").id.to_string();
        let record = made.id();
        assert_eq!(actions(&admin, &[("record", record)]).await, ["block", "update", "create"]);
        assert_eq!(actions(&admin, &[("record", record), ("actor", &seller)]).await, ["update"]);
        assert_eq!(actions(&admin, &[("action", "block")]).await, ["block"]);
        let (second, third) = ("2026-03-10T15:01:00Z", "2026-03-10T12:03:00-03:00");
        let customers =
            async |pairs: &[(&str, &str)]| actions(&admin, &[&[("resource", "customer")], pairs].concat()).await;
        assert_eq!(customers(&[("from", second)]).await, ["block", "update"]);
        assert_eq!(customers(&[("to", second)]).await, ["create"]);
        assert_eq!(customers(&[("from", second), ("to", third)]).await, ["update"]);
        assert_eq!(customers(&[("from", "2026-03-10"), ("to", "2026-03-10")]).await.len(), 3, "days are whole");
        assert!(customers(&[("to", "2026-03-09")]).await.is_empty());
        assert!(customers(&[("from", "2026-03-11")]).await.is_empty());
        assert_eq!(actions(&admin, &[("record", record), ("q", "GERENTE")]).await, ["update"], "values, folded");
        assert_eq!(actions(&admin, &[("resource", "customer"), ("q", "quiteria")]).await.len(), 3, "titles");
        assert!(actions(&admin, &[("action", "block"), ("resource", "warranty")]).await.is_empty());
        let entry = admin.get("/audit").query("action", "block").await.items()[0].clone();
        for (name, field) in [("ip", "ip"), ("request", "request_id")] {
            if let Some(value) = entry[field].as_str() {
                assert!(actions(&admin, &[(name, value)]).await.contains(&"block".to_owned()), "{name}");
            }
            assert!(actions(&admin, &[(name, "nada")]).await.is_empty(), "{name}");
        }
        admin.get("/audit").query("nada", "1").await.problem(400, "unknown_parameter");
        for (name, value) in [("actor", "x"), ("from", "ontem"), ("limit", "0"), ("after", "x"), ("to", "2026-13-01")] {
            admin.get("/audit").query(name, value).await.problem(400, "malformed");
        }
    });
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        for n in 0..12 {
            admin.customer().named(&format!("Pessoa {n}")).create().await;
        }
        for text in ["", "pessoa"] {
            let (mut seen, mut after) = (Vec::new(), String::new());
            loop {
                let page = admin.get("/audit").query("resource", "customer").query("action", "create");
                let page = page.query("limit", 5).query("q", text).query("after", &after).await;
                seen.extend(page.items().iter().map(|item| item["id"].as_str().unwrap().parse::<i64>().unwrap()));
                match page.expect(200)["next"].as_str() {
                    Some(next) => next.clone_into(&mut after),
                    None => break,
                }
            }
            assert_eq!(seen.len(), 12, "{text}");
            assert!(seen.windows(2).all(|pair| pair[0] > pair[1]), "{seen:?}");
        }
    });
}

#[test]
fn an_entry_shows_labels_and_masks() {
    on_each_database(async |app| {
        let (admin, made) = history(&app).await;
        let listed = admin.get("/audit").query("record", made.id()).await;
        let ids: Vec<String> = listed.items().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
        let created = admin.get(&format!("/audit/{}", ids[2])).await.expect(200);
        let change = |entry: &Json, field: &str| -> Json {
            entry["changes"].as_array().unwrap().iter().find(|c| c["field"] == field).cloned().unwrap_or_default()
        };
        assert_eq!(change(&created, "name")["new"], "Quitéria");
        assert_eq!(created["record"]["title"], "Quitéria");
        let contacts = change(&created, "contacts");
        assert!(contacts["masked"] == true && contacts["new"].as_str().unwrap().contains('•'), "{contacts}");
        assert!(!created.to_string().contains(&PHONE[5..]), "{created}");
        let updated = admin.get(&format!("/audit/{}", ids[1])).await.expect(200);
        let notes = change(&updated, "notes");
        assert_eq!([&notes["old"], &notes["new"]], [&Json::Null, &json!("falou com o gerente")]);
        let blocked = admin.get(&format!("/audit/{}", ids[0])).await.expect(200);
        assert_eq!(change(&blocked, "status")["new"], "Bloqueado", "states by their names");
        assert_eq!(blocked["hash"].as_str().unwrap().len(), 64);
        assert_eq!(blocked["previous_hash"].as_str().unwrap().len(), 64);
        // What is not seen cannot be guessed by searching.
        assert!(actions(&admin, &[("record", made.id()), ("q", &PHONE[5..])]).await.is_empty());
        admin.get("/audit/999999").await.problem(404, "not_found");
        admin.get("/audit/x").await.problem(404, "not_found");
    });
}

#[test]
fn only_who_may_reads_it_and_only_their_company() {
    on_each_database(async |app| {
        let (_, made) = history(&app).await;
        for path in ["/audit", "/audit/1", "/audit/chain", "/audit/export"] {
            assert_eq!(app.login("vendedor").get(path).await.problem(403, "forbidden")["reason"], "audit.read");
            app.stranger().get(path).await.problem(401, "unauthenticated");
        }
        let manager = app.login("gerente");
        assert_eq!(actions(&manager, &[("record", made.id())]).await.len(), 3);
        let other = app.login_elsewhere("super_admin");
        assert!(actions(&other, &[("record", made.id())]).await.is_empty());
    });
}

#[test]
fn it_is_taken_out_as_a_file_which_is_an_entry_too() {
    on_each_database(async |app| {
        let (admin, made) = history(&app).await;
        let export = |format: &str| admin.get("/audit/export").query("format", format).query("record", made.id());
        let csv = export("csv").await;
        assert_eq!(csv.text.lines().filter(|line| line.contains(";Quitéria;")).count(), 3, "{}", csv.text);
        let lines = export("jsonl").await;
        let first: Json = serde_json::from_str(lines.text.lines().next().unwrap()).unwrap();
        assert_eq!((lines.text.lines().count(), &first["action"]), (3, &json!("block")));
        assert!(export("xlsx").await.text.starts_with("PK"));
        export("pdf").await.problem(400, "malformed");
        assert_eq!(actions(&admin, &[("resource", "audit")]).await, ["export"; 3]);
    });
}

#[test]
fn a_broken_chain_is_told_to_administrators_once() {
    on_each_database(async |app| {
        let (admin, _) = history(&app).await;
        assert_eq!(admin.get("/audit/chain").await.expect(200)["verified_at"], Json::Null);
        chain::check(&app.engine, app.tenant()).await.unwrap();
        let sound = admin.get("/audit/chain").await.expect(200);
        assert_eq!((&sound["broken_at"], &sound["verified_entries"]), (&Json::Null, &sound["entries"]));
        execute(&app, app.tenant(), "UPDATE audit SET actor_name = 'Outra' WHERE seq = 2").await.unwrap();
        for _ in 0..2 {
            chain::check(&app.engine, app.tenant()).await.unwrap();
        }
        assert_eq!(admin.get("/audit/chain").await.expect(200)["broken_at"], 2);
        for (role, heard) in [("super_admin", 1), ("gerente", 1), ("vendedor", 0)] {
            let told = app.login(role).get("/notifications").query("category", "audit").await;
            assert_eq!(told.items().len(), heard, "{role}");
        }
    });
}

#[test]
fn why_somebody_may_do_something_and_what_is_missing() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let seller = app.login("vendedor").id.to_string();
        let ask = |user: &str, permission: &str| {
            admin.get("/permissions/explain").query("user", user).query("permission", permission)
        };
        let may = ask(&seller, "customer.update").await.expect(200);
        assert_eq!((&may["allowed"], &may["scope"], &may["missing"]), (&json!(true), &json!("all"), &Json::Null));
        assert_eq!(may["roles"][0]["grants"], json!(["customer.update"]));
        let not = ask(&seller, "customer.delete").await.expect(200);
        assert_eq!((&not["allowed"], &not["scope"], &not["missing"]), (&json!(false), &Json::Null, &json!("role")));
        let would = not["would_grant"].as_array().unwrap();
        assert!(would.iter().any(|role| role["grants"] == json!(["customer.*"])), "{not}");
        let technician = app.login("tecnico").id.to_string();
        assert_eq!(ask(&technician, "customer.read").await.expect(200)["scope"], "own");
        let own = admin.get("/permissions/explain").query("permission", "audit.read").await.expect(200);
        assert_eq!(own["roles"][0]["grants"], json!(["*"]));
        // A role that demands a second factor gives nothing before there is one.
        let grant = json!([{ "permission": "warranty.read" }]);
        let strict = json!({ "name": "Rígido", "key": "rigido", "requires_two_factor": true, "grants": grant });
        let strict = admin.create(&ROLE, strict).await;
        let lines = json!([{ "role_id": strict.id() }]);
        let fresh = admin.create(&USER, json!({ "name": "Nova", "email": "nova@aurora.test", "roles": lines })).await;
        let waits = ask(fresh.id(), "warranty.read").await.expect(200);
        let found = (&waits["allowed"], &waits["scope"], &waits["missing"]);
        assert_eq!(found, (&json!(false), &Json::Null, &json!("second_factor")));
        ask(&seller, "customer.fly").await.problem(422, "validation");
        ask(&seller, "tenant.read").await.problem(422, "validation");
        let stranger = app.login_elsewhere("vendedor").id.to_string();
        ask(&stranger, "customer.read").await.problem(404, "not_found");
        app.login("vendedor").get("/permissions/explain").await.problem(403, "forbidden");
    });
}
