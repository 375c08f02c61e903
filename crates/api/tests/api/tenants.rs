//! Tenants: what a company decides for itself, its clock and its connections.

use std::collections::BTreeSet;

use conexao_domain::{
    identity::role::ROLE,
    registry,
    settings::{COMPANY, TenantKind},
};
use conexao_engine::{audit, credentials, sealed, secrets, tenants, vault::Vault};
use conexao_integrations::secret::ExposeSecret;
use serde_json::{Value as Json, json};

use crate::support::{App, Client, Request, on_each_database, query};

fn change(admin: &Client, version: &Json, body: Json) -> Request {
    admin.request(actix_web::http::Method::PATCH, "/settings/company").if_match(version.as_i64().unwrap()).json(&body)
}

/// Turns a company into an environment for trying things out.
async fn as_sandbox(app: &App) {
    crate::support::execute(app, app.tenant(), "UPDATE tenant SET kind = 'sandbox' WHERE id = 1").await.unwrap();
    tenants::forget(&app.engine);
}

#[test]
fn settings_change_under_a_version_and_are_felt_by_the_next_request() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        app.login("vendedor").get("/settings/company").await.problem(403, "forbidden");
        let first = admin.get("/settings/company").await.expect(200);
        assert_eq!(
            (&first["name"], &first["version"], &first["time_zone"]),
            (&json!("aurora"), &json!(1), &json!("America/Sao_Paulo"))
        );
        assert_eq!(first["hours"].as_array().unwrap().len(), 5);
        let body = json!({ "trade_name": "Aurora Eletro", "time_zone": "America/Manaus", "accent_light": "#005c72" });
        let changed = change(&admin, &first["version"], body.clone()).await.expect(200);
        assert_eq!((&changed["version"], &changed["trade_name"]), (&json!(2), &json!("Aurora Eletro")));
        let stale = change(&admin, &first["version"], body).await.problem(412, "stale");
        assert_eq!(stale["current"]["version"], 2);
        let me = app.login("vendedor").get("/me").await.expect(200);
        assert_eq!(me["tenant"]["time_zone"], "America/Manaus");
        assert_eq!(me["tenant"]["trade_name"], "Aurora Eletro");
        assert_eq!(me["tenant"]["accents"]["light"], "#005c72");
        let entries = admin.get("/audit").query("resource", "company").await.items().to_vec();
        let text = entries[0].to_string();
        assert!(text.contains("Fuso horário") || text.contains("time_zone"), "{text}");
        assert_eq!(app.login_elsewhere("admin").get("/settings/company").await.expect(200)["version"], 1);
    });
}

#[test]
fn what_nobody_could_read_or_work_by_is_refused_by_its_field() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        let version = json!(1);
        change(&admin, &version, json!({ "accent_light": "#ffd400" })).await.refuses(&[("accent_light", "contrast")]);
        change(&admin, &version, json!({ "accent_dark": "azul" })).await.refuses(&[("accent_dark", "colour")]);
        change(&admin, &version, json!({ "hours": [] })).await.refuses(&[("hours", "required")]);
        change(&admin, &version, json!({ "time_zone": "Marte" })).await.refuses(&[("time_zone", "choice")]);
    });
}

#[test]
fn numbers_follow_the_settings_and_never_go_back() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        let customer = admin.customer().create().await;
        assert_eq!(admin.warranty(&customer).create().await["number"], "GR-000001");
        let settings = admin.get("/settings/company").await.expect(200);
        assert_eq!(settings["numbering"][0], json!({ "series": "warranty", "prefix": "GR-", "width": 6, "next": 2 }));
        let lines =
            |next: i64| json!({ "numbering": [{ "series": "warranty", "prefix": "G/", "width": 3, "next": next }] });
        let refused = change(&admin, &settings["version"], lines(1)).await;
        refused.refuses(&[("numbering.0.next", "issued")]);
        let changed = change(&admin, &settings["version"], lines(40)).await.expect(200);
        assert_eq!(changed["numbering"][0]["next"], 40);
        assert_eq!(admin.warranty(&customer).create().await["number"], "G/040");
        let exchange = admin.warranty(&customer).with("kind", "exchange").create().await;
        assert_eq!(exchange["number"], "TR-000041", "one sequence, the declared form");
    });
}

