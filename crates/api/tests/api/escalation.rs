//! Nobody hands on more than they hold.

use conexao_domain::identity::{role::ROLE, user::USER};
use serde_json::{Value as Json, json};

use crate::support::{Answer, App, Client, Made, PASSWORD, on_each_database};

fn grants(permissions: &[&str]) -> Json {
    permissions.iter().map(|p| json!({ "permission": p })).collect()
}

/// Somebody who may do everything to users and roles, and little else.
async fn keeper(app: &App, scope: &str) -> (Client, Made) {
    let admin = app.login("super_admin");
    let held = grants(&["role.*", "user.*", "customer.read"]);
    let role = json!({ "name": "Zeladora", "key": "zeladora", "scope": scope, "grants": held });
    let role = admin.create(&ROLE, role).await;
    let user = json!({ "name": "Zel", "email": "zel@aurora.test", "roles": [{ "role_id": role.id() }] });
    let user = admin.create(&USER, user).await;
    let path = format!("{}/actions/set-password", user.path());
    admin.post(&path, json!({ "password": PASSWORD })).await.expect(204);
    let login = json!({ "email": "zel@aurora.test", "password": PASSWORD });
    let token = app.stranger().post("/auth/login", login).await.expect(200)["access_token"].clone();
    (Client::new(app.clone(), token.as_str().map(str::to_owned), user.id().parse().unwrap()), role)
}

#[track_caller]
fn beyond(body: &Json, field: &str) {
    assert_eq!(
        (&body["errors"][0]["field"], &body["errors"][0]["code"]),
        (&json!(field), &json!("beyond_own")),
        "{body}"
    );
}

#[test]
fn a_role_grants_no_more_than_its_writer_holds() {
    on_each_database(async |app| {
        let (me, own) = keeper(&app, "all").await;
        let role =
            |key: &str, held: &[&str]| json!({ "name": key, "key": key, "scope": "all", "grants": grants(held) });
        for (i, beyond_own) in ["*", "customer.*", "*.read", "warranty.read", "settings.manage"].iter().enumerate() {
            let refused = me.post("/roles", role(&format!("r{i}"), &["customer.read", beyond_own])).await;
            beyond(&refused.problem(403, "forbidden"), "grants.1.permission");
            // Not to oneself either.
            let mut held = vec!["role.*", "user.*", "customer.read"];
            held.push(beyond_own);
            let refused = me.patch(&own, json!({ "grants": grants(&held) })).await;
            beyond(&refused.problem(403, "forbidden"), "grants.3.permission");
        }
        let made = me.create(&ROLE, role("leitora", &["customer.read", "user.*"])).await;
        // What somebody with more power granted may stay.
        let admin = app.login("super_admin");
        let wide = made
            .now(admin.patch(&made, json!({ "grants": grants(&["customer.read", "warranty.*"]) })).await.expect(200));
        let kept = me.patch(&wide, json!({ "name": "Outra", "grants": grants(&["warranty.*"]) })).await.expect(200);
        assert_eq!(kept["name"], "Outra");
    });
}

#[test]
fn own_rows_are_not_handed_on_as_all_rows() {
    on_each_database(async |app| {
        let (me, own) = keeper(&app, "own").await;
        let role =
            |scope: &str| json!({ "name": scope, "key": scope, "scope": scope, "grants": grants(&["customer.read"]) });
        beyond(&me.post("/roles", role("all")).await.problem(403, "forbidden"), "grants.0.permission");
        me.create(&ROLE, role("own")).await;
        let admin = app.login("super_admin");
        let mine = admin.read(&own).await;
        // Own rows only: the keeper does not even reach a role somebody else made.
        me.patch(&mine, json!({ "scope": "all" })).await.problem(404, "not_found");
    });
}

#[test]
fn roles_are_given_by_those_who_hold_what_they_grant() {
    on_each_database(async |app| {
        let (me, own) = keeper(&app, "all").await;
        let roles = app.login("super_admin").get("/roles").query("limit", 100).await;
        let id = |key: &str| roles.items().iter().find(|r| r["key"] == key).unwrap()["id"].clone();
        let body = me.get(&format!("/users/{}", me.id)).await.expect(200);
        let myself = Made { resource: &USER, body };
        let lines = json!([{ "role_id": own.id() }, { "role_id": id("super_admin") }]);
        let refused = me.patch(&myself, json!({ "roles": lines })).await;
        beyond(&refused.problem(403, "forbidden"), "roles.1.role_id");
        let friend = |key: &str| json!({ "name": "Amiga", "email": format!("{key}@aurora.example"), "roles": [{ "role_id": id(key) }] });
        beyond(&me.post("/users", friend("gerente")).await.problem(403, "forbidden"), "roles.0.role_id");
        me.create(&USER, friend("cliente")).await;
    });
}

