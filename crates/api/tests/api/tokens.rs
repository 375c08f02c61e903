//! API tokens: what a program may do, from where, how often and how long.

use chrono::TimeDelta;
use conexao_api::operations;
use conexao_domain::identity::{api_token::API_TOKEN, role::ROLE, user::USER};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::support::{
    App, Client, Made, PASSWORD, dump, on_each_database,
    walk::{Stage, call, names_a_record},
};

/// A user with a role of these grants, logged in.
async fn person(app: &App, grants: &[&str]) -> (Client, Made) {
    let admin = app.login("super_admin");
    let n = Uuid::now_v7().simple().to_string();
    let lines: Vec<Json> = grants.iter().map(|p| json!({ "permission": p })).collect();
    let role = admin.create(&ROLE, json!({ "name": "Integra", "key": n, "grants": lines })).await;
    let email = format!("{n}@aurora.test");
    let user = json!({ "name": "Rita", "email": email, "roles": [{ "role_id": role.id() }] });
    let user = admin.create(&USER, user).await;
    admin.post(&format!("{}/actions/set-password", user.path()), json!({ "password": PASSWORD })).await.expect(204);
    let login = app.stranger().post("/auth/login", json!({ "email": email, "password": PASSWORD })).await.expect(200);
    let token = login["access_token"].as_str().map(str::to_owned);
    (Client::new(app.clone(), token, user.id().parse().unwrap()), role)
}

/// Somebody whose log-in ran out comes in again.
async fn again(app: &App, role: &'static str, email: &str) -> Client {
    let login = app.stranger().post("/auth/login", json!({ "email": email, "password": PASSWORD })).await.expect(200);
    Client::new(app.clone(), login["access_token"].as_str().map(str::to_owned), app.member(role).id)
}

fn scopes(names: &[&str]) -> Json {
    names.iter().map(|name| json!({ "permission": name })).collect()
}

/// A token as it was answered when it was made, and a program that has it.
async fn issue(client: &Client, input: Json) -> (Made, Client) {
    let mut whole = json!({ "name": "Loja virtual" });
    whole.as_object_mut().unwrap().extend(input.as_object().cloned().unwrap());
    let made = client.create(&API_TOKEN, whole).await;
    let secret = made["_secret"].as_str().expect("shown once").to_owned();
    let program = Client::new(client.app.clone(), Some(secret), client.id);
    (made, program)
}

fn secret(program: &Client) -> &str {
    program.token.as_deref().unwrap()
}

#[test]
fn a_token_is_shown_once_and_kept_as_a_hash() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let input = json!({ "name": "ERP", "scopes": scopes(&["customer.read"]) });
        let made = admin.post("/api-tokens", input.clone()).once("k1").await.expect(201);
        let secret = made["_secret"].as_str().unwrap();
        assert!(secret.starts_with("cnx_1_") && secret.len() == 52, "{secret}");
        let hint = made["hint"].as_str().unwrap().trim_end_matches('…');
        assert!(secret.starts_with(hint) && hint.len() == 12, "{hint}");
        assert_eq!(made["owner_id"], json!(admin.id));
        let again = admin.post("/api-tokens", input).once("k1").await.expect(201);
        assert_eq!((&again["id"], &again["_secret"]), (&made["id"], &Json::Null), "a repetition does not show it");
        let made = Made { resource: &API_TOKEN, body: made.clone() };
        assert_eq!(admin.read(&made).await["_secret"], Json::Null);
        let listed = admin.get("/api-tokens").await;
        assert!(!listed.text.contains(secret) && listed.items().len() == 1);
        let kept = dump(&app, app.tenant()).await;
        let random = secret.rsplit('_').next().unwrap();
        assert!(!format!("{kept:?}").contains(random), "the database does not know it");
        let export = admin.get("/api-tokens/export").await;
        assert!(!export.text.contains(random));
        let program = Client::new(app.clone(), Some(secret.to_owned()), admin.id);
        program.get("/customers").await.expect(200);
    });
}

