//! Declared notices become notifications, once, for the right people.

use conexao_domain::identity::user::USER;
use conexao_engine::{
    jobs::Registry,
    notify::{self, Wanted, Which},
    write,
};
use serde_json::{Map, json};
use uuid::Uuid;

use crate::home::{Home, People, customer, people, quiet, start, step, stop, warranty};

on_both!(who_is_told, read_and_delete);

async fn titles(engine: &conexao_engine::Engine, session: &conexao_engine::Session) -> Vec<String> {
    let listed = notify::list(engine, session, &Wanted::default()).await.unwrap();
    listed.items.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

async fn who_is_told(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, caio, cida, system, .. } = people(&engine, "one").await;
    let other = people(&engine, "two").await;
    let background = start(&engine, Registry::standard()).await;
    let ana = customer(&engine, &vera, "Ana").await;
    let request = warranty(&engine, &vera, &ana).await;
    let number = request.text("number").unwrap().to_owned();

    step(&engine, &marta, &request, "generate", json!({})).await;
    quiet(&engine).await;
    assert_eq!(titles(&engine, &caio).await, [format!("{number} aguarda sua conferência")]);
    let told = notify::list(&engine, &cida, &Wanted::default()).await.unwrap();
    assert_eq!(told.unread, 1);
    assert_eq!(told.items[0]["title"], format!("{number} is waiting for you to check it"), "in her language");
    assert_eq!((told.items[0]["body"].as_str(), told.items[0]["category"].as_str()), (Some("Marta"), Some("check")));
    assert_eq!(told.items[0]["record_id"], request.id());
    for (who, session) in [("not a checker", &vera), ("who did it", &marta), ("another tenant", &other.caio)] {
        assert_eq!(titles(&engine, session).await, Vec::<String>::new(), "{who}");
    }

    // The creator is told of the check, but not of what she does herself.
    let gate = system.gate(&USER, "suspend").unwrap();
    write::step(&engine, &gate, cida.user, 2, "suspend", &Map::new()).await.unwrap();
    step(&engine, &marta, &request, "send_back", json!({ "adjustment": "frete" })).await;
    step(&engine, &marta, &request, "generate", json!({ "return_received_at": "2026-03-02" })).await;
    step(&engine, &caio, &request, "check", json!({})).await;
    quiet(&engine).await;
    // Events are followed side by side, so their notifications may swap places.
    let mut told = titles(&engine, &vera).await;
    told.sort();
    assert_eq!(told, [format!("{number} foi conferida"), format!("{number} voltou para ajuste")]);
    assert_eq!(notify::unread(&engine, &caio).await.unwrap(), 2);
    assert_eq!(notify::unread(&engine, &cida).await.unwrap(), 1, "suspended since");
    stop(background).await;
}

async fn read_and_delete(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, caio, .. } = people(&engine, "one").await;
    let background = start(&engine, Registry::standard()).await;
    let ana = customer(&engine, &vera, "Ana").await;
    for _ in 0..3 {
        let request = warranty(&engine, &vera, &ana).await;
        step(&engine, &marta, &request, "generate", json!({})).await;
    }
    quiet(&engine).await;
    let listed = notify::list(&engine, &caio, &Wanted::default()).await.unwrap();
    let ids: Vec<Uuid> = listed.items.iter().map(|item| item["id"].as_str().unwrap().parse().unwrap()).collect();
    assert_eq!((ids.len(), listed.unread), (3, 3));
    assert!(ids.is_sorted_by(|a, b| a > b), "newest first");

    let first = Which::Ids(vec![ids[0]]);
    assert_eq!(notify::read(&engine, &vera, &first).await.unwrap(), 0, "not hers to read");
    assert_eq!(notify::read(&engine, &caio, &first).await.unwrap(), 2);
    assert_eq!(notify::read(&engine, &caio, &first).await.unwrap(), 2, "again changes nothing");
    let unread = Wanted { unread: true, category: Some("check".to_owned()), ..Wanted::default() };
    assert_eq!(notify::list(&engine, &caio, &unread).await.unwrap().items.len(), 2);
    let none = Wanted { category: Some("warranty".to_owned()), ..Wanted::default() };
    assert_eq!(notify::list(&engine, &caio, &none).await.unwrap().items.len(), 0);
    let older = Wanted { after: Some(ids[1]), ..Wanted::default() };
    assert_eq!(notify::list(&engine, &caio, &older).await.unwrap().items[0]["id"], ids[2].to_string());

    assert_eq!(notify::delete(&engine, &caio, &Which::Ids(vec![ids[1]])).await.unwrap(), 1);
    assert_eq!(notify::list(&engine, &caio, &Wanted::default()).await.unwrap().items.len(), 2);
    assert_eq!(notify::read(&engine, &caio, &Which::All).await.unwrap(), 0);
    assert_eq!(notify::delete(&engine, &caio, &Which::All).await.unwrap(), 0);
    assert_eq!(notify::list(&engine, &caio, &Wanted::default()).await.unwrap().items.len(), 0);
    stop(background).await;
}
