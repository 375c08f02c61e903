//! Standing in for somebody absent: from the first day to the last, as a
//! source of its own, and never further than the absent person's own grants.

use conexao_domain::identity::{absence::ABSENCE, api_token::API_TOKEN, role::ROLE, team::TEAM, user::USER};
use conexao_engine::audit;
use serde_json::{Value as Json, json};

use super::{away, enter, grants, person, role};
use crate::support::{App, Client, Made, on_each_database};

/// Sees the company's day as of this moment; sessions seen before are forgotten.
async fn at(app: &App, client: &Client, moment: &str) -> Client {
    app.clock.set(moment.parse().unwrap());
    app.engine.identity.forget();
    app.engine.tokens.forget();
    let admin = app.login("super_admin");
    let email = enter(app, "super_admin@aurora.test", admin.id).await.get(&format!("/users/{}", client.id)).await;
    enter(app, email.expect(200)["email"].as_str().unwrap(), client.id).await
}

struct Desk {
    /// Goes away; reads and changes customers.
    ana: Client,
    /// Stands in; may create warranties and nothing else.
    bruno: Client,
    customer: Made,
}

async fn desk(app: &App, scope: &str) -> Desk {
    let customers = role(app, scope, &["customer.*"]).await;
    let little = role(app, "all", &["warranty.create"]).await;
    let ana = person(app, "Ana", &[&customers]).await;
    let bruno = person(app, "Bruno", &[&little]).await;
    let customer = ana.customer().named("Da Ana").create().await;
    Desk { ana, bruno, customer }
}

#[test]
fn a_substitute_holds_the_grants_from_the_first_day_to_the_last() {
    on_each_database(async |app| {
        let Desk { ana, bruno, customer } = desk(&app, "all").await;
        bruno.get("/customers").await.problem(403, "forbidden");
        // Begins tomorrow.
        away(&ana, &bruno, "2026-03-11", "2026-03-12").await;
        bruno.get("/customers").await.problem(403, "forbidden");
        // Three in the morning in UTC is midnight in São Paulo.
        let before = at(&app, &bruno, "2026-03-11T02:59:00Z").await;
        before.get("/customers").await.problem(403, "forbidden");
        let during = at(&app, &bruno, "2026-03-11T03:01:00Z").await;
        let me = during.get("/me").await.expect(200);
        assert_eq!(me["standing_in"], json!([{ "id": ana.id, "name": "Ana", "until": "2026-03-12" }]));
        assert!(me["permissions"].as_array().unwrap().contains(&json!("customer.update")));
        let changed = during.patch(&customer, json!({ "notes": "no lugar" })).await.expect(200);
        during.step(&customer.now(changed), "block", json!({ "block_reason": "x" })).await.expect(200);
        during.customer().named("Nova").create().await;
        let last = at(&app, &bruno, "2026-03-13T02:59:00Z").await;
        last.get("/customers").await.expect(200);
        let after = at(&app, &bruno, "2026-03-13T03:01:00Z").await;
        after.get("/customers").await.problem(403, "forbidden");
        assert_eq!(after.get("/me").await.expect(200)["standing_in"], json!([]));
    });
}

#[test]
fn the_audit_names_both_and_its_chain_holds() {
    on_each_database(async |app| {
        let Desk { ana, bruno, customer } = desk(&app, "all").await;
        away(&ana, &bruno, "2026-03-10", "2026-03-10").await;
        let changed = bruno.patch(&customer, json!({ "notes": "no lugar" })).await.expect(200);
        bruno.post(&format!("{}/comments", customer.path()), json!({ "text": "oi" })).await.expect(201);
        bruno.upload(&format!("{}/attachments", customer.path()), "a.txt", b"conteudo").await.expect(201);
        bruno.delete(&customer.now(changed)).await.expect(204);
        bruno.post(&format!("{}/actions/restore", customer.path()), json!({})).await.expect(200);
        bruno.customer().named("Nova").create().await;
        bruno.get("/customers/export").query("format", "csv").await.expect(200);
        let admin = app.login("super_admin");
        let entries = admin.get("/audit").query("actor", bruno.id).query("limit", 200).await;
        let acts: Vec<&Json> = entries.items().iter().filter(|entry| entry["resource"] == "customer").collect();
        assert_eq!(acts.len(), 7, "{acts:#?}");
        for act in acts {
            assert_eq!(act["actor"], json!({ "id": bruno.id, "name": "Bruno por Ana", "for_id": ana.id }), "{act}");
        }
        let timeline = admin.get(&format!("{}/timeline", customer.path())).await;
        let update = timeline.items().iter().find(|entry| entry["action"] == "update").unwrap();
        assert_eq!(update["actor"]["name"], "Bruno por Ana");
        // What somebody may do by themselves they do in their own name.
        let both = person(&app, "Carla", &[&role(&app, "all", &["customer.*"]).await]).await;
        away(&both, &ana, "2026-03-20", "2026-03-20").await;
        let own = admin.get("/audit").query("actor", ana.id).query("resource", "customer").await;
        assert!(own.items().iter().all(|entry| entry["actor"]["name"] == "Ana"));
        assert_eq!(audit::verify(&app.engine, app.tenant()).await.unwrap().broken_at, None);
    });
}

