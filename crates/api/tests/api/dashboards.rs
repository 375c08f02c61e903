//! Dashboards: each person's own, checked word by word.

use actix_web::http::Method;
use serde_json::{Value as Json, json};

use crate::support::{Client, Request, on_each_database};

fn put(client: &Client, name: &str, widgets: &Json) -> Request {
    client.request(Method::PUT, "/me/dashboard").query("name", name).json(&json!({ "widgets": widgets }))
}

fn widget(id: &str) -> Json {
    json!({
        "id": id, "kind": "stacked", "resource": "warranty", "title": "Trocas", "query": "q=ana&filter[kind]=exchange&limit=5",
        "group": "created_at", "split": "status", "measure": "sum:total", "interval": "week", "period": "90d", "w": 2, "h": 2,
    })
}

async fn widgets(client: &Client, name: &str) -> Json {
    client.get("/me/dashboard").query("name", name).await.expect(200)["widgets"].clone()
}

#[test]
fn everybody_has_their_own_and_the_last_word_stays() {
    on_each_database(async |app| {
        let (me, other) = (app.login("super_admin"), app.login("gerente"));
        assert_eq!(me.get("/me/dashboard").await.expect(200), json!({ "name": "home", "widgets": null }));
        let shortcuts = json!({ "id": "s", "kind": "shortcuts", "w": 1, "h": 1 });
        let kept = put(&me, "home", &json!([widget("a"), shortcuts])).await.expect(200);
        assert_eq!(kept["widgets"][0]["query"], "q=ana&filter%5Bkind%5D=exchange", "pages are no part of it");
        assert_eq!(
            kept["widgets"][1],
            json!({ "id": "s", "kind": "shortcuts", "query": "", "measure": "count", "w": 1, "h": 1 })
        );
        assert_eq!(widgets(&me, "home").await, kept["widgets"]);
        assert!(widgets(&other, "home").await.is_null() && widgets(&me, "vendas").await.is_null());
        put(&me, "home", &json!([])).await.expect(200);
        assert_eq!(widgets(&me, "home").await, json!([]), "an empty page is a choice too");
        put(&me, "home", &Json::Null).await.expect(200);
        assert!(widgets(&me, "home").await.is_null());
        let told = me.get("/audit").query("resource", "dashboard").await;
        assert_eq!(told.items().len(), 3);
        assert_eq!(told.items()[0]["resource_label"], "Painel");
    });
}

#[test]
fn what_a_widget_cannot_show_is_named() {
    on_each_database(async |app| {
        let me = app.login("super_admin");
        let wrong = async |name: &str, value: Json, code: &str| {
            let mut other = widget("b");
            other[name] = value;
            let field = format!("widgets.1.{name}");
            put(&me, "home", &json!([widget("a"), other])).await.refuses(&[(&field, code)]);
        };
        wrong("id", json!("a"), "taken").await;
        wrong("id", json!(""), "required").await;
        wrong("id", json!("x".repeat(41)), "length").await;
        wrong("kind", json!("pie"), "choice").await;
        wrong("title", json!("x".repeat(81)), "length").await;
        wrong("resource", json!("nothing"), "choice").await;
        wrong("resource", Json::Null, "required").await;
        wrong("query", json!("filter[nothing]=1"), "query").await;
        wrong("group", json!("nothing"), "choice").await;
        wrong("split", json!("items"), "choice").await;
        wrong("measure", json!("sum:status"), "choice").await;
        wrong("measure", json!("average"), "choice").await;
        wrong("interval", json!("hour"), "choice").await;
        wrong("period", json!("long"), "choice").await;
        wrong("w", json!(5), "range").await;
        wrong("h", json!(0), "range").await;
        let many: Vec<Json> = (0..25).map(|n| widget(&n.to_string())).collect();
        put(&me, "home", &json!(many)).await.refuses(&[("widgets", "too_many")]);
        put(&me, "Home 1", &json!([])).await.refuses(&[("name", "choice")]);
        me.get("/me/dashboard").query("name", "x".repeat(33)).await.refuses(&[("name", "choice")]);
        assert!(widgets(&me, "home").await.is_null());
        // Whoever may not read the records has no numbers of them.
        let mut users = widget("a");
        users["resource"] = json!("user");
        for name in ["group", "split", "measure", "interval", "query"] {
            users.as_object_mut().unwrap().remove(name);
        }
        put(&me, "home", &json!([users])).await.expect(200);
        put(&app.login("vendedor"), "home", &json!([users])).await.refuses(&[("widgets.0.resource", "choice")]);
    });
}

#[test]
fn one_person_has_ten() {
    on_each_database(async |app| {
        let me = app.login("vendedor");
        for letter in 'a'..='j' {
            put(&me, &letter.to_string(), &json!([])).await.expect(200);
        }
        put(&me, "k", &json!([])).await.refuses(&[("name", "too_many")]);
        put(&me, "a", &json!([])).await.expect(200);
        put(&me, "b", &Json::Null).await.expect(200);
        put(&me, "k", &json!([])).await.expect(200);
    });
}
