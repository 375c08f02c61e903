use chrono::TimeDelta;
use conexao_domain::{
    customers::customer::CUSTOMER,
    kernel::field::{Kind, Writer},
    registry::RESOURCES,
};
use serde_json::{Value as Json, json};

use crate::support::{cpf, dump, full_input, least_input, on_each_database};

#[test]
fn a_new_record_reads_as_it_was_answered_with_every_declared_field() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        for resource in RESOURCES {
            for input in [least_input(&admin, resource).await, full_input(&admin, resource).await] {
                let answer = admin.post(&format!("/{}", resource.path), input).await;
                assert_eq!(answer.header("etag"), "\"1\"");
                let location = answer.header("location").to_owned();
                let mut made = answer.expect(201);
                // Shown in this one answer.
                made.as_object_mut().unwrap().remove("_secret");
                let path = format!("/{}/{}", resource.path, made["id"].as_str().unwrap());
                assert_eq!(location, format!("/api/v1{path}"));
                let read = admin.get(&path).await;
                assert_eq!(read.header("etag"), "\"1\"");
                assert_eq!(read.expect(200), made, "{}", resource.name);
                for field in resource.fields {
                    let value =
                        made.get(field.name).unwrap_or_else(|| panic!("{} lacks {}", resource.name, field.name));
                    assert!(matches!(field.kind, Kind::Lines(_) | Kind::Tags) == value.is_array(), "{}", field.name);
                }
                let listed = admin.get(&format!("/{}", resource.path)).query("limit", 200).await;
                let listed = listed.items().iter().find(|r| r["id"] == made["id"]).unwrap().clone();
                for field in resource.fields.iter().filter(|f| !matches!(f.kind, Kind::Lines(_))) {
                    assert_eq!(listed[field.name], made[field.name], "{}.{} in the list", resource.name, field.name);
                }
            }
        }
    });
}

#[test]
fn a_patch_changes_what_it_names_and_nothing_else() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let input = full_input(&admin, &CUSTOMER).await;
        let made = admin.create(&CUSTOMER, input).await;
        app.clock.advance(TimeDelta::seconds(5));
        let answer = admin.patch(&made, json!({ "name": "  Nome Novo ", "trade_name": null, "tags": [] })).await;
        assert_eq!(answer.header("etag"), "\"2\"");
        let changed = answer.expect(200);
        assert_eq!(changed, admin.read(&made).await.body);
        let mut expected = made.body.clone();
        for (name, value) in [
            ("name", json!("Nome Novo")),
            ("trade_name", Json::Null),
            ("tags", json!([])),
            ("version", json!(2)),
            ("updated_at", json!("2026-03-10T15:00:05.000Z")),
        ] {
            expected[name] = value;
        }
        assert_eq!(changed, expected);
    });
}

#[test]
fn a_patch_that_changes_nothing_leaves_no_trace() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        for resource in RESOURCES {
            let input = full_input(&admin, resource).await;
            let made = admin.create(resource, input.clone()).await;
            let before = dump(&app, app.tenant()).await;
            app.clock.advance(TimeDelta::seconds(5));
            // Lines without ids are new lines, so they are sent as they were read.
            let mut same = input.as_object().unwrap().clone();
            for (field, lines) in resource.lines() {
                let read = admin.plain(&made).await;
                let sent: Vec<Json> = read[field.name]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|line| {
                        let own =
                            lines.fields.iter().filter(|f| f.writer != Writer::System).map(|f| f.name).chain(["id"]);
                        Json::Object(own.map(|name| (name.to_owned(), line[name].clone())).collect())
                    })
                    .collect();
                same.insert(field.name.to_owned(), json!(sent));
            }
            let before = if resource.lines().next().is_some() { dump(&app, app.tenant()).await } else { before };
            // What may not change any more is not sent.
            same.retain(|name, _| match resource.field(name).unwrap().writer {
                Writer::While(states) => made["status"].as_str().is_some_and(|now| states.contains(&now)),
                _ => true,
            });
            let answer = admin.patch(&made, Json::Object(same)).await.expect(200);
            assert_eq!(answer["version"], 1, "{}", resource.name);
            assert_eq!(dump(&app, app.tenant()).await, before, "{}", resource.name);
        }
    });
}