#[test]
fn own_and_team_mean_those_of_the_absent_person() {
    on_each_database(async |app| {
        for scope in ["own", "team"] {
            let Desk { ana, bruno, customer } = desk(&app, scope).await;
            let mate = person(&app, "Colega", &[&role(&app, "own", &["customer.create"]).await]).await;
            let lines = json!([{ "user_id": ana.id }, { "user_id": mate.id }]);
            app.login("super_admin")
                .create(&TEAM, json!({ "name": format!("Equipe {scope}"), "members": lines }))
                .await;
            let of_mate = mate.customer().named("Do colega").create().await;
            let alien = app.login("super_admin").customer().named("Alheia").create().await;
            away(&ana, &bruno, "2026-03-10", "2026-03-10").await;
            bruno.read(&customer).await;
            let sees_mate = scope == "team";
            let status = bruno.get(&of_mate.path()).await.status.as_u16();
            assert_eq!(status, if sees_mate { 200 } else { 404 }, "{scope}");
            bruno.get(&alien.path()).await.problem(404, "not_found");
            assert_eq!(bruno.get("/customers").await.items().len(), if sees_mate { 2 } else { 1 });
        }
    });
}

#[test]
fn it_goes_no_further_than_one_person() {
    on_each_database(async |app| {
        let Desk { ana, bruno, .. } = desk(&app, "all").await;
        let carla = person(&app, "Carla", &[&role(&app, "all", &["user.read"]).await]).await;
        away(&ana, &bruno, "2026-03-10", "2026-03-10").await;
        away(&bruno, &carla, "2026-03-10", "2026-03-10").await;
        // Carla stands in for Bruno, not for Ana.
        carla.get("/customers").await.problem(403, "forbidden");
        let held = carla.get("/me").await.expect(200)["permissions"].clone();
        assert_eq!(held, json!(["user.read", "warranty.create"]));
    });
}

#[test]
fn nobody_for_themselves_in_a_circle_or_twice() {
    on_each_database(async |app| {
        let Desk { ana, bruno, .. } = desk(&app, "all").await;
        let carla = person(&app, "Carla", &[&role(&app, "all", &["user.read"]).await]).await;
        let name = |client: &Client, substitute: &Client, from: &str, to: &str| {
            let input = json!({ "substitute_id": substitute.id, "starts_on": from, "ends_on": to });
            client.post("/me/absences", input)
        };
        name(&ana, &ana, "2026-03-10", "2026-03-11").await.refuses(&[("substitute_id", "same_person")]);
        name(&ana, &bruno, "2026-03-12", "2026-03-11").await.refuses(&[("ends_on", "ends_before")]);
        away(&ana, &bruno, "2026-03-10", "2026-03-15").await;
        name(&ana, &carla, "2026-03-15", "2026-03-20").await.refuses(&[("starts_on", "overlap")]);
        away(&bruno, &carla, "2026-03-14", "2026-03-20").await;
        name(&bruno, &ana, "2026-03-13", "2026-03-13").await.refuses(&[("substitute_id", "circle")]);
        // All three are away on the fourteenth.
        name(&carla, &ana, "2026-03-01", "2026-03-14").await.refuses(&[("substitute_id", "circle")]);
        name(&carla, &ana, "2026-03-16", "2026-03-18").await.expect(201);
        let nobody = json!({ "substitute_id": app.login_elsewhere("gerente").id, "starts_on": "2026-04-01", "ends_on": "2026-04-02" });
        ana.post("/me/absences", nobody).await.refuses(&[("substitute_id", "reference")]);
    });
}

