use conexao_domain::registry::RESOURCES;
use serde_json::{Value as Json, json};

use crate::support::on_each_database;

#[track_caller]
fn names(body: &Json, expected: &str) {
    let valid = body["valid"].as_array().unwrap_or_else(|| panic!("no valid names in {body}"));
    assert!(valid.contains(&json!(expected)), "{expected} is not among {body}");
}

#[test]
fn unknown_names_are_answered_with_the_valid_ones() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        let ask = async |name: &str, value: &str| {
            admin.get("/customers").query(name, value).await.problem(400, "unknown_parameter")
        };
        names(&ask("filter[nome]", "x").await, "name");
        // Declared, but not for filtering; nothing is filtered by accident.
        let body = ask("filter[birth_date]", "2000-01-01").await;
        names(&body, "document");
        assert!(!body["valid"].as_array().unwrap().contains(&json!("birth_date")));
        names(&ask("filter[name][like]", "x").await, "contains");
        names(&ask("sort", "nome").await, "name");
        names(&ask("sort", "-document").await, "-created_at".trim_start_matches('-'));
        names(&ask("where", r#"{"field":"nome","value":1}"#).await, "name");
        names(&ask("page", "2").await, "after");
        let groups = admin.get("/warranties/aggregate").query("group", "nada").await.problem(400, "unknown_parameter");
        names(&groups, "status");
        let sums = admin.get("/warranties/aggregate").query("group", "status").query("sum", "status").await;
        names(&sums.problem(400, "unknown_parameter"), "total");
    });
}

#[test]
fn values_that_do_not_fit_are_refused_by_name() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        for (name, value) in [
            ("filter[document]", "123"),
            ("filter[owner_id]", "ninguém"),
            ("filter[owner_id]", "@today"),
            ("filter[kind]", "robot"),
            ("filter[name][gte]", "a"),
            ("filter[status][contains]", "a"),
            ("filter[created_at][gte]", "ontem"),
            ("filter[created_at][gte]", "@ontem"),
            ("filter[name][empty]", "talvez"),
            ("filter[name][contains]", "a\0b"),
            ("filter[tags]", "\0"),
            ("filter[status]", "\0"),
        ] {
            let body = admin.get("/customers").query(name, value).await.problem(422, "validation");
            let field = name.split("][").next().unwrap().trim_end_matches(']');
            assert_eq!(body["errors"][0]["field"], format!("{field}]"), "{name}={value}");
        }
    });
}

#[test]
fn limits_and_cursors_are_checked() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        for _ in 0..3 {
            admin.customer().create().await;
        }
        for limit in ["0", "201", "-1", "muitos", ""] {
            admin.get("/customers").query("limit", limit).await.problem(400, "malformed");
        }
        let page = admin.get("/customers").query("limit", 1).await.expect(200);
        let next = page["next"].as_str().unwrap();
        let with =
            async |sort: &str, after: &str| admin.get("/customers").query("sort", sort).query("after", after).await;
        with("name", next).await.expect(200);
        with("-name", next).await.problem(400, "malformed");
        with("created_at", next).await.problem(400, "malformed");
        for broken in ["", "zz", "00", &next[2..], &format!("{next}00")] {
            with("name", broken).await.problem(400, "malformed");
        }
        // A cursor made up by hand is a cursor like any other, or is refused.
        let forged = |values: Json| {
            let cursor = json!({ "s": "name", "v": values, "i": uuid::Uuid::nil() }).to_string();
            cursor.bytes().map(|b| format!("{b:02x}")).collect::<String>()
        };
        with("name", &forged(json!(["b"]))).await.expect(200);
        for values in [json!(["a\0b"]), json!([1]), json!([{}]), json!([]), json!(["a", "b"])] {
            with("name", &forged(values)).await.problem(400, "malformed");
        }
    });
}

#[test]
fn trees_are_bounded() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        let one = json!({ "field": "name", "value": "x" });
        let ask = async |tree: Json| admin.get("/customers").query("where", tree).await;
        let deep = |depth: usize| (0..depth).fold(one.clone(), |inner, _| json!({ "and": [inner] }));
        ask(deep(4)).await.expect(200);
        ask(deep(5)).await.problem(400, "malformed");
        ask(json!({ "or": vec![one.clone(); 40] })).await.expect(200);
        ask(json!({ "or": vec![one.clone(); 41] })).await.problem(400, "malformed");
        ask(json!({ "field": "name", "op": "in", "value": vec!["x"; 500] })).await.expect(200);
        ask(json!({ "field": "name", "op": "in", "value": vec!["x"; 501] })).await.problem(422, "validation");
        for broken in
            [json!([]), json!("x"), json!({}), json!({ "field": "name" }), json!({ "and": {} }), json!({ "value": 1 })]
        {
            ask(broken).await.problem(400, "malformed");
        }
        admin.get("/customers").query("where", "{").await.problem(400, "malformed");
        for empty in [
            json!({ "and": [] }),
            json!({ "or": [] }),
            json!({ "or": [{ "and": [] }] }),
            json!({ "and": [{ "or": [] }] }),
        ] {
            ask(empty).await.expect(200);
        }
    });
}

#[test]
fn every_list_answers_in_its_default_order() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        for resource in RESOURCES {
            let answer = admin.get(&format!("/{}", resource.path)).await;
            let body = answer.expect(200);
            assert_eq!(body["count"], Json::Null, "the exact count costs and is only given when asked for");
            assert!(body["items"].is_array() && body.get("next").is_some());
        }
    });
}
