//! What every route has whether or not anybody thought of it: headers, bounds,
//! refusals of other sites, and the right idea of who calls.

use std::time::Duration;

use actix_web::http::Method;
use conexao_api::{middleware::Limits, operations};
use conexao_storage::StorageError;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;

use crate::support::{App, Client, Network, PASSWORD, Request, on_each_database, on_row_security, walk::Stage};

async fn behind_a_proxy(app: &App, limits: Limits) -> App {
    app.node_in(Network { limits, proxies: vec!["10.0.0.0/8"], ..Network::default() }).await
}

fn plenty() -> Limits {
    Limits::new(1_000_000, 1_000_000)
}

fn login(app: &App, role: &'static str) -> Request {
    let body = json!({ "email": app.member(role).email, "password": PASSWORD });
    app.stranger().post("/auth/login", body)
}

#[test]
fn every_answer_carries_the_headers_that_keep_browsers_from_harm() {
    on_each_database(async |app| {
        let behind = behind_a_proxy(&app, plenty()).await;
        let admin = app.login("super_admin");
        let there = Client::new(behind.clone(), admin.token.clone(), admin.id);
        for answer in [there.get("/me").await, behind.stranger().get("/nada").await, login(&behind, "gerente").await] {
            let policy = answer.header("content-security-policy");
            for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "sandbox"] {
                assert!(policy.contains(part), "{}: {policy}", answer.what);
            }
            assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
            let expected = [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("x-frame-options", "DENY"),
                ("cache-control", "no-store"),
                ("strict-transport-security", ""),
            ];
            for (name, value) in expected {
                assert_eq!(answer.header(name), value, "{}: {name}", answer.what);
            }
        }
        let tls = there.get("/me").from("10.0.0.1").header("X-Forwarded-Proto", "https").await;
        assert_eq!(tls.header("strict-transport-security"), "max-age=63072000; includeSubDomains");
        let claimed = there.get("/me").from("203.0.113.1").header("X-Forwarded-Proto", "https").await;
        assert_eq!(claimed.header("strict-transport-security"), "", "strangers cannot say it is TLS");
    });
}

#[test]
fn under_tls_cookies_have_names_that_only_this_host_can_set() {
    on_each_database(async |app| {
        let behind = behind_a_proxy(&app, plenty()).await;
        let tls = |request: Request| request.from("10.0.0.1").header("X-Forwarded-Proto", "https");
        let answer = tls(login(&behind, "vendedor")).await;
        let set = answer.header("set-cookie").to_owned();
        assert!(set.starts_with("__Host-conexao_refresh=1."), "{set}");
        for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/;"] {
            assert!(format!("{set};").contains(part), "{part} is missing in {set}");
        }
        assert!(!set.contains("Domain"), "{set}");
        let cookie = set.split(';').next().unwrap().to_owned();
        let refresh = || behind.stranger().post("/auth/refresh", json!({}));
        // A page without TLS could have set the plain name.
        let plain = cookie.trim_start_matches("__Host-").to_owned();
        tls(refresh().header("Cookie", &plain)).await.problem(401, "unauthenticated");
        refresh().from("10.0.0.1").header("Cookie", &cookie).await.problem(401, "unauthenticated");
        tls(refresh().header("Cookie", &cookie)).await.expect(200);
    });
}

#[test]
fn other_sites_cannot_use_the_cookies_of_a_log_in() {
    on_each_database(async |app| {
        let cookie = login(&app, "vendedor").await.header("set-cookie").split(';').next().unwrap().to_owned();
        for path in ["/auth/login", "/auth/refresh", "/auth/logout", "/auth/two-factor", "/auth/recovery"] {
            let ask = || app.stranger().post(path, json!({})).header("Cookie", &cookie);
            for (name, value) in [
                ("Sec-Fetch-Site", "cross-site"),
                ("Sec-Fetch-Site", "same-site"),
                ("Origin", "https://evil.example"),
                ("Origin", "null"),
                ("Origin", "http://localhost:8080.evil.example"),
            ] {
                let body = ask().header(name, value).await.problem(403, "forbidden");
                assert_eq!(body["reason"], "cross_site", "{path} {name}: {value}");
            }
        }
        let refresh = async |headers: &[(&str, &str)], cookie: &str| {
            let mut ask = app.stranger().post("/auth/refresh", json!({})).header("Cookie", cookie);
            for (name, value) in headers {
                ask = ask.header(name, value);
            }
            ask.await
        };
        let answer = refresh(&[("Sec-Fetch-Site", "same-origin"), ("Origin", "http://localhost:8080")], &cookie).await;
        let next = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        answer.expect(200);
        refresh(&[("Origin", "http://localhost:8080")], &next).await.expect(200);
    });
}