#[test]
fn administration_is_lent_by_administrators_alone() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let keeper = role(&app, "all", &["role.*", "user.*", "settings.manage", "audit.read", "customer.read"]).await;
        let ana = person(&app, "Ana", &[&keeper]).await;
        let bruno = person(&app, "Bruno", &[&role(&app, "all", &["warranty.read"]).await]).await;
        away(&ana, &bruno, "2026-03-10", "2026-03-10").await;
        let held = bruno.get("/me").await.expect(200)["permissions"].clone();
        assert_eq!(held, json!(["customer.read", "warranty.read"]), "the work, and no administration");
        for path in ["/users", "/roles", "/audit"] {
            bruno.get(path).await.problem(403, "forbidden");
        }
        // Somebody without `user.update` cannot lend it, whatever they write.
        let seller = person(&app, "Vendas", &[&role(&app, "all", &["customer.read"]).await]).await;
        let whole = |to: &Client, day: &str| json!({ "substitute_id": to.id, "starts_on": day, "ends_on": day, "with_administration": true });
        let refused = seller.post("/me/absences", whole(&bruno, "2026-03-20")).await.problem(403, "forbidden");
        assert_eq!(refused["errors"][0]["field"], "with_administration");
        // An administrator can: for themselves, and for others.
        let carla = person(&app, "Carla", &[&role(&app, "all", &["warranty.read"]).await]).await;
        let ended = ana.get("/me/absences").await.expect(200)["mine"][0]["id"].clone();
        ana.post(&format!("/me/absences/{}/end", ended.as_str().unwrap()), json!({})).await.expect(200);
        let mut input = whole(&carla, "2026-03-10");
        input["owner_id"] = json!(ana.id);
        admin.create(&ABSENCE, input).await;
        carla.get("/users").await.expect(200);
        // But what is lent is not handed on: not by a role, not by giving one, not by a token.
        let wide = json!({ "name": "Larga", "key": "larga", "scope": "all", "grants": grants(&["customer.read"]) });
        let beyond = carla.post("/roles", wide).await.problem(403, "forbidden");
        assert_eq!(beyond["errors"][0]["code"], "beyond_own");
        let body = carla.get(&format!("/users/{}", carla.id)).await.expect(200);
        let myself = Made { resource: &USER, body };
        let lines = json!([{ "role_id": myself["roles"][0]["role_id"] }, { "role_id": keeper.id() }]);
        let beyond = carla.patch(&myself, json!({ "roles": lines })).await.problem(403, "forbidden");
        assert_eq!(beyond["errors"][0]["code"], "beyond_own");
        carla
            .post("/api-tokens", json!({ "name": "x", "scopes": grants(&["customer.read"]) }))
            .await
            .problem(403, "forbidden");
    });
}

#[test]
fn only_who_is_away_or_holds_as_much_names_the_substitute() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let Desk { ana, bruno, .. } = desk(&app, "all").await;
        let planner = person(&app, "Plano", &[&role(&app, "all", &["absence.*", "customer.*"]).await]).await;
        let absence = |owner: &Client, to: &Client, day: &str| json!({ "owner_id": owner.id, "substitute_id": to.id, "starts_on": day, "ends_on": day });
        // Holds all that Ana holds.
        let made = planner.create(&ABSENCE, absence(&ana, &bruno, "2026-03-10")).await;
        bruno.get("/customers").await.expect(200);
        // Not all that the administrator holds, nor Bruno.
        for owner in [&admin, &bruno] {
            let refused = planner.post("/absences", absence(owner, &planner, "2026-03-12")).await;
            assert_eq!(refused.problem(403, "forbidden")["errors"][0]["field"], "owner_id");
        }
        // Bruno has no permission for absences: others' are none of his business.
        bruno.post("/absences", absence(&ana, &bruno, "2026-04-10")).await.problem(403, "forbidden");
        bruno.post(&format!("/me/absences/{}/end", made.id()), json!({})).await.problem(404, "not_found");
        assert_eq!(bruno.get("/me/absences").await.expect(200)["standing_in"][0]["id"], json!(made.id()));
        // The absent person comes back early; it is felt at once.
        ana.post(&format!("/me/absences/{}/end", made.id()), json!({})).await.expect(200);
        bruno.get("/customers").await.problem(403, "forbidden");
        ana.post(&format!("/me/absences/{}/end", made.id()), json!({})).await.problem(409, "step_refused");
        // What was removed does not come back into a circle.
        let first = planner.create(&ABSENCE, absence(&ana, &planner, "2026-05-01")).await;
        planner.delete(&first).await.expect(204);
        away(&planner, &ana, "2026-05-01", "2026-05-01").await;
        planner
            .post(&format!("{}/actions/restore", first.path()), json!({}))
            .await
            .refuses(&[("substitute_id", "circle")]);
    });
}

