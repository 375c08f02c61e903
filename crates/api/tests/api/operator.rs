//! The operator of the installation, who makes companies, suspends them and sees
//! none of their records.

use std::collections::BTreeSet;

use conexao_api::operations;
use conexao_domain::{identity::role::ROLE, registry};
use conexao_engine::tenants;
use serde_json::{Value as Json, json};

use crate::support::{Answer, App, Client, Made, PASSWORD, on_each_database, query};

/// Somebody who operates the installation.
async fn operator(app: &App) -> Client {
    let id = tenants::add_operator(&app.engine, "Otília", "otilia@operador.test", PASSWORD).await.unwrap();
    let login = json!({ "email": "otilia@operador.test", "password": PASSWORD });
    let token = app.stranger().post("/auth/login", login).await.expect(200)["access_token"].clone();
    Client::new(app.clone(), token.as_str().map(str::to_owned), id)
}

#[test]
fn the_operator_sees_companies_and_no_record_of_theirs() {
    on_each_database(async |app| {
        let operator = operator(&app).await;
        app.login("admin").customer().named("Macabéa Secreta").create().await;
        let list = operator.get("/tenants").await;
        assert!(!list.text.contains("Macabéa"));
        let slugs: Vec<Json> = list.items().iter().map(|item| item["slug"].clone()).collect();
        assert_eq!(slugs, [json!("aurora"), json!("boreal"), json!("operador")]);
        let one = operator.get("/tenants/1").await.expect(200);
        assert_eq!((&one["records"]["customer"], &one["kind"]), (&json!(1), &json!("production")));
        for path in ["/customers", "/warranties"] {
            operator.get(path).await.problem(403, "forbidden");
        }
        operator.post("/customers", json!({ "name": "Ana" })).await.problem(403, "forbidden");
        let me = operator.get("/me").await.expect(200);
        let held: BTreeSet<&str> = me["permissions"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
        assert!(registry::OPERATION.iter().all(|permission| held.contains(permission)));
        assert!(!held.iter().any(|permission| permission.starts_with("customer.")), "{held:?}");
        let why = |permission: &str| operator.get("/permissions/explain").query("permission", permission);
        let may = why("tenant.read").await.expect(200);
        assert_eq!((&may["allowed"], &may["scope"]), (&json!(true), &json!("all")));
        why("customer.read").await.problem(422, "validation");
    });
}

#[test]
fn nobody_else_reaches_what_the_operator_does_nor_can_be_given_it() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        for operation in operations().iter().filter(|operation| operation.path.starts_with("/tenants")) {
            let permission = operation.permission.as_deref().unwrap();
            assert!(registry::OPERATION.contains(&permission), "{permission}");
            let path = operation.path.replace("{id}", "2");
            let method = actix_web::http::Method::from_bytes(operation.method.to_uppercase().as_bytes()).unwrap();
            let body = json!({ "name": "X", "email": "x@y.test", "reason": "x" });
            let refused = admin.request(method, &path).json(&body).await.problem(403, "forbidden");
            assert_eq!(refused["reason"], permission);
        }
        let known = admin.get("/permissions").await.expect(200).to_string();
        for permission in registry::OPERATION {
            assert!(!known.contains(permission));
            let role = json!({ "name": "Escada", "key": "escada", "grants": [{ "permission": permission }] });
            admin.post("/roles", role).await.refuses(&[("grants.0.permission", "permission")]);
            let made = admin.get("/roles").query("filter[key]", "vendedor").await.items().to_vec().remove(0);
            let made = Made { resource: &ROLE, body: made };
            let grants = json!({ "grants": [{ "permission": permission }] });
            admin.patch(&made, grants).await.refuses(&[("grants.0.permission", "permission")]);
        }
        assert!(
            app.login("super_admin").get("/me").await.expect(200)["permissions"]
                .as_array()
                .unwrap()
                .iter()
                .all(|p| !p.as_str().unwrap().starts_with("tenant."))
        );
    });
}

#[test]
fn the_operator_makes_a_company_whose_administrator_is_invited() {
    on_each_database(async |app| {
        let operator = operator(&app).await;
        operator.post("/tenants", json!({ "name": "Polar", "email": "nada" })).await.problem(422, "validation");
        let taken = json!({ "name": "Aurora", "slug": "aurora", "email": "a@b.test" });
        operator.post("/tenants", taken).await.problem(409, "duplicate");
        let one = json!({ "name": "Polar Serviços", "kind": "operator", "email": "a@b.test" });
        operator.post("/tenants", one).await.refuses(&[("kind", "choice")]);
        let made = operator.post("/tenants", json!({ "name": "Polar Serviços", "email": "iara@polar.test" })).await;
        let made = made.expect(201);
        assert_eq!((&made["slug"], &made["status"]), (&json!("polar-servicos"), &json!("active")));
        let id = i32::try_from(made["id"].as_i64().unwrap()).unwrap();
        let sql = format!("SELECT email FROM invitation WHERE tenant_id = {id}");
        let invited = query(&app, conexao_storage::Tenant(id), &sql).await;
        assert_eq!(invited[0]["email"], "iara@polar.test");
        let own = operator.get("/audit").query("resource", "tenant").await.items().to_vec();
        assert_eq!(own[0]["action"], "create");
        // Two at a time have numbers of their own, and roles, and their invitation.
        let found = |name: &str| operator.post("/tenants", json!({ "name": name, "email": "b@b.test" })).into_future();
        let (one, other) = futures_util::future::join(found("Norte"), found("Sul")).await;
        let (one, other) = (one.expect(201)["id"].clone(), other.expect(201)["id"].clone());
        assert_ne!(one, other);
        for id in [one, other] {
            let id = i32::try_from(id.as_i64().unwrap()).unwrap();
            for table in ["role", "invitation"] {
                let sql = format!("SELECT version FROM {table} WHERE tenant_id = {id}");
                assert!(!query(&app, conexao_storage::Tenant(id), &sql).await.is_empty(), "{table} of {id}");
            }
        }
    });
}

