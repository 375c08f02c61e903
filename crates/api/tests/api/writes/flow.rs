//! Invariant 2: state changes only through a step of the flow.

use conexao_domain::{
    after_sales::warranty::WARRANTY,
    kernel::{field::Kind, flow::Step, resource::Resource},
    registry::RESOURCES,
};
use serde_json::{Map, Value as Json, json};

use crate::support::{App, Client, Made, execute, full_input, on_each_database};

/// The step's inputs with a value for each.
fn inputs(resource: &Resource, step: &Step) -> Json {
    let value = |name: &str| match resource.field(name).unwrap().kind {
        Kind::Date => json!("2026-03-09"),
        Kind::Text { .. } | Kind::LongText { .. } => json!("texto"),
        Kind::Choice(options) => json!(options[0]),
        // Where a reference may be given it may be left out.
        Kind::Reference(_) | Kind::User => Json::Null,
        kind => panic!("teach this test about inputs of kind {kind:?}"),
    };
    Json::Object(step.inputs.iter().map(|(name, _)| ((*name).to_owned(), value(name))).collect::<Map<_, _>>())
}

/// Puts the record into a state past all rules, which only a test can.
async fn force(app: &App, admin: &Client, made: &Made, state: &str) -> Made {
    let sql = format!("UPDATE {} SET status = '{state}' WHERE version = {}", made.resource.table, made.version());
    execute(app, app.tenant(), &sql).await.unwrap();
    admin.read(made).await
}

#[test]
fn every_step_starts_from_its_states_and_from_no_other() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let (mut taken, mut refused) = (0, 0);
        for resource in RESOURCES {
            let Some(flow) = resource.flow else { continue };
            for state in flow.states {
                for step in flow.steps {
                    let input = full_input(&admin, resource).await;
                    let made = admin.create(resource, input).await;
                    assert_eq!(made["status"], flow.initial());
                    if resource.name == "webhook_subscription" {
                        // Only one that fails may be disabled.
                        let failing = "UPDATE webhook_subscription SET failing_since = active_since";
                        execute(&app, app.tenant(), failing).await.unwrap();
                    }
                    if resource.name == "invitation" {
                        // Only one that somebody followed may be accepted.
                        let followed = "UPDATE invitation SET user_id = created_by";
                        execute(&app, app.tenant(), followed).await.unwrap();
                    }
                    if resource.name == "privacy_request" {
                        // Only one whose file was made may be answered.
                        let filed = "UPDATE privacy_request SET file_sha256 = 'sample', erased_at = created_at";
                        execute(&app, app.tenant(), filed).await.unwrap();
                    }
                    let made = force(&app, &admin, &made, state.name).await;
                    let offered: Vec<&str> =
                        made["_steps"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
                    assert_eq!(
                        offered.contains(&step.name),
                        step.from.contains(&state.name),
                        "{}.{}",
                        resource.name,
                        step.name
                    );
                    let answer = admin.step(&made, step.name, inputs(resource, step)).await;
                    if step.from.contains(&state.name) {
                        taken += 1;
                        let after = answer.expect(200);
                        assert_eq!(after["status"], step.to, "{}.{} from {}", resource.name, step.name, state.name);
                        assert_eq!(after["version"], made.version() + 1);
                        if let Some(stamp) = step.stamps {
                            assert_eq!(after[stamp], "2026-03-10T15:00:00.000Z");
                        }
                        for (name, _) in step.inputs {
                            assert_eq!(after[name], inputs(resource, step)[name], "{name}");
                        }
                    } else {
                        refused += 1;
                        let body = answer.problem(409, "step_refused");
                        assert_eq!((&body["reason"], &body["state"]), (&json!("not_from"), &json!(state.name)));
                        assert_eq!(admin.read(&made).await.body, made.body);
                    }
                    // Out of the way, so that its version is not forced again.
                    execute(&app, app.tenant(), &format!("UPDATE {} SET version = version + 1000", resource.table))
                        .await
                        .unwrap();
                }
            }
        }
        assert!(taken >= 14 && refused >= 20, "{taken} taken, {refused} refused");
    });
}

#[test]
fn nothing_but_a_step_sets_the_state() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        for resource in RESOURCES.iter().filter(|r| r.flow.is_some()) {
            let mut input = full_input(&admin, resource).await;
            let made = admin.create(resource, input.clone()).await;
            admin.patch(&made, json!({ "status": "x" })).await.refuses(&[("status", "read_only")]);
            input["status"] = json!("x");
            admin.post(&format!("/{}", resource.path), input).await.refuses(&[("status", "read_only")]);
            for step in resource.flow.unwrap().steps {
                let mut input = inputs(resource, step);
                input["status"] = json!(step.from[0]);
                let answer = admin.step(&made, step.name, input).await;
                assert!(matches!(answer.status.as_u16(), 409 | 422), "{}", answer.text);
            }
            assert_eq!(admin.read(&made).await["version"], 1);
        }
    });
}

