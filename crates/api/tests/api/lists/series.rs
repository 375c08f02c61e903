//! Records counted over time, in the days of the company.

use chrono::{DateTime, Utc};
use conexao_domain::after_sales::warranty::WARRANTY;
use conexao_engine::{Session, Write, write};
use serde_json::{Value as Json, json};

use crate::support::{App, Client, Made, execute, on_each_database};

/// Puts the record at a moment, which only a test can.
async fn at(app: &App, made: &Made, moment: &str) {
    let moment = moment.parse::<DateTime<Utc>>().unwrap().to_rfc3339();
    let id = made.id().replace('-', "");
    let id = if app.engine.db.is_postgres() { format!("'{id}'") } else { format!("x'{id}'") };
    let sql = format!("UPDATE {} SET created_at = '{moment}' WHERE id = {id}", made.resource.table);
    execute(app, app.tenant(), &sql).await.unwrap();
}

async fn series(client: &Client, path: &str, query: &[(&str, &str)]) -> Vec<Json> {
    let request = query.iter().fold(client.get(path), |request, (name, value)| request.query(name, value));
    request.await.expect(200)["groups"].as_array().unwrap().clone()
}

fn counts(groups: &[Json]) -> Vec<(&str, i64)> {
    groups.iter().map(|group| (group["key"].as_str().unwrap(), group["count"].as_i64().unwrap())).collect()
}

#[test]
fn days_weeks_and_months_are_those_of_the_company() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        for moment in [
            // Still the last of February in São Paulo, a Saturday.
            "2026-03-01T02:59:59.999Z",
            "2026-03-01T03:00:00Z",
            "2026-03-08T02:30:00Z",
            "2026-03-10T12:00:00Z",
            "2026-03-10T23:00:00.5Z",
            // In summer time: midnight was at two o'clock.
            "2018-12-01T01:59:00Z",
            "2018-12-01T02:00:00Z",
        ] {
            at(&app, &admin.customer().create().await, moment).await;
        }
        let by = async |interval: &str| {
            series(&admin, "/customers/aggregate", &[("by", "created_at"), ("interval", interval)]).await
        };
        let months = by("month").await;
        assert_eq!(counts(&months), [("2018-11-01", 1), ("2018-12-01", 1), ("2026-02-01", 1), ("2026-03-01", 4)]);
        let weeks = by("week").await;
        assert_eq!(counts(&weeks), [("2018-11-25", 2), ("2026-02-22", 1), ("2026-03-01", 2), ("2026-03-08", 2)]);
        let days = by("day").await;
        let expected = [
            ("2018-11-30", 1),
            ("2018-12-01", 1),
            ("2026-02-28", 1),
            ("2026-03-01", 1),
            ("2026-03-07", 1),
            ("2026-03-10", 2),
        ];
        assert_eq!(counts(&days), expected);
        let some = [("group", "created_at"), ("interval", "month"), ("filter[created_at][gte]", "2026-01-01")];
        assert_eq!(
            counts(&series(&admin, "/customers/aggregate", &some).await),
            [("2026-02-01", 1), ("2026-03-01", 4)]
        );
        let elsewhere = app.login_elsewhere("super_admin");
        assert!(series(&elsewhere, "/customers/aggregate", &some).await.is_empty());
    });
}

#[test]
fn a_second_field_parts_groups_and_sums_stay_whole() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let customer = admin.customer().create().await;
        for (deadline, kind, price) in [
            ("2026-03-31", "warranty", 100),
            ("2026-03-01", "exchange", 250),
            ("2026-03-02", "warranty", 50),
            ("2026-04-01", "warranty", 1),
        ] {
            let item = json!({ "sku": "A", "product": "B", "reason": "C", "unit_price": price });
            let draft = admin.warranty(&customer).with("deadline", deadline).with("kind", kind);
            draft.with("items", json!([item])).create().await;
        }
        admin.warranty(&customer).create().await;
        let wanted = [("by", "deadline"), ("interval", "month"), ("split", "kind"), ("sum", "total")];
        let groups = series(&admin, "/warranties/aggregate", &wanted).await;
        let mut found: Vec<_> = groups
            .iter()
            .map(|g| (g["key"].clone(), g["split"].clone(), g["count"].clone(), g["sum"].clone()))
            .collect();
        found.sort_by_key(|group| (group.0.to_string(), group.1.to_string()));
        let group = |key: &str, split: &str, count: i64, sum: i64| (json!(key), json!(split), json!(count), json!(sum));
        let expected = [
            group("2026-03-01", "exchange", 1, 250),
            group("2026-03-01", "warranty", 2, 150),
            group("2026-04-01", "warranty", 1, 1),
        ];
        assert_eq!(found, expected, "what has no date is in no month");
        assert_eq!(groups.last().unwrap()["key"], "2026-04-01", "oldest first");
        let plain = series(&admin, "/warranties/aggregate", &[("by", "kind"), ("split", "status")]).await;
        assert_eq!(plain[0], json!({ "key": "warranty", "split": "pending", "count": 4, "sum": null }));
    });
}

#[test]
fn what_is_no_time_or_no_interval_is_refused() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let ask =
            |by: &str, interval: &str| admin.get("/customers/aggregate").query("by", by).query("interval", interval);
        ask("status", "month").await.problem(400, "unknown_parameter");
        ask("birth_date", "month").await.problem(400, "unknown_parameter");
        let body = ask("created_at", "year").await.problem(400, "unknown_parameter");
        assert_eq!(body["valid"], json!(["day", "week", "month"]));
        admin.get("/customers/aggregate").await.problem(400, "malformed");
        ask("created_at", "day").query("split", "document").await.problem(400, "unknown_parameter");
    });
}

#[test]
fn of_a_long_time_the_newest_are_told() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let customer = admin.customer().create().await;
        let first: chrono::NaiveDate = "2024-01-01".parse().unwrap();
        let input = |day: u64| {
            let item = json!({ "sku": "A", "product": "B", "reason": "C" });
            let deadline = (first + chrono::Days::new(day)).to_string();
            json!({ "customer_id": customer.id(), "deadline": deadline, "items": [item] }).as_object().cloned().unwrap()
        };
        let inputs: Vec<_> = (0..410).map(input).collect();
        let session = Session::system(app.tenant(), "teste");
        let mut write = Write::begin(&app.engine, &session).await.unwrap();
        let gate = session.gate(&WARRANTY, "create").unwrap();
        let facts = conexao_engine::facts::plain(&app.engine, &session);
        let drafted = write::draft(&mut write, &gate, &inputs, &facts).await.unwrap();
        let drafted = drafted.into_iter().map(Result::unwrap).collect();
        write::insert(&mut write, &gate, drafted).await.unwrap();
        write.commit(201, &Json::Null).await.unwrap();
        let groups = series(&admin, "/warranties/aggregate", &[("by", "deadline"), ("interval", "day")]).await;
        assert_eq!(groups.len(), 400);
        let ends = [&groups[0], &groups[399]].map(|group| group["key"].as_str().unwrap());
        assert_eq!(ends, ["2024-01-11", "2025-02-13"]);
    });
}
