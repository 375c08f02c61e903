//! Log-in from the first password to the last cookie.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use conexao_api::middleware::Limits;
use conexao_domain::identity::user::USER;
use conexao_engine::identity::Claims;
use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Value as Json, json};

use crate::support::{Answer, App, Client, Made, PASSWORD, Request, execute, on_each_database, query};

fn attempt(app: &App, email: &str, password: &str) -> Request {
    app.stranger().post("/auth/login", json!({ "email": email, "password": password }))
}

async fn enter(app: &App, role: &'static str) -> (Client, String) {
    let member = app.member(role).clone();
    let answer = attempt(app, &member.email, PASSWORD).await;
    let cookie = cookie(&answer);
    (client(app, &answer.expect(200), member.id), cookie)
}

fn client(app: &App, body: &Json, id: uuid::Uuid) -> Client {
    Client::new(app.clone(), body["access_token"].as_str().map(str::to_owned), id)
}

/// The refresh cookie of an answer, as the browser sends it back.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
}

fn refresh(app: &App, cookie: &str) -> Request {
    app.stranger().post("/auth/refresh", json!({})).header("Cookie", cookie)
}

fn logout(app: &App, cookie: &str) -> Request {
    app.stranger().post("/auth/logout", json!({})).header("Cookie", cookie)
}

#[test]
fn a_login_answers_with_who_it_is_and_a_cookie_that_scripts_cannot_read() {
    on_each_database(async |app| {
        let member = app.member("vendedor").clone();
        let answer = attempt(&app, &member.email.to_uppercase(), PASSWORD).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let set = answer.header("set-cookie").to_owned();
        for part in ["conexao_refresh=1.", "HttpOnly", "SameSite=Strict", "Path=/api/v1/auth", "Max-Age=2592000"] {
            assert!(set.contains(part), "{part} is missing in {set}");
        }
        assert!(!set.contains("Secure"), "plain HTTP on one's own machine");
        let body = answer.expect(200);
        assert_eq!((&body["me"]["user"]["id"], &body["expires_in"]), (&json!(member.id), &json!(600)));
        client(&app, &body, member.id).get("/me").await.expect(200);
    });
}

#[test]
fn whatever_is_wrong_the_answer_is_the_same() {
    on_each_database(async |app| {
        let email = app.member("vendedor").email.clone();
        let suspended = app.member("financeiro").clone();
        let admin = app.login("super_admin");
        let body = admin.get(&format!("/users/{}", suspended.id)).await.expect(200);
        admin.step(&Made { resource: &USER, body }, "suspend", json!({})).await.expect(200);
        let mut seen: Vec<Json> = Vec::new();
        for (email, password) in [
            (email.as_str(), "errada"),
            (email.as_str(), ""),
            ("ninguem@aurora.test", PASSWORD),
            ("nem é um e-mail", PASSWORD),
            ("", ""),
            (suspended.email.as_str(), PASSWORD),
        ] {
            let mut body = attempt(&app, email, password).await.problem(401, "credentials");
            body["request_id"] = Json::Null;
            seen.push(body);
        }
        assert!(seen.iter().all(|body| *body == seen[0]), "{seen:?}");
    });
}

#[test]
fn wrong_passwords_make_wait_and_a_good_one_after_the_wait_comes_in() {
    on_each_database(async |app| {
        let email = app.member("vendedor").email.clone();
        for email in [email.as_str(), "ninguem@aurora.test"] {
            for _ in 0..5 {
                attempt(&app, email, "errada-errada").await.problem(401, "credentials");
            }
            let refused = attempt(&app, email, PASSWORD).await;
            assert_eq!(refused.header("retry-after"), "60", "{email}");
            refused.problem(429, "too_many_requests");
        }
        app.clock.advance(TimeDelta::seconds(61));
        attempt(&app, &email, "errada-errada").await.problem(401, "credentials");
        attempt(&app, &email, PASSWORD).await.problem(429, "too_many_requests");
        app.clock.advance(TimeDelta::seconds(61));
        attempt(&app, &email, PASSWORD).await.problem(429, "too_many_requests");
        app.clock.advance(TimeDelta::seconds(60));
        attempt(&app, &email, PASSWORD).await.expect(200);
        // Then counting begins anew.
        attempt(&app, &email, "errada-errada").await.problem(401, "credentials");
        attempt(&app, &email, PASSWORD).await.expect(200);
    });
}

