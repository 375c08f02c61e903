//! What people change about themselves: photo, password, density; and what the
//! safety of their account tells them.

use actix_web::http::Method;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value as Json, json};

use crate::support::{App, Client, PASSWORD, Request, on_each_database};

const FRESH: &str = "uma frase bem comprida de 2026";

/// A PNG of one pixel, half transparent.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGMQaHBoAAACxQFR7uUj8gAAAABJRU5ErkJggg==";

fn pixel() -> Vec<u8> {
    BASE64_STANDARD.decode(PIXEL).unwrap()
}

fn upload(me: &Client, name: &str, content: &[u8]) -> Request {
    me.upload("/me/photo", name, content)
}

fn attempt(app: &App, password: &str) -> Request {
    let email = app.member("vendedor").email.clone();
    app.stranger().post("/auth/login", json!({ "email": email, "password": password }))
}

#[test]
fn a_photo_is_shown_to_colleagues_and_nobody_else() {
    on_each_database(async |app| {
        let (me, colleague) = (app.login("vendedor"), app.login("gerente"));
        upload(&me, "foto.png", b"isto nao e uma foto").await.problem(415, "unsupported_media");
        upload(&me, "foto.svg", &pixel()).await.problem(415, "unsupported_media");
        let first = upload(&me, "foto.png", &pixel()).await.expect(201);
        let mine = format!("/photos/{}", me.id);
        let shown = colleague.get(&mine).await;
        assert_eq!((shown.status.as_u16(), shown.header("content-type")), (200, "image/png"));
        let again = colleague.get(&mine).header("If-None-Match", shown.header("etag")).await;
        assert_eq!(again.status.as_u16(), 304);
        let listed = colleague.get("/photos").await;
        assert_eq!(listed.items(), [json!({ "user_id": me.id, "version": first["version"] })]);
        app.login_elsewhere("super_admin").get(&mine).await.problem(404, "not_found");
        app.stranger().get(&mine).await.problem(401, "unauthenticated");
        let second = upload(&me, "outra.png", &pixel()).await.expect(201);
        assert_ne!(first["version"], second["version"]);
        let gone = format!("/attachments/{}/content", first["version"].as_str().unwrap());
        app.login("super_admin").get(&gone).await.problem(404, "not_found");
        me.request(Method::DELETE, "/me/photo").await.expect(204);
        me.request(Method::DELETE, "/me/photo").await.problem(404, "not_found");
        colleague.get(&mine).await.problem(404, "not_found");
        assert!(colleague.get("/photos").await.items().is_empty());
    });
}

#[test]
fn ones_own_password_takes_the_present_one_and_ends_the_other_log_ins() {
    on_each_database(async |app| {
        let me = app.login("vendedor");
        let other = attempt(&app, PASSWORD).await.expect(200);
        let other = Client::new(app.clone(), other["access_token"].as_str().map(str::to_owned), me.id);
        let change =
            |password: &str, new: &str| me.post("/me/password", json!({ "password": password, "new_password": new }));
        change("errada-errada", FRESH).await.refuses(&[("password", "password.wrong")]);
        change(PASSWORD, "12345").await.problem(422, "validation");
        change(PASSWORD, FRESH).await.expect(204);
        me.get("/me").await.expect(200);
        other.get("/me").await.problem(401, "unauthenticated");
        attempt(&app, PASSWORD).await.problem(401, "credentials");
        attempt(&app, FRESH).await.expect(200);
        let told = me.get("/notifications").await;
        let one = told.items().iter().find(|one| one["event"] == "user.password_changed").cloned().unwrap();
        assert_eq!((&one["category"], &one["title"]), (&json!("security"), &json!("Sua senha foi alterada")));
    });
}

#[test]
fn density_is_kept_with_language_and_theme() {
    on_each_database(async |app| {
        let me = app.login("vendedor");
        assert_eq!(me.get("/me").await.expect(200)["user"]["density"], "comfortable");
        let change = |body: Json| me.request(Method::PATCH, "/me").json(&body);
        assert_eq!(change(json!({ "density": "compact" })).await.expect(200)["user"]["density"], "compact");
        change(json!({ "density": "tiny" })).await.problem(422, "validation");
        change(json!({ "email": "outro@aurora.test" })).await.problem(422, "validation");
    });
}

#[test]
fn keys_are_ones_own() {
    on_each_database(async |app| {
        let (me, other) = (app.login("vendedor"), app.login("gerente"));
        let change = |body: Json| me.request(Method::PATCH, "/me").json(&body);
        let user = me.get("/me").await.expect(200)["user"].clone();
        assert_eq!((&user["shortcuts"], &user["shortcuts_off"]), (&Json::Null, &json!(false)));
        let keys = json!({ "palette": "Ctrl+P", "next": "" });
        let user = change(json!({ "shortcuts": keys, "theme": "dark" })).await.expect(200)["user"].clone();
        assert_eq!((&user["shortcuts"], &user["theme"]), (&keys, &json!("dark")));
        let user = change(json!({ "shortcuts_off": true })).await.expect(200)["user"].clone();
        assert_eq!((&user["shortcuts"], &user["shortcuts_off"]), (&keys, &json!(true)), "what is not named stays");
        assert!(other.get("/me").await.expect(200)["user"]["shortcuts"].is_null());
        let user = change(json!({ "shortcuts": null })).await.expect(200)["user"].clone();
        assert!(user["shortcuts"].is_null());
        change(json!({ "shortcuts": ["a"], "shortcuts_off": 1 }))
            .await
            .refuses(&[("shortcuts", "type"), ("shortcuts_off", "type")]);
        change(json!({ "shortcuts": { "palette": "x".repeat(41) } })).await.refuses(&[("shortcuts", "type")]);
        let many: serde_json::Map<String, Json> = (0..101).map(|n| (n.to_string(), json!("a"))).collect();
        change(json!({ "shortcuts": many })).await.refuses(&[("shortcuts", "too_many")]);
        change(json!({ "shortkeys": {} })).await.refuses(&[("shortkeys", "unknown")]);
        assert_eq!(me.get("/me").await.expect(200)["user"]["theme"], "dark");
    });
}