#[test]
fn terms_use_the_companys_calendar() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        let days = json!({ "return_days": 2, "days": [{ "date": "2026-03-11", "title": "Inventário" }] });
        change(&admin, &json!(1), days).await.expect(200);
        let customer = admin.customer().create().await;
        let warranty = admin.warranty(&customer).create().await;
        let asked = json!({ "return_carrier": "Correios", "return_code": "AB1" });
        let asked = admin.step(&warranty, "request_return", asked).await.expect(200);
        assert_eq!(asked["return_due"], "2026-03-13", "a Wednesday of its own is no business day");
    });
}

const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0,
    0xf0, 0x1f, 0, 0x05, 0, 0x01, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60,
    0x82,
];

#[test]
fn a_logo_is_a_picture_and_belongs_to_its_company() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        admin
            .upload("/settings/logos/light", "logo.png", b"<svg onload=alert(1)>")
            .await
            .problem(415, "unsupported_media");
        app.login("vendedor").upload("/settings/logos/light", "logo.png", PNG).await.problem(403, "forbidden");
        admin.upload("/settings/logos/light", "logo.png", PNG).await.expect(204);
        let me = app.login("vendedor").get("/me").await.expect(200);
        assert!(me["tenant"]["logos"]["light"].is_string() && me["tenant"]["logos"]["dark"].is_null(), "{me}");
        let shown = app.login("vendedor").get("/company/logos/light").await;
        assert_eq!(shown.status.as_u16(), 200);
        assert_eq!(shown.header("x-content-type-options"), "nosniff");
        app.login_elsewhere("admin").get("/company/logos/light").await.problem(404, "not_found");
        admin.request(actix_web::http::Method::DELETE, "/settings/logos/light").await.expect(204);
        admin.get("/company/logos/light").await.problem(404, "not_found");
    });
}

#[test]
fn the_clock_moves_where_no_real_work_is_done() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        admin.post("/clock", json!({ "advance_seconds": 60 })).await.problem(409, "not_in_production");
        assert_eq!(admin.get("/clock").await.expect(200)["movable"], false);
        as_sandbox(&app).await;
        app.login("vendedor").post("/clock", json!({ "reset": true })).await.problem(403, "forbidden");
        let moved = admin.post("/clock", json!({ "set": "2026-12-24T12:00:00Z", "frozen": true })).await.expect(200);
        assert_eq!((&moved["now"], &moved["frozen"]), (&json!("2026-12-24T12:00:00.000Z"), &json!(true)));
        admin.post("/clock", json!({ "set": "1970-01-01T00:00:00Z" })).await.refuses(&[("set", "range")]);
        let customer = admin.customer().create().await;
        assert_eq!(customer["created_at"], "2026-12-24T12:00:00.000Z");
        // Whoever is in stays in: tokens go by the world's time.
        admin.get("/me").await.expect(200);
        let me = app.login("vendedor").get("/me").await.expect(200);
        assert_eq!(me["tenant"]["clock"]["now"], "2026-12-24T12:00:00.000Z");
        let entries = admin.get("/audit").query("resource", "customer").await.items().to_vec();
        assert_eq!(entries[0]["clock"], "2026-12-24T12:00:00.000Z");
        assert_eq!(entries[0]["at"], "2026-03-10T15:00:00.000Z");
        let verified = audit::verify(&app.engine, app.tenant()).await.unwrap();
        assert_eq!(verified.broken_at, None);
        // A list asked for today means the tenant's today.
        let today = admin.get("/customers").query("filter[created_at][gte]", "@today").await;
        assert_eq!(today.items().len(), 1);
        let other = app.login_elsewhere("admin").customer().create().await;
        assert_eq!(other["created_at"], "2026-03-10T15:00:00.000Z", "another company's clock is its own");
        let key = "mover-uma-vez";
        let step = || admin.post("/clock", json!({ "advance_seconds": 3600 })).header("Idempotency-Key", key);
        let (one, two) = (step().await.expect(200), step().await.expect(200));
        assert_eq!(one["now"], two["now"], "a repeated request moves once");
        admin.post("/clock", json!({ "reset": true })).await.expect(200);
        assert_eq!(app.login("vendedor").get("/me").await.expect(200)["tenant"]["clock"], Json::Null);
    });
}

