//! Accounts that people ask for themselves, and another address of one's own.

use actix_web::http::Method;
use chrono::TimeDelta;
use conexao_domain::identity::user::USER;
use serde_json::{Value as Json, json};

use crate::support::{Answer, App, Client, Made, PASSWORD, Request, on_each_database};

const FRESH: &str = "uma frase bem comprida de 2026";

fn settings(admin: &Client, version: i64, body: &Json) -> Request {
    admin.request(Method::PATCH, "/settings/company").if_match(version).json(body)
}

async fn version(admin: &Client) -> i64 {
    admin.get("/settings/company").await.expect(200)["version"].as_i64().unwrap()
}

/// Lets people register, with further settings.
async fn opened(app: &App, more: Json) {
    let admin = app.login("super_admin");
    let roles = admin.get("/roles").query("filter[key]", "vendedor").await.expect(200);
    let role = &roles["items"][0]["id"];
    let mut body = json!({ "registration": true, "registration_role": role, "registration_approval": false });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    settings(&admin, version(&admin).await, &body).await.expect(200);
}

async fn ask(app: &App, email: &str) -> Answer {
    let body = json!({ "company": "aurora", "name": "Bibiana Terra", "email": email });
    app.stranger().post("/auth/register", body).await
}

/// Follows a link with a password.
async fn confirm(app: &App, path: &str, password: &str) -> Answer {
    app.stranger().post(path, json!({ "password": password })).await
}

/// The newest message to an address.
async fn message(app: &App, address: &str) -> Json {
    let admin = app.login("super_admin");
    let found = admin.get("/messages").query("sort", "-created_at").await;
    let found =
        found.items().iter().find(|one| one["address"].as_str().is_some_and(|to| to.ends_with(address))).cloned();
    let found = found.unwrap_or_else(|| panic!("no message to {address}"));
    admin.get(&format!("/messages/{}", found["id"].as_str().unwrap())).await.expect(200)
}

fn token(message: &Json) -> String {
    let link = message["link"].as_str().unwrap_or_else(|| panic!("no link in {message}"));
    link.rsplit('/').next().unwrap().to_owned()
}

async fn enters(app: &App, email: &str, password: &str) -> Answer {
    app.stranger().post("/auth/login", json!({ "email": email, "password": password })).await
}

#[test]
fn nobody_registers_where_the_company_does_not_say_so() {
    on_each_database(async |app| {
        app.stranger().get("/auth/registration/aurora").await.problem(404, "not_found");
        app.stranger().get("/auth/registration/nenhuma").await.problem(404, "not_found");
        ask(&app, "bibiana@aurora.test").await.problem(404, "not_found");
        let admin = app.login("super_admin");
        let seen = version(&admin).await;
        let change = |body: Json| settings(&admin, seen, &body);
        change(json!({ "registration": true })).await.refuses(&[("registration_role", "required")]);
        let nobody = json!({ "registration_role": "0190a1b2-0000-7000-8000-000000000000" });
        change(nobody).await.refuses(&[("registration_role", "reference")]);
        let domains = json!({ "registration_domains": [{ "domain": "aurora" }] });
        change(domains).await.refuses(&[("registration_domains.0.domain", "domain")]);
    });
}

