//! Steps that want other eyes refuse whoever acted before, by every way there is.

use conexao_domain::{after_sales::warranty::WARRANTY, identity::api_token::API_TOKEN, registry::RESOURCES};
use serde_json::{Value as Json, json};

use super::{away, grants, person, role};
use crate::{
    imports::office::Office,
    support::{App, Client, Made, on_each_database},
};

const REASON: &str = "engano";

/// A warranty that this client has checked.
async fn checked(client: &Client) -> Made {
    let customer = client.customer().create().await;
    let made = client.warranty(&customer).create().await;
    let made = made.now(client.step(&made, "generate", json!({})).await.expect(200));
    made.now(client.step(&made, "check", json!({})).await.expect(200))
}

async fn manager(app: &App, name: &str) -> Client {
    let whole = role(app, "all", &["customer.*", "warranty.*", "api_token.*", "settings.manage"]).await;
    person(app, name, &[&whole]).await
}

async fn reverse(client: &Client, made: &Made) -> crate::support::Answer {
    client.step(made, "reverse", json!({ "cancel_reason": REASON })).await
}

fn step(record: &Json, name: &str) -> Json {
    record["_steps"].as_array().unwrap().iter().find(|step| step["name"] == name).unwrap().clone()
}

#[test]
fn who_checked_does_not_reverse_and_somebody_else_does() {
    on_each_database(async |app| {
        let (ana, bruno) = (manager(&app, "Ana").await, manager(&app, "Bruno").await);
        let made = checked(&ana).await;
        let refused = reverse(&ana, &made).await.problem(403, "four_eyes");
        assert_eq!(refused["who"], json!([{ "id": ana.id, "name": "Ana", "action": "check" }]));
        assert_eq!((&refused["reason"], &refused["step"]), (&json!("four_eyes"), &json!("warranty.reverse")));
        let mine = step(&ana.read(&made).await.body, "reverse");
        assert_eq!(
            (&mine["allowed"], &mine["permitted"], &mine["reason"]),
            (&json!(false), &json!(true), &json!("four_eyes"))
        );
        assert_eq!(mine["who"][0]["name"], "Ana");
        let theirs = step(&bruno.read(&made).await.body, "reverse");
        assert_eq!((&theirs["allowed"], &theirs["reason"]), (&json!(true), &Json::Null));
        assert_eq!(reverse(&bruno, &made).await.expect(200)["status"], "cancelled");
    });
}

#[test]
fn tokens_lead_back_to_who_made_them() {
    on_each_database(async |app| {
        let (ana, bruno) = (manager(&app, "Ana").await, manager(&app, "Bruno").await);
        let scopes = grants(&["warranty.*", "customer.*"]);
        let issue = async |client: &Client, kind: &str| {
            let token = client.create(&API_TOKEN, json!({ "name": kind, "kind": kind, "scopes": scopes })).await;
            Client::new(app.clone(), token["_secret"].as_str().map(str::to_owned), client.id)
        };
        for kind in ["personal", "service"] {
            let program = issue(&ana, kind).await;
            // The person acted, the program decides.
            let made = checked(&ana).await;
            assert_eq!(reverse(&program, &made).await.problem(403, "four_eyes")["who"][0]["name"], "Ana", "{kind}");
            // The program acted, the person decides.
            let made = checked(&program).await;
            reverse(&ana, &made).await.problem(403, "four_eyes");
            reverse(&program, &made).await.problem(403, "four_eyes");
            reverse(&bruno, &made).await.expect(200);
        }
    });
}

#[test]
fn substitutes_and_those_they_stand_in_for_are_one_pair_of_eyes() {
    on_each_database(async |app| {
        let (ana, carla) = (manager(&app, "Ana").await, manager(&app, "Carla").await);
        let bruno = person(&app, "Bruno", &[&role(&app, "all", &["customer.read"]).await]).await;
        let before = checked(&ana).await;
        away(&ana, &bruno, "2026-03-10", "2026-03-10").await;
        // What Ana did is not Bruno's to undo while he stands in for her.
        reverse(&bruno, &before).await.problem(403, "four_eyes");
        // What Bruno does for Ana is not Ana's to undo either.
        let during = checked(&bruno).await;
        let refused = reverse(&ana, &during).await.problem(403, "four_eyes");
        assert_eq!(refused["who"], json!([{ "id": bruno.id, "name": "Bruno", "action": "check" }]));
        reverse(&bruno, &during).await.problem(403, "four_eyes");
        reverse(&carla, &during).await.expect(200);
        reverse(&carla, &before).await.expect(200);
    });
}

#[test]
fn a_bulk_refuses_what_one_by_one_is_refused() {
    on_each_database(async |app| {
        let (ana, bruno) = (manager(&app, "Ana").await, manager(&app, "Bruno").await);
        let (mine, theirs) = (checked(&ana).await, checked(&bruno).await);
        let office = Office::open(&app).await;
        let values = json!({ "cancel_reason": REASON });
        let bulk = json!({ "action": "reverse", "values": values, "ids": [mine.id(), theirs.id()] });
        let job = ana.post("/warranties/bulk", bulk).await.expect(202);
        Office::with(ana.clone()).ended(&job).await;
        assert_eq!([&ana.read(&mine).await["status"], &ana.read(&theirs).await["status"]], ["checked", "cancelled"]);
        let rows = ana.get(&format!("/jobs/{}/rows", job["id"].as_str().unwrap())).await;
        let refused = rows.items().iter().find(|row| row["ok"] == false).unwrap();
        assert_eq!((&refused["record_id"], &refused["errors"][0]["code"]), (&json!(mine.id()), &json!("four_eyes")));
        office.close().await;
    });
}

#[test]
fn the_document_says_which_steps_want_other_eyes() {
    let document = conexao_api::openapi::document();
    let mut declared = 0;
    for resource in RESOURCES {
        for step in resource.flow.map(|flow| flow.steps).unwrap_or_default() {
            let path = format!("/api/v1/{}/{{id}}/actions/{}", resource.path, step.name);
            let told = &document["paths"][&path]["post"]["x-four-eyes"];
            assert_eq!(told.as_array().map_or(0, Vec::len), step.four_eyes.len(), "{path}");
            declared += step.four_eyes.len();
        }
    }
    assert!(declared > 0 && WARRANTY.flow.unwrap().step("reverse").unwrap().four_eyes == ["check"]);
}
