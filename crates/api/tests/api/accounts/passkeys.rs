//! Passkeys: added, coming in, second step, step-up, copies, the last factor.

use actix_web::http::Method;
use chrono::TimeDelta;
use conexao_domain::identity::role::ROLE;
use serde_json::{Value as Json, json};

use crate::support::{App, Authenticator, Client, Made, PASSWORD, Request, on_each_database, query};

async fn added(me: &Client, seed: &str) -> (Authenticator, Json) {
    let mut device = Authenticator::new(seed);
    let asked = me.post("/me/passkeys/options", json!({ "password": PASSWORD })).await.expect(200);
    let body = json!({ "ceremony": asked["ceremony"], "name": seed, "credential": device.make(&asked["options"]) });
    let made = me.post("/me/passkeys", body).await;
    assert_eq!(made.header("cache-control"), "no-store");
    (device, made.expect(201))
}

async fn asked(app: &App) -> Json {
    app.stranger().post("/auth/passkey/options", json!({})).await.expect(200)
}

fn entering(app: &App, asked: &Json, credential: Json) -> Request {
    app.stranger().post("/auth/passkey", json!({ "ceremony": asked["ceremony"], "credential": credential }))
}

async fn enter(app: &App, device: &mut Authenticator) -> Request {
    let asked = asked(app).await;
    let credential = device.sign(&asked["options"]);
    entering(app, &asked, credential)
}

fn attempt(app: &App, role: &'static str) -> Request {
    let email = app.member(role).email.clone();
    app.stranger().post("/auth/login", json!({ "email": email, "password": PASSWORD }))
}

async fn signed(me: &Client, device: &mut Authenticator) -> Json {
    let asked = me.post("/me/passkeys/proof", json!({})).await.expect(200);
    json!({ "passkey": { "ceremony": asked["ceremony"], "credential": device.sign(&asked["options"]) } })
}

fn change(me: &Client, path: &str, body: Json) -> Request {
    me.request(Method::PATCH, path).json(&body)
}

