//! The second step of a log-in, from the key to the last recovery code, and
//! log-ins that are listed and ended.

use chrono::TimeDelta;
use conexao_domain::identity::role::ROLE;
use serde_json::{Value as Json, json};
use totp_rs::{Builder, Secret, Totp};

use crate::support::{Answer, App, Client, Made, PASSWORD, Request, on_each_database, query};

const CHROME: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1";

fn attempt(app: &App, role: &'static str) -> Request {
    let email = app.member(role).email.clone();
    app.stranger().post("/auth/login", json!({ "email": email, "password": PASSWORD }))
}

fn entered(app: &App, role: &'static str, body: &Json) -> Client {
    Client::new(app.clone(), body["access_token"].as_str().map(str::to_owned), app.member(role).id)
}

fn answered(app: &App, challenge: &Json, code: &str) -> Request {
    app.stranger().post("/auth/two-factor", json!({ "challenge": challenge["challenge"], "code": code }))
}

fn cookie(answer: &Answer, name: &str) -> String {
    let found = answer.headers.get_all("set-cookie").filter_map(|value| value.to_str().ok());
    let mut found = found.filter(|set| set.starts_with(name));
    found.next().and_then(|set| set.split(';').next()).unwrap_or_default().to_owned()
}

/// An authenticator application with one key.
struct Authenticator(Totp);

impl Authenticator {
    fn new(secret: &str) -> Self {
        let secret = Secret::try_from_base32(secret).unwrap();
        Self(Builder::new().with_secret(secret).build_noncompliant())
    }

    fn code(&self, app: &App) -> String {
        self.0.generate(u64::try_from(app.now().timestamp()).unwrap()).to_string()
    }
}

/// Turns the second step on; the application and the recovery codes.
async fn enrol(app: &App, me: &Client) -> (Authenticator, Vec<String>) {
    let begun = me.post("/me/two-factor", json!({ "password": PASSWORD })).await;
    assert_eq!(begun.header("cache-control"), "no-store");
    let begun = begun.expect(200);
    let application = Authenticator::new(begun["secret"].as_str().unwrap());
    let confirmed = me.post("/me/two-factor/confirm", json!({ "code": application.code(app) })).await.expect(200);
    let codes: Vec<String> = serde_json::from_value(confirmed["recovery_codes"].clone()).unwrap();
    // The next code is another one.
    app.clock.advance(TimeDelta::seconds(30));
    (application, codes)
}

#[test]
fn a_key_counts_only_once_a_code_confirmed_it() {
    on_each_database(async |app| {
        let me = app.login("vendedor");
        let wrong = me.post("/me/two-factor", json!({ "password": "errada-errada" })).await.problem(422, "validation");
        assert_eq!(wrong["errors"][0]["code"], "password.wrong");
        me.post("/me/two-factor/confirm", json!({ "code": "000000" })).await.problem(409, "step_refused");
        let begun = me.post("/me/two-factor", json!({ "password": PASSWORD })).await.expect(200);
        assert!(begun["uri"].as_str().unwrap().starts_with("otpauth://totp/"), "{begun}");
        assert!(begun["picture"].as_str().unwrap().contains("<svg"), "{begun}");
        attempt(&app, "vendedor").await.expect(200);
        me.post("/me/two-factor/confirm", json!({ "code": "12345" })).await.problem(422, "validation");
        let standing = me.get("/me/two-factor").await.expect(200);
        assert_eq!(standing, json!({ "since": null, "passkeys": 0, "required": false, "recovery_codes": 0 }));
        let (_, codes) = enrol(&app, &me).await;
        let standing = me.get("/me/two-factor").await.expect(200);
        assert_eq!((codes.len(), &standing["recovery_codes"]), (10, &json!(10)));
        assert!(standing["since"].is_string(), "{standing}");
        me.post("/me/two-factor", json!({ "password": PASSWORD })).await.problem(409, "step_refused");
        attempt(&app, "vendedor").await.problem(401, "second_factor");
        let secret = begun["secret"].as_str().unwrap();
        for sql in ["SELECT kept FROM secret", "SELECT code_hash FROM recovery_code"] {
            let kept = format!("{:?}", query(&app, app.tenant(), sql).await);
            assert!(!kept.contains(secret) && codes.iter().all(|code| !kept.contains(code)), "{kept}");
        }
    });
}

