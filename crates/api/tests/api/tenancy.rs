//! Invariant 1: no row of one tenant is reachable from another.

use conexao_api::operations;
use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        record::Record,
        resource::Resource,
    },
    registry::RESOURCES,
};
use conexao_storage::{StorageError, table};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::support::{
    App, dump, full_input, on_each_database, on_row_security, query,
    walk::{Stage, call, names_a_record},
};

#[test]
fn no_operation_reaches_another_tenants_records() {
    on_each_database(async |app| {
        let victim = app.login("super_admin");
        let foreign = Stage::set(&victim).await;
        let before = dump(&app, app.tenant()).await;
        let intruder = app.login_elsewhere("super_admin");
        for operation in operations().iter().filter(|o| o.path.contains('{') && names_a_record(o)) {
            let (path, version) = foreign.aim(operation);
            call(&intruder, operation, &path, version).await.problem(404, "not_found");
        }
        assert_eq!(dump(&app, app.tenant()).await, before, "a foreign request changed something");
    });
}

#[test]
fn no_answer_mentions_another_tenants_records() {
    on_each_database(async |app| {
        let victim = app.login("super_admin");
        let foreign = Stage::set(&victim).await;
        let before = dump(&app, app.tenant()).await;
        let intruder = app.login_elsewhere("super_admin");
        for operation in operations().iter().filter(|o| !o.path.contains('{') && o.path != "/auth/logout") {
            let request = call(&intruder, operation, &operation.path, 1);
            let answer = request.query("q", "sample").query("group", "status").query("limit", 200).await;
            let about = format!("{} {}: {}", operation.method, operation.path, answer.text);
            assert!(answer.status.as_u16() < 500, "{about}");
            assert!(!answer.text.contains("aurora"), "{about}");
            for id in foreign.ids() {
                assert!(!answer.text.contains(id), "{about}");
            }
        }
        assert_eq!(dump(&app, app.tenant()).await, before, "a foreign request changed something");
    });
}

#[test]
fn filters_and_searches_do_not_look_over_the_wall() {
    on_each_database(async |app| {
        let victim = app.login("super_admin");
        let customer =
            victim.customer().named("Macabéa Secreta").with("document", crate::support::cpf(77)).create().await;
        victim.warranty(&customer).create().await;
        let intruder = app.login_elsewhere("super_admin");
        let found =
            intruder.get("/warranties").query("filter[customer_id]", customer.id()).query("count", "exact").await;
        assert_eq!(found.expect(200)["count"], 0);
        for q in ["Macabéa Secreta".to_owned(), crate::support::cpf(77), "se".to_owned()] {
            for path in ["/customers", "/customers/lookup", "/warranties", "/warranties/lookup"] {
                assert!(intruder.get(path).query("q", &q).await.items().is_empty(), "{path}?q={q}");
            }
        }
        let twin = intruder.get("/customers/duplicates").query("document", crate::support::cpf(77)).await;
        assert!(twin.items().is_empty());
        // The same document is free on the other side.
        intruder.customer().with("document", crate::support::cpf(77)).create().await;
    });
}

/// Every place of a resource that holds an id of another record.
fn reference_places(resource: &'static Resource) -> Vec<(String, Option<&'static Field>, &'static Field)> {
    let holds = |f: &&Field| {
        matches!(f.kind, Kind::Reference(_) | Kind::User) && f.writer != conexao_domain::kernel::field::Writer::System
    };
    let own = resource.fields.iter().filter(holds).map(|f| (f.name.to_owned(), None, f));
    let lines = resource.lines().flat_map(|(field, lines)| {
        lines.fields.iter().filter(holds).map(move |f| (format!("{}.0.{}", field.name, f.name), Some(field), f))
    });
    own.chain(lines).collect()
}