#[test]
fn a_refresh_token_is_good_once_and_its_return_ends_the_login() {
    on_each_database(async |app| {
        let (_, first) = enter(&app, "vendedor").await;
        let second = refresh(&app, &first).await;
        let (next, body) = (cookie(&second), second.expect(200));
        assert!(next != first && !next.is_empty());
        let me = client(&app, &body, app.member("vendedor").id);
        me.get("/me").await.expect(200);
        // Two tabs at once are no thief, but get no second cookie.
        let twin = refresh(&app, &first).await;
        assert_eq!(cookie(&twin), "");
        twin.expect(200);
        app.clock.advance(TimeDelta::seconds(11));
        refresh(&app, &first).await.problem(401, "unauthenticated");
        refresh(&app, &next).await.problem(401, "unauthenticated");
        me.get("/me").await.problem(401, "unauthenticated");
        // Another log-in of the same person goes on.
        let (_, other) = enter(&app, "vendedor").await;
        refresh(&app, &other).await.expect(200);
    });
}

#[test]
fn a_returned_refresh_token_and_a_logout_are_known_afterwards() {
    on_each_database(async |app| {
        let (_, first) = enter(&app, "vendedor").await;
        refresh(&app, &first).await.expect(200);
        app.clock.advance(TimeDelta::seconds(11));
        for _ in 0..2 {
            refresh(&app, &first).from("192.0.2.9").await.problem(401, "unauthenticated");
        }
        let (me, cookie) = enter(&app, "vendedor").await;
        let told = me.get("/notifications").await;
        let told: Vec<&Json> = told.items().iter().filter(|one| one["event"] == "user.session_reused").collect();
        assert!(told.len() == 1 && told[0].to_string().contains("192.0.2.9"), "{told:?}");
        logout(&app, &cookie).from("192.0.2.10").await.expect(204);
        logout(&app, &cookie).await.expect(204);
        let sql = "SELECT action, actor_name, ip FROM audit WHERE action IN ('session_reused', 'logout') ORDER BY seq";
        let kept = query(&app, app.tenant(), sql).await;
        let expected = [
            json!({ "action": "session_reused", "actor_name": "Conexão", "ip": "192.0.2.9" }),
            json!({ "action": "logout", "actor_name": "vendedor", "ip": "192.0.2.10" }),
        ];
        assert_eq!(kept, expected);
        let shown = app.login("super_admin").get("/audit").query("action", "logout").await;
        assert_eq!(shown.items().len(), 1, "{}", shown.text);
    });
}

#[test]
fn made_up_refresh_tokens_neither_come_in_nor_end_a_login() {
    on_each_database(async |app| {
        let (_, first) = enter(&app, "vendedor").await;
        let second = cookie(&refresh(&app, &first).await);
        let parts: Vec<&str> = first.split('.').collect();
        let zeros = "0".repeat(64);
        for (generation, secret) in [("1", zeros.as_str()), ("2", &zeros), ("3", &zeros), ("0", &zeros), ("-1", &zeros)]
        {
            let forged = format!("{}.{}.{generation}.{secret}", parts[0], parts[1]);
            refresh(&app, &forged).await.problem(401, "unauthenticated");
            logout(&app, &forged).await.expect(204);
        }
        for text in ["", "conexao_refresh=", "conexao_refresh=a.b.c.d", "conexao_refresh=1"] {
            refresh(&app, text).await.problem(401, "unauthenticated");
        }
        let elsewhere = second.replacen("=1.", "=2.", 1);
        refresh(&app, &elsewhere).await.problem(401, "unauthenticated");
        refresh(&app, &second).await.expect(200);
    });
}

