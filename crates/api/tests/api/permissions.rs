//! Gates: what a session may not do, it cannot.

use std::collections::{BTreeMap, BTreeSet};

use conexao_api::{Operation, operations};
use conexao_domain::{
    identity::{role::ROLE, user::USER},
    registry,
};
use serde_json::{Value as Json, json};

use crate::support::{
    App, Client, Made, PASSWORD, on_each_database,
    walk::{Stage, call},
};

/// A user whose one role can be changed between requests.
struct Probe {
    admin: Client,
    role: Made,
    client: Client,
}

impl Probe {
    async fn new(app: &App, scope: &str) -> Self {
        let admin = app.login("super_admin");
        let role = admin.create(&ROLE, json!({ "name": "Sonda", "key": "sonda", "scope": scope })).await;
        let user = json!({ "name": "Sonda", "email": "sonda@aurora.test", "roles": [{ "role_id": role.id() }] });
        let user = admin.create(&USER, user).await;
        let set = admin.post(&format!("{}/actions/set-password", user.path()), json!({ "password": PASSWORD }));
        set.await.expect(204);
        let login = json!({ "email": "sonda@aurora.test", "password": PASSWORD });
        let token = app.stranger().post("/auth/login", login).await.expect(200)["access_token"].clone();
        let client = Client::new(app.clone(), token.as_str().map(str::to_owned), user.id().parse().unwrap());
        Self { admin, role, client }
    }

    async fn grant<'a>(&mut self, permissions: impl IntoIterator<Item = &'a str>) {
        let grants: Vec<Json> = permissions.into_iter().map(|p| json!({ "permission": p })).collect();
        let changed = self.admin.patch(&self.role, json!({ "grants": grants })).await.expect(200);
        self.role = self.role.now(changed);
    }
}

fn by_permission() -> BTreeMap<String, Vec<Operation>> {
    let mut found: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
    // What only the operator has is tested with the operator.
    let own = |permission: &String| !registry::OPERATION.contains(&permission.as_str());
    for operation in operations() {
        if let Some(permission) = operation.permission.clone().filter(own) {
            found.entry(permission).or_default().push(operation);
        }
    }
    found
}

#[test]
fn every_operation_needs_exactly_its_permission() {
    on_each_database(async |app| {
        let mut probe = Probe::new(&app, "all").await;
        let all = registry::permissions();
        let stage = Stage::set(&probe.admin).await;
        for (permission, operations) in by_permission() {
            assert!(all.contains(&permission), "{permission} is no permission");
            probe.grant(all.iter().map(String::as_str).filter(|p| *p != permission)).await;
            for operation in &operations {
                let (path, version) = stage.aim(operation);
                let refused = call(&probe.client, operation, &path, version).await.problem(403, "forbidden");
                assert_eq!(refused["reason"], permission);
            }
            probe.grant([permission.as_str()]).await;
            for operation in &operations {
                let (path, version) = stage.aim(operation);
                // Other verbs of the same resource may have changed or removed the record.
                let answer = call(&probe.client, operation, &path, version).query("group", "status").await;
                let status = answer.status.as_u16();
                // Some acts need a second permission, which they name.
                let second = status == 403 && answer.body["reason"] != json!(permission);
                assert!(second || !matches!(status, 401 | 403 | 500..), "{}: {}", answer.what, answer.text);
            }
        }
    });
}

