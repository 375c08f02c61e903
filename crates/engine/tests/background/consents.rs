//! What somebody agreed to holds for the addresses it would reach them at.

use conexao_domain::{customers::customer::CUSTOMER, privacy::consent::CONSENT};
use conexao_engine::{jobs::Registry, write};
use serde_json::json;

use crate::{
    home::{Home, People, create, id, people, quiet, read, start, stop},
    webhooks::admin,
};

on_both!(contacts_follow_the_register);

async fn contacts_follow_the_register(home: Home) {
    let engine = home.engine().await;
    let People { system, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let background = start(&engine, Registry::standard()).await;
    let contacts = json!([
        { "channel": "email", "value": "ana@example.com" },
        { "channel": "phone", "value": "+551131234567" },
    ]);
    let ana = create(&engine, &dora, &CUSTOMER, json!({ "name": "Ana", "contacts": contacts })).await;
    let words = async || {
        quiet(&engine).await;
        let now = read(&engine, &system, &CUSTOMER, id(&ana)).await;
        now.lines("contacts").iter().map(|line| line.text("consent").unwrap().to_owned()).collect::<Vec<_>>()
    };
    let given = |purpose: &str| {
        json!({ "customer_id": ana.id(), "purpose": purpose, "purpose_text": "Ofertas", "channel": "email",
            "given_how": "site" })
    };
    create(&engine, &dora, &CONSENT, given("billing")).await;
    assert_eq!(words().await, ["unknown", "unknown"], "bills need no consent");
    let consent = create(&engine, &dora, &CONSENT, given("marketing")).await;
    assert_eq!(words().await, ["opt_in", "unknown"]);
    let gate = dora.gate(&CONSENT, "revoke").unwrap();
    let how = json!({ "revoked_how": "pediu por telefone" }).as_object().cloned().unwrap();
    write::step(&engine, &gate, id(&consent), consent.version(), "revoke", &how).await.unwrap();
    assert_eq!(words().await, ["opt_out", "unknown"]);
    let now = read(&engine, &system, &CUSTOMER, id(&ana)).await;
    assert_eq!(now.lines("contacts")[0].text("consent_source"), Some("pediu por telefone"));
    stop(background).await;
}