#[test]
fn a_plan_bounds_programs_and_its_change_is_known_to_both() {
    on_each_database(async |app| {
        let (operator, admin) = (operator(&app).await, app.login("admin"));
        let token = json!({ "name": "ERP", "kind": "service", "scopes": [{ "permission": "customer.read" }] });
        let token = admin.post("/api-tokens", token).await.expect(201)["_secret"].clone();
        let program = Client::new(app.clone(), token.as_str().map(str::to_owned), uuid::Uuid::nil());
        let limit = async || program.get("/customers").await.header("ratelimit-limit").to_owned();
        assert_eq!(limit().await, "600");
        let choose = |plan: &str| operator.post("/tenants/1/actions/plan", json!({ "plan": plan }));
        choose("ouro").await.refuses(&[("plan", "choice")]);
        assert_eq!(choose("enterprise").await.expect(200)["plan"], "enterprise");
        assert_eq!(limit().await, "3000");
        assert_eq!(operator.get("/tenants/1").await.expect(200)["plan"], "enterprise");
        choose("enterprise").await.expect(200);
        for audit in [operator.get("/audit").query("resource", "tenant"), admin.get("/audit").query("action", "plan")] {
            let entries = audit.await.items().to_vec();
            assert_eq!((entries.len(), &entries[0]["action"]), (1, &json!("plan")), "{entries:?}");
        }
    });
}

#[test]
fn a_suspended_company_stops_at_once_and_is_told_why() {
    on_each_database(async |app| {
        let operator = operator(&app).await;
        let admin = app.login("admin");
        let token = json!({ "name": "ERP", "kind": "service", "scopes": [{ "permission": "customer.read" }] });
        let token = admin.post("/api-tokens", token).await.expect(201)["_secret"].clone();
        let program = Client::new(app.clone(), token.as_str().map(str::to_owned), uuid::Uuid::nil());
        program.get("/customers").await.expect(200);
        let member = app.member("admin");
        let login = json!({ "email": member.email, "password": PASSWORD });
        let entered: Answer = app.stranger().post("/auth/login", login.clone()).await;
        let cookie = entered.headers.get_all("set-cookie").filter_map(|value| value.to_str().ok());
        let cookie = cookie.map(|set| set.split(';').next().unwrap().to_owned()).collect::<Vec<_>>().join("; ");
        let ticket = admin.post("/events/ticket", json!({})).await.expect(200)["ticket"].clone();

        operator.post("/tenants/1/actions/suspend", json!({ "reason": " " })).await.refuses(&[("reason", "required")]);
        let done =
            operator.post("/tenants/1/actions/suspend", json!({ "reason": "Fatura em aberto" })).await.expect(200);
        assert_eq!(done["status"], "suspended");
        operator.post("/tenants/1/actions/suspend", json!({ "reason": "x" })).await.problem(409, "step_refused");
        admin.get("/customers").await.problem(401, "unauthenticated");
        let refused = program.get("/customers").await.problem(403, "tenant_suspended");
        assert_eq!(refused["why"], "Fatura em aberto");
        app.stranger().post("/auth/refresh", json!({})).header("Cookie", cookie).await.problem(401, "unauthenticated");
        app.stranger().get("/events").query("ticket", ticket.as_str().unwrap()).await.problem(401, "unauthenticated");
        let told = app.stranger().post("/auth/login", login.clone()).await.problem(403, "tenant_suspended");
        assert_eq!(told["why"], "Fatura em aberto");
        let wrong = json!({ "email": member.email, "password": "outra-senha-2026" });
        app.stranger().post("/auth/login", wrong).await.problem(401, "credentials");
        app.login_elsewhere("admin").get("/customers").await.expect(200);

        operator.post("/tenants/1/actions/reinstate", json!({})).await.expect(200);
        program.get("/customers").await.expect(200);
        app.stranger().post("/auth/login", login).await.expect(200);
        let own =
            operator.get("/tenants").await.items().iter().find(|t| t["kind"] == "operator").unwrap()["id"].clone();
        let own = format!("/tenants/{own}/actions/suspend");
        operator.post(&own, json!({ "reason": "x" })).await.problem(409, "step_refused");
    });
}