#[test]
fn a_login_takes_a_code_and_each_code_counts_once() {
    on_each_database(async |app| {
        let (application, _) = enrol(&app, &app.login("vendedor")).await;
        let challenge = attempt(&app, "vendedor").await.problem(401, "second_factor");
        assert_eq!(challenge["methods"], json!(["totp", "recovery"]));
        let code = application.code(&app);
        let answer = answered(&app, &challenge, &code).await;
        assert!(cookie(&answer, "conexao_refresh").len() > 20);
        let me = entered(&app, "vendedor", &answer.expect(200));
        assert_eq!(me.get("/me").await.expect(200)["must_enrol"], false);
        answered(&app, &challenge, &code).await.problem(401, "challenge_expired");
        let again = attempt(&app, "vendedor").await.problem(401, "second_factor");
        answered(&app, &again, &code).await.problem(422, "validation");
        app.clock.advance(TimeDelta::seconds(30));
        answered(&app, &again, &application.code(&app)).await.expect(200);
        // Somebody's clock is half a minute behind, but not two.
        app.clock.advance(TimeDelta::seconds(60));
        let late = attempt(&app, "vendedor").await.problem(401, "second_factor");
        let code = application.code(&app);
        app.clock.advance(TimeDelta::seconds(90));
        answered(&app, &late, &code).await.problem(422, "validation");
        let code = application.code(&app);
        app.clock.advance(TimeDelta::seconds(30));
        answered(&app, &late, &code).await.expect(200);
    });
}

#[test]
fn a_challenge_is_for_one_place_and_a_few_minutes() {
    on_each_database(async |app| {
        let (application, _) = enrol(&app, &app.login("vendedor")).await;
        let challenge = attempt(&app, "vendedor").from("192.0.2.1").await.problem(401, "second_factor");
        let code = application.code(&app);
        answered(&app, &challenge, &code).from("192.0.2.2").await.problem(401, "challenge_expired");
        let elsewhere = answered(&app, &challenge, &code).from("192.0.2.1").header("User-Agent", PHONE);
        elsewhere.await.problem(401, "challenge_expired");
        for text in ["", "1", "1.x.y", "1.0190a1b2-0000-7000-8000-000000000000.zz"] {
            answered(&app, &json!({ "challenge": text }), &code).await.problem(401, "challenge_expired");
        }
        app.clock.advance(TimeDelta::minutes(6));
        let late = answered(&app, &challenge, &application.code(&app)).from("192.0.2.1");
        late.await.problem(401, "challenge_expired");
    });
}

#[test]
fn wrong_codes_make_the_account_wait_like_wrong_passwords() {
    on_each_database(async |app| {
        let (application, _) = enrol(&app, &app.login("vendedor")).await;
        let challenge = attempt(&app, "vendedor").await.problem(401, "second_factor");
        for _ in 0..5 {
            answered(&app, &challenge, "000000").await.problem(422, "validation");
        }
        answered(&app, &challenge, &application.code(&app)).await.problem(401, "challenge_expired");
        let waiting = attempt(&app, "vendedor").await;
        assert_eq!(waiting.header("retry-after"), "60");
        waiting.problem(429, "too_many_requests");
        app.clock.advance(TimeDelta::seconds(61));
        let challenge = attempt(&app, "vendedor").await.problem(401, "second_factor");
        answered(&app, &challenge, "000000").await.problem(422, "validation");
        answered(&app, &challenge, &application.code(&app)).await.problem(429, "too_many_requests");
    });
}

#[test]
fn recovery_codes_count_once_and_can_be_replaced() {
    on_each_database(async |app| {
        let (application, codes) = enrol(&app, &app.login("vendedor")).await;
        let challenge = attempt(&app, "vendedor").await.problem(401, "second_factor");
        let typed = codes[0].to_lowercase().replace('-', " ");
        let me = entered(&app, "vendedor", &answered(&app, &challenge, &typed).await.expect(200));
        assert_eq!(me.get("/me/two-factor").await.expect(200)["recovery_codes"], 9);
        let again = attempt(&app, "vendedor").await.problem(401, "second_factor");
        answered(&app, &again, &codes[0]).await.problem(422, "validation");
        let body = json!({ "code": application.code(&app) });
        let fresh = me.post("/me/two-factor/recovery-codes", body).await.expect(200);
        assert_eq!(me.get("/me/two-factor").await.expect(200)["recovery_codes"], 10);
        answered(&app, &again, &codes[1]).await.problem(422, "validation");
        answered(&app, &again, fresh["recovery_codes"][3].as_str().unwrap()).await.expect(200);
        let colleague = app.login("gerente");
        let begun = colleague.post("/me/two-factor", json!({ "password": PASSWORD })).await.expect(200);
        assert!(begun["secret"].is_string());
    });
}

