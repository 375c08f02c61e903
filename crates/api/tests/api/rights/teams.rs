//! The scope *team*, wherever rows are read or written; and, for random teams,
//! roles and owners, every way to records agrees with every other.

use std::collections::{BTreeMap, BTreeSet};

use conexao_domain::identity::team::TEAM;
use conexao_engine::{
    identity,
    live::{Event, Kind, Subscription},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{person, role};
use crate::support::{Answer, App, Client, Made, on_each_database};

async fn team(app: &App, name: &str, leader: Option<&Client>, members: &[&Client]) -> Made {
    let lines: Vec<Json> = members.iter().map(|member| json!({ "user_id": member.id })).collect();
    let input = json!({ "name": name, "leader_id": leader.map(|leader| leader.id), "members": lines });
    app.login("super_admin").create(&TEAM, input).await
}

#[test]
fn team_scope_reaches_what_the_team_made_or_owns_and_nothing_else() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let wide = role(&app, "team", &["customer.*"]).await;
        let (ana, bia) = (person(&app, "Ana", &[&wide]).await, person(&app, "Bia", &[&wide]).await);
        let (caio, davi) = (person(&app, "Caio", &[&wide]).await, person(&app, "Davi", &[&wide]).await);
        let sales = team(&app, "Vendas", Some(&davi), &[&ana, &bia]).await;

        let of_bia = bia.customer().named("De Bia").create().await;
        let given = admin.customer().named("Recebida").with("owner_id", json!(bia.id)).create().await;
        let alien = caio.customer().named("De Caio").with("document", crate::support::cpf(7)).create().await;
        for mate in [&ana, &bia, &davi] {
            let listed = mate.get("/customers").query("count", "exact").query("sort", "name").await;
            let names: Vec<&str> = listed.items().iter().map(|item| item["name"].as_str().unwrap()).collect();
            assert_eq!((names, &listed.body["count"]), (vec!["De Bia", "Recebida"], &json!(2)));
        }
        let me = &ana;
        for made in [&of_bia, &given] {
            me.read(made).await;
        }
        assert_eq!(me.get("/customers").query("q", "bia").await.items().len(), 1);
        assert!(me.get("/customers").query("q", "caio").await.items().is_empty());
        assert!(me.get("/customers/lookup").query("q", "De Caio").await.items().is_empty());
        let same = me.get("/customers/duplicates").query("document", crate::support::cpf(7)).await;
        assert!(same.items().is_empty());
        let groups = me.get("/customers/aggregate").query("group", "status").await.expect(200);
        assert_eq!(groups["groups"][0]["count"], 2);
        me.get(&alien.path()).await.problem(404, "not_found");
        me.get(&format!("{}/timeline", alien.path())).await.problem(404, "not_found");
        me.get(&format!("{}/comments", alien.path())).await.problem(404, "not_found");
        me.get(&format!("{}/attachments", alien.path())).await.problem(404, "not_found");
        me.post(&format!("{}/comments", alien.path()), json!({ "text": "oi" })).await.problem(404, "not_found");
        me.upload(&format!("{}/attachments", alien.path()), "a.txt", b"conteudo").await.problem(404, "not_found");
        me.patch(&alien, json!({ "name": "Tomada" })).await.problem(404, "not_found");
        me.step(&alien, "block", json!({ "block_reason": "x" })).await.problem(404, "not_found");
        me.delete(&alien).await.problem(404, "not_found");
        let changed = me.patch(&of_bia, json!({ "notes": "da equipe" })).await.expect(200);
        me.post(&format!("{}/comments", of_bia.path()), json!({ "text": "da equipe" })).await.expect(201);
        me.step(&of_bia.now(changed), "block", json!({ "block_reason": "x" })).await.expect(200);

        // Whoever leaves the team leaves its records, at the next request.
        admin.patch(&sales, json!({ "members": [{ "user_id": ana.id }] })).await.expect(200);
        assert!(me.get("/customers").await.items().is_empty());
        // So does everybody when the team goes.
        let sales = admin.read(&sales).await;
        let body = admin.patch(&sales, json!({ "members": [{ "user_id": ana.id }, { "user_id": bia.id }] })).await;
        let sales = sales.now(body.expect(200));
        assert_eq!(me.get("/customers").await.items().len(), 2);
        admin.delete(&sales).await.expect(204);
        assert!(me.get("/customers").await.items().is_empty());
    });
}

