//! What nobody reads goes further, as its reader or the company wants it.

use std::sync::Arc;

use chrono::TimeDelta;
use conexao_domain::{identity::team::TEAM, kernel::value::MovableClock};
use conexao_engine::{
    jobs::Registry,
    notify::{self, Choices, Wanted},
    tenants,
};
use serde_json::{Map, json};

use crate::{
    channels::{equipped, relay},
    home::{Home, People, create, people, start, stop},
    notices::{at, mails, none_more, tell},
    webhooks::admin,
};

on_both!(what_nobody_reads_goes_further, a_companys_ladder_ends_with_administrators);

async fn what_nobody_reads_goes_further(home: Home) {
    let clock = Arc::new(MovableClock::new(at("2026-03-11T15:00:00Z")));
    let relay = relay().await;
    let engine = equipped(home.engine_at(clock.clone(), true).await, &relay, None);
    let People { system, marta, vera, caio, .. } = people(&engine, "one").await;
    let members = json!([{ "user_id": caio.user.to_string() }, { "user_id": vera.user.to_string() }]);
    let team = json!({ "name": "Bancada", "leader_id": marta.user.to_string(), "members": members });
    create(&engine, &system, &TEAM, team).await;
    for who in [&caio, &vera] {
        notify::choose(&engine, who, Choices { escalate_minutes: Some(30), ..Choices::default() }).await.unwrap();
    }
    let background = start(&engine, Registry::standard()).await;
    tell(&engine, &caio, "check", "um").await;
    tell(&engine, &vera, "check", "um").await;
    tell(&engine, &vera, "security", "senha").await;
    mails(&relay, 1).await;
    clock.advance(TimeDelta::minutes(29));
    notify::due(&engine).await.unwrap();
    none_more(&relay, 1).await;
    // Vera reads hers, Caio does not.
    notify::read(&engine, &vera, &notify::Which::All).await.unwrap();
    clock.advance(TimeDelta::minutes(1));
    notify::due(&engine).await.unwrap();
    mails(&relay, 2).await;
    assert_eq!(relay.taken()[1].to, ["caio@one.example"], "another way to the same person");
    assert_eq!(notify::unread(&engine, &marta).await.unwrap(), 0);
    clock.advance(TimeDelta::minutes(30));
    for _ in 0..2 {
        notify::due(&engine).await.unwrap();
    }
    let told = notify::list(&engine, &marta, &Wanted::default()).await.unwrap();
    assert_eq!(told.items.len(), 1, "then to who leads the team, once");
    assert!(told.items[0]["body"].as_str().unwrap().starts_with("Caio não leu em 60 minutos"), "{}", told.items[0]);
    clock.advance(TimeDelta::hours(5));
    notify::due(&engine).await.unwrap();
    assert_eq!(notify::unread(&engine, &marta).await.unwrap(), 1);
    none_more(&relay, 2).await;
    stop(background).await;
}

async fn a_companys_ladder_ends_with_administrators(home: Home) {
    let clock = Arc::new(MovableClock::new(at("2026-03-11T15:00:00Z")));
    let relay = relay().await;
    let engine = equipped(home.engine_at(clock.clone(), true).await, &relay, None);
    let People { system, marta, caio, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let steps = json!([{ "minutes": 10, "to": "stand_in" }, { "minutes": 20, "to": "administrators" }]);
    let settings = Map::from_iter([("escalation".to_owned(), steps)]);
    tenants::patch_settings(&engine, &dora, 1, &settings).await.unwrap();
    let background = start(&engine, Registry::standard()).await;
    tell(&engine, &caio, "check", "um").await;
    // Nobody stands in for Caio, so that the next step is taken at once.
    for (minutes, heard) in [(9, 0), (1, 1), (20, 1), (600, 1)] {
        clock.advance(TimeDelta::minutes(minutes));
        notify::due(&engine).await.unwrap();
        let told = notify::list(&engine, &dora, &Wanted::default()).await.unwrap();
        let handed: Vec<_> = told.items.iter().filter(|item| item["event"] == "test.told").collect();
        assert_eq!(handed.len(), heard, "{:?}", told.items);
    }
    assert_eq!(notify::unread(&engine, &marta).await.unwrap(), 0, "nobody else");
    stop(background).await;
}