#[test]
fn what_people_are_sent_goes_by_the_worlds_time() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        as_sandbox(&app).await;
        admin.post("/clock", json!({ "set": "2027-01-01T12:00:00Z", "frozen": true })).await.expect(200);
        let role = admin.get("/roles").query("filter[key]", "vendedor").await.items()[0]["id"].clone();
        let user = json!({ "name": "Nova", "email": "nova@aurora.test", "roles": [{ "role_id": role }] });
        let user = admin.post("/users", user).await.expect(201);
        assert_eq!(user["created_at"], "2026-03-10T15:00:00.000Z");
    });
}

#[test]
fn an_environment_has_roles_and_settings_and_nobodys_data() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        admin.customer().named("Macabéa").create().await;
        let own = json!({ "name": "Sonda", "key": "sonda", "grants": [{ "permission": "customer.read" }] });
        admin.create(&ROLE, own).await;
        change(&admin, &json!(1), json!({ "trade_name": "Aurora", "return_days": 7 })).await.expect(200);
        admin.post("/sandboxes", json!({ "name": "", "email": "x@y.test" })).await.refuses(&[("name", "required")]);
        let wanted = json!({ "name": "Testes da Aurora", "email": "helena+testes@aurora.test" });
        app.login("vendedor").post("/sandboxes", wanted.clone()).await.problem(403, "forbidden");
        let made = admin.post("/sandboxes", wanted).await.expect(201);
        assert_eq!(made["slug"], "aurora-teste");
        let sandbox = conexao_storage::Tenant(i32::try_from(made["id"].as_i64().unwrap()).unwrap());
        let count = async |table: &str| {
            query(&app, sandbox, &format!("SELECT id FROM {table} WHERE tenant_id = {}", sandbox.0)).await.len()
        };
        assert_eq!((count("customer").await, count("user_account").await, count("invitation").await), (0, 0, 1));
        let roles = query(&app, sandbox, &format!("SELECT \"key\" FROM role WHERE tenant_id = {}", sandbox.0)).await;
        assert!(roles.iter().any(|row| row["key"] == "sonda"), "{roles:?}");
        let house = app.engine.house(sandbox).await.unwrap();
        assert_eq!((house.kind, house.company.values.integer("return_days")), (TenantKind::Sandbox, Some(7)));
        assert_eq!(admin.get("/sandboxes").await.items().len(), 1);
        admin.post("/sandboxes/actions/reset", json!({})).await.problem(409, "not_in_production");
    });
}

#[test]
fn an_environment_is_emptied_but_keeps_people_and_audit() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        as_sandbox(&app).await;
        let customer = admin.customer().create().await;
        let warranty = admin.warranty(&customer).create().await;
        admin.upload(&format!("{}/attachments", warranty.path()), "nota.txt", b"conteudo").await.expect(201);
        admin.post(&format!("{}/comments", warranty.path()), json!({ "text": "palavra" })).await.expect(201);
        admin.post("/clock", json!({ "advance_seconds": 86400 })).await.expect(200);
        admin.post("/sandboxes/actions/reset", json!({})).await.expect(204);
        assert!(admin.get("/customers").await.items().is_empty());
        assert_eq!(admin.get("/clock").await.expect(200)["moved"], false);
        let customer = admin.customer().create().await;
        assert_eq!(admin.warranty(&customer).create().await["number"], "GR-000001");
        assert_eq!(audit::verify(&app.engine, app.tenant()).await.unwrap().broken_at, None);
    });
}

fn put(admin: &Client, name: &str, version: i64, values: Json) -> Request {
    let path = format!("/integrations/{name}");
    admin.request(actix_web::http::Method::PATCH, &path).if_match(version).json(&values)
}