#[test]
fn a_grant_may_reach_other_rows_than_its_role() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let mixed = role(&app, "own", &["customer.read@all", "customer.update", "customer.create"]).await;
        let ana = person(&app, "Ana", &[&mixed]).await;
        let alien = admin.customer().named("Alheia").create().await;
        let mine = ana.customer().named("Minha").create().await;
        assert_eq!(ana.get("/customers").await.items().len(), 2);
        ana.patch(&alien, json!({ "notes": "x" })).await.problem(404, "not_found");
        ana.patch(&mine, json!({ "notes": "x" })).await.expect(200);
        let ask =
            |permission: &str| admin.get("/permissions/explain").query("user", ana.id).query("permission", permission);
        assert_eq!(ask("customer.read").await.expect(200)["scope"], "all");
        assert_eq!(ask("customer.update").await.expect(200)["scope"], "own");
        // The narrower grant of another role takes nothing away.
        let narrow = role(&app, "own", &["customer.read"]).await;
        let both = person(&app, "Bia", &[&narrow, &mixed]).await;
        assert_eq!(both.get("/customers").await.items().len(), 2);
        let wrong = json!({ "name": "x", "key": "x", "scope": "own", "grants": [{ "permission": "customer.read", "scope": "dele" }] });
        admin.post("/roles", wrong).await.refuses(&[("grants.0.scope", "choice")]);
    });
}

/// What a random company looks like, to be asked what is right.
struct World {
    people: Vec<Client>,
    /// By person: the scope of each of their roles.
    scopes: Vec<Vec<&'static str>>,
    /// Indexes of the people of each team.
    teams: Vec<BTreeSet<usize>>,
    /// Customer → who created it and who owns it.
    records: BTreeMap<String, (usize, usize)>,
    /// What each customer is called, and its id.
    names: BTreeMap<String, String>,
}

impl World {
    async fn new(app: &App, random: &mut StdRng) -> Self {
        let mut roles = BTreeMap::new();
        for scope in ["all", "team", "own"] {
            roles.insert(scope, role(app, scope, &["customer.read", "customer.export", "customer.create"]).await);
        }
        let (mut people, mut scopes) = (Vec::new(), Vec::new());
        for n in 0..6 {
            let held: Vec<&'static str> = match random.random_range(0..6) {
                0 => vec!["all"],
                1 | 2 => vec!["team"],
                3 => vec!["own"],
                4 => vec!["own", "team"],
                _ => vec!["own", "own"],
            };
            let distinct: BTreeSet<&str> = held.iter().copied().collect();
            let wanted: Vec<&Made> = distinct.iter().map(|scope| &roles[scope]).collect();
            people.push(person(app, &format!("Pessoa {n}"), &wanted).await);
            scopes.push(held);
        }
        let mut teams = Vec::new();
        for n in 0..random.random_range(1..4) {
            let members: BTreeSet<usize> = (0..people.len()).filter(|_| random.random_bool(0.4)).collect();
            let leader = random.random_bool(0.5).then(|| random.random_range(0..people.len()));
            let chosen: Vec<&Client> = members.iter().map(|at| &people[*at]).collect();
            team(app, &format!("Equipe {n} {}", Uuid::now_v7()), leader.map(|at| &people[at]), &chosen).await;
            teams.push(members.into_iter().chain(leader).collect());
        }
        let (mut records, mut names) = (BTreeMap::new(), BTreeMap::new());
        for n in 0..14 {
            let (maker, owner) = (random.random_range(0..people.len()), random.random_range(0..people.len()));
            let name = format!("Cliente {n} {}", Uuid::now_v7());
            let draft = people[maker].customer().named(&name);
            let made = draft.with("owner_id", json!(people[owner].id)).create().await;
            names.insert(name, made.id().to_owned());
            records.insert(made.id().to_owned(), (maker, owner));
        }
        Self { people, scopes, teams, records, names }
    }

    /// What a person may see, by the words of the rule alone.
    fn right(&self, person: usize) -> BTreeSet<String> {
        let sees = |scope: &&str, (maker, owner): (usize, usize)| match *scope {
            "all" => true,
            "team" => {
                let mates = |other: usize| {
                    other == person || self.teams.iter().any(|team| team.contains(&person) && team.contains(&other))
                };
                mates(maker) || mates(owner)
            }
            _ => maker == person || owner == person,
        };
        let fits = |whose: (usize, usize)| self.scopes[person].iter().any(|scope| sees(scope, whose));
        self.records.iter().filter(|(_, whose)| fits(**whose)).map(|(id, _)| id.clone()).collect()
    }
}

