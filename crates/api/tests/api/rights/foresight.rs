//! What a role would mean before it is saved, all roles in one answer, and who
//! can see a record and why.

use conexao_domain::{
    identity::{api_token::API_TOKEN, team::TEAM},
    registry,
};
use serde_json::{Value as Json, json};

use super::{away, grants, person, role};
use crate::support::{Client, on_each_database};

#[test]
fn a_change_says_who_gains_and_who_loses_what() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let changed = role(&app, "all", &["customer.read", "customer.export"]).await;
        let other = role(&app, "own", &["customer.export", "customer.create"]).await;
        let ana = person(&app, "Ana", &[&changed]).await;
        let bia = person(&app, "Bia", &[&changed, &other]).await;
        person(&app, "Caio", &[&other]).await;
        let draft =
            json!({ "id": changed.id(), "scope": "team", "grants": grants(&["customer.read", "customer.create"]) });
        let told = admin.post("/roles/simulate", draft).await.expect(200);
        let people = |change: &Json| -> Vec<String> {
            change["people"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect()
        };
        let shown = |list: &Json| -> Vec<(String, Json, Json, Vec<String>)> {
            let one = |c: &Json| {
                (c["permission"].as_str().unwrap().to_owned(), c["before"].clone(), c["after"].clone(), people(c))
            };
            list.as_array().unwrap().iter().map(one).collect()
        };
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            shown(&told["gains"]),
            [
                ("customer.create".to_owned(), Json::Null, json!("team"), names(&["Ana"])),
                // Bia could create already, now with the wider scope.
                ("customer.create".to_owned(), json!("own"), json!("team"), names(&["Bia"])),
            ]
        );
        assert_eq!(
            shown(&told["losses"]),
            [
                ("customer.export".to_owned(), json!("all"), Json::Null, names(&["Ana"])),
                ("customer.export".to_owned(), json!("all"), json!("own"), names(&["Bia"])),
                ("customer.read".to_owned(), json!("all"), json!("team"), names(&["Ana", "Bia"])),
            ]
        );
        assert_eq!((&told["people"], &told["more"]), (&json!(2), &json!(false)));
        // Nothing was saved.
        ana.get("/customers/export").query("format", "csv").await.expect(200);
        assert_eq!(admin.read(&changed).await["scope"], "all");
        let same = json!({ "id": changed.id(), "scope": "all", "grants": changed["grants"] });
        let same = admin.post("/roles/simulate", same).await.expect(200);
        assert_eq!((&same["gains"], &same["losses"]), (&json!([]), &json!([])));
        bia.post("/roles/simulate", json!({ "scope": "all" })).await.problem(403, "forbidden");
        admin.post("/roles/simulate", json!({ "scope": "dele" })).await.refuses(&[("scope", "choice")]);
        let missing = json!({ "id": uuid::Uuid::now_v7(), "scope": "all" });
        admin.post("/roles/simulate", missing).await.problem(404, "not_found");
    });
}

#[test]
fn a_preview_counts_what_somebody_with_the_role_would_see() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let ana = person(&app, "Ana", &[&role(&app, "all", &["customer.create"]).await]).await;
        admin.customer().named("Um").create().await;
        ana.customer().named("Dois").create().await;
        let preview = async |client: &Client, scope: &str, person: Option<&Client>| {
            let draft = json!({ "scope": scope, "grants": grants(&["customer.*", "audit.read"]), "person": person.map(|p| p.id) });
            client.post("/roles/simulate", draft).await.expect(200)["preview"].clone()
        };
        let all = preview(&admin, "all", None).await;
        let seen = &all["resources"][0];
        assert_eq!(
            (&seen["resource"], &seen["area"], &seen["rows"]),
            (&json!("customer"), &json!("customers"), &json!(2))
        );
        assert!(seen["actions"].as_array().unwrap().contains(&json!({ "verb": "block", "scope": "all" })));
        assert_eq!((all["resources"].as_array().unwrap().len(), &all["administration"]), (1, &json!(["audit.read"])));
        assert_eq!(preview(&admin, "own", None).await["resources"][0]["rows"], Json::Null, "of nobody in particular");
        assert_eq!(preview(&admin, "own", Some(&ana)).await["resources"][0]["rows"], 1);
        // Somebody who does not see the rows is not told how many there are.
        let blind = person(&app, "Cega", &[&role(&app, "all", &["role.read"]).await]).await;
        assert_eq!(preview(&blind, "all", None).await["resources"][0]["rows"], Json::Null);
    });
}