#[test]
fn scopes_bound_what_a_token_may_do_and_its_owner_bounds_them() {
    on_each_database(async |app| {
        let (rita, role) = person(&app, &["api_token.*", "customer.*"]).await;
        let (_, program) = issue(&rita, json!({ "scopes": scopes(&["customer.read", "customer.create"]) })).await;
        let customer = program.customer().named("Do sistema").create().await;
        program.read(&customer).await;
        let refused = program.delete(&customer).await.problem(403, "forbidden");
        assert_eq!(refused["reason"], "customer.delete", "the owner may, the token may not");
        program.get("/warranties").await.problem(403, "forbidden");
        let me = program.get("/me").await.expect(200);
        assert_eq!(me["permissions"], json!(["customer.create", "customer.read"]));
        assert_eq!(me["user"]["id"], json!(rita.id));

        let admin = app.login("super_admin");
        admin.patch(&role, json!({ "grants": scopes(&["customer.read"]) })).await.expect(200);
        program.read(&customer).await;
        program.customer().send().await.problem(403, "forbidden");

        // Not even what nobody needs a permission for, where it is the owner's own.
        program.post("/events/ticket", json!({})).await.problem(403, "forbidden");
        let me = program.request(actix_web::http::Method::PATCH, "/me").json(&json!({ "name": "Outra" }));
        me.await.problem(403, "forbidden");

        let user = admin.get(&format!("/users/{}", rita.id)).await.expect(200);
        let user = Made { resource: &USER, body: user };
        admin.step(&user, "suspend", json!({})).await.expect(200);
        program.get("/customers").await.problem(401, "unauthenticated");
    });
}

#[test]
fn nobody_hands_out_what_they_do_not_hold() {
    on_each_database(async |app| {
        let (rita, _) = person(&app, &["api_token.*", "customer.read"]).await;
        let ask = |body: Json| rita.post("/api-tokens", body);
        let beyond = json!({ "name": "x", "scopes": scopes(&["customer.read", "customer.delete"]) });
        let refused = ask(beyond.clone()).await.problem(403, "forbidden");
        assert_eq!(refused["errors"][0]["field"], "scopes.1.permission");
        assert_eq!(refused["errors"].as_array().unwrap().len(), 1);
        let service = json!({ "name": "x", "kind": "service", "scopes": scopes(&["customer.read"]) });
        assert_eq!(ask(service.clone()).await.problem(403, "forbidden")["reason"], "settings.manage");
        ask(json!({ "name": "x", "scopes": scopes(&["customer.fly"]) }))
            .await
            .refuses(&[("scopes.0.permission", "permission")]);
        ask(json!({ "name": "x", "scopes": [] })).await.refuses(&[("scopes", "required")]);

        let (mine, program) = issue(&rita, json!({ "scopes": scopes(&["customer.read"]) })).await;
        rita.patch(&mine, json!({ "scopes": beyond["scopes"] })).await.problem(403, "forbidden");
        rita.patch(&mine, json!({ "kind": "service" })).await.refuses(&[("kind", "locked")]);
        rita.patch(&mine, json!({ "hint": "cnx_1_outra" })).await.refuses(&[("hint", "read_only")]);

        // A token makes tokens only with the scope for it, and none that reach further.
        program
            .post("/api-tokens", json!({ "name": "y", "scopes": scopes(&["customer.read"]) }))
            .await
            .problem(403, "forbidden");
        let (_, maker) = issue(&rita, json!({ "scopes": scopes(&["api_token.create", "customer.read"]) })).await;
        let (child, grandchild) = issue(&maker, json!({ "scopes": scopes(&["customer.read"]) })).await;
        assert_eq!(child["owner_id"], json!(rita.id));
        grandchild.get("/customers").await.expect(200);
        maker
            .post("/api-tokens", json!({ "name": "z", "scopes": scopes(&["api_token.read"]) }))
            .await
            .problem(403, "forbidden");
    });
}

