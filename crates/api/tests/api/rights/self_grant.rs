//! Nobody comes by more than they hold through their own account or a role of
//! their own making, whichever way they write it.

use conexao_domain::identity::{role::ROLE, user::USER};
use serde_json::{Value as Json, json};

use super::{grants, person, role};
use crate::{
    imports::office::{Office, counts},
    support::{Made, on_each_database},
};

#[test]
fn not_by_changing_ones_roles_or_the_role_one_has() {
    on_each_database(async |app| {
        let keeper = role(&app, "team", &["role.*@all", "user.*@all", "customer.read"]).await;
        let me = person(&app, "Zel", &[&keeper]).await;
        let admin = app.login("super_admin");
        let roles = admin.get("/roles").query("filter[key]", "super_admin").await;
        let everything = roles.items()[0]["id"].clone();
        let body = me.get(&format!("/users/{}", me.id)).await.expect(200);
        let myself = Made { resource: &USER, body };
        let lines = json!([{ "role_id": keeper.id() }, { "role_id": everything }]);
        let refused = me.patch(&myself, json!({ "roles": lines })).await.problem(403, "forbidden");
        assert_eq!(refused["errors"][0]["code"], "beyond_own");
        // A scope of one grant counts like that of a role.
        let wider = grants(&["role.*@all", "user.*@all", "customer.read@all"]);
        let refused = me.patch(&keeper, json!({ "grants": wider })).await.problem(403, "forbidden");
        assert_eq!(refused["errors"][0]["field"], "grants.2.permission");
        let refused = me.patch(&keeper, json!({ "scope": "all" })).await.problem(403, "forbidden");
        assert_eq!(refused["errors"][0]["field"], "grants.2.permission");
        let own = json!({ "name": "Menor", "key": "menor", "scope": "own", "grants": grants(&["customer.read"]) });
        me.create(&ROLE, own).await;
        let team =
            json!({ "name": "Igual", "key": "igual", "scope": "all", "grants": grants(&["customer.read@team"]) });
        me.create(&ROLE, team).await;
        let all = json!({ "name": "Maior", "key": "maior", "scope": "own", "grants": grants(&["customer.read@all"]) });
        me.post("/roles", all).await.problem(403, "forbidden");
    });
}

#[test]
fn not_by_a_bulk_of_one() {
    on_each_database(async |app| {
        let keeper = role(&app, "all", &["role.*", "user.*"]).await;
        let me = person(&app, "Zel", &[&keeper]).await;
        let admin = app.login("super_admin");
        let roles = admin.get("/roles").query("filter[key]", "super_admin").await;
        let lines = json!([{ "role_id": roles.items()[0]["id"] }]);
        let bulk = json!({ "action": "patch", "values": { "roles": lines }, "ids": [me.id] });
        let office = Office::open(&app).await;
        let job = me.post("/users/bulk", bulk).await.expect(202);
        Office::with(me.clone()).ended(&job).await;
        let rows = me.get(&format!("/jobs/{}/rows", job["id"].as_str().unwrap())).await;
        assert_eq!(rows.items()[0]["ok"], false, "{}", rows.text);
        office.close().await;
        let held = me.get("/me").await.expect(200)["permissions"].clone();
        assert!(!held.as_array().unwrap().contains(&json!("customer.read")));
    });
}

#[test]
fn not_by_a_file() {
    on_each_database(async |app| {
        let keeper = role(&app, "all", &["role.*", "user.*"]).await;
        let me = person(&app, "Zel", &[&keeper]).await;
        let background = Office::open(&app).await;
        let office = Office::with(me.clone());
        let text = b"name,key,scope,grants\nLarga,larga,all,customer.read\nEstreita,estreita,all,role.read\n";
        let import = office.give(&me, &ROLE, "papeis.csv", text).await.expect(201);
        let fields = ["name", "key", "scope", "grants.permission"];
        let mapping: Vec<Json> =
            fields.iter().enumerate().map(|(at, field)| json!({ "column": at, "field": field })).collect();
        let import = office.change(&import, json!({ "mapping": mapping, "mode": "create" })).await;
        let ended = office.done(&import, "run").await;
        assert_eq!(counts(&ended, ["created", "failed"]), [1, 1], "{ended}");
        let made = me.get("/roles").query("filter[key][in]", "larga,estreita").await;
        assert_eq!(made.items().iter().map(|role| &role["key"]).collect::<Vec<_>>(), ["estreita"]);
        background.close().await;
    });
}