#[test]
fn a_link_proves_the_address_and_makes_the_account_once() {
    on_each_database(async |app| {
        let app = app.showing_links().await;
        opened(&app, json!({ "registration_domains": [{ "domain": "Aurora.test" }] })).await;
        let look = app.stranger().get("/auth/registration/aurora").await.expect(200);
        assert_eq!((&look["company"], &look["domains"]), (&json!("aurora"), &json!(["aurora.test"])));
        ask(&app, "bibiana@boreal.test").await.refuses(&[("email", "registration.domain")]);
        ask(&app, "bibiana").await.problem(422, "validation");
        ask(&app, "Bibiana@Aurora.test").await.expect(202);
        enters(&app, "bibiana@aurora.test", FRESH).await.problem(401, "credentials");
        let sent = message(&app, "@aurora.test").await;
        assert_eq!(sent["template"], "email_confirmation");
        let path = format!("/auth/registration/confirm/{}", token(&sent));
        let weak = confirm(&app, &path, "senha123").await.problem(422, "validation");
        assert_eq!(weak["errors"][0]["field"], "password");
        let made = confirm(&app, &path, FRESH).await.expect(201);
        assert_eq!(made, json!({ "email": "bibiana@aurora.test", "pending": false }));
        confirm(&app, &path, FRESH).await.problem(404, "not_found");
        let me = enters(&app, "bibiana@aurora.test", FRESH).await.expect(200);
        assert_eq!(me["me"]["roles"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn who_asks_for_an_account_of_somebody_elses_address_knows_no_password_of_it() {
    on_each_database(async |app| {
        let app = app.showing_links().await;
        opened(&app, json!({})).await;
        let (email, theirs) = ("bibiana@aurora.test", "a senha de quem pediu 2026");
        let body = json!({ "company": "aurora", "name": "Bibiana", "email": email, "password": theirs });
        app.stranger().post("/auth/register", body).await.expect(202);
        let path = format!("/auth/registration/confirm/{}", token(&message(&app, "@aurora.test").await));
        app.stranger().post(&path, json!({})).await.problem(400, "malformed");
        confirm(&app, &path, FRESH).await.expect(201);
        enters(&app, email, theirs).await.problem(401, "credentials");
        enters(&app, email, FRESH).await.expect(200);
        let kept = crate::support::query(&app, app.tenant(), "SELECT password_hash FROM account_link").await;
        assert!(!kept.is_empty() && kept.iter().all(|row| row["password_hash"].is_null()), "{kept:?}");
    });
}

#[test]
fn the_answer_does_not_tell_who_exists() {
    on_each_database(async |app| {
        let app = app.showing_links().await;
        opened(&app, json!({})).await;
        let email = app.member("gerente").email.clone();
        let (known, unknown) = (ask(&app, &email).await, ask(&app, "nova@aurora.test").await);
        assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
        let sent = message(&app, "@aurora.test").await;
        assert_eq!(sent["template"], "email_confirmation", "the newest went to whoever is new");
        let admin = app.login("super_admin");
        let found = admin.get("/messages").query("sort", "-created_at").await;
        let templates: Vec<&Json> = found.items().iter().map(|one| &one["template"]).take(2).collect();
        assert_eq!(templates, [&json!("email_confirmation"), &json!("notification")]);
        for _ in 0..5 {
            ask(&app, "nova@aurora.test").await.expect(202);
        }
        let found = admin.get("/messages").query("count", "exact").await;
        assert_eq!(found.body["count"], 4, "three for an address within the hour, whoever asks");
        let path = format!("/auth/registration/confirm/{}", token(&sent));
        confirm(&app, &path, FRESH).await.problem(404, "not_found");
        let last = token(&message(&app, "@aurora.test").await);
        app.clock.advance(TimeDelta::hours(25));
        let path = format!("/auth/registration/confirm/{last}");
        confirm(&app, &path, FRESH).await.problem(404, "not_found");
    });
}

#[test]
fn an_administrator_approves_where_the_company_wants_it() {
    on_each_database(async |app| {
        let app = app.showing_links().await;
        opened(&app, json!({ "registration_approval": true })).await;
        ask(&app, "bibiana@aurora.test").await.expect(202);
        let path = format!("/auth/registration/confirm/{}", token(&message(&app, "@aurora.test").await));
        assert_eq!(confirm(&app, &path, FRESH).await.expect(201)["pending"], true);
        enters(&app, "bibiana@aurora.test", "errada-errada").await.problem(401, "credentials");
        enters(&app, "bibiana@aurora.test", FRESH).await.problem(401, "awaiting_approval");
        let admin = app.login("super_admin");
        let told = admin.get("/notifications").await;
        let waits = told.items().iter().find(|one| one["event"] == "user.registered").cloned().unwrap();
        assert_eq!((&waits["category"], &waits["resource"]), (&json!("account"), &json!("user")));
        let person = admin.get(&format!("/users/{}", waits["record_id"].as_str().unwrap())).await.expect(200);
        assert_eq!(person["status"], "pending");
        let person = Made { resource: &USER, body: person };
        app.login("vendedor").step(&person, "approve", json!({})).await.problem(403, "forbidden");
        admin.step(&person, "approve", json!({})).await.expect(200);
        enters(&app, "bibiana@aurora.test", FRESH).await.expect(200);
    });
}

fn change_email(me: &Client, email: &str) -> Request {
    me.post("/me/email", json!({ "password": PASSWORD, "email": email }))
}

#[test]
fn another_address_counts_once_its_link_was_followed() {
    on_each_database(async |app| {
        let app = app.showing_links().await;
        let me = app.login("vendedor");
        let before = app.member("vendedor").email.clone();
        change_email(&me, &before).await.refuses(&[("email", "email.same")]);
        let wrong = me.post("/me/email", json!({ "password": "errada-errada", "email": "nova@aurora.test" }));
        wrong.await.refuses(&[("password", "password.wrong")]);
        change_email(&me, "nova@aurora.test").await.expect(202);
        assert_eq!(me.get("/me").await.expect(200)["user"]["email"], before.as_str());
        let admin = app.login("super_admin");
        let sent = admin.get("/messages").query("sort", "created_at").await;
        let sent = sent.items().iter().find(|one| one["template"] == "email_confirmation").cloned().unwrap();
        let id = sent["id"].as_str().unwrap().to_owned();
        let path = format!("/auth/email/{}", token(&admin.get(&format!("/messages/{id}")).await.expect(200)));
        assert_eq!(app.stranger().post(&path, json!({})).await.expect(200)["email"], "nova@aurora.test");
        app.stranger().post(&path, json!({})).await.problem(404, "not_found");
        enters(&app, &before, PASSWORD).await.problem(401, "credentials");
        enters(&app, "nova@aurora.test", PASSWORD).await.expect(200);
        let told = me.get("/notifications").await;
        let events: Vec<&str> = told.items().iter().map(|one| one["event"].as_str().unwrap()).collect();
        assert!(events.contains(&"user.email_asked") && events.contains(&"user.email_changed"), "{events:?}");
        let all =
            format!("{:?}", crate::support::query(&app, app.tenant(), "SELECT address, source FROM message").await);
        assert!(all.contains(&before) && all.contains("email_changed:"), "the old address is told: {all}");
    });
}

#[test]
fn an_address_of_a_colleague_is_not_told_apart() {
    on_each_database(async |app| {
        let app = app.showing_links().await;
        let (me, colleague) = (app.login("vendedor"), app.member("gerente").email.clone());
        change_email(&me, &colleague).await.expect(202);
        let all = crate::support::query(&app, app.tenant(), "SELECT template FROM message").await;
        assert!(!format!("{all:?}").contains("email_confirmation"), "{all:?}");
        change_email(&me, "livre@aurora.test").await.expect(202);
        let sent = message(&app, "@aurora.test").await;
        assert!(sent.is_object());
    });
}