#[test]
fn after_logout_nothing_of_the_login_is_good() {
    on_each_database(async |app| {
        let (me, cookie) = enter(&app, "vendedor").await;
        let (other, _) = enter(&app, "vendedor").await;
        let gone = logout(&app, &cookie).await;
        assert!(gone.header("set-cookie").contains("Max-Age=0"), "{}", gone.header("set-cookie"));
        gone.expect(204);
        me.get("/me").await.problem(401, "unauthenticated");
        refresh(&app, &cookie).await.problem(401, "unauthenticated");
        logout(&app, &cookie).await.expect(204);
        other.get("/me").await.expect(200);
    });
}

#[test]
fn access_tokens_end_after_ten_minutes_and_logins_after_thirty_days_unused() {
    on_each_database(async |app| {
        let (me, cookie) = enter(&app, "vendedor").await;
        app.clock.advance(TimeDelta::seconds(599));
        me.get("/me").await.expect(200);
        app.clock.advance(TimeDelta::seconds(1));
        let late = me.get("/me").await;
        assert_eq!(late.header("www-authenticate"), "Bearer");
        late.problem(401, "unauthenticated");
        app.clock.advance(TimeDelta::days(29));
        let again = refresh(&app, &cookie).await;
        let next = self::cookie(&again);
        again.expect(200);
        app.clock.advance(TimeDelta::days(30));
        refresh(&app, &next).await.problem(401, "unauthenticated");
    });
}

#[test]
fn a_login_ends_after_ninety_days_however_much_it_is_used() {
    on_each_database(async |app| {
        let (_, mut cookie) = enter(&app, "vendedor").await;
        for _ in 0..4 {
            app.clock.advance(TimeDelta::days(20));
            let again = refresh(&app, &cookie).await;
            cookie = self::cookie(&again);
            again.expect(200);
        }
        app.clock.advance(TimeDelta::days(10));
        refresh(&app, &cookie).await.problem(401, "unauthenticated");
    });
}

#[test]
fn signing_keys_rotate_and_old_tokens_stay_good_for_their_time() {
    on_each_database(async |app| {
        let keys = async || query(&app, app.tenant(), "SELECT id FROM signing_key").await.len();
        let before = keys().await;
        app.clock.advance(TimeDelta::days(30) - TimeDelta::minutes(5));
        let (old, _) = enter(&app, "vendedor").await;
        assert_eq!(keys().await, before);
        app.clock.advance(TimeDelta::minutes(5));
        let (new, _) = enter(&app, "vendedor").await;
        assert_eq!(keys().await, before + 1);
        assert_ne!(kid(&old), kid(&new));
        old.get("/me").await.expect(200);
        new.get("/me").await.expect(200);
    });
}

/// The first part of a token names its key.
fn kid(client: &Client) -> String {
    client.token.as_deref().unwrap().split('.').next().unwrap().to_owned()
}

#[test]
fn tokens_that_were_tampered_with_are_refused() {
    on_each_database(async |app| {
        let (me, _) = enter(&app, "vendedor").await;
        let (boss, _) = enter(&app, "super_admin").await;
        let (mine, theirs) = (me.token.clone().unwrap(), boss.token.clone().unwrap());
        let (mine, theirs): (Vec<&str>, Vec<&str>) = (mine.split('.').collect(), theirs.split('.').collect());
        let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
        for token in [
            format!("{}.{}.{}", mine[0], theirs[1], mine[2]),
            format!("{none}.{}.", theirs[1]),
            format!("{}.{}.", mine[0], mine[1]),
            "x".to_owned(),
            String::new(),
        ] {
            let forger = Client::new(app.clone(), Some(token), me.id);
            forger.get("/me").await.problem(401, "unauthenticated");
        }
        app.stranger().get("/me").header("Authorization", "Basic eDp5").await.problem(401, "unauthenticated");
    });
}