#[test]
fn a_trusted_device_leaves_the_step_out_until_the_password_changes() {
    on_each_database(async |app| {
        let (application, _) = enrol(&app, &app.login("vendedor")).await;
        let challenge = attempt(&app, "vendedor").await.problem(401, "second_factor");
        let body = json!({ "challenge": challenge["challenge"], "code": application.code(&app), "remember": true });
        let answer = app.stranger().post("/auth/two-factor", body).await;
        let device = cookie(&answer, "conexao_device");
        answer.expect(200);
        attempt(&app, "vendedor").header("Cookie", &device).await.expect(200);
        attempt(&app, "vendedor").await.problem(401, "second_factor");
        attempt(&app, "vendedor").header("Cookie", format!("{device}0")).await.problem(401, "second_factor");
        app.clock.advance(TimeDelta::days(31));
        attempt(&app, "vendedor").header("Cookie", &device).await.problem(401, "second_factor");
        app.clock.advance(TimeDelta::days(-20));
        attempt(&app, "vendedor").header("Cookie", &device).await.expect(200);
        let path = format!("/users/{}/actions/set-password", app.member("vendedor").id);
        let admin = entered(&app, "super_admin", &attempt(&app, "super_admin").await.expect(200));
        admin.post(&path, json!({ "password": PASSWORD })).await.expect(204);
        attempt(&app, "vendedor").header("Cookie", &device).await.problem(401, "second_factor");
    });
}

#[test]
fn ending_it_takes_password_and_code_or_an_administrator() {
    on_each_database(async |app| {
        let me = app.login("vendedor");
        let (application, codes) = enrol(&app, &me).await;
        let disable = |password: &str, code: &str| {
            me.post("/me/two-factor/disable", json!({ "password": password, "code": code }))
        };
        disable("errada-errada", &application.code(&app)).await.problem(422, "validation");
        disable(PASSWORD, "000000").await.problem(422, "validation");
        disable(PASSWORD, &application.code(&app)).await.expect(204);
        attempt(&app, "vendedor").await.expect(200);
        disable(PASSWORD, &codes[0]).await.problem(409, "step_refused");

        enrol(&app, &me).await;
        let path = format!("/users/{}/actions/reset-two-factor", me.id);
        app.login("gerente").post(&path, json!({})).await.problem(403, "forbidden");
        app.login("super_admin").post(&path, json!({})).await.expect(204);
        attempt(&app, "vendedor").await.expect(200);
        let actions = format!(
            "{:?}",
            query(&app, app.tenant(), "SELECT action FROM audit WHERE resource = 'user' ORDER BY seq").await
        );
        for action in ["two_factor_enabled", "two_factor_disabled", "two_factor_reset", "login_failed"] {
            assert!(actions.contains(action), "{action}: {actions}");
        }
    });
}

#[test]
fn a_role_may_demand_it_and_then_nothing_else_goes() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let roles = admin.get("/roles").query("filter[key]", "vendedor").await.expect(200);
        let role = Made { resource: &ROLE, body: roles["items"][0].clone() };
        admin.patch(&role, json!({ "requires_two_factor": true })).await.expect(200);
        let me = entered(&app, "vendedor", &attempt(&app, "vendedor").await.expect(200));
        assert_eq!(me.get("/me").await.expect(200)["must_enrol"], true);
        for path in ["/customers", "/warranties", "/notifications", "/me/sessions"] {
            me.get(path).await.problem(403, "two_factor_required");
        }
        me.post("/customers", json!({ "name": "Ana" })).await.problem(403, "two_factor_required");
        me.post("/events/ticket", json!({})).await.problem(403, "two_factor_required");
        assert_eq!(me.get("/me/two-factor").await.expect(200)["required"], true);
        let (application, _) = enrol(&app, &me).await;
        me.get("/customers").await.expect(200);
        assert_eq!(me.get("/me").await.expect(200)["must_enrol"], false);
        let body = json!({ "password": PASSWORD, "code": application.code(&app) });
        me.post("/me/two-factor/disable", body).await.problem(409, "last_factor");
        me.get("/customers").await.expect(200);
    });
}

