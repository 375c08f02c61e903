//! Kept lists: whose they are, who sees them, what may be kept.

use actix_web::http::Method;
use serde_json::{Value as Json, json};

use crate::support::{Client, on_each_database};

/// Names of the customer views somebody has.
async fn names(client: &Client) -> Vec<String> {
    let body = client.get("/views").query("resource", "customer").await.expect(200);
    let items = body["items"].as_array().unwrap();
    items.iter().map(|view| view["name"].as_str().unwrap().to_owned()).collect()
}

fn draft(name: &str) -> Json {
    json!({ "resource": "customer", "name": name, "query": "q=ana&filter[status]=active&sort=-created_at&limit=25&after=x" })
}

#[test]
fn a_view_is_its_makers_until_it_is_shared() {
    on_each_database(async |app| {
        let (admin, clerk) = (app.login("super_admin"), app.login("vendedor"));
        let own = clerk.post("/views", draft("Ativos com Ana")).await.expect(201);
        assert_eq!(own["query"], "q=ana&filter%5Bstatus%5D=active&sort=-created_at", "pages are no part of a view");
        assert_eq!((&own["mine"], &own["shared"]), (&json!(true), &json!(false)));
        assert_eq!(names(&clerk).await, ["Ativos com Ana"]);
        assert!(names(&admin).await.is_empty());
        // Nobody else learns that it is there.
        let path = format!("/views/{}", own["id"].as_str().unwrap());
        admin.request(Method::PATCH, &path).json(&json!({ "name": "Meu" })).await.problem(404, "not_found");
        admin.request(Method::DELETE, &path).await.problem(404, "not_found");
        clerk.request(Method::PATCH, &path).json(&json!({ "shared": true })).await.problem(403, "forbidden");

        let shared = admin.post(
            "/views",
            json!({ "resource": "customer", "name": "Bloqueados", "query": "filter[status]=blocked", "shared": true }),
        );
        let shared = shared.await.expect(201);
        assert_eq!(names(&clerk).await, ["Ativos com Ana", "Bloqueados"]);
        let path = format!("/views/{}", shared["id"].as_str().unwrap());
        clerk.request(Method::DELETE, &path).await.problem(403, "forbidden");
        admin.request(Method::DELETE, &path).await.expect(204);
        assert_eq!(names(&clerk).await, ["Ativos com Ana"]);
        assert!(
            app.login_elsewhere("super_admin").get("/views").query("resource", "customer").await.expect(200)["items"]
                .as_array()
                .unwrap()
                .is_empty()
        );
    });
}

#[test]
fn a_role_begins_with_its_view() {
    on_each_database(async |app| {
        let (admin, clerk) = (app.login("super_admin"), app.login("vendedor"));
        let roles = admin.get("/roles").query("filter[key]", "vendedor").await.expect(200);
        let role = roles["items"][0]["id"].clone();
        let mut wanted = draft("Começo");
        wanted["role_id"] = role;
        admin.post("/views", wanted).await.expect(201);
        let of = async |client: &Client| {
            client.get("/views").query("resource", "customer").await.expect(200)["items"].clone()
        };
        assert_eq!(of(&clerk).await[0]["start"], true);
        assert_eq!(of(&admin).await[0]["start"], false, "the maker has another role");
    });
}

#[test]
fn what_no_list_understands_is_not_kept() {
    on_each_database(async |app| {
        let clerk = app.login("vendedor");
        let send = async |body: Json| clerk.post("/views", body).await;
        let with = |name: &str, value: Json| {
            let mut body = draft("Nome");
            body[name] = value;
            body
        };
        send(with("name", json!(" "))).await.refuses(&[("name", "required")]);
        send(with("name", json!("x".repeat(61)))).await.refuses(&[("name", "length")]);
        send(with("query", json!("filter[secret]=1"))).await.refuses(&[("query", "query")]);
        send(with("columns", json!(["name", "nonsense"]))).await.refuses(&[("columns", "choice")]);
        send(with("resource", json!("nonsense"))).await.problem(400, "unknown_parameter");
        send(with("shared", json!(true))).await.problem(403, "forbidden");
        send(json!({ "name": "Sem lista" })).await.refuses(&[("resource", "required")]);
        assert!(names(&clerk).await.is_empty());
    });
}

#[test]
fn one_person_keeps_fifty_of_a_list() {
    on_each_database(async |app| {
        let clerk = app.login("vendedor");
        for n in 0..50 {
            clerk.post("/views", draft(&format!("{n:02}"))).await.expect(201);
        }
        clerk.post("/views", draft("51")).await.refuses(&[("name", "too_many")]);
        let kept = clerk.get("/views").query("resource", "customer").await.expect(200);
        let path = format!("/views/{}", kept["items"][0]["id"].as_str().unwrap());
        let changed =
            clerk.request(Method::PATCH, &path).json(&json!({ "name": "Outro", "columns": ["name", "city"] }));
        let changed = changed.await.expect(200);
        assert_eq!(
            (&changed["name"], &changed["query"]),
            (&json!("Outro"), &kept["items"][0]["query"]),
            "what is not named stays"
        );
        assert_eq!(changed["columns"], json!(["name", "city"]));
    });
}
