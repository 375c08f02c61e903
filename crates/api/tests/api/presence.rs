//! Who is at a record.

use chrono::TimeDelta;
use serde_json::{Value as Json, json};

use crate::support::{Client, Made, Request, on_each_database};

fn say(client: &Client, made: &Made, doing: &str, page: &str) -> Request {
    client.post(&format!("{}/presence", made.path()), json!({ "doing": doing, "page": page }))
}

async fn others(client: &Client, made: &Made, doing: &str) -> Vec<Json> {
    say(client, made, doing, "").await.expect(200)["people"].as_array().unwrap().clone()
}

#[test]
fn people_see_each_other_until_they_are_not_heard_of() {
    on_each_database(async |app| {
        let (admin, clerk) = (app.login("super_admin"), app.login("vendedor"));
        let made = admin.customer().create().await;
        assert!(others(&admin, &made, "viewing").await.is_empty(), "oneself is nobody else");
        let seen = others(&clerk, &made, "editing").await;
        let expected =
            json!({ "id": admin.id, "name": "super_admin", "doing": "viewing", "since": "2026-03-10T15:00:00.000Z" });
        assert_eq!(seen, [expected]);
        app.clock.advance(TimeDelta::seconds(30));
        let seen = others(&admin, &made, "viewing").await;
        assert_eq!((&seen[0]["doing"], &seen[0]["since"]), (&json!("editing"), &json!("2026-03-10T15:00:00.000Z")));
        app.clock.advance(TimeDelta::seconds(30));
        assert!(others(&admin, &made, "viewing").await.is_empty(), "forgotten after a while");
        others(&clerk, &made, "viewing").await;
        assert_eq!(others(&admin, &made, "gone").await.len(), 1);
        assert!(others(&clerk, &made, "viewing").await.is_empty());
        let other = admin.customer().create().await;
        assert!(others(&admin, &other, "viewing").await.is_empty(), "each record has its own");
        // Nothing of it is in the audit.
        let told = admin.get(&format!("{}/timeline", made.path())).await;
        assert_eq!(told.items().len(), 1);
    });
}

#[test]
fn only_who_may_read_the_record_hears_who_is_there() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let made = admin.customer().create().await;
        say(&app.login_elsewhere("super_admin"), &made, "viewing", "").await.problem(404, "not_found");
        say(&app.stranger(), &made, "viewing", "").await.problem(401, "unauthenticated");
        let mut user = made.clone();
        user.resource = &conexao_domain::identity::user::USER;
        say(&app.login("vendedor"), &user, "viewing", "").await.problem(403, "forbidden");
        say(&admin, &made, "sleeping", "").await.refuses(&[("doing", "choice")]);
        say(&admin, &made, "viewing", &"x".repeat(41)).await.refuses(&[("page", "length")]);
        admin.delete(&made).await.expect(204);
        say(&admin, &made, "viewing", "").await.problem(404, "not_found");
    });
}