async fn by_events(app: &App, client: &Client, ids: &[&String]) -> BTreeSet<String> {
    let session = identity::session_of(&app.engine, app.tenant(), client.id).await.unwrap();
    let mut stream = Subscription::open(&app.engine, session, None).await.unwrap();
    let told = ids.iter().map(|id| {
        let data = json!({ "resource": "customer", "id": id, "action": "update", "version": 2 });
        Event::new(app.tenant().0, Kind::Record, None, data)
    });
    let end = Event::new(app.tenant().0, Kind::Notification, Some(client.id), json!({ "end": true }));
    app.engine.hub.deliver_all(told.chain([end]).collect());
    let mut heard = BTreeSet::new();
    while let Some(message) = stream.next().await {
        match message.data.get("id").and_then(Json::as_str) {
            Some(id) => drop(heard.insert(id.to_owned())),
            None => return heard,
        }
    }
    panic!("the stream ended");
}

#[test]
fn every_way_to_records_agrees_with_the_rule() {
    on_each_database(async |app| {
        for seed in 0..4 {
            let world = World::new(&app, &mut StdRng::seed_from_u64(seed)).await;
            let ids: Vec<&String> = world.records.keys().collect();
            for (at, client) in world.people.iter().enumerate() {
                let right = world.right(at);
                let what = format!("seed {seed}, person {at} {:?}, teams {:?}", world.scopes[at], world.teams);
                let mut gets = BTreeSet::new();
                for id in &ids {
                    if client.get(&format!("/customers/{id}")).await.status == 200 {
                        gets.insert((*id).clone());
                    }
                }
                assert_eq!(gets, right, "get: {what}");
                let of = |items: &[Json]| -> BTreeSet<String> {
                    items.iter().filter_map(|item| item["id"].as_str().map(str::to_owned)).collect()
                };
                let known = |found: BTreeSet<String>| -> BTreeSet<String> {
                    found.into_iter().filter(|id| world.records.contains_key(id)).collect()
                };
                let list = client.get("/customers").query("limit", 200).query("count", "exact").await;
                let listed = of(list.items());
                assert_eq!(list.body["count"], listed.len(), "count: {what}");
                assert_eq!(known(listed), right, "list: {what}");
                let found = client.get("/customers").query("limit", 200).query("q", "cliente").await;
                assert_eq!(known(of(found.items())), right, "search: {what}");
                let file = client.get("/customers/export").query("format", "jsonl").query("columns", "name").await;
                let rows = file.text.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
                let named = rows.filter_map(|row| world.names.get(row["name"].as_str()?).cloned());
                assert_eq!(named.collect::<BTreeSet<_>>(), right, "export: {what}");
                assert_eq!(by_events(&app, client, &ids).await, right, "events: {what}");
            }
        }
    });
}