#[test]
fn references_to_another_tenants_records_are_refused() {
    on_each_database(async |app| {
        let victim = app.login("super_admin");
        let foreign = Stage::set(&victim).await.records;
        let intruder = app.login_elsewhere("super_admin");
        let mut places = 0;
        for resource in RESOURCES {
            let mine = full_input(&intruder, resource).await;
            let mine = intruder.create(resource, mine).await;
            for (path, line, field) in reference_places(resource) {
                places += 1;
                let target = match field.kind {
                    Kind::Reference(name) => conexao_domain::registry::by_name(name).unwrap().path,
                    _ => "users",
                };
                let id = json!(foreign[target].id());
                let mut input = full_input(&intruder, resource).await;
                match line {
                    Some(line) => input[line.name][0][field.name] = id.clone(),
                    None => input[field.name] = id.clone(),
                }
                let refused = intruder.post(&format!("/{}", resource.path), input.clone()).await;
                refused.refuses(&[(&path, "reference")]);
                let name = line.map_or(field.name, |l| l.name);
                let refused = intruder.patch(&mine, json!({ name: input[name] })).await.problem(422, "validation");
                let (field, code) = (&refused["errors"][0]["field"], refused["errors"][0]["code"].as_str().unwrap());
                // What does not change any more is not even looked at.
                let told = field == &json!(path) && code == "reference" || field == &json!(name) && code == "locked";
                assert!(told, "{refused}");
            }
        }
        assert!(places >= 4, "only {places} places for references");
    });
}

#[test]
fn the_database_itself_refuses_references_across_tenants() {
    on_each_database(async |app| {
        let victim = app.login("super_admin");
        let foreign = Stage::set(&victim).await.records;
        let mut refused = 0;
        for resource in RESOURCES {
            let copied = copy_for(&app, foreign[resource.path].id(), resource).await;
            let refers =
                reference_places(resource).iter().any(|(.., f)| matches!(f.kind, Kind::Reference(_) | Kind::User));
            let tx = app.engine.db.write(app.other_tenant()).await.unwrap();
            let inserted = table::insert(&tx, resource, &[(copied, String::new())]).await;
            if refers {
                refused += 1;
                assert!(matches!(inserted, Err(StorageError::Reference(_))), "{}: {inserted:?}", resource.name);
            }
        }
        assert!(refused >= 3);
    });
}

/// The stored record under a new id, to be inserted where it does not belong.
async fn copy_for(app: &App, id: &str, resource: &'static Resource) -> Record {
    let tx = app.engine.db.read(app.tenant()).await.unwrap();
    let mut found = table::by_ids(&tx, resource, &[Uuid::parse_str(id).unwrap()], false).await.unwrap();
    table::fill(&tx, resource, &mut found).await.unwrap();
    let mut copy = found.pop().unwrap();
    copy.set("id", Uuid::now_v7().to_string());
    copy.set("created_by", Json::Null);
    copy
}

#[test]
fn the_database_hides_rows_from_statements_that_forget_the_tenant() {
    on_row_security(async |app| {
        let victim = app.login("super_admin");
        Stage::set(&victim).await;
        let tables = crate::support::catalog::tables(&app).await;
        for table in tables.iter().filter(|t| t.forced_row_security == Some(true)) {
            let sql = format!("SELECT DISTINCT tenant_id FROM {}", table.name);
            let tenants = query(&app, app.tenant(), &sql).await;
            assert!(tenants.iter().all(|row| row["tenant_id"] == 1), "{}: {tenants:?}", table.name);
            let hidden = query(&app, conexao_storage::Tenant(99), &sql).await;
            assert!(hidden.is_empty(), "{}: {hidden:?}", table.name);
            // Without any tenant, on a connection that has served one before.
            use sea_orm::ConnectionTrait;
            let bare = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql);
            let rows = app.engine.db.pool().query_all_raw(bare).await.unwrap();
            assert!(rows.is_empty(), "{} shows rows without a tenant", table.name);
        }
        let moved = crate::support::execute(&app, app.tenant(), "UPDATE customer SET tenant_id = 2").await;
        assert!(moved.is_err(), "a row moved to another tenant");
    });
}

#[test]
fn a_token_is_good_for_its_tenant_only() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let me = admin.get("/me").await.expect(200);
        assert_eq!(me["tenant"]["slug"], "aurora");
        assert_eq!(app.login_elsewhere("super_admin").get("/me").await.expect(200)["tenant"]["slug"], "boreal");
        let stage = Stage::set(&admin).await;
        for operation in operations().iter().filter(|o| !o.public) {
            let (path, version) = stage.aim(operation);
            call(&app.stranger(), operation, &path, version).await.problem(401, "unauthenticated");
        }
    });
}
