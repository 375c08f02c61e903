//! What was removed: who sees it, in which order, and that it comes back.

use chrono::TimeDelta;
use conexao_domain::identity::role::ROLE;
use serde_json::{Value as Json, json};

use crate::support::{App, Client, Made, on_each_database};

async fn bin(client: &Client, query: &[(&str, &str)]) -> (Vec<Json>, Option<String>) {
    let request = query.iter().fold(client.get("/recycle-bin"), |request, (name, value)| request.query(name, value));
    let answer = request.await;
    let next = answer.body["next"].as_str().map(str::to_owned);
    (answer.expect(200)["items"].as_array().unwrap().clone(), next)
}

fn titles(items: &[Json]) -> Vec<&str> {
    items.iter().map(|item| item["title"].as_str().unwrap()).collect()
}

async fn removed(app: &App, client: &Client, name: &str) -> Made {
    let made = client.customer().named(name).with("document", Json::Null).create().await;
    client.delete(&made).await.expect(204);
    app.clock.advance(TimeDelta::seconds(1));
    made
}

#[test]
fn what_was_removed_is_listed_and_comes_back() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let customer = admin.customer().named("Fica").create().await;
        let warranty = admin.warranty(&customer).create().await;
        let first = removed(&app, &admin, "Ana Açaí").await;
        admin.delete(&warranty).await.expect(204);
        app.clock.advance(TimeDelta::seconds(1));
        removed(&app, &admin, "Bia").await;
        let (items, next) = bin(&admin, &[]).await;
        assert_eq!(titles(&items), ["Bia", warranty["number"].as_str().unwrap(), "Ana Açaí"]);
        assert_eq!(next, None);
        let expected = json!({
            "resource": "customer", "id": first.id(), "title": "Ana Açaí", "subtitle": items[2]["subtitle"],
            "deleted_at": "2026-03-10T15:00:00.000Z", "deleted_by": { "id": admin.id, "name": "super_admin" }, "version": 2,
        });
        assert_eq!(items[2], expected);
        assert_eq!(titles(&bin(&admin, &[("resource", "warranty")]).await.0), [warranty["number"].as_str().unwrap()]);
        assert_eq!(titles(&bin(&admin, &[("q", "acai ANA")]).await.0), ["Ana Açaí"]);
        admin.post(&format!("{}/actions/restore", first.path()), json!({})).await.expect(200);
        assert_eq!(bin(&admin, &[("resource", "customer")]).await.0.len(), 1);
        assert!(bin(&app.login_elsewhere("super_admin"), &[]).await.0.is_empty());
        admin.get("/recycle-bin").query("resource", "nothing").await.problem(400, "unknown_parameter");
        admin.get("/recycle-bin").query("after", "nothing").await.problem(400, "malformed");
        admin.get("/recycle-bin").query("limit", "0").await.problem(400, "malformed");
    });
}

#[test]
fn pages_follow_each_other_across_resources() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        for n in 0..7 {
            if n % 3 == 0 {
                let role = json!({ "name": format!("{n}"), "key": format!("k{n}"), "grants": [{ "permission": "customer.read" }] });
                let role = admin.create(&ROLE, role).await;
                admin.delete(&role).await.expect(204);
            } else {
                let made = admin.customer().named(&n.to_string()).create().await;
                admin.delete(&made).await.expect(204);
            }
            // Two of each moment: the id decides.
            app.clock.advance(TimeDelta::seconds(n % 2));
        }
        let (all, _) = bin(&admin, &[]).await;
        assert_eq!(all.len(), 7);
        let (mut found, mut after) = (Vec::new(), None::<String>);
        loop {
            let mut query = vec![("limit", "2")];
            query.extend(after.as_deref().map(|after| ("after", after)));
            let (items, next) = bin(&admin, &query).await;
            assert!(items.len() <= 2);
            found.extend(items);
            after = next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, all);
    });
}

#[test]
fn nobody_sees_what_they_may_not_remove() {
    on_each_database(async |app| {
        let (admin, clerk) = (app.login("super_admin"), app.login("vendedor"));
        removed(&app, &admin, "De outra").await;
        clerk.get("/recycle-bin").query("resource", "customer").await.problem(403, "forbidden");
        assert!(bin(&clerk, &[]).await.0.is_empty());
        // Whoever may remove what is theirs sees what was theirs.
        let roles = admin.get("/roles").query("filter[key]", "vendedor").await;
        let role = admin.read(&Made { resource: &ROLE, body: roles.items()[0].clone() }).await;
        let grant = |permission: &str| json!({ "permission": permission, "scope": "own" });
        let grants = ["customer.read", "customer.create", "customer.delete"].map(grant);
        admin.patch(&role, json!({ "grants": grants })).await.expect(200);
        removed(&app, &clerk, "Minha").await;
        assert_eq!(titles(&bin(&clerk, &[]).await.0), ["Minha"]);
    });
}