#[test]
fn all_roles_come_in_one_answer() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let mixed = role(&app, "own", &["customer.read@team", "customer.create"]).await;
        person(&app, "Ana", &[&mixed]).await;
        let table = admin.get("/roles/table").await;
        let found = table.items().iter().find(|role| role["id"] == mixed["id"]).unwrap();
        assert_eq!((&found["people"], &found["scope"], &found["version"]), (&json!(1), &json!("own"), &json!(1)));
        let held = json!([{ "permission": "customer.read", "scope": "team" }, { "permission": "customer.create", "scope": "own" }]);
        assert_eq!(found["grants"], held);
        assert_eq!(table.items().len(), admin.get("/roles").query("limit", 200).await.items().len());
        app.login("vendedor").get("/roles/table").await.problem(403, "forbidden");
    });
}

#[test]
fn who_can_see_a_record_and_why() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let (all, team) = (role(&app, "all", &["customer.read"]).await, role(&app, "team", &["customer.*"]).await);
        let own = role(&app, "own", &["customer.read", "customer.update"]).await;
        let ana = person(&app, "Ana", &[&own]).await;
        let bia = person(&app, "Bia", &[&team]).await;
        let caio = person(&app, "Caio", &[&own]).await;
        let davi = person(&app, "Davi", &[&all, &own]).await;
        let eva = person(&app, "Eva", &[&role(&app, "all", &["warranty.read"]).await]).await;
        let lines = json!([{ "user_id": ana.id }, { "user_id": bia.id }]);
        admin.create(&TEAM, json!({ "name": "Vendas", "members": lines })).await;
        let record = admin.customer().named("Da Ana").with("owner_id", json!(ana.id)).create().await;
        away(&ana, &eva, "2026-03-10", "2026-03-10").await;
        let token = json!({ "name": "ERP", "scopes": grants(&["customer.read"]) });
        admin.create(&API_TOKEN, token).await;
        let service = json!({ "name": "Robô", "kind": "service", "scopes": grants(&["customer.update"]) });
        admin.create(&API_TOKEN, service).await;

        let told =
            admin.get("/permissions/seen-by").query("resource", "customer").query("id", record.id()).await.expect(200);
        let find = |name: &str| told["people"].as_array().unwrap().iter().find(|p| p["name"] == name).cloned();
        let why = |name: &str, what: &str| -> Vec<String> {
            let one = |why: &Json| {
                format!("{}{}", why["scope"].as_str().unwrap(), if why["for"].is_null() { "" } else { " for" })
            };
            find(name).unwrap()[what].as_array().unwrap().iter().map(one).collect()
        };
        assert_eq!((why("Ana", "read"), why("Ana", "edit")), (vec!["own".to_owned()], vec!["own".to_owned()]));
        assert_eq!((why("Bia", "read"), why("Bia", "edit")), (vec!["team".to_owned()], vec!["team".to_owned()]));
        assert_eq!((why("Davi", "read"), why("Davi", "edit")), (vec!["all".to_owned()], vec![]));
        assert_eq!(
            (why("Eva", "read"), find("Eva").unwrap()["read"][0]["for"]["name"].clone()),
            (vec!["own for".to_owned()], json!("Ana"))
        );
        assert!(find("Caio").is_none() && told["more"] == false);
        // What is told is what the API then does.
        for (client, name) in [(&ana, "Ana"), (&bia, "Bia"), (&caio, "Caio"), (&davi, "Davi"), (&eva, "Eva")] {
            let sees = client.get(&record.path()).await.status == 200;
            assert_eq!(sees, find(name).is_some(), "{name}");
            let edits = client.patch(&admin.read(&record).await, json!({ "notes": name })).await.status == 200;
            assert_eq!(edits, find(name).is_some_and(|p| p["edit"] != json!([])), "{name}");
        }
        let tokens: Vec<(&str, &Json)> =
            told["tokens"].as_array().unwrap().iter().map(|t| (t["name"].as_str().unwrap(), &t["edit"])).collect();
        assert_eq!(tokens, [("ERP", &json!(false))], "a token that may not read is none who sees");
        let ask = |client: &Client, resource: &str, id: &str| {
            client.get("/permissions/seen-by").query("resource", resource).query("id", id)
        };
        ask(&admin, "nada", record.id()).await.refuses(&[("resource", "choice")]);
        ask(&admin, "customer", "x").await.refuses(&[("id", "id.format")]);
        ask(&admin, "customer", ana.id.to_string().as_str()).await.problem(404, "not_found");
        ask(&ana, "customer", record.id()).await.problem(403, "forbidden");
        for resource in registry::RESOURCES {
            let some = ask(&admin, resource.name, record.id()).await.status.as_u16();
            assert!(matches!(some, 200 | 404), "{}: {some}", resource.name);
        }
    });
}