#[test]
fn a_team_says_who_is_in_it() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let ana = person(&app, "Ana", &[&role(&app, "all", &["customer.read"]).await]).await;
        let made = team(&app, "Campo", Some(&ana), &[&ana]).await;
        let read = admin.read(&made).await;
        assert_eq!(read["members"][0]["_refs"]["user_id"]["title"], "Ana");
        assert_eq!(read["_refs"]["leader_id"]["title"], "Ana");
        admin.post("/teams", json!({ "name": "Campo" })).await.problem(409, "duplicate");
        let nobody = json!({ "name": "Outra", "members": [{ "user_id": Uuid::now_v7() }] });
        admin.post("/teams", nobody).await.refuses(&[("members.0.user_id", "reference")]);
        ana.get("/teams").await.problem(403, "forbidden");
    });
}

fn members(all: &[&Client]) -> Json {
    let lines: Vec<Json> = all.iter().map(|one| json!({ "user_id": one.id })).collect();
    json!({ "members": lines })
}

#[track_caller]
fn beyond(answer: Answer, field: &str) {
    let body = answer.problem(403, "forbidden");
    assert_eq!((&body["errors"][0]["field"], &body["errors"][0]["code"]), (&json!(field), &json!("beyond_own")));
}

#[test]
fn nobody_reaches_further_by_a_team_they_write_themselves() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let keeper = role(&app, "all", &["team.*", "customer.read@team"]).await;
        let me = person(&app, "Zel", &[&keeper]).await;
        let wide = role(&app, "team", &["customer.read"]).await;
        let (bia, caio) = (person(&app, "Bia", &[&wide]).await, person(&app, "Caio", &[&wide]).await);
        let dora = person(&app, "Dora", &[&role(&app, "own", &["customer.*"]).await]).await;
        admin.customer().named("De Bia").with("owner_id", json!(bia.id)).create().await;
        let sales = team(&app, "Vendas", None, &[&bia]).await;

        // Not oneself, as a member or at the head of it, in this team or one of one's own.
        beyond(me.patch(&sales, members(&[&bia, &me])).await, "members.1.user_id");
        beyond(me.patch(&sales, json!({ "leader_id": me.id })).await, "leader_id");
        let mut own = members(&[&me, &bia]);
        own["name"] = json!("Minha");
        beyond(me.post("/teams", own).await, "members.0.user_id");
        assert!(me.get("/customers").await.items().is_empty());
        // Nor others: they would gain what the writer does not reach, or others by them.
        beyond(me.patch(&sales, members(&[&bia, &caio])).await, "members.1.user_id");
        beyond(me.patch(&sales, members(&[&bia, &dora])).await, "members.1.user_id");
        // What brings nobody together is free, also a team whose people gain nothing.
        let sales = sales.now(me.patch(&sales, json!({ "name": "Vendas e campo" })).await.expect(200));
        let mut quiet = members(&[&dora]);
        quiet["name"] = json!("Quieta");
        me.create(&TEAM, quiet).await;
        let sales = sales.now(me.patch(&sales, members(&[])).await.expect(200));
        beyond(me.patch(&sales, members(&[&bia, &caio])).await, "members.0.user_id");

        // Whoever reaches all of it by themselves may.
        let manager = app.login("gerente");
        let sales = sales.now(manager.patch(&sales, members(&[&bia, &caio, &me])).await.expect(200));
        assert_eq!(me.get("/customers").await.items().len(), 1);
        // Now these are people whose rows the keeper reaches: to bring them together once more gives nobody more.
        let mut again = members(&[&bia, &caio]);
        again["name"] = json!("De novo");
        let again = me.create(&TEAM, again).await;
        me.delete(&again).await.expect(204);
        admin.delete(&admin.read(&sales).await).await.expect(204);
        // What was, does not come back without the reach for it.
        beyond(me.post(&format!("{}/actions/restore", again.path()), json!({})).await, "members.0.user_id");
        manager.post(&format!("{}/actions/restore", again.path()), json!({})).await.expect(200);
    });
}