#[test]
fn pages_of_configured_origins_read_answers_and_nobody_elses_do() {
    on_each_database(async |app| {
        let origins = vec!["https://portal.example".to_owned()];
        let node = app.node_in(Network { origins, ..Network::default() }).await;
        let admin = app.login("super_admin");
        let there = Client::new(node.clone(), admin.token.clone(), admin.id);
        let ask = |origin: &str, method: &str| {
            let ask = node.stranger().request(Method::OPTIONS, "/customers").header("Origin", origin);
            let ask = ask.header("Access-Control-Request-Method", method);
            ask.header("Access-Control-Request-Headers", "authorization,content-type,if-match,idempotency-key")
        };
        let asked = ask("https://portal.example", "PATCH").await;
        assert!(asked.status.is_success(), "{}", asked.text);
        assert_eq!(asked.header("access-control-allow-origin"), "https://portal.example");
        assert_eq!(
            (asked.header("access-control-max-age"), asked.header("access-control-allow-credentials")),
            ("3600", "")
        );
        let read = there.get("/customers").header("Origin", "https://portal.example").await;
        assert_eq!(read.header("access-control-allow-origin"), "https://portal.example");
        assert!(read.header("access-control-expose-headers").contains("etag"));
        assert!(read.header("vary").to_lowercase().contains("origin"));
        let refused = there.get("/customers").query("limit", "0").header("Origin", "https://portal.example").await;
        assert_eq!(refused.header("access-control-allow-origin"), "https://portal.example", "problems are read, too");
        for other in ["https://evil.example", "null", "https://portal.example.evil.example", "http://portal.example"] {
            assert_eq!(ask(other, "GET").await.header("access-control-allow-origin"), "", "{other}");
            let read = there.get("/customers").header("Origin", other).await;
            assert_eq!(read.header("access-control-allow-origin"), "", "{other}");
        }
        // Unless configured there is none.
        assert_eq!(
            admin.get("/me").header("Origin", "https://portal.example").await.header("access-control-allow-origin"),
            ""
        );
    });
}

#[test]
fn every_route_refuses_what_is_too_large_before_it_is_sent() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let stage = Stage::set(&admin).await;
        for operation in operations() {
            let (path, _) = stage.aim(&operation);
            let method = Method::from_bytes(operation.method.to_uppercase().as_bytes()).unwrap();
            let ask = admin.request(method, &path).header("Content-Length", operation.body_limit + 1);
            let body = ask.header("Content-Type", operation.body_type).await.problem(413, "too_large");
            assert_eq!(body["status"], 413, "{} {}", operation.method, operation.path);
        }
    });
}

#[test]
fn other_methods_are_refused_by_those_that_are_allowed() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        for (method, path, allowed) in [
            (Method::PUT, "/customers", "GET, POST"),
            (Method::DELETE, "/customers/export", "GET"),
            (Method::GET, "/auth/login", "POST"),
            (Method::TRACE, "/me", "GET, PATCH"),
        ] {
            let answer = admin.request(method, path).await;
            assert_eq!(answer.header("allow"), allowed, "{}", answer.what);
            answer.problem(405, "method_not_allowed");
        }
    });
}