#[test]
fn sessions_are_listed_and_ended_at_once() {
    on_each_database(async |app| {
        let login = async |agent: &str, ip: &str| {
            let answer = attempt(&app, "vendedor").header("User-Agent", agent).from(ip).await;
            let refresh = cookie(&answer, "conexao_refresh");
            (entered(&app, "vendedor", &answer.expect(200)), refresh)
        };
        let (desk, _) = login(CHROME, "192.0.2.1").await;
        app.clock.advance(TimeDelta::seconds(5));
        let (phone, refresh) = login(PHONE, "192.0.2.2").await;
        let listed = desk.get("/me/sessions").await.expect(200);
        let first = &listed["items"][0];
        assert_eq!((&first["browser"], &first["system"]), (&json!("Safari"), &json!("iPhone")));
        assert_eq!((&first["ip"], &first["current"]), (&json!("192.0.2.2"), &json!(false)));
        let second = &listed["items"][1];
        assert_eq!((&second["browser"], &second["current"]), (&json!("Chrome"), &json!(true)));
        let told = phone.get("/notifications").await.expect(200);
        assert_eq!(told["items"][0]["event"], "user.login_new_device", "{told}");
        assert!(told["items"][0]["title"].as_str().unwrap().contains("Safari em iPhone"), "{told}");

        let path = format!("/me/sessions/{}", first["id"].as_str().unwrap());
        app.login("gerente").request(actix_web::http::Method::DELETE, &path).await.problem(404, "not_found");
        phone.get("/me").await.expect(200);
        desk.request(actix_web::http::Method::DELETE, &path).await.expect(204);
        phone.get("/me").await.problem(401, "unauthenticated");
        let refreshed = app.stranger().post("/auth/refresh", json!({})).header("Cookie", refresh);
        refreshed.await.problem(401, "unauthenticated");
        desk.request(actix_web::http::Method::DELETE, &path).await.problem(404, "not_found");

        let (other, _) = login(PHONE, "192.0.2.3").await;
        let ended = desk.post("/me/sessions/actions/end-others", json!({})).await.expect(200);
        assert_eq!(ended["ended"], 2, "the phone and the one every test has");
        other.get("/me").await.problem(401, "unauthenticated");
        assert_eq!(desk.get("/me/sessions").await.expect(200)["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn an_address_waits_after_many_wrong_passwords_whoever_is_meant() {
    on_each_database(async |app| {
        let guess = |n: usize| {
            let body = json!({ "email": format!("ninguem{n}@aurora.test"), "password": "errada-errada" });
            app.stranger().post("/auth/login", body).from("192.0.2.9")
        };
        for n in 0..30 {
            guess(n).await.problem(401, "credentials");
        }
        let refused = attempt(&app, "vendedor").from("192.0.2.9").await;
        assert_eq!(refused.header("retry-after"), "60");
        refused.problem(429, "too_many_requests");
        attempt(&app, "vendedor").from("192.0.2.10").await.expect(200);
        app.clock.advance(TimeDelta::seconds(61));
        attempt(&app, "vendedor").from("192.0.2.9").await.expect(200);
    });
}

#[test]
fn administrators_see_who_comes_in_page_by_page() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let before = admin.get("/access").await.expect(200);
        for n in 0..60 {
            let body = json!({ "email": app.member("vendedor").email, "password": "errada-errada" });
            app.stranger().post("/auth/login", body).from(&format!("192.0.2.{n}")).await.problem(401, "credentials");
            app.clock.advance(TimeDelta::hours(18));
        }
        let admin = entered(&app, "super_admin", &attempt(&app, "super_admin").from("192.0.2.200").await.expect(200));
        let first = admin.get("/access/failures").await.expect(200);
        let next = first["next"].as_str().unwrap().to_owned();
        let second = admin.get("/access/failures").query("after", next).await.expect(200);
        let (first, last) = (first["items"].as_array().unwrap(), second["items"].as_array().unwrap());
        assert_eq!((first.len(), last.len(), &second["next"]), (50, 10, &Json::Null));
        assert_eq!((&first[0]["user"], &first[0]["ip"]), (&json!("vendedor"), &json!("192.0.2.59")));
        assert_eq!(last[9]["ip"], "192.0.2.0");
        assert_eq!(admin.get("/access/log-ins").await.expect(200)["items"][0]["ip"], "192.0.2.200");
        let sessions = admin.get("/access/sessions").await.expect(200);
        assert_eq!(sessions["items"].as_array().unwrap().len(), 1, "the others ran out: {sessions}");
        let counts = admin.get("/access").await.expect(200);
        assert_eq!((&counts["sessions"], &counts["log_ins"]), (&json!(1), &json!(1)));
        assert!(counts["failures"].as_u64().unwrap() < 12, "a week only: {counts}");
        let without = before["without_two_factor"].as_u64().unwrap();
        enrol(&app, &admin).await;
        assert_eq!(admin.get("/access").await.expect(200)["without_two_factor"], without - 1);
        let users = admin.get("/access/without-two-factor").await.expect(200);
        let users = users["items"].as_array().unwrap();
        assert!(users.iter().all(|user| user["user_id"] != json!(admin.id)), "{users:?}");
        admin.get("/access/sessions").query("after", "x").await.problem(400, "unknown_parameter");
        let clerk = entered(&app, "tecnico", &attempt(&app, "tecnico").await.expect(200));
        clerk.get("/access").await.problem(403, "forbidden");
        clerk.get("/access/failures").await.problem(403, "forbidden");
    });
}
