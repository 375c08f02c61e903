//! What is told of absences, and to whom things are told while somebody is away.

use chrono::Days;
use conexao_engine::{Engine, Session, jobs::Registry, notify, rights};
use serde_json::{Map, Value as Json, json};

use crate::home::{Home, People, customer, people, quiet, start, step, stop, warranty};

on_both!(both_sides_hear_of_an_absence, a_substitute_hears_what_the_absent_person_is_told);

fn days(engine: &Engine, of: &Session, from: u64, to: u64) -> [String; 2] {
    let today = engine.now().with_timezone(&of.time_zone).date_naive();
    [from, to].map(|after| (today + Days::new(after)).to_string())
}

async fn away(engine: &Engine, absent: &Session, substitute: &Session, [from, to]: [String; 2]) -> uuid::Uuid {
    let input = json!({ "substitute_id": substitute.user, "starts_on": from, "ends_on": to });
    let Json::Object(input) = input else { panic!("an object") };
    let made = rights::name_substitute(engine, absent, &input).await.unwrap();
    made.id().parse().unwrap()
}

async fn told(engine: &Engine, session: &Session) -> Vec<(String, String, String)> {
    let listed = notify::list(engine, session, &notify::Wanted::default()).await.unwrap();
    let text = |item: &Json, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let mut all: Vec<_> =
        listed.items.iter().map(|item| (text(item, "category"), text(item, "event"), text(item, "title"))).collect();
    all.reverse();
    all
}

async fn both_sides_hear_of_an_absence(home: Home) {
    let engine = home.engine().await;
    let People { vera, caio, marta, .. } = people(&engine, "one").await;
    let background = start(&engine, Registry::standard()).await;
    let absence = away(&engine, &vera, &caio, days(&engine, &vera, 0, 1)).await;
    quiet(&engine).await;
    rights::end_absence(&engine, &vera, absence).await.unwrap();
    quiet(&engine).await;
    let expected = ["Caio substitui Vera", "Terminou a substituição de Vera por Caio"];
    for side in [&vera, &caio] {
        let heard = told(&engine, side).await;
        let titles: Vec<&str> = heard.iter().map(|(_, _, title)| title.as_str()).collect();
        assert_eq!(titles, expected);
        assert!(heard.iter().all(|(category, _, _)| category == "security"));
    }
    assert!(told(&engine, &marta).await.is_empty(), "nobody else's business");
    stop(background).await;
}

async fn a_substitute_hears_what_the_absent_person_is_told(home: Home) {
    let engine = home.engine().await;
    let People { vera, caio, cida, marta, .. } = people(&engine, "one").await;
    away(&engine, &vera, &cida, days(&engine, &vera, 0, 0)).await;
    away(&engine, &caio, &cida, days(&engine, &vera, 2, 3)).await;
    let background = start(&engine, Registry::standard()).await;
    quiet(&engine).await;
    let ana = customer(&engine, &vera, "Ana").await;
    let request = warranty(&engine, &vera, &ana).await;
    step(&engine, &marta, &request, "generate", json!({})).await;
    // Workers tell of different changes side by side.
    quiet(&engine).await;
    step(&engine, &marta, &request, "check", json!({})).await;
    quiet(&engine).await;
    let events = |all: Vec<(String, String, String)>| -> Vec<(String, String)> {
        all.into_iter()
            .filter(|(category, ..)| category != "security")
            .map(|(_, event, title)| (event, title))
            .collect()
    };
    let number = request.text("number").unwrap();
    let of_vera = events(told(&engine, &vera).await);
    assert_eq!(of_vera, [("warranty.check".to_owned(), format!("{number} foi conferida"))]);
    // Cida is a checker herself, and stands in for Vera now, for Caio only later. She reads English.
    let of_cida = events(told(&engine, &cida).await);
    assert_eq!(
        of_cida.iter().map(|(event, _)| event.as_str()).collect::<Vec<_>>(),
        ["warranty.generate", "warranty.check"]
    );
    assert!(of_cida[1].1.ends_with("(in place of Vera)"), "{of_cida:?}");
    // What she does herself, in Vera's place, she is not told of.
    let second = warranty(&engine, &vera, &ana).await;
    step(&engine, &marta, &second, "generate", json!({})).await;
    step(&engine, &cida, &second, "check", Json::Object(Map::new())).await;
    quiet(&engine).await;
    assert_eq!(events(told(&engine, &vera).await).len(), 2);
    assert_eq!(events(told(&engine, &cida).await).len(), 3);
    stop(background).await;
}