#[test]
fn writes_need_the_version_they_are_based_on() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let made = admin.customer().create().await;
        let step = || admin.step(&made, "block", json!({ "block_reason": "x" }));
        for request in [admin.patch(&made, json!({ "name": "B" })), admin.delete(&made), step()] {
            request.without_if_match().await.problem(428, "precondition_required");
        }
        for unreadable in ["um", "\"\"", "*", "1.5"] {
            admin.patch(&made, json!({ "name": "B" })).header("If-Match", unreadable).await.problem(400, "malformed");
        }
        admin.patch(&made, json!({ "name": "B" })).header("If-Match", "W/\"1\"").await.expect(200);
        for request in [admin.patch(&made, json!({ "name": "C" })), admin.delete(&made), step()] {
            let stale = request.await.problem(412, "stale");
            assert_eq!(stale["current"]["name"], "B");
            assert_eq!(stale["current"]["version"], 2);
        }
        assert_eq!(admin.read(&made).await["name"], "B");
    });
}

#[test]
fn wrong_values_are_all_named_at_once_with_words() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let wrong = json!({
            "name": "", "document": "111.111.111-11", "birth_date": "31/12/1999", "tags": "VIP", "kind": 7,
            "contacts": [{ "channel": "fax", "value": "1", "cor": "azul" }, "linha"],
            "addresses": { "cep": "1" }, "status": "blocked", "owner_id": "eu",
        });
        admin.post("/customers", wrong).await.refuses(&[
            ("name", "required"),
            ("document", "cpf.repeated"),
            ("birth_date", "date.format"),
            ("tags", "tags"),
            ("kind", "type"),
            ("contacts.0.channel", "choice"),
            ("contacts.0.cor", "unknown"),
            ("contacts.1", "type"),
            ("addresses", "type"),
            ("status", "read_only"),
            ("owner_id", "reference"),
        ]);
        let cross = json!({ "name": "A", "document": crate::support::cnpj(1), "birth_date": "2026-03-11" });
        admin
            .post("/customers", cross)
            .await
            .refuses(&[("document", "document.cpf_expected"), ("birth_date", "date.future")]);
        let long = json!({ "name": "a".repeat(161), "notes": "b".repeat(8001), "trade_name": "c\u{7}" });
        let refused = [("name", "length"), ("notes", "length"), ("trade_name", "control_characters")];
        admin.post("/customers", long).await.refuses(&refused);
        assert_eq!(admin.get("/customers").query("count", "exact").await.body["count"], 0);
    });
}

#[test]
fn unknown_fields_are_answered_with_the_valid_ones() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let made = admin.customer().create().await;
        for name in ["nome", "id", "version", "created_at", "tenant_id", "deleted_at", "search_text"] {
            for request in [admin.post("/customers", json!({ name: "x" })), admin.patch(&made, json!({ name: "x" }))] {
                let body = request.await.problem(422, "validation");
                assert_eq!(body["errors"][0]["field"], name);
                assert_eq!(body["errors"][0]["code"], "unknown");
                let valid = body["valid"].as_array().unwrap();
                assert!(valid.contains(&json!("name")) && !valid.contains(&json!("status")), "{body}");
            }
        }
        let step = admin.step(&made, "block", json!({ "name": "x" })).await.problem(422, "validation");
        assert_eq!(step["valid"], json!(["block_reason"]));
    });
}

#[test]
fn fields_of_the_system_are_read_only_for_everybody() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        for resource in RESOURCES {
            let input = full_input(&admin, resource).await;
            let made = admin.create(resource, input).await;
            for field in resource.fields.iter().filter(|f| f.writer == Writer::System) {
                admin.patch(&made, json!({ field.name: made[field.name] })).await.refuses(&[(field.name, "read_only")]);
            }
        }
    });
}