#[test]
fn a_service_token_has_roles_of_its_own_and_belongs_to_nobody() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let role = json!({ "name": "Robô", "key": "robo", "scope": "own", "grants": scopes(&["customer.*"]) });
        let role = admin.create(&ROLE, role).await;
        let alien = admin.customer().named("De gente").create().await;
        let input = json!({
            "kind": "service", "roles": [{ "role_id": role.id() }],
            "scopes": scopes(&["customer.read", "customer.create", "warranty.read"]),
        });
        let (made, program) = issue(&admin, input).await;
        assert_eq!(made["owner_id"], Json::Null);
        let own = program.customer().named("Do robô").create().await;
        assert_eq!(own["created_by"], made["id"]);
        let listed = program.get("/customers").await;
        assert_eq!(listed.items().iter().map(|i| i["id"].clone()).collect::<Vec<_>>(), [own["id"].clone()]);
        program.get(&alien.path()).await.problem(404, "not_found");
        program.get("/warranties").await.problem(403, "forbidden");
        assert!(program.get("/me").await.expect(200)["user"]["name"].as_str().unwrap().contains("Loja virtual"));
        program.post(&format!("{}/comments", own.path()), json!({ "text": "oi" })).await.problem(403, "forbidden");
        assert!(program.get("/notifications").await.items().is_empty());

        let told = admin.get(&format!("{}/timeline", own.path())).await;
        let actor = told.items()[0]["actor"]["name"].as_str().unwrap().to_owned();
        assert!(actor.contains("Loja virtual") && actor.contains(made["hint"].as_str().unwrap()), "{actor}");
        // Without its role it may nothing.
        admin.patch(&made.now(admin.read(&made).await.body), json!({ "roles": [] })).await.expect(200);
        assert_eq!(program.get("/customers").await.items().len(), 2, "scopes alone now");
    });
}

#[test]
fn tokens_end_when_they_expire_are_revoked_or_removed() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let read = scopes(&["customer.read"]);
        let until = app.now() + TimeDelta::hours(1);
        let (_, brief) = issue(&admin, json!({ "scopes": read, "expires_at": until.to_rfc3339() })).await;
        let (revoked, lost) = issue(&admin, json!({ "scopes": read })).await;
        let (removed, gone) = issue(&admin, json!({ "scopes": read })).await;
        let other = app.node(conexao_api::middleware::Limits::new(1_000, 1_000)).await;
        let elsewhere = |program: &Client| Client::new(other.clone(), program.token.clone(), program.id);
        for program in [&brief, &lost, &gone] {
            program.get("/customers").await.expect(200);
            elsewhere(program).get("/customers").await.expect(200);
        }
        admin.step(&revoked, "revoke", json!({})).await.expect(200);
        admin.delete(&removed).await.expect(204);
        for program in [&lost, &gone] {
            program.get("/customers").await.problem(401, "unauthenticated");
            elsewhere(program).get("/customers").await.problem(401, "unauthenticated");
        }
        assert!(!admin.read(&revoked).await["revoked_at"].is_null());
        brief.get("/customers").await.expect(200);
        app.clock.advance(TimeDelta::minutes(61));
        brief.get("/customers").await.problem(401, "unauthenticated");

        let mut mistyped = secret(&brief).to_owned();
        mistyped.replace_range(10..11, if mistyped.as_bytes()[10] == b'a' { "b" } else { "a" });
        Client::new(app.clone(), Some(mistyped), admin.id).get("/customers").await.problem(401, "unauthenticated");
    });
}

#[test]
fn a_token_with_addresses_is_good_from_those_only() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let networks = json!([{ "network": "192.0.2.0/28" }, { "network": "2001:db8::1" }]);
        let (_, program) = issue(&admin, json!({ "scopes": scopes(&["customer.read"]), "networks": networks })).await;
        for address in ["192.0.2.15", "2001:db8::1", "::ffff:192.0.2.1"] {
            program.get("/customers").from(address).await.expect(200);
        }
        for address in ["192.0.2.16", "198.51.100.1", "2001:db8::2"] {
            let refused = program.get("/customers").from(address).await.problem(403, "forbidden");
            assert_eq!(refused["reason"], "address");
        }
        program.get("/customers").await.problem(403, "forbidden");
        let wrong =
            json!({ "name": "x", "scopes": scopes(&["customer.read"]), "networks": [{ "network": "10.0.0.1/8" }] });
        admin.post("/api-tokens", wrong).await.refuses(&[("networks.0.network", "network.format")]);
    });
}

