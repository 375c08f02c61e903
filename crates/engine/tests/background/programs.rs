//! What a program began goes on by its token, not by whoever made it.

use conexao_domain::{customers::customer::CUSTOMER, identity::api_token::API_TOKEN, kernel::record::Record};
use conexao_engine::{
    jobs::{self, BulkRequest, Registry, bulk},
    secrets, tokens,
};
use serde_json::json;

use crate::{
    home::{Home, People, create, customer, id, people, read as seen, start, stop, until_job},
    webhooks::{admin, step},
};

on_both!(what_a_token_started_stays_the_tokens);

async fn what_a_token_started_stays_the_tokens(home: Home) {
    let engine = home.engine().await;
    let People { system, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let (ana, bia) = (customer(&engine, &dora, "Ana").await, customer(&engine, &dora, "Bia").await);
    let ask = async |about: &Record| {
        let input = json!({ "name": "Carga", "scopes": [{ "permission": "customer.update" }, { "permission": "customer.read" }] });
        let token = create(&engine, &dora, &API_TOKEN, input).await;
        let entered = tokens::authenticate(&engine, token.text(secrets::SHOWN).unwrap(), None).await.unwrap().unwrap();
        let values = json!({ "notes": "pelo token" }).as_object().cloned().unwrap();
        let request = BulkRequest { action: "patch".to_owned(), values, ids: vec![id(about)], query: None };
        (token, bulk(&engine, &entered.session, &CUSTOMER, request).await.unwrap())
    };
    let (_, good) = ask(&ana).await;
    let (token, bad) = ask(&bia).await;
    step(&engine, &dora, &API_TOKEN, &token, "revoke").await;
    let background = start(&engine, Registry::standard()).await;
    until_job(&engine, &dora, good, "done").await;
    let failed = until_job(&engine, &dora, bad, "failed").await;
    assert_eq!(failed["created_by"]["name"], "Dora");
    assert_eq!(seen(&engine, &dora, &CUSTOMER, id(&ana)).await.text("notes"), Some("pelo token"));
    assert_eq!(seen(&engine, &dora, &CUSTOMER, id(&bia)).await.text("notes"), None);
    assert_eq!(jobs::backlog(&engine).await.unwrap().dead, 0);
    stop(background).await;
}
