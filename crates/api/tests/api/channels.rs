//! Messages, ways out and notices over HTTP: what programs and providers call.

use actix_web::http::Method;
use serde_json::{Value as Json, json};

use crate::support::{Client, Request, on_each_database};

fn patch(client: &Client, path: &str, body: Json) -> Request {
    client.request(Method::PATCH, path).json(&body)
}

#[test]
fn programs_tell_people_once_under_a_key() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let (manager, seller) = (app.login("gerente"), app.login("vendedor"));
        let notice = json!({
            "to": { "roles": ["vendedor"] }, "category": "warranty", "title": "Lote chegou", "source": "lote-1",
        });
        manager.post("/notifications", notice.clone()).await.problem(403, "forbidden");
        let before = seller.get("/notifications").await.expect(200)["unread"].as_i64().unwrap();
        let told = admin.post("/notifications", notice.clone()).once("k1").await.expect(201);
        assert_eq!(told["told"], 1);
        let again = admin.post("/notifications", notice.clone()).once("k1").await.expect(201);
        assert_eq!(again, told);
        admin.post("/notifications", notice.clone()).once("k2").await.expect(201);
        let other = json!({ "to": { "roles": ["vendedor"] }, "category": "warranty", "title": "Outro" });
        admin.post("/notifications", other).once("k1").await.problem(409, "idempotency_mismatch");
        let after = seller.get("/notifications").await.expect(200);
        assert_eq!(after["unread"].as_i64().unwrap(), before + 1);
        assert_eq!(after["items"][0]["title"], "Lote chegou");
        let security = json!({ "to": { "roles": ["vendedor"] }, "category": "security", "title": "Senha" });
        admin.post("/notifications", security).await.problem(422, "validation");
    });
}

#[test]
fn callbacks_believe_nobody_without_proof() {
    on_each_database(async |app| {
        let stranger = app.stranger();
        let id = uuid::Uuid::now_v7();
        for path in [format!("/callbacks/sms/1/{id}"), "/callbacks/sms/1".to_owned(), "/callbacks/sms/999/x".to_owned()]
        {
            let answer = stranger.post(&path, json!({})).header("X-Twilio-Signature", "AAAA").await;
            assert!(matches!(answer.status.as_u16(), 403 | 404), "{path}: {}", answer.text);
        }
        stranger.post("/callbacks/mail/nenhum", json!({})).await.problem(404, "not_found");
        let admin = app.login("super_admin");
        let url = admin.get("/channels/intake").await.expect(200)["url"].as_str().unwrap().to_owned();
        let path = url.split("/api/v1").nth(1).unwrap().to_owned();
        let about = stranger.post(&path, json!({})).await.expect(200);
        assert_eq!(about["about"], 0, "nothing that is a report of a message of ours");
    });
}

#[test]
fn choices_and_defaults_are_kept() {
    on_each_database(async |app| {
        let (admin, seller) = (app.login("super_admin"), app.login("vendedor"));
        let of = |answer: &Json, category: &str, channel: &str| {
            let all = answer["choices"].as_array().unwrap().clone();
            all.into_iter().find(|one| one["category"] == category && one["channel"] == channel).unwrap()["wanted"]
                .clone()
        };
        let set = json!({ "choices": [{ "category": "comment", "channel": "push", "wanted": true }] });
        patch(&seller, "/notification-defaults", set.clone()).await.problem(403, "forbidden");
        let kept = patch(&admin, "/notification-defaults", set).await.expect(200);
        assert_eq!(of(&kept, "comment", "push"), true);
        assert_eq!(of(&seller.get("/notification-choices").await.expect(200), "comment", "push"), true);
        let own = json!({
            "choices": [{ "category": "comment", "channel": "push", "wanted": false }],
            "digest": true, "digest_every": "hour", "escalate_minutes": 30, "quiet_from": "22:00", "quiet_until": "07:00",
        });
        let kept = patch(&seller, "/notification-choices", own).await.expect(200);
        assert_eq!(of(&kept, "comment", "push"), false);
        assert_eq!((&kept["digest_every"], &kept["escalate_minutes"]), (&json!("hour"), &json!(30)));
        let cleared = patch(&seller, "/notification-choices", json!({ "escalate_minutes": null })).await.expect(200);
        assert_eq!((&cleared["escalate_minutes"], &cleared["quiet_from"]), (&json!(null), &json!("22:00")));
        for wrong in [
            json!({ "digest_every": "week" }),
            json!({ "quiet_from": "25:00" }),
            json!({ "escalate_minutes": 0 }),
            json!({ "choices": [{ "category": "digest", "channel": "sms", "wanted": true }] }),
            json!({ "choices": [
                { "category": "security", "channel": "app", "wanted": false },
                { "category": "security", "channel": "email", "wanted": false },
            ] }),
        ] {
            patch(&seller, "/notification-choices", wrong).await.problem(422, "validation");
        }
    });
}

#[test]
fn templates_name_the_line_that_is_wrong() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let all = admin.get("/message-templates").await.expect(200);
        assert_eq!(all["items"].as_array().unwrap().len(), 18);
        let path = "/message-templates/welcome/en";
        let ours = admin.get(path).await.expect(200);
        let texts = json!({ "subject": "Hi {{ name }}", "text": ours["text"], "html": "<p>\n{{ nobody }}" });
        let refused = admin.post(&format!("{path}/actions/preview"), texts.clone()).await.problem(422, "validation");
        assert_eq!((&refused["errors"][0]["field"], &refused["line"]), (&json!("html"), &json!(2)));
        let good = json!({ "subject": "Hi {{ name }}", "text": ours["text"], "html": ours["html"], "version": 0 });
        let kept = patch(&admin, path, good.clone()).await.expect(200);
        assert_eq!(
            (&kept["own"], &kept["version"], &kept["subject"]),
            (&json!(true), &json!(1), &json!("Hi {{ name }}"))
        );
        patch(&admin, path, good).await.problem(412, "stale");
        let said = admin.get("/audit").query("resource", "message_template").await.expect(200);
        assert_eq!(said["items"].as_array().unwrap().len(), 1);
        admin.request(Method::DELETE, path).await.expect(204);
        assert_eq!(admin.get(path).await.expect(200)["own"], false);
    });
}