#[test]
fn programs_do_not_stand_in_and_do_not_name_anybody() {
    on_each_database(async |app| {
        let Desk { ana, bruno, .. } = desk(&app, "all").await;
        let issue = async |client: &Client, scopes: &[&str]| {
            let token = client.create(&API_TOKEN, json!({ "name": "x", "scopes": grants(scopes) })).await;
            Client::new(app.clone(), token["_secret"].as_str().map(str::to_owned), client.id)
        };
        let maker = role(&app, "all", &["api_token.*", "customer.read"]).await;
        let carla = person(&app, "Carla", &[&maker]).await;
        let program = issue(&carla, &["customer.read", "api_token.read"]).await;
        away(&ana, &carla, "2026-03-10", "2026-03-10").await;
        carla.customer().named("No lugar").create().await;
        program.get("/customers").await.expect(200);
        program.customer().named("Com token").send().await.problem(403, "forbidden");
        let input = json!({ "substitute_id": bruno.id, "starts_on": "2026-04-10", "ends_on": "2026-04-10" });
        program.post("/me/absences", input).await.problem(403, "forbidden");
    });
}

#[test]
fn a_role_that_demands_a_second_factor_lends_nothing_without_one() {
    on_each_database(async |app| {
        let Desk { ana, bruno, .. } = desk(&app, "all").await;
        away(&ana, &bruno, "2026-03-10", "2026-03-10").await;
        bruno.get("/customers").await.expect(200);
        let admin = app.login("super_admin");
        let user = admin.get(&format!("/users/{}", ana.id)).await.expect(200);
        let id = user["roles"][0]["role_id"].as_str().unwrap();
        let body = admin.get(&format!("/roles/{id}")).await.expect(200);
        admin.patch(&Made { resource: &ROLE, body }, json!({ "requires_two_factor": true })).await.expect(200);
        bruno.get("/customers").await.problem(403, "forbidden");
    });
}

#[test]
fn colleagues_are_found_by_name_alone() {
    on_each_database(async |app| {
        let Desk { ana, .. } = desk(&app, "all").await;
        let found = ana.get("/me/colleagues").query("q", "bru").await;
        assert_eq!(found.items().len(), 1);
        assert_eq!(found.items()[0]["title"], "Bruno");
        assert!(!found.text.contains('@'), "no addresses: {}", found.text);
        assert!(ana.get("/me/colleagues").query("q", "ana").await.items().is_empty(), "not oneself");
        assert!(ana.get("/me/colleagues").query("q", "%").await.items().is_empty());
    });
}

#[test]
fn lists_show_the_absences_somebody_may_see() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let Desk { ana, bruno, .. } = desk(&app, "all").await;
        let made = away(&ana, &bruno, "2026-03-10", "2026-03-10").await;
        assert_eq!(admin.get("/absences").await.items().len(), 1);
        let reader = person(&app, "Lê", &[&role(&app, "own", &["absence.read"]).await]).await;
        assert!(reader.get("/absences").await.items().is_empty());
        reader.get(&made.path()).await.problem(404, "not_found");
        let shown = admin.read(&made).await;
        assert_eq!(shown["_refs"]["owner_id"]["title"], "Ana");
    });
}