#[test]
fn credentials_go_in_and_never_come_out() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        app.login("vendedor").get("/integrations").await.problem(403, "forbidden");
        let account = json!({ "account_sid": "AC123", "sender": "+5511999990000", "auth_token": "um segredo muito bem guardado" });
        put(&admin, "twilio", 0, json!({ "account_sid": "AC123" })).await.problem(422, "validation");
        let set = put(&admin, "twilio", 0, account.clone()).await.expect(200);
        assert_eq!((&set["secrets"]["auth_token"], &set["version"]), (&json!("dado"), &json!(1)));
        put(&admin, "twilio", 0, account).await.problem(412, "stale");
        let shown = admin.get("/integrations").await;
        assert!(!shown.text.contains("segredo"), "{}", shown.text);
        for table in ["integration", "secret", "audit"] {
            let kept = format!("{:?}", query(&app, app.tenant(), &format!("SELECT * FROM {table}")).await);
            assert!(!kept.contains("um segredo"), "{table}");
        }
        put(&admin, "twilio", 1, json!({ "sender": "MG1" })).await.expect(200);
        let used = credentials::get(&app.engine, app.tenant(), "twilio").await.unwrap().unwrap();
        assert_eq!(used.secret("auth_token").unwrap().expose_secret(), "um segredo muito bem guardado");
        assert_eq!(used.text("sender"), Some("MG1"));
        credentials::note_use(&app.engine, app.tenant(), "twilio").await.unwrap();
        let now = admin.get("/integrations/twilio").await.expect(200);
        assert!(now["used_at"].is_string() && now["updated_by"].is_string(), "{now}");
        assert!(credentials::get(&app.engine, app.other_tenant(), "twilio").await.unwrap().is_none());
        admin.request(actix_web::http::Method::DELETE, "/integrations/twilio").await.expect(204);
        assert!(query(&app, app.tenant(), "SELECT id FROM secret WHERE resource = 'integration'").await.is_empty());
        admin.get("/integrations/nada").await.problem(404, "not_found");
    });
}

#[test]
fn credentials_follow_a_new_master_key() {
    on_each_database(async |app| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.key");
        let engine = app.engine.clone().with_vault(Vault::open(&path).unwrap());
        let session = engine.system(app.tenant(), "teste").await.unwrap();
        let values = json!({ "webhook_url": "https://hooks.slack.com/services/T/B/um-segredo" });
        credentials::put(&engine, &session, "slack", 0, values.as_object().unwrap()).await.unwrap();
        let engine = engine.with_vault(Vault::add_key(&path).unwrap());
        assert_eq!(secrets::rewrap(&engine, app.tenant()).await.unwrap(), 1);
        Vault::forget_old_keys(&path).unwrap();
        let found = credentials::get(&engine, app.tenant(), "slack").await.unwrap().unwrap();
        assert!(found.secret("webhook_url").unwrap().expose_secret().ends_with("um-segredo"));
        // Who looks after the installation sees whether the keys fit.
        let tried = sealed::try_some(&engine, app.tenant()).await.unwrap();
        assert!(tried.all > 0 && tried.closed == 0, "{tried:?}");
        let other = engine.with_vault(Vault::derived("another"));
        let tried = sealed::try_some(&other, app.tenant()).await.unwrap();
        assert_eq!(tried.closed, tried.all);
    });
}

#[test]
fn a_key_pair_for_push_is_made_when_nobody_gives_one() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        put(&admin, "push", 0, json!({ "contact": "ninguem" })).await.refuses(&[("contact", "contact")]);
        let wrong = json!({ "contact": "mailto:ti@aurora.test", "private_key": "nada disso" });
        put(&admin, "push", 0, wrong).await.refuses(&[("private_key", "key")]);
        let made = put(&admin, "push", 0, json!({ "contact": "mailto:ti@aurora.test" })).await.expect(200);
        assert!(made["public_key"].as_str().is_some_and(|key| key.len() > 80), "{made}");
        let again = put(&admin, "push", 1, json!({ "contact": "mailto:rede@aurora.test" })).await.expect(200);
        assert_eq!(again["public_key"], made["public_key"], "kept for life");
        let tried = admin.post("/integrations/push/actions/test", json!({})).await.expect(200);
        assert_eq!(tried["ok"], true);
    });
}

#[test]
fn settings_are_declared_once() {
    let names: BTreeSet<&str> = COMPANY.fields.iter().map(|field| field.name).collect();
    assert_eq!(names.len(), COMPANY.fields.len());
    assert!(registry::by_name(COMPANY.name).is_none() && registry::declared(COMPANY.name).is_some());
}