/// Operations that anybody who is logged in may call.
const OPEN: &[&str] = &[
    "/me",
    "/me/dashboard",
    "/me/two-factor",
    "/me/two-factor/confirm",
    "/me/two-factor/recovery-codes",
    "/me/two-factor/disable",
    "/me/absences",
    "/me/absences/{id}/end",
    "/me/colleagues",
    "/me/sessions",
    "/me/sessions/{id}",
    "/me/sessions/actions/end-others",
    "/me/browsers",
    "/me/browsers/key",
    "/me/browsers/{id}",
    "/me/browsers/actions/test",
    "/me/channels",
    "/me/channels/sms/actions/ask",
    "/me/channels/sms/actions/confirm",
    "/me/channels/slack/actions/set",
    "/me/channels/{channel}",
    "/notification-choices",
    "/municipalities",
    "/events/ticket",
    "/notifications",
    "/notifications/read",
    "/notifications/delete",
    // Own jobs; those of others need `job.manage`.
    "/jobs",
    "/jobs/{id}",
    "/jobs/{id}/rows",
    "/jobs/{id}/cancel",
    "/jobs/{id}/retry",
    "/jobs/{id}/actions/undo",
    "/jobs/{id}/file",
    "/me/email",
    "/me/passkeys",
    "/me/passkeys/options",
    "/me/passkeys/proof",
    "/me/passkeys/{id}",
    "/me/passkeys/{id}/actions/remove",
    "/me/password",
    "/me/photo",
    "/photos",
    "/photos/{user}",
    // What a list is of decides who keeps it.
    "/views",
    "/views/{id}",
    // It holds what somebody may remove.
    "/recycle-bin",
    "/clock",
    "/company/logos/{theme}",
];
/// Operations whose permission depends on what they are asked about.
const ASKED: &[&str] = &["/permissions", "/tags", "/attachments/{id}/content", "/attachments/{id}/thumbnail"];
/// Imports need the right to import the resource they are about.
const IMPORTS: &str = "/imports";

#[test]
fn every_operation_names_a_permission_or_is_known_to_need_none() {
    for operation in operations() {
        let known = operation.public
            || operation.permission.is_some()
            || operation.path.starts_with(IMPORTS)
            || OPEN.iter().chain(ASKED).any(|path| *path == operation.path);
        assert!(known, "{} {} needs no permission", operation.method, operation.path);
    }
}

#[test]
fn files_tags_and_the_list_of_permissions_need_the_right_to_what_they_are_about() {
    on_each_database(async |app| {
        let mut probe = Probe::new(&app, "all").await;
        let stage = Stage::set(&probe.admin).await;
        let asked: Vec<Operation> = operations().into_iter().filter(|o| ASKED.contains(&o.path.as_str())).collect();
        let ask = async |client: &Client, operation: &Operation| {
            let (path, version) = stage.aim(operation);
            call(client, operation, &path, version).query("resource", "customer").await
        };
        probe.grant(["warranty.read"]).await;
        for operation in &asked {
            let answer = ask(&probe.client, operation).await;
            assert!(matches!(answer.status.as_u16(), 403 | 404), "{}: {}", answer.what, answer.text);
        }
        probe.grant(["customer.read", "role.read"]).await;
        for operation in &asked {
            let answer = ask(&probe.client, operation).await;
            // A text has no thumbnail.
            let bare = operation.path.ends_with("thumbnail");
            assert_eq!(answer.status.as_u16(), if bare { 404 } else { 200 }, "{}: {}", answer.what, answer.text);
        }
    });
}

#[test]
fn a_changed_role_is_felt_by_the_next_request() {
    on_each_database(async |app| {
        let mut probe = Probe::new(&app, "all").await;
        probe.client.get("/customers").await.problem(403, "forbidden");
        probe.grant(["customer.read"]).await;
        probe.client.get("/customers").await.expect(200);
        let me = probe.client.get("/me").await.expect(200);
        assert_eq!(me["permissions"], json!(["customer.read"]));
        probe.grant(["customer.*"]).await;
        probe.client.post("/customers", json!({ "name": "Nova" })).await.expect(201);
        probe.grant([]).await;
        probe.client.get("/customers").await.problem(403, "forbidden");
    });
}

