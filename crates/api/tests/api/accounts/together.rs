//! What holds across nodes and companies: lock-outs, one name in two of them,
//! tokens of people who have to enrol.

use chrono::TimeDelta;
use conexao_api::middleware::Limits;
use conexao_domain::identity::role::ROLE;
use conexao_engine::{Session, identity};
use serde_json::{Value as Json, json};

use crate::support::{App, Client, Made, PASSWORD, Request, on_each_database, query};

fn attempt(app: &App, name: &str, password: &str) -> Request {
    app.stranger().post("/auth/login", json!({ "email": name, "password": password }))
}

#[test]
fn two_nodes_count_wrong_passwords_together() {
    on_each_database(async |app| {
        let other = app.node(Limits::new(1_000_000, 1_000_000)).await;
        let email = app.member("vendedor").email.clone();
        for known in [true, false] {
            let name = if known { email.clone() } else { "ninguem@aurora.test".to_owned() };
            for round in 0..5 {
                let node = if round % 2 == 0 { &app } else { &other };
                attempt(node, &name, "errada-errada").await.problem(401, "credentials");
            }
            for node in [&app, &other] {
                let refused = attempt(node, &name, PASSWORD).await;
                assert_eq!(refused.header("retry-after"), "60", "{name}");
                refused.problem(429, "too_many_requests");
            }
            app.clock.advance(TimeDelta::seconds(61));
        }
        attempt(&other, &email, PASSWORD).await.expect(200);
        let kept = format!("{:?}", query(&app, app.tenant(), "SELECT who FROM failed_attempt").await);
        assert!(!kept.contains("ninguem"), "names of nobody are no list of addresses: {kept}");
    });
}

#[test]
fn an_address_waits_on_every_node() {
    on_each_database(async |app| {
        let other = app.node(Limits::new(1_000_000, 1_000_000)).await;
        for round in 0..30 {
            let (node, name) = (if round % 2 == 0 { &app } else { &other }, format!("x{round}@aurora.test"));
            attempt(node, &name, "errada-errada").from("192.0.2.7").await.problem(401, "credentials");
        }
        let email = app.member("vendedor").email.clone();
        for node in [&app, &other] {
            attempt(node, &email, PASSWORD).from("192.0.2.7").await.problem(429, "too_many_requests");
        }
        attempt(&app, &email, PASSWORD).from("192.0.2.8").await.expect(200);
    });
}

#[test]
fn one_address_in_two_companies_chooses_after_the_password() {
    on_each_database(async |app| {
        let email = "dupla@aurora.test";
        for tenant in [app.tenant(), app.other_tenant()] {
            let system = Session::system(tenant, "Conexão");
            identity::create_user(&app.engine, &system, "Dupla", email, &["vendedor"], PASSWORD).await.unwrap();
        }
        attempt(&app, email, "errada-errada").await.problem(401, "credentials");
        let asked = attempt(&app, email, PASSWORD).await.problem(401, "company_choice");
        assert_eq!(
            asked["companies"],
            json!([{ "slug": "aurora", "name": "aurora" }, { "slug": "boreal", "name": "boreal" }])
        );
        let to = |company: &str| {
            let body = json!({ "email": email, "password": PASSWORD, "company": company });
            app.stranger().post("/auth/login", body)
        };
        assert_eq!(to("boreal").await.expect(200)["me"]["tenant"]["slug"], "boreal");
        to("nenhuma").await.problem(401, "credentials");
    });
}

fn inside(app: &App, body: &Json) -> Client {
    let id = body["me"]["user"]["id"].as_str().unwrap().parse().unwrap();
    Client::new(app.clone(), body["access_token"].as_str().map(str::to_owned), id)
}

#[test]
fn people_come_in_by_user_name_as_well() {
    on_each_database(async |app| {
        let me = app.login("vendedor");
        let named = |me: &Client, name: Json| {
            me.request(actix_web::http::Method::PATCH, "/me").json(&json!({ "username": name }))
        };
        for wrong in ["ab", "ana@aurora", "ana terra", ".ana"] {
            named(&me, json!(wrong)).await.refuses(&[("username", "username")]);
        }
        assert_eq!(named(&me, json!("Ana.Terra")).await.expect(200)["user"]["username"], "ana.terra");
        let taken = named(&app.login("gerente"), json!("ANA.terra")).await.problem(409, "duplicate");
        assert_eq!(taken["errors"][0]["field"], "username");
        // Another company's names are its own.
        named(&app.login_elsewhere("vendedor"), json!("ana.terra")).await.expect(200);
        let asked = attempt(&app, " ANA.Terra ", PASSWORD).await.problem(401, "company_choice");
        assert_eq!(asked["companies"].as_array().unwrap().len(), 2);
        let body = json!({ "email": "ana.terra", "password": PASSWORD, "company": "aurora" });
        let me = inside(&app, &app.stranger().post("/auth/login", body).await.expect(200));
        assert_eq!(me.id, app.member("vendedor").id);
        attempt(&app, "ana.terr", PASSWORD).await.problem(401, "credentials");
        named(&me, Json::Null).await.expect(200);
        let people = app.login("super_admin").get("/users").query("filter[username]", "ana.terra").await;
        assert!(people.items().is_empty());
    });
}

#[test]
fn a_personal_token_waits_for_its_owner_to_enrol() {
    on_each_database(async |app| {
        let (admin, me) = (app.login("super_admin"), app.login("admin"));
        let token = |kind: &str| json!({ "name": kind, "kind": kind, "scopes": [{ "permission": "customer.read" }] });
        let made = me.post("/api-tokens", token("personal")).await.expect(201);
        let personal = Client::new(app.clone(), made["_secret"].as_str().map(str::to_owned), me.id);
        let made = admin.post("/api-tokens", token("service")).await.expect(201);
        let service = Client::new(app.clone(), made["_secret"].as_str().map(str::to_owned), admin.id);
        personal.get("/customers").await.expect(200);
        let roles = admin.get("/roles").query("filter[key]", "admin").await.expect(200);
        let role = Made { resource: &ROLE, body: roles["items"][0].clone() };
        admin.patch(&role, json!({ "requires_two_factor": true })).await.expect(200);
        personal.get("/customers").await.problem(403, "two_factor_required");
        personal.get("/me").await.problem(403, "two_factor_required");
        personal.get("/me/passkeys").await.problem(403, "two_factor_required");
        service.get("/customers").await.expect(200);
        let mut device = crate::support::Authenticator::new("Celular");
        let asked = me.post("/me/passkeys/options", json!({ "password": PASSWORD })).await.expect(200);
        let body = json!({ "ceremony": asked["ceremony"], "name": "x", "credential": device.make(&asked["options"]) });
        me.post("/me/passkeys", body).await.expect(201);
        personal.get("/customers").await.expect(200);
        // A token changes nothing about how its owner comes in.
        personal.get("/me/passkeys").await.problem(403, "forbidden");
        personal
            .post("/me/password", json!({ "password": PASSWORD, "new_password": "uma frase nova de 2026" }))
            .await
            .problem(403, "forbidden");
    });
}