async fn told(me: &Client) -> Vec<String> {
    let found = me.get("/notifications").await;
    let security = found.items().iter().filter(|one| one["category"] == "security");
    security.map(|one| one["event"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_passkey_comes_in_without_a_password() {
    on_each_database(async |app| {
        let me = app.login("vendedor");
        let wrong = me.post("/me/passkeys/options", json!({ "password": "errada-errada" }));
        wrong.await.refuses(&[("password", "password.wrong")]);
        me.post("/me/passkeys/options", json!({})).await.refuses(&[("password", "required")]);
        let (mut device, made) = added(&me, "Celular").await;
        assert_eq!(made["recovery_codes"].as_array().unwrap().len(), 10, "{made}");
        let listed = me.get("/me/passkeys").await.expect(200);
        assert_eq!((&listed["available"], &listed["items"][0]["name"]), (&json!(true), &json!("Celular")));
        assert_eq!(listed["items"][0]["last_used_at"], Json::Null);
        assert_eq!(told(&me).await, ["user.passkey_added"]);

        let answer = enter(&app, &mut device).await.await;
        assert!(answer.headers.get_all("set-cookie").any(|set| set.to_str().unwrap().contains("refresh")));
        let inside = answer.expect(200);
        assert_eq!(inside["me"]["user"]["email"], json!(app.member("vendedor").email));
        assert!(me.get("/me/passkeys").await.expect(200)["items"][0]["last_used_at"].is_string());
        let kept = format!("{:?}", query(&app, app.tenant(), "SELECT action FROM audit ORDER BY seq").await);
        assert!(kept.contains("passkey_added") && kept.contains("login"), "{kept}");
    });
}

#[test]
fn a_question_is_answered_once_from_its_place_and_in_time() {
    on_each_database(async |app| {
        let (mut device, _) = added(&app.login("vendedor"), "Celular").await;
        let question = asked(&app).await;
        let credential = device.sign(&question["options"]);
        let elsewhere = entering(&app, &question, credential.clone()).from("192.0.2.9");
        elsewhere.await.problem(401, "challenge_expired");
        entering(&app, &question, credential.clone()).await.expect(200);
        entering(&app, &question, credential).await.problem(401, "challenge_expired");
        let late = asked(&app).await;
        let credential = device.sign(&late["options"]);
        app.clock.advance(TimeDelta::minutes(6));
        entering(&app, &late, credential).await.problem(401, "challenge_expired");
        // A signature for one question answers no other.
        let (one, other) = (asked(&app).await, asked(&app).await);
        let credential = device.sign(&one["options"]);
        entering(&app, &other, credential).await.problem(401, "passkey_refused");
        for made_up in ["", "1", "0190a1b2-0000-7000-8000-000000000000"] {
            let credential = device.sign(&one["options"]);
            let body = json!({ "ceremony": made_up, "credential": credential });
            app.stranger().post("/auth/passkey", body).await.problem(401, "challenge_expired");
        }
        app.stranger()
            .post("/auth/passkey", json!({ "ceremony": "", "credential": {} }))
            .await
            .problem(400, "malformed");
    });
}

#[test]
fn only_a_verified_owner_on_our_page_comes_in() {
    on_each_database(async |app| {
        let me = app.login("vendedor");
        let (device, _) = added(&me, "Celular").await;
        let mut unverified = Authenticator { verifies: false, ..device.clone() };
        enter(&app, &mut unverified).await.await.problem(401, "passkey_refused");
        let mut phished = Authenticator { origin: "http://localhost.example".to_owned(), ..device.clone() };
        enter(&app, &mut phished).await.await.problem(401, "passkey_refused");
        let mut unknown = Authenticator::new("Outro");
        unknown.counter = 5;
        enter(&app, &mut unknown).await.await.problem(401, "passkey_refused");
        let mut careless = Authenticator { verifies: false, ..Authenticator::new("Relógio") };
        let asked = me.post("/me/passkeys/options", json!({ "password": PASSWORD })).await.expect(200);
        assert_eq!(asked["options"]["authenticatorSelection"]["userVerification"], "required");
        let body =
            json!({ "ceremony": asked["ceremony"], "name": "x", "credential": careless.make(&asked["options"]) });
        me.post("/me/passkeys", body).await.refuses(&[("passkey", "passkey.refused")]);
        assert_eq!(me.get("/me/passkeys").await.expect(200)["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn wrong_signatures_make_the_account_wait() {
    on_each_database(async |app| {
        let (device, _) = added(&app.login("vendedor"), "Celular").await;
        for _ in 0..5 {
            let mut phished = Authenticator { origin: "http://evil.example".to_owned(), ..device.clone() };
            enter(&app, &mut phished).await.await.problem(401, "passkey_refused");
        }
        let mut device = device;
        enter(&app, &mut device).await.await.problem(429, "too_many_requests");
        attempt(&app, "vendedor").await.problem(429, "too_many_requests");
        app.clock.advance(TimeDelta::seconds(61));
        enter(&app, &mut device).await.await.expect(200);
    });
}

#[test]
fn a_passkey_or_a_recovery_code_answers_the_second_step() {
    on_each_database(async |app| {
        let me = app.login("vendedor");
        let (mut device, made) = added(&me, "Celular").await;
        let challenge = attempt(&app, "vendedor").await.problem(401, "second_factor");
        assert_eq!(challenge["methods"], json!(["passkey", "recovery"]));
        let body = json!({ "challenge": challenge["challenge"] });
        let question = app.stranger().post("/auth/two-factor/passkey/options", body.clone()).await.expect(200);
        assert_eq!(question["options"]["allowCredentials"].as_array().unwrap().len(), 1);
        // Browsers read binary values as base64url only.
        assert!(question["options"]["allowCredentials"][0]["id"].is_string());
        let answer = |credential: Json| {
            let body = json!({ "challenge": challenge["challenge"], "ceremony": question["ceremony"], "credential": credential, "remember": true });
            app.stranger().post("/auth/two-factor/passkey", body)
        };
        // What was asked for the second step opens nothing else.
        let credential = device.sign(&question["options"]);
        entering(&app, &question, credential.clone()).await.problem(401, "challenge_expired");
        let inside = answer(credential).await;
        let cookies: Vec<String> =
            inside.headers.get_all("set-cookie").map(|set| set.to_str().unwrap().to_owned()).collect();
        assert!(cookies.iter().any(|set| set.contains("device")), "{cookies:?}");
        inside.expect(200);
        app.stranger().post("/auth/two-factor/passkey/options", body).await.problem(401, "challenge_expired");

        let challenge = attempt(&app, "vendedor").await.problem(401, "second_factor");
        let code = made["recovery_codes"][0].as_str().unwrap();
        let body = json!({ "challenge": challenge["challenge"], "code": code });
        app.stranger().post("/auth/two-factor", body).await.expect(200);
        assert!(told(&me).await.contains(&"user.recovery_code_used".to_owned()));
        assert_eq!(me.get("/me/two-factor").await.expect(200)["passkeys"], 1);
    });
}

#[test]
fn a_copied_key_is_blocked_and_told() {
    on_each_database(async |app| {
        let me = app.login("vendedor");
        let (mut device, _) = added(&me, "Celular").await;
        let mut copy = device.clone();
        enter(&app, &mut device).await.await.expect(200);
        enter(&app, &mut device).await.await.expect(200);
        enter(&app, &mut copy).await.await.problem(401, "passkey_refused");
        let listed = me.get("/me/passkeys").await.expect(200);
        assert_eq!(listed["items"][0]["blocked"], true);
        enter(&app, &mut device).await.await.problem(401, "passkey_refused");
        assert!(told(&me).await.contains(&"user.passkey_blocked".to_owned()));
        me.post("/me/passkeys/proof", json!({})).await.problem(409, "step_refused");
        // It is no second factor any more either.
        attempt(&app, "vendedor").await.expect(200);
    });
}

#[test]
fn the_last_factor_stays_where_a_role_demands_one() {
    on_each_database(async |app| {
        let (admin, me) = (app.login("super_admin"), app.login("vendedor"));
        let (mut device, made) = added(&me, "Celular").await;
        let (_, second) = added(&me, "Notebook").await;
        assert_eq!(second["recovery_codes"], json!([]), "only the first comes with codes");
        let roles = admin.get("/roles").query("filter[key]", "vendedor").await.expect(200);
        let role = Made { resource: &ROLE, body: roles["items"][0].clone() };
        admin.patch(&role, json!({ "requires_two_factor": true })).await.expect(200);
        let remove = |id: &Json| format!("/me/passkeys/{}/actions/remove", id.as_str().unwrap());
        me.post(&remove(&second["id"]), json!({ "password": "errada-errada" })).await.problem(422, "validation");
        me.post(&remove(&second["id"]), json!({ "password": PASSWORD })).await.expect(204);
        let last = me.post(&remove(&made["id"]), signed(&me, &mut device).await).await;
        last.problem(409, "last_factor");
        let role = admin.read(&role).await;
        admin.patch(&role, json!({ "requires_two_factor": false })).await.expect(200);
        let proof = signed(&me, &mut device).await;
        me.post(&remove(&made["id"]), proof.clone()).await.expect(204);
        me.post(&remove(&made["id"]), proof).await.problem(401, "challenge_expired");
        assert_eq!(me.get("/me/two-factor").await.expect(200)["recovery_codes"], 0);
        attempt(&app, "vendedor").await.expect(200);
    });
}

#[test]
fn a_passkey_lets_whoever_must_enrol_go_on() {
    on_each_database(async |app| {
        let (admin, me) = (app.login("super_admin"), app.login("vendedor"));
        let roles = admin.get("/roles").query("filter[key]", "vendedor").await.expect(200);
        let role = Made { resource: &ROLE, body: roles["items"][0].clone() };
        admin.patch(&role, json!({ "requires_two_factor": true })).await.expect(200);
        me.get("/customers").await.problem(403, "two_factor_required");
        added(&me, "Celular").await;
        me.get("/customers").await.expect(200);
        let path = format!("/users/{}/actions/reset-two-factor", me.id);
        admin.post(&path, json!({})).await.expect(204);
        me.get("/customers").await.problem(403, "two_factor_required");
        assert!(told(&app.login("vendedor")).await.is_empty(), "nothing opens but enrolment");
    });
}

#[test]
fn a_passkey_stands_in_for_the_password_and_a_token_for_nothing() {
    on_each_database(async |app| {
        let me = app.login("vendedor");
        let (mut device, made) = added(&me, "Celular").await;
        let path = format!("/me/passkeys/{}", made["id"].as_str().unwrap());
        let renamed = change(&me, &path, json!({ "name": "  Telefone " }));
        renamed.await.expect(204);
        assert_eq!(me.get("/me/passkeys").await.expect(200)["items"][0]["name"], "Telefone");
        change(&me, &path, json!({ "name": " " })).await.refuses(&[("name", "required")]);
        let mut proof = signed(&me, &mut device).await;
        proof["new_password"] = json!("uma frase bem nova de 2026");
        me.post("/me/password", proof).await.expect(204);
        let begun = me.post("/me/two-factor", signed(&me, &mut device).await).await.expect(200);
        assert!(begun["secret"].is_string());
        // Somebody else's key proves nothing of mine.
        let other = app.login("gerente");
        let (mut foreign, _) = added(&other, "Alheio").await;
        let asked = me.post("/me/passkeys/proof", json!({})).await.expect(200);
        let proof =
            json!({ "passkey": { "ceremony": asked["ceremony"], "credential": foreign.sign(&asked["options"]) } });
        me.post("/me/two-factor", proof).await.refuses(&[("passkey", "passkey.refused")]);
        // Nor is a key added to two accounts.
        let asked = other.post("/me/passkeys/options", json!({ "password": PASSWORD })).await.expect(200);
        let mut again = Authenticator::new("Celular");
        let body = json!({ "ceremony": asked["ceremony"], "name": "x", "credential": again.make(&asked["options"]) });
        other.post("/me/passkeys", body).await.problem(409, "duplicate");
    });
}