#[test]
fn the_account_of_somebody_with_more_power_cannot_be_taken_over() {
    on_each_database(async |app| {
        let (me, _) = keeper(&app, "all").await;
        for (role, status) in [("super_admin", 403), ("gerente", 403), ("cliente", 204)] {
            let path = format!("/users/{}", app.member(role).id);
            let password = json!({ "password": "uma-outra-senha-2026" });
            let set = me.post(&format!("{path}/actions/set-password"), password).await;
            assert_eq!(set.status.as_u16(), status, "{role}: {}", set.text);
            let user = Made { resource: &USER, body: me.get(&path).await.expect(200) };
            let moved = me.patch(&user, json!({ "email": format!("{role}@ladra.example") })).await;
            assert_eq!(moved.status.as_u16(), if status == 204 { 200 } else { 403 }, "{role}: {}", moved.text);
        }
    });
}

#[track_caller]
fn refused(answer: Answer, reason: &str) {
    let status = if reason == "last_administrator" { (409, "step_refused") } else { (403, "forbidden") };
    assert_eq!(answer.problem(status.0, status.1)["reason"], reason);
}

#[test]
fn those_who_hold_more_are_not_changed_by_those_who_hold_less() {
    on_each_database(async |app| {
        let (me, own) = keeper(&app, "all").await;
        let admin = app.login("super_admin");
        let user = async |role: &'static str| {
            let body = admin.get(&format!("/users/{}", app.member(role).id)).await.expect(200);
            Made { resource: &USER, body }
        };
        for role in ["super_admin", "gerente"] {
            let target = user(role).await;
            let lines = json!([{ "role_id": own.id() }]);
            refused(me.patch(&target, json!({ "roles": lines })).await, "beyond_own");
            refused(me.patch(&target, json!({ "name": "Outro nome" })).await, "beyond_own");
            refused(me.step(&target, "suspend", json!({})).await, "beyond_own");
            refused(me.delete(&target).await, "beyond_own");
            let reset = format!("{}/actions/reset-two-factor", target.path());
            refused(me.post(&reset, json!({})).await, "beyond_own");
            assert_eq!(admin.read(&target).await.version(), target.version(), "{role}");
        }
        // Nor brought back by them.
        let target = user("gerente").await;
        let target = target.now(admin.step(&target, "suspend", json!({})).await.expect(200));
        refused(me.step(&target, "reinstate", json!({})).await, "beyond_own");
        admin.delete(&target).await.expect(204);
        refused(me.post(&format!("{}/actions/restore", target.path()), json!({})).await, "beyond_own");
        // Whoever holds no more is theirs to look after.
        let target = user("cliente").await;
        let target = target.now(me.patch(&target, json!({ "name": "Outro nome" })).await.expect(200));
        let target = target.now(me.step(&target, "suspend", json!({})).await.expect(200));
        me.delete(&target).await.expect(204);
        // And everybody is their own.
        let body = me.get(&format!("/users/{}", me.id)).await.expect(200);
        me.patch(&Made { resource: &USER, body }, json!({ "name": "Zélia" })).await.expect(200);
    });
}

#[test]
fn somebody_always_looks_after_the_company() {
    on_each_database(async |app| {
        let me = app.login("super_admin");
        let user = async |id: uuid::Uuid| {
            let body = me.get(&format!("/users/{id}")).await.expect(200);
            Made { resource: &USER, body }
        };
        let role = async |key: &str| {
            let found = me.get("/roles").query("filter[key]", key).await.expect(200);
            let body = me.get(&format!("/roles/{}", found["items"][0]["id"].as_str().unwrap())).await.expect(200);
            Made { resource: &ROLE, body }
        };
        // Of two administrators one may go.
        me.delete(&user(app.member("admin").id).await).await.expect(204);
        let (myself, power, nothing) = (user(me.id).await, role("super_admin").await, role("cliente").await);
        refused(me.step(&myself, "suspend", json!({})).await, "last_administrator");
        refused(me.delete(&myself).await, "last_administrator");
        let lines = json!([{ "role_id": nothing.id() }]);
        refused(me.patch(&myself, json!({ "roles": lines })).await, "last_administrator");
        for less in [json!([]), grants(&["role.*", "user.*"]), grants(&["user.*", "settings.manage"])] {
            refused(me.patch(&power, json!({ "grants": less })).await, "last_administrator");
        }
        let narrow = [json!({ "scope": "own" }), json!({ "scope": "team" })];
        for scope in narrow {
            refused(me.patch(&power, scope).await, "last_administrator");
        }
        let versions = (user(me.id).await.version(), role("super_admin").await.version());
        assert_eq!(versions, (myself.version(), power.version()));
        // What an administrator needs may come from several roles.
        let part =
            |key: &str, held: &[&str]| json!({ "name": key, "key": key, "scope": "all", "grants": grants(held) });
        let people = me.create(&ROLE, part("pessoas", &["role.*", "user.*"])).await;
        let house = me.create(&ROLE, part("casa", &["settings.manage"])).await;
        let lines = json!([{ "role_id": people.id() }, { "role_id": house.id() }]);
        let heir = me.create(&USER, json!({ "name": "Herdeira", "email": "h@aurora.test", "roles": lines })).await;
        me.step(&heir, "suspend", json!({})).await.expect(200);
        refused(me.delete(&myself).await, "last_administrator");
        me.step(&me.read(&heir).await, "reinstate", json!({})).await.expect(200);
        me.step(&myself, "suspend", json!({})).await.expect(200);
    });
}
