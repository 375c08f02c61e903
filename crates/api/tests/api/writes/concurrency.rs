use std::future::IntoFuture;

use futures_util::future::join_all;
use serde_json::{Value as Json, json};

use crate::support::{Answer, cpf, on_each_database};

fn sorted(answers: &[Answer], field: &str) -> Vec<String> {
    let mut values: Vec<String> = answers.iter().map(|a| a.body[field].as_str().unwrap().to_owned()).collect();
    values.sort_by_key(|v| (v.len(), v.clone()));
    values
}

#[test]
fn numbers_are_unique_and_without_gaps_when_fifty_records_are_made_at_once() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let one = admin.customer().create().await;
        let two = admin.customer().create().await;
        let request = |n: usize| {
            let customer = if n % 2 == 0 { &one } else { &two };
            let draft = admin.warranty(customer);
            // Some fail after their neighbours have drawn numbers.
            let draft = if n % 10 == 9 { draft.with("deadline", "nunca") } else { draft };
            draft.send().into_future()
        };
        let answers = join_all((0..50).map(request)).await;
        let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|a| a.status == 201);
        assert_eq!((made.len(), refused.len()), (45, 5), "{:?}", refused.first());
        let numbers: Vec<String> = (1..=45).map(|n| format!("GR-{n:06}")).collect();
        assert_eq!(sorted(&made, "number"), numbers);
        for customer in [&one, &two] {
            let own: Vec<Answer> = made.iter().filter(|a| a.body["customer_id"] == customer["id"]).cloned().collect();
            let markers: Vec<String> = (1..=own.len()).map(|n| format!("GR{n}")).collect();
            assert_eq!(sorted(&own, "marker"), markers);
        }
        // Every kind and every company counts for itself.
        let exchange = admin.warranty(&one).with("kind", "exchange").create().await;
        assert_eq!(exchange["marker"], "TR1");
        let elsewhere = app.login_elsewhere("super_admin");
        let customer = elsewhere.customer().create().await;
        assert_eq!(elsewhere.warranty(&customer).create().await["number"], "GR-000001");
    });
}

#[test]
fn of_twenty_creations_with_one_document_one_succeeds_and_the_others_name_the_field() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let request = |_| admin.customer().with("document", cpf(3)).send().into_future();
        let answers = join_all((0..20).map(request)).await;
        assert_eq!(answers.iter().filter(|a| a.status == 201).count(), 1);
        for answer in answers.into_iter().filter(|a| a.status != 201) {
            let body = answer.problem(409, "duplicate");
            assert_eq!(
                body["errors"][0],
                json!({ "field": "document", "code": "taken", "message": body["errors"][0]["message"] })
            );
        }
        assert_eq!(admin.get("/customers").query("count", "exact").await.body["count"], 1);
    });
}

#[test]
fn of_twenty_changes_to_one_version_one_wins_and_the_others_see_the_winner() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let made = admin.customer().create().await;
        let request = |n: usize| admin.patch(&made, json!({ "name": format!("Nome {n}") })).into_future();
        let answers = join_all((0..20).map(request)).await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|a| a.status == 200);
        assert_eq!(won.len(), 1);
        for answer in lost {
            let body = answer.problem(412, "stale");
            assert_eq!(body["current"]["name"], won[0].body["name"]);
        }
        assert_eq!(admin.read(&made).await["version"], 2);
    });
}

#[test]
fn a_step_is_taken_once_however_many_try() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let customer = admin.customer().create().await;
        let made = admin.warranty(&customer).create().await;
        let steps = ["cancel", "generate"];
        let request = |n: usize| admin.step(&made, steps[n % 2], json!(inputs(steps[n % 2]))).into_future();
        let answers = join_all((0..20).map(request)).await;
        assert_eq!(answers.iter().filter(|a| a.status == 200).count(), 1);
        assert!(answers.iter().all(|a| matches!(a.status.as_u16(), 200 | 412)));
        let entries = admin.get(&format!("{}/timeline", made.path())).await;
        assert_eq!(entries.items().len(), 2, "created, and one step");
    });
}

fn inputs(step: &str) -> Json {
    if step == "cancel" { json!({ "cancel_reason": "x" }) } else { json!({}) }
}

#[test]
fn a_reader_sees_a_record_before_or_after_a_change_and_never_between() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let line = |n: usize| {
            json!((0..n).map(|i| json!({ "street": format!("rua {n}"), "number": i.to_string() })).collect::<Vec<_>>())
        };
        let mut made = admin.customer().with("notes", "5").with("addresses", line(5)).create().await;
        for n in [9, 3, 12, 1, 7] {
            let change = admin.patch(&made, json!({ "notes": n.to_string(), "addresses": line(n) })).into_future();
            let reads = join_all((0..12).map(|_| admin.get(&made.path()).into_future()));
            let (changed, reads) = futures_util::future::join(change, reads).await;
            for read in reads {
                let count = read.body["addresses"].as_array().unwrap().len();
                assert_eq!(read.body["notes"], count.to_string(), "{}", read.text);
            }
            made = made.now(changed.expect(200));
        }
    });
}