#[test]
fn removal_hides_a_record_everywhere_until_it_is_restored() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let other = admin.customer().named("Outra").create().await;
        for resource in RESOURCES {
            let input = full_input(&admin, resource).await;
            let made = admin.create(resource, input).await;
            let title = made[resource.title].as_str().unwrap().to_owned();
            let removed = admin.delete(&made).await;
            assert!(removed.text.is_empty());
            removed.expect(204);
            admin.get(&made.path()).await.problem(404, "not_found");
            admin.get(&format!("{}/timeline", made.path())).await.problem(404, "not_found");
            admin.patch(&made, json!({})).await.problem(404, "not_found");
            admin.delete(&made).await.problem(404, "not_found");
            for path in ["", "/lookup"] {
                let listed = admin.get(&format!("/{}{path}", resource.path)).query("q", &title).await;
                assert!(listed.items().iter().all(|r| r["id"] != made["id"]), "{}{path}", resource.path);
            }
            let restored = admin.post(&format!("{}/actions/restore", made.path()), json!({})).await;
            assert_eq!(restored.header("etag"), "\"3\"");
            let restored = restored.expect(200);
            assert_eq!(restored, admin.read(&made).await.body);
            for field in resource.fields {
                assert_eq!(restored[field.name], made[field.name], "{}.{}", resource.name, field.name);
            }
            // Restored twice is restored once.
            let again = admin.post(&format!("{}/actions/restore", made.path()), json!({})).await.expect(200);
            assert_eq!(again["version"], 3);
        }
        assert_eq!(admin.read(&other).await["version"], 1);
    });
}

#[test]
fn a_unique_value_is_free_again_only_while_its_holder_is_removed() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let first = admin.customer().named("Primeira").with("document", cpf(1)).create().await;
        let taken = admin.customer().with("document", cpf(1)).send().await.problem(409, "duplicate");
        assert_eq!(taken["errors"][0]["field"], "document");
        let second = admin.customer().named("Segunda").create().await;
        let taken = admin.patch(&second, json!({ "document": cpf(1) })).await.problem(409, "duplicate");
        assert_eq!(taken["errors"][0]["field"], "document");
        admin.delete(&first).await.expect(204);
        admin.patch(&second, json!({ "document": cpf(1) })).await.expect(200);
        let blocked = admin.post(&format!("{}/actions/restore", first.path()), json!({})).await;
        assert_eq!(blocked.problem(409, "duplicate")["errors"][0]["field"], "document");
        // What nobody has may be shared.
        admin.customer().create().await;
        admin.customer().create().await;
    });
}

#[test]
fn duplicates_are_pointed_out_before_they_are_made() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let contacts = json!([{ "channel": "whatsapp", "value": "11 98765-4321" }, { "channel": "email", "value": "Ana@Exemplo.com" }]);
        let made = admin.customer().named("Ana").with("document", cpf(9)).with("contacts", contacts).create().await;
        let ask = async |pairs: &[(&str, &str)]| {
            let request = pairs.iter().fold(admin.get("/customers/duplicates"), |r, (n, v)| r.query(n, v));
            let body = request.await.expect(200);
            body["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|i| i["field"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(ask(&[("document", &cpf(9))]).await, ["document"]);
        assert_eq!(ask(&[("phone", "+55 (11) 98765-4321")]).await, ["phone"]);
        assert_eq!(ask(&[("email", "ana@exemplo.com")]).await, ["email"]);
        assert_eq!(ask(&[("document", &cpf(9)), ("phone", "11987654321")]).await, ["document"], "one record, one hint");
        assert!(ask(&[("document", &cpf(9)), ("exclude", made.id())]).await.is_empty());
        assert!(ask(&[("document", "não é"), ("phone", ""), ("email", "x")]).await.is_empty());
        assert!(ask(&[]).await.is_empty());
    });
}
