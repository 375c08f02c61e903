//! Credentials tried out with the adapters that use them, over stand-ins that
//! speak the providers' protocols; and a suspension that other nodes hear of.

use std::time::{Duration, Instant};

use conexao_domain::integration::message::MESSAGE;
use conexao_engine::{
    Engine, Session,
    credentials::{self, Tried},
    identity::{self, Origin},
    jobs::Registry,
    tenants,
};
use conexao_integrations::{
    http::Egress,
    standin::{SlackStandIn, SmtpOptions, SmtpStandIn, TwilioStandIn},
};
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};

use crate::{
    home::{Home, create, people, start, stop},
    messages::{listed, mails, relay, with_mail},
    webhooks::admin,
};

on_both!(
    each_connection_is_tried_with_its_provider,
    a_company_cannot_have_us_call_into_our_own_network,
    other_nodes_hear_of_a_suspension,
    what_one_company_set_up_wrongly_keeps_nobody_else_waiting,
);

async fn set(engine: &Engine, session: &Session, name: &str, values: Json) {
    let version = credentials::one(engine, session, name).await.unwrap().version;
    credentials::put(engine, session, name, version, values.as_object().unwrap()).await.unwrap();
}

async fn tried(engine: &Engine, session: &Session, name: &str, to: Option<&str>) -> Tried {
    credentials::try_out(engine, session, name, to).await.unwrap()
}

async fn each_connection_is_tried_with_its_provider(home: Home) {
    let engine = home.engine().await.with_egress(Egress::AllowPrivate);
    let system = people(&engine, "aurora").await.system;

    let relay = SmtpStandIn::start(SmtpOptions::default()).await.unwrap();
    let mail = json!({ "host": "localhost", "port": relay.port(), "tls": "none", "from": "crm@aurora.example" });
    set(&engine, &system, "email", mail).await;
    assert_eq!(tried(&engine, &system, "email", None).await.error, None);
    assert!(relay.taken().is_empty(), "only asked");
    assert_eq!(tried(&engine, &system, "email", Some("ana@example.com")).await.error, None);
    assert_eq!(relay.taken().first().unwrap().to, ["ana@example.com"]);

    let twilio = TwilioStandIn::start("AC1", "um segredo de doze").await.unwrap();
    let account = |token: &str| json!({ "account_sid": "AC1", "auth_token": token, "sender": "+15005550006", "base_url": twilio.server.url("") });
    set(&engine, &system, "twilio", account("um segredo de doze")).await;
    assert_eq!(tried(&engine, &system, "twilio", None).await.error, None);
    assert_eq!(tried(&engine, &system, "twilio", Some("+5511987654321")).await.error, None);
    assert_eq!(twilio.messages().len(), 1);
    set(&engine, &system, "twilio", account("outro segredo qualquer")).await;
    assert_eq!(tried(&engine, &system, "twilio", None).await.error.as_deref(), Some("sms.refused"));
    let shown = credentials::one(&engine, &system, "twilio").await.unwrap();
    assert_eq!((shown.trial.as_deref(), shown.hints["auth_token"].as_str()), (Some("sms.refused"), "quer"));

    let slack = SlackStandIn::start().await.unwrap();
    set(&engine, &system, "slack", json!({ "webhook_url": slack.hook() })).await;
    assert_eq!(tried(&engine, &system, "slack", None).await.error, None);
    set(&engine, &system, "slack", json!({ "webhook_url": slack.failing(404, "no_service") })).await;
    assert_eq!(tried(&engine, &system, "slack", None).await.error.as_deref(), Some("slack.hook"));

    set(&engine, &system, "push", json!({ "contact": "mailto:ti@aurora.example" })).await;
    assert_eq!(tried(&engine, &system, "push", None).await.error, None);
    assert!(credentials::try_out(&engine, &system, "push", Some("x")).await.is_err());
}

async fn a_company_cannot_have_us_call_into_our_own_network(home: Home) {
    let engine = home.engine().await;
    let system = people(&engine, "aurora").await.system;
    let relay = SmtpStandIn::start(SmtpOptions::default()).await.unwrap();
    let mail = json!({ "host": "localhost", "port": relay.port(), "tls": "none", "from": "crm@aurora.example" });
    set(&engine, &system, "email", mail).await;
    assert!(tried(&engine, &system, "email", None).await.error.is_some());
    assert_eq!(relay.sessions(), 0);
}

async fn other_nodes_hear_of_a_suspension(home: Home) {
    let here = home.engine().await;
    let marta = people(&here, "aurora").await.marta;
    tenants::add_operator(&here, "Otília", "otilia@operador.example", "correct horse 9").await.unwrap();
    let operator = here.system(tenants::operator_tenant(&here).await.unwrap(), "teste").await.unwrap();
    // On SQLite there is one node.
    let there = if here.db.is_postgres() { home.engine().await } else { here.clone() };
    let background = start(&there, Registry::standard()).await;
    let granted = identity::login(&there, "marta@aurora.example", "correct horse 9", Origin::default()).await.unwrap();
    identity::authenticate(&there, &granted.access_token).await.unwrap();
    // The other node has to be listening before there is something to hear.
    tokio::time::sleep(Duration::from_millis(500)).await;
    tenants::suspend(&here, &operator, marta.tenant.0, "Fatura em aberto").await.unwrap();
    let began = Instant::now();
    while identity::authenticate(&there, &granted.access_token).await.is_ok() {
        assert!(began.elapsed() < Duration::from_secs(5), "the other node does not hear of it");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let refused = identity::login(&there, "marta@aurora.example", "correct horse 9", Origin::default()).await;
    assert_eq!(refused.unwrap_err().code.name(), "tenant_suspended");
    stop(background).await;
}

async fn what_one_company_set_up_wrongly_keeps_nobody_else_waiting(home: Home) {
    let relay = relay().await;
    let engine = with_mail(home.engine().await, &relay).with_egress(Egress::AllowPrivate);
    let (one, two) = (people(&engine, "one").await.system, people(&engine, "two").await.system);
    let login = json!({ "host": "localhost", "tls": "none", "from": "crm@one.example", "user": "a", "password": "b" });
    let refused = credentials::put(&engine, &one, "email", 0, login.as_object().unwrap()).await.unwrap_err();
    assert_eq!((refused.fields[0].field.as_str(), refused.fields[0].code.as_str()), ("tls", "login_without_tls"));
    let own =
        json!({ "host": "localhost", "tls": "starttls", "from": "crm@one.example", "user": "a", "password": "b" });
    set(&engine, &one, "email", own).await;
    // As after a master key was lost.
    let tx = engine.db.write(one.tenant).await.unwrap();
    tx.execute_unprepared("UPDATE secret SET kept = 'lost'").await.unwrap();
    tx.commit().await.unwrap();
    let background = start(&engine, Registry::standard()).await;
    for (session, address) in [(&one, "ana@one.example"), (&two, "bia@two.example")] {
        let (one, two) = (admin(&engine, session).await, json!({ "subject": "Olá", "address": address, "body": "x" }));
        create(&engine, &one, &MESSAGE, two).await;
    }
    mails(&relay, 1).await;
    assert_eq!(relay.taken()[0].to, ["bia@two.example"]);
    let waits = listed(&engine, &one, &MESSAGE).await;
    assert_eq!(waits[0].text("error"), Some("not_configured"), "and says why");
    stop(background).await;
}
