//! Which tags are suggested.

use conexao_domain::{after_sales::warranty::WARRANTY, customers::customer::CUSTOMER};
use conexao_engine::{Engine, Session, notes::tags::tags, write};
use serde_json::json;

use crate::home::{Home, People, create, id, people};

on_both!(counted);

async fn seen(engine: &Engine, session: &Session, prefix: &str) -> Vec<(String, i64)> {
    let found = tags(engine, &session.gate(&CUSTOMER, "read").unwrap(), prefix).await.unwrap();
    found.into_iter().map(|tag| (tag.tag, tag.count)).collect()
}

async fn counted(home: Home) {
    let engine = home.engine().await;
    let People { vera, system, .. } = people(&engine, "one").await;
    let other = people(&engine, "two").await;
    let tagged = async |name: &str, tags: &[&str]| {
        create(&engine, &vera, &CUSTOMER, json!({ "name": name, "tags": tags })).await
    };
    tagged("Ana", &["VIP", "norte"]).await;
    tagged("Bia", &["VIP", "100%_certo"]).await;
    let gone = tagged("Cris", &["VIP", "antigo"]).await;
    create(&engine, &other.vera, &CUSTOMER, json!({ "name": "Dora", "tags": ["alheio"] })).await;
    write::remove(&engine, &system.gate(&CUSTOMER, "delete").unwrap(), id(&gone), 1).await.unwrap();

    let all = [("VIP", 2), ("100%_certo", 1), ("norte", 1)].map(|(tag, n)| (tag.to_owned(), n));
    assert_eq!(seen(&engine, &vera, "").await, all);
    assert_eq!(seen(&engine, &vera, "vi").await, [("VIP".to_owned(), 2)], "whatever the case");
    assert_eq!(seen(&engine, &vera, "100%_").await, [("100%_certo".to_owned(), 1)]);
    assert_eq!(seen(&engine, &vera, "%").await, [], "wildcards are letters here");
    assert_eq!(tags(&engine, &vera.gate(&WARRANTY, "read").unwrap(), "").await.unwrap(), []);
}