#[test]
fn permissions_of_several_roles_add_up_with_the_widest_scope() {
    on_each_database(async |app| {
        let mut probe = Probe::new(&app, "own").await;
        probe.grant(["customer.read", "customer.create"]).await;
        probe.admin.customer().named("Alheia").create().await;
        assert_eq!(probe.client.get("/customers").await.items().len(), 0);
        let wide =
            json!({ "name": "Larga", "key": "larga", "scope": "all", "grants": [{ "permission": "customer.read" }] });
        let wide = probe.admin.create(&ROLE, wide).await;
        let user = probe.admin.get(&format!("/users/{}", probe.client.id)).await.expect(200);
        let mut roles = user["roles"].as_array().unwrap().clone();
        roles.push(json!({ "role_id": wide.id() }));
        let lines: Vec<Json> = roles.iter().map(|r| json!({ "role_id": r["role_id"] })).collect();
        let user = Made { resource: &USER, body: user };
        probe.admin.patch(&user, json!({ "roles": lines })).await.expect(200);
        assert_eq!(probe.client.get("/customers").await.items().len(), 1);
        let granted = probe.client.get("/me").await.expect(200)["permissions"].clone();
        let granted: BTreeSet<&str> = granted.as_array().unwrap().iter().filter_map(Json::as_str).collect();
        assert_eq!(granted, BTreeSet::from(["customer.read", "customer.create"]));
    });
}

#[test]
fn own_scope_reaches_what_one_made_or_owns_and_nothing_else() {
    on_each_database(async |app| {
        let mut probe = Probe::new(&app, "own").await;
        probe.grant(["customer.*", "warranty.*"]).await;
        let mine = probe.client.customer().named("Minha").create().await;
        let given = probe.admin.customer().named("Recebida").with("owner_id", json!(probe.client.id)).create().await;
        let alien = probe.admin.customer().named("Alheia").with("document", crate::support::cpf(5)).create().await;

        let mut names: Vec<String> = Vec::new();
        let listed = probe.client.get("/customers").query("count", "exact").await;
        assert_eq!(listed.body["count"], 2);
        names.extend(listed.items().iter().map(|i| i["name"].as_str().unwrap().to_owned()));
        assert_eq!(names, ["Minha", "Recebida"]);
        for made in [&mine, &given] {
            probe.client.read(made).await;
        }
        let groups = probe.client.get("/customers/aggregate").query("group", "status").await.expect(200);
        assert_eq!(groups["groups"][0]["count"], 2);
        assert!(probe.client.get("/customers/lookup").query("q", "alheia").await.items().is_empty());
        assert!(probe.client.get("/customers/lookup").query("q", crate::support::cpf(5)).await.items().is_empty());
        let same = probe.client.get("/customers/duplicates").query("document", crate::support::cpf(5)).await;
        assert!(same.items().is_empty());

        let me = &probe.client;
        me.get(&alien.path()).await.problem(404, "not_found");
        me.reveal(&alien, "document").await.problem(404, "not_found");
        me.get(&format!("{}/timeline", alien.path())).await.problem(404, "not_found");
        me.patch(&alien, json!({ "name": "Tomada" })).await.problem(404, "not_found");
        me.step(&alien, "block", json!({ "block_reason": "x" })).await.problem(404, "not_found");
        me.delete(&alien).await.problem(404, "not_found");
        probe.admin.delete(&alien).await.expect(204);
        me.post(&format!("{}/actions/restore", alien.path()), json!({})).await.problem(404, "not_found");

        me.patch(&given, json!({ "notes": "vista" })).await.expect(200);
        me.delete(&mine).await.expect(204);
    });
}

#[test]
fn related_counts_are_told_only_to_those_who_may_read_them() {
    on_each_database(async |app| {
        let mut probe = Probe::new(&app, "all").await;
        let customer = probe.admin.customer().create().await;
        probe.admin.warranty(&customer).create().await;
        probe.grant(["customer.read"]).await;
        assert_eq!(probe.client.read(&customer).await["_related"], json!([]));
        probe.grant(["customer.read", "warranty.read"]).await;
        assert_eq!(probe.client.read(&customer).await["_related"][0]["count"], 1);
    });
}