#[test]
fn a_step_needs_its_inputs_and_takes_no_others() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let customer = admin.customer().create().await;
        let warranty = admin.warranty(&customer).create().await;
        admin
            .step(&warranty, "request_return", json!({ "return_carrier": " ", "return_due": "amanhã" }))
            .await
            .refuses(&[("return_carrier", "required"), ("return_code", "required"), ("return_due", "date.format")]);
        let other = json!({ "return_carrier": "A", "return_code": "B", "notes": "x" });
        let body = admin.step(&warranty, "request_return", other).await.problem(422, "validation");
        assert_eq!(body["valid"], json!(["return_carrier", "return_code", "return_due"]));
        admin
            .post(&format!("{}/actions/explode", warranty.path()), json!({}))
            .if_match(1)
            .await
            .problem(404, "not_found");
        assert_eq!(admin.read(&warranty).await.body, warranty.body);
    });
}

async fn awaiting(admin: &Client) -> Made {
    let customer = admin.customer().create().await;
    let made = admin.warranty(&customer).create().await;
    let sent = json!({ "return_carrier": "Correios", "return_code": "LR-1" });
    made.now(admin.step(&made, "request_return", sent).await.expect(200))
}

#[test]
fn a_guard_refuses_with_its_reason_and_says_so_beforehand() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let made = awaiting(&admin).await;
        let generate =
            |made: &Made| made["_steps"].as_array().unwrap().iter().find(|s| s["name"] == "generate").unwrap().clone();
        assert_eq!(generate(&made)["reason"], "return_not_received");
        assert_eq!(generate(&made)["allowed"], false);
        assert_eq!(generate(&made)["needs"], "return_received_at");
        let refused = admin.step(&made, "generate", json!({})).in_language("en").await.problem(409, "step_refused");
        assert_eq!(refused["reason"], "return_not_received");
        assert!(refused["detail"].as_str().unwrap().contains(' '), "words, not a code: {refused}");
        // Nothing dressed up as something does not pass the guard.
        for nothing in [json!(""), json!("  "), Json::Null, json!("ontem"), json!(7), json!([])] {
            let answer = admin.step(&made, "generate", json!({ "return_received_at": nothing })).await;
            assert!(matches!(answer.status.as_u16(), 409 | 422), "{nothing}: {}", answer.text);
        }
        assert_eq!(admin.read(&made).await["version"], 2);
        let made = made.now(admin.patch(&made, json!({ "return_received_at": "2026-03-09" })).await.expect(200));
        assert_eq!(generate(&made)["allowed"], true);
        let made = made.now(admin.step(&made, "generate", json!({})).await.expect(200));
        assert_eq!(made["status"], "generated");
    });
}

#[test]
fn one_request_may_bring_what_the_guard_waits_for() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let made = awaiting(&admin).await;
        let made =
            made.now(admin.step(&made, "generate", json!({ "return_received_at": "2026-03-09" })).await.expect(200));
        assert_eq!((&made["status"], &made["return_received_at"]), (&json!("generated"), &json!("2026-03-09")));
    });
}

#[test]
fn a_guard_looks_at_the_other_record_as_it_is_now() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let customer = admin.customer().create().await;
        let warranty = admin.warranty(&customer).create().await;
        admin.step(&customer, "block", json!({ "block_reason": "fraude" })).await.expect(200);
        let refused = admin.step(&warranty, "generate", json!({})).await.problem(409, "step_refused");
        assert_eq!(refused["reason"], "customer_blocked");
        let customer = admin.read(&customer).await;
        admin.step(&customer, "activate", json!({})).await.expect(200);
        admin.step(&warranty, "generate", json!({})).await.expect(200);
    });
}

#[test]
fn fields_are_locked_in_the_states_that_their_declaration_leaves_out() {
    use conexao_domain::kernel::field::Writer;
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let mut locked = 0;
        for state in WARRANTY.flow.unwrap().states {
            let input = full_input(&admin, &WARRANTY).await;
            let made = admin.create(&WARRANTY, input).await;
            let made = force(&app, &admin, &made, state.name).await;
            for field in WARRANTY.fields {
                let Writer::While(states) = field.writer else { continue };
                let answer = admin.patch(&made, json!({ field.name: made[field.name] })).await;
                if states.contains(&state.name) {
                    assert_ne!(answer.status.as_u16(), 500);
                } else {
                    locked += 1;
                    answer.refuses(&[(field.name, "locked")]);
                }
            }
            execute(&app, app.tenant(), "UPDATE warranty SET version = version + 1000").await.unwrap();
        }
        assert!(locked > 20);
    });
}

#[test]
fn who_may_not_take_a_step_sees_that_before_trying() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let customer = admin.customer().create().await;
        let warranty = admin.warranty(&customer).create().await;
        let seen = app.login("vendedor").read(&warranty).await;
        for step in seen["_steps"].as_array().unwrap() {
            assert_eq!((&step["permitted"], &step["allowed"]), (&json!(false), &json!(false)), "{step}");
        }
        app.login("vendedor")
            .step(&warranty, "cancel", json!({ "cancel_reason": "x" }))
            .await
            .problem(403, "forbidden");
    });
}