#[test]
fn behind_a_trusted_proxy_the_caller_is_counted_and_not_the_proxy() {
    on_each_database(async |app| {
        let node = behind_a_proxy(&app, Limits::new(3, 1)).await;
        let ask = |peer: &str, client: &str| {
            let ask = node.stranger().get("/me").from(peer);
            ask.header("X-Forwarded-For", format!("192.0.2.99, {client}"))
        };
        for left in ["2", "1", "0"] {
            let answer = ask("10.0.0.1", "203.0.113.7").await;
            assert_eq!(answer.header("ratelimit-remaining"), left);
        }
        let refused = ask("10.0.0.2", "203.0.113.7").await;
        assert_eq!((refused.header("ratelimit-limit"), refused.header("ratelimit-remaining")), ("3", "0"));
        assert_eq!(refused.header("ratelimit-reset"), refused.header("retry-after"));
        refused.problem(429, "too_many_requests");
        ask("10.0.0.1", "203.0.113.8").await.problem(401, "unauthenticated");
        // Somebody else's proxy is a caller like any other, whatever it says.
        for n in 0..3 {
            ask("198.51.100.1", &format!("203.0.113.{}", 50 + n)).await.problem(401, "unauthenticated");
        }
        ask("198.51.100.1", "203.0.113.60").await.problem(429, "too_many_requests");
        // Log-ins have their own, as small as it was made.
        let guess = || {
            let body = json!({ "email": "ninguem@aurora.test", "password": "errada-errada" });
            let ask = node.stranger().post("/auth/login", body).from("10.0.0.1");
            ask.header("X-Forwarded-For", "203.0.113.77")
        };
        guess().await.problem(401, "credentials");
        assert_eq!(guess().await.header("ratelimit-limit"), "1");
    });
}

#[test]
fn the_audit_names_the_caller_and_not_the_proxy() {
    on_each_database(async |app| {
        let node = behind_a_proxy(&app, plenty()).await;
        let admin = app.login("super_admin");
        let there = Client::new(node, admin.token.clone(), admin.id);
        let ask = there.post("/customers", json!({ "name": "Ana Terra" }));
        ask.from("10.1.2.3").header("X-Forwarded-For", "203.0.113.44").await.expect(201);
        let found = admin.get("/audit").query("action", "create").await;
        assert_eq!(found.items()[0]["ip"], "203.0.113.44");
        let ask = admin.post("/customers", json!({ "name": "Bento" }));
        ask.from("198.51.100.7").header("X-Forwarded-For", "203.0.113.44").await.expect(201);
        let found = admin.get("/audit").query("action", "create").await;
        assert_eq!(found.items()[0]["ip"], "198.51.100.7");
    });
}

#[test]
fn the_same_upload_under_the_same_key_is_one_import() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let send = |content: &'static str| {
            admin.upload_with("/imports", &[("resource", "customer")], "a.csv", content.as_bytes()).once("k")
        };
        let first = send("name\nAna\n").await.expect(201);
        let again = send("name\nAna\n").await;
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!(again.expect(201)["id"], first["id"]);
        send("name\nBia\n").await.problem(409, "idempotency_mismatch");
        assert_eq!(admin.get("/imports").await.items().len(), 1);
        // A change that says what shall be is the same however often it is sent.
        let me = || admin.request(Method::PATCH, "/me").json(&json!({ "theme": "dark" })).once("k2");
        assert_eq!(me().await.expect(200), me().await.expect(200));
    });
}

#[test]
fn a_statement_that_takes_too_long_is_given_up() {
    on_row_security(async |app| {
        let engine = app.engine.for_thread(2, Duration::from_millis(200));
        let sleep = || Statement::from_string(sea_orm::DbBackend::Postgres, "SELECT pg_sleep(20)::text");
        for tx in [engine.db.read(app.tenant()).await.unwrap(), engine.db.glance(app.tenant()).await.unwrap()] {
            let error = tx.query_all_raw(sleep()).await.map(drop).unwrap_err();
            assert!(matches!(StorageError::from(error), StorageError::TooSlow(_)));
        }
    });
}

#[test]
fn forms_with_parts_that_have_no_name_do_no_harm() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let part = |name: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\nnull\r\n");
        let body = |parts: &[&str]| parts.iter().map(|name| part(name)).collect::<String>() + "--b--\r\n";
        for parts in [&[""][..], &["", "resource", ""], &["x"; 50], &[]] {
            let ask = admin.post("/imports", json!({})).raw(body(parts));
            let answer = ask.header("Content-Type", "multipart/form-data; boundary=b").await;
            assert!((400..500).contains(&answer.status.as_u16()), "{parts:?}: {}", answer.text);
        }
        let ask = admin.post("/imports", json!({})).raw(body(&["file"]));
        ask.header("Content-Type", "multipart/form-data; boundary=b").await.refuses(&[("resource", "choice")]);
    });
}