#[test]
fn who_is_suspended_or_gets_another_password_is_out_at_once() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let (me, cookie) = enter(&app, "vendedor").await;
        me.get("/me").await.expect(200);
        let body = admin.get(&format!("/users/{}", me.id)).await.expect(200);
        let user = Made { resource: &USER, body };
        let user = user.now(admin.step(&user, "suspend", json!({})).await.expect(200));
        me.get("/me").await.problem(401, "unauthenticated");
        refresh(&app, &cookie).await.problem(401, "unauthenticated");
        admin.step(&user, "reinstate", json!({})).await.expect(200);

        let (me, cookie) = enter(&app, "vendedor").await;
        let path = format!("/users/{}/actions/set-password", me.id);
        admin.post(&path, json!({ "password": "uma-outra-senha-2026" })).await.expect(204);
        me.get("/me").await.problem(401, "unauthenticated");
        refresh(&app, &cookie).await.problem(401, "unauthenticated");
    });
}

#[test]
fn a_login_ended_in_the_database_ends_on_every_node_when_it_is_looked_up() {
    on_each_database(async |app| {
        let (me, cookie) = enter(&app, "vendedor").await;
        let ended = execute(&app, app.tenant(), "UPDATE session SET revoked_at = created_at WHERE tenant_id = 1").await;
        assert!(ended.unwrap() > 0);
        // Nodes trust what they have seen for ten seconds; this one is made to look.
        app.engine.identity.forget();
        me.get("/me").await.problem(401, "unauthenticated");
        refresh(&app, &cookie).await.problem(401, "unauthenticated");
    });
}

#[test]
fn somebody_without_any_permission_sees_themselves_and_nothing_else() {
    on_each_database(async |app| {
        let (me, _) = enter(&app, "cliente").await;
        assert_eq!(me.get("/me").await.expect(200)["permissions"], json!([]));
        for path in ["/customers", "/warranties", "/users", "/roles", "/permissions", "/api-tokens"] {
            me.get(path).await.problem(403, "forbidden");
        }
        assert!(me.get("/jobs").await.items().is_empty());
    });
}

/// An access token like the one somebody has, signed by somebody else.
fn forged(token: &str, kid: &str, secret: &str) -> String {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: Claims = serde_json::from_slice(&claims).unwrap();
    let header = Header { kid: Some(kid.to_owned()), ..Header::default() };
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

#[test]
fn nothing_that_the_database_keeps_signs_an_access_token() {
    on_each_database(async |app| {
        let name = "ninguem@aurora.test";
        attempt(&app, name, "errada-errada").await.problem(401, "credentials");
        let rows = query(&app, app.tenant(), "SELECT who FROM failed_attempt").await;
        let kept = rows.iter().find_map(|row| row["who"].as_str()?.strip_prefix("stranger:")).unwrap();
        let (me, _) = enter(&app, "super_admin").await;
        let token = me.token.clone().unwrap();
        let own = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();
        let (stranger, fresh) = (format!("stranger:{name}"), uuid::Uuid::now_v7().to_string());
        for kid in [stranger.as_str(), "ticket", "signing", "", fresh.as_str(), own.as_str()] {
            let thief = Client::new(app.clone(), Some(forged(&token, kid, kept)), me.id);
            thief.get("/me").await.problem(401, "unauthenticated");
        }
        me.get("/me").await.expect(200);
        // A key that was taken out of the database lets nobody in any more.
        execute(&app, app.tenant(), "DELETE FROM signing_key").await.unwrap();
        let other = app.node(Limits::new(1_000_000, 1_000_000)).await;
        Client::new(other, Some(token), me.id).get("/me").await.problem(401, "unauthenticated");
    });
}