#[test]
fn a_token_has_so_many_calls_a_minute_and_is_told() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let (_, program) = issue(&admin, json!({ "scopes": scopes(&["customer.read"]), "per_minute": 2 })).await;
        let first = program.get("/customers").await;
        let told = |answer: &crate::support::Answer| {
            ["limit", "remaining", "reset"].map(|name| answer.header(&format!("ratelimit-{name}")).to_owned())
        };
        assert_eq!(told(&first), ["2", "1", "60"]);
        assert_eq!(told(&program.get("/customers").await), ["2", "0", "60"]);
        let refused = program.get("/customers").await;
        assert_eq!(told(&refused), ["2", "0", "60"]);
        assert_eq!(refused.header("retry-after"), "60");
        refused.problem(429, "too_many_requests");
        app.clock.advance(TimeDelta::seconds(60));
        program.get("/customers").await.expect(200);

        // Without a limit of its own the plan's holds, for each and for all.
        let (_, other) = issue(&admin, json!({ "scopes": scopes(&["customer.read"]) })).await;
        assert_eq!(told(&other.get("/customers").await)[0], "600");
        let plan = "UPDATE tenant SET settings = '{\"plan\":\"essential\"}' WHERE id = 1";
        crate::support::execute(&app, app.tenant(), plan).await.unwrap();
        app.engine.tokens.forget();
        assert_eq!(told(&other.get("/customers").await)[0], "120");
        assert_eq!(admin.get("/api-tokens/usage").await.expect(200)["plan"]["per_tenant"], 600);
    });
}

#[test]
fn use_is_counted_by_day_route_and_status() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let (made, program) = issue(&admin, json!({ "scopes": scopes(&["customer.read"]) })).await;
        let customer = admin.customer().create().await;
        for _ in 0..3 {
            program.get(&customer.path()).from("192.0.2.1").await.expect(200);
        }
        program.get("/warranties").from("192.0.2.2").await.problem(403, "forbidden");
        app.engine.tokens.write(&app.engine).await.unwrap();
        app.clock.advance(TimeDelta::days(1));
        program.get(&customer.path()).from("192.0.2.3").await.expect(200);
        app.engine.tokens.write(&app.engine).await.unwrap();

        let admin = again(&app, "super_admin", &app.member("super_admin").email).await;
        let usage = admin.get(&format!("{}/usage", made.path())).await.expect(200);
        assert_eq!((&usage["calls"], &usage["errors"]), (&json!(5), &json!(1)));
        let row = |key: &str, calls: i64, errors: i64| json!({ "key": key, "calls": calls, "errors": errors });
        assert_eq!(usage["days"], json!([row("2026-03-10", 4, 1), row("2026-03-11", 1, 0)]));
        assert_eq!(usage["routes"], json!([row("GET /customers/{id}", 4, 0), row("GET /warranties", 1, 1)]));
        assert_eq!(usage["statuses"], json!([row("200", 4, 0), row("403", 1, 1)]));
        assert_eq!(usage["hours"], json!([row("2026-03-11T15:00:00.000Z", 1, 0)]), "of the last day");
        assert_eq!(admin.get("/api-tokens/usage").await.expect(200)["calls"], 5);
        let seen = admin.read(&made).await;
        assert_eq!((&seen["last_used_ip"], seen.version()), (&json!("192.0.2.3"), made.version()));
        assert_eq!(seen["last_used_at"], "2026-03-11T15:00:00.000Z");
        let stranger = again(&app, "super_admin", "super_admin@boreal.test").await;
        stranger.get(&format!("{}/usage", made.path())).await.problem(404, "not_found");
        assert_eq!(stranger.get("/api-tokens/usage").await.expect(200)["calls"], 0);
    });
}

#[test]
fn a_token_reaches_its_own_tenant_only() {
    on_each_database(async |app| {
        let foreign = Stage::set(&app.login("super_admin")).await;
        let intruder = app.login_elsewhere("super_admin");
        let all: Vec<String> = conexao_domain::registry::permissions();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let (_, program) = issue(&intruder, json!({ "kind": "service", "scopes": scopes(&all) })).await;
        let before = dump(&app, app.tenant()).await;
        // What a company has one of is named by a word, not by an id of anybody.
        for operation in operations().iter().filter(|o| o.path.contains('{') && names_a_record(o)) {
            let (path, version) = foreign.aim(operation);
            let status = call(&program, operation, &path, version).await.status.as_u16();
            assert!(matches!(status, 403 | 404), "{} {}: {status}", operation.method, operation.path);
        }
        assert_eq!(dump(&app, app.tenant()).await, before);
        // The number in the token only says where to look.
        let forged = secret(&program).replacen("cnx_2_", "cnx_1_", 1);
        Client::new(app.clone(), Some(forged), Uuid::nil()).get("/customers").await.problem(401, "unauthenticated");
    });
}
