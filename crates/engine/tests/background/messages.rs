//! Mail, over a server that speaks SMTP and behaves badly: what becomes of each
//! message, and notices as people want them.

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use conexao_domain::{
    customers::customer::CUSTOMER,
    integration::{message::MESSAGE, suppression::SUPPRESSION},
    kernel::{problem::Code, query, record::Record, resource::Resource, value::MovableClock},
    settings::TenantKind,
};
use conexao_engine::{
    Engine, Session, identity,
    jobs::Registry,
    messages::MailRoom,
    notify::{self, Choice, Choices},
    read, tenants, write,
};
use conexao_integrations::{
    email::{Mailer, Person, SmtpConfig, Tls},
    http::Egress,
    standin::smtp::{SmtpOptions, SmtpStandIn},
};
use sea_orm::ConnectionTrait;
use serde_json::{Map, json};

use crate::{
    home::{Home, People, create, customer, id, people, quiet, start, step, stop, until, warranty},
    webhooks::admin,
};

on_both!(
    each_answer_has_its_consequence,
    what_was_under_way_at_a_crash_is_not_sent_again,
    without_a_mail_server_messages_wait_and_say_why,
    notices_go_by_mail_as_people_want_them,
    a_slow_relay_keeps_nobody_elses_mail_back,
    who_opted_out_is_not_written_to,
    what_is_tried_out_does_not_leave,
);

pub async fn relay() -> SmtpStandIn {
    SmtpStandIn::start(SmtpOptions::default()).await.unwrap()
}

pub fn with_mail(engine: Engine, relay: &SmtpStandIn) -> Engine {
    let config = SmtpConfig {
        host: "localhost".to_owned(),
        port: relay.port(),
        tls: Tls::None,
        login: None,
        hello: "crm.example".to_owned(),
        ca_pem: None,
        timeout_seconds: 5,
        dkim: None,
    };
    let mailer = Mailer::new(config, Egress::AllowPrivate).unwrap();
    let from = Person { name: None, address: "conexao@crm.example".to_owned() };
    let room = MailRoom::new("secret", "https://crm.example/");
    engine.with_mail(room.with_mailer(mailer, from, "secret", Some("mail.crm.example")))
}

pub async fn listed(engine: &Engine, session: &Session, resource: &'static Resource) -> Vec<Record> {
    let query = query::parse(resource, [("sort", "created_at"), ("limit", "200")].into_iter(), &[]).unwrap();
    read::list(engine, &session.gate(resource, "read").unwrap(), &query).await.unwrap().items
}

/// The text of a mail without the line breaks that mail adds.
pub fn text(raw: &str) -> String {
    raw.replace("=\r\n", "").replace("=3D", "=")
}

pub async fn mails(relay: &SmtpStandIn, count: usize) {
    until(&format!("{count} mails"), || async { relay.taken().len() >= count }).await;
}

async fn write_to(engine: &Engine, session: &Session, address: &str) -> Record {
    create(engine, session, &MESSAGE, json!({ "subject": "Olá", "address": address, "body": "Tudo certo?" })).await
}

async fn status(engine: &Engine, session: &Session, message: &Record) -> (String, String) {
    let gate = session.gate(&MESSAGE, "read").unwrap();
    let now = read::get(engine, &gate, id(message)).await.unwrap();
    let text = |field: &str| now.text(field).unwrap_or_default().to_owned();
    (text("status"), text("error"))
}

async fn until_status(engine: &Engine, session: &Session, message: &Record, wanted: &str) -> String {
    until(&format!("a message to be {wanted}"), || async { status(engine, session, message).await.0 == wanted }).await;
    status(engine, session, message).await.1
}

async fn each_answer_has_its_consequence(home: Home) {
    let clock = Arc::new(MovableClock::new(Utc::now()));
    let relay = relay().await;
    let engine = with_mail(home.engine_at(clock.clone(), true).await, &relay);
    let People { system, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let background = start(&engine, Registry::standard()).await;

    // Greylisted: later, once.
    let grey = write_to(&engine, &dora, "grey@loja.example").await;
    until("the first refusal", || async { status(&engine, &dora, &grey).await.1 == "email.refused 451" }).await;
    assert_eq!(status(&engine, &dora, &grey).await.0, "queued");
    clock.advance(TimeDelta::minutes(10));
    until_status(&engine, &dora, &grey, "sent").await;
    let arrived = relay.taken().iter().filter(|mail| mail.to == ["grey@loja.example"]).count();
    assert_eq!(arrived, 1);

    // Nobody there: never again.
    let hard = write_to(&engine, &dora, "nobody@loja.example").await;
    assert_eq!(until_status(&engine, &dora, &hard, "bounced").await, "email.refused 550");
    let list = listed(&engine, &dora, &SUPPRESSION).await;
    assert_eq!((list.len(), list[0].text("reason")), (1, Some("hard_bounce")));
    let sessions = relay.sessions();
    let next = write_to(&engine, &dora, "Nobody@loja.example").await;
    until_status(&engine, &dora, &next, "suppressed").await;
    assert_eq!(relay.sessions(), sessions, "nobody was asked");

    // The answer was lost: perhaps it arrived, so a person decides.
    let unsure = write_to(&engine, &dora, "lost@loja.example").await;
    assert_eq!(until_status(&engine, &dora, &unsure, "unknown").await, "email.unknown");
    clock.advance(TimeDelta::hours(5));
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(status(&engine, &dora, &unsure).await.0, "unknown", "nobody sends it again by itself");

    // No room: three times in a week and the address is blocked.
    for n in 0..3 {
        let full = write_to(&engine, &dora, "full@loja.example").await;
        assert_eq!(until_status(&engine, &dora, &full, "failed").await, "email.refused 552");
        clock.advance(TimeDelta::days(1));
        let blocked = listed(&engine, &dora, &SUPPRESSION).await.len();
        assert_eq!(blocked, if n < 2 { 1 } else { 2 }, "{n}");
    }
    let list = listed(&engine, &dora, &SUPPRESSION).await;
    assert_eq!(list.last().and_then(|one| one.text("reason")), Some("soft_bounces"));
    stop(background).await;
}

async fn what_was_under_way_at_a_crash_is_not_sent_again(home: Home) {
    let clock = Arc::new(MovableClock::new(Utc::now()));
    let relay = relay().await;
    let engine = with_mail(home.engine_at(clock.clone(), true).await, &relay);
    let People { system, .. } = people(&engine, "one").await;
    let made = write_to(&engine, &system, "ana@loja.example").await;
    // As a node leaves it that was killed while it talked to the server.
    let tx = engine.db.write(system.tenant).await.unwrap();
    let mut update = sea_orm::sea_query::Query::update();
    update.table("message").value("status", "sending").value("next_at", engine.now() + TimeDelta::minutes(15));
    tx.execute(&update).await.unwrap();
    tx.commit().await.unwrap();
    let background = start(&engine, Registry::standard()).await;
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(status(&engine, &system, &made).await.0, "sending", "it may still be under way elsewhere");
    clock.advance(TimeDelta::minutes(16));
    assert_eq!(until_status(&engine, &system, &made, "unknown").await, "interrupted");
    assert!(relay.taken().is_empty());

    // Whoever knows that it did not arrive sends it, under the same identity.
    let gate = system.gate(&MESSAGE, "retry").unwrap();
    let version = listed(&engine, &system, &MESSAGE).await[0].version();
    write::step(&engine, &gate, id(&made), version, "retry", &Map::new()).await.unwrap();
    until_status(&engine, &system, &made, "sent").await;
    assert_eq!(relay.taken()[0].header("Message-ID"), format!("<{}@crm.example>", made.id()));
    stop(background).await;
}

async fn without_a_mail_server_messages_wait_and_say_why(home: Home) {
    let clock = Arc::new(MovableClock::new(Utc::now()));
    let engine = home.engine_at(clock.clone(), true).await;
    let engine = engine.with_mail(MailRoom::new("secret", "https://crm.example").showing_links());
    let People { system, .. } = people(&engine, "one").await;
    let background = start(&engine, Registry::standard()).await;
    identity::ask(&engine, "vera@one.example", None).await.unwrap();
    until("a message", || async { !listed(&engine, &system, &MESSAGE).await.is_empty() }).await;
    let waiting = listed(&engine, &system, &MESSAGE).await.pop().unwrap();
    assert_eq!((waiting.text("status"), waiting.text("error")), (Some("queued"), Some("not_configured")));
    let link = waiting.text("link").unwrap();
    let token = link.strip_prefix("https://crm.example/recuperar/").unwrap();
    identity::recover(&engine, token, "girafa parede cobre 71", None).await.unwrap();
    clock.advance(TimeDelta::minutes(61));
    assert_eq!(until_status(&engine, &system, &waiting, "failed").await, "expired");
    stop(background).await;
}

async fn notices_go_by_mail_as_people_want_them(home: Home) {
    let relay = relay().await;
    let engine = with_mail(home.engine().await, &relay);
    let People { marta, vera, caio, cida, .. } = people(&engine, "one").await;
    let background = start(&engine, Registry::standard()).await;
    let wanted = |category: &str, channel: &str, wanted: bool| Choice {
        category: category.to_owned(),
        channel: channel.to_owned(),
        wanted,
    };
    let by_mail = |digest: bool| Choices {
        choices: vec![
            wanted("check", notify::EMAIL, true),
            wanted("check", notify::IN_APP, false),
            wanted("comment", notify::EMAIL, true),
        ],
        digest,
        ..Choices::default()
    };
    notify::choose(&engine, &caio, by_mail(false)).await.unwrap();
    let ana = customer(&engine, &vera, "Ana").await;
    let made = warranty(&engine, &vera, &ana).await;
    let unread = notify::unread(&engine, &cida).await.unwrap();
    step(&engine, &marta, &made, "generate", json!({})).await;
    quiet(&engine).await;
    mails(&relay, 1).await;
    assert_eq!(relay.taken()[0].to, ["caio@one.example"]);
    assert!(notify::unread(&engine, &cida).await.unwrap() > unread, "others as usual");
    assert_eq!(notify::unread(&engine, &caio).await.unwrap(), 0, "not in the application");

    // One click ends it.
    let header = relay.taken()[0].header("List-Unsubscribe");
    let token =
        header.trim_matches(['<', '>']).strip_prefix("https://crm.example/api/v1/unsubscribe/").unwrap().to_owned();
    assert_eq!(relay.taken()[0].header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    let forged = format!("{}x", &token[..token.len() - 1]);
    assert_eq!(notify::unsubscribe(&engine, &forged).await.unwrap(), None);
    for _ in 0..2 {
        assert_eq!(notify::unsubscribe(&engine, &token).await.unwrap().as_deref(), Some("check"));
    }
    let after = notify::choices(&engine, &caio).await.unwrap();
    let by_mail: Vec<&str> = after
        .choices
        .iter()
        .filter(|one| one.channel == notify::EMAIL && one.wanted)
        .map(|one| &*one.category)
        .collect();
    assert_eq!(by_mail, ["comment", "security", "digest"], "what the mail was about, and nothing else");

    let nonsense = Choices { choices: vec![wanted("nada", notify::EMAIL, true)], ..Choices::default() };
    assert_eq!(notify::choose(&engine, &caio, nonsense).await.unwrap_err().code, Code::Validation);
    let nonsense = Choices { quiet_from: Some("25:00".to_owned()), ..Choices::default() };
    assert_eq!(notify::choose(&engine, &caio, nonsense).await.unwrap_err().code, Code::Validation);
    stop(background).await;
}

async fn a_slow_relay_keeps_nobody_elses_mail_back(home: Home) {
    let relay = relay().await;
    let engine = with_mail(home.engine().await, &relay);
    let (one, two) = (people(&engine, "one").await.system, people(&engine, "two").await.system);
    // Nobody answers these for five seconds, and there are more than places.
    for _ in 0..20 {
        write_to(&engine, &one, "mute@loja.example").await;
    }
    let made = write_to(&engine, &two, "ana@loja.example").await;
    let background = start(&engine, Registry::standard()).await;
    let sent = until_status(&engine, &two, &made, "sent");
    tokio::time::timeout(std::time::Duration::from_secs(4), sent).await.unwrap();
    stop(background).await;
}

async fn who_opted_out_is_not_written_to(home: Home) {
    let relay = relay().await;
    let engine = with_mail(home.engine().await, &relay);
    let People { system, .. } = people(&engine, "one").await;
    let with = async |name: &str, consent: &str| {
        let contact = json!({ "channel": "email", "value": "casa@loja.example", "consent": consent });
        create(&engine, &system, &CUSTOMER, json!({ "name": name, "contacts": [contact] })).await
    };
    let (ana, bia) = (with("Ana", "opt_out").await, with("Bia", "opt_in").await);
    let write = async |customer: Option<&Record>| {
        let input = json!({
            "subject": "Olá", "address": "Casa@loja.example", "body": "Tudo certo?",
            "customer_id": customer.map(Record::id),
        });
        create(&engine, &system, &MESSAGE, input).await
    };
    let (to_ana, to_bia, to_nobody) = (write(Some(&ana)).await, write(Some(&bia)).await, write(None).await);
    let background = start(&engine, Registry::standard()).await;
    assert_eq!(until_status(&engine, &system, &to_ana, "suppressed").await, "opt_out");
    until_status(&engine, &system, &to_bia, "sent").await;
    assert_eq!(until_status(&engine, &system, &to_nobody, "suppressed").await, "opt_out", "somebody there refused");
    assert_eq!(relay.taken().len(), 1);
    stop(background).await;
}

async fn what_is_tried_out_does_not_leave(home: Home) {
    let relay = relay().await;
    let engine = with_mail(home.engine().await, &relay);
    let tenant = tenants::create(&engine, "try", "Ensaio", TenantKind::Sandbox).await.unwrap();
    let system = Session::system(tenant, "test");
    identity::create_user(&engine, &system, "Vera", "vera@try.example", &["vendedor"], "correct horse 9")
        .await
        .unwrap();
    let made = write_to(&engine, &system, "ana@loja.example").await;
    let background = start(&engine, Registry::standard()).await;
    assert_eq!(until_status(&engine, &system, &made, "suppressed").await, "sandbox");
    // Who forgot their password comes in all the same.
    identity::ask(&engine, "vera@try.example", None).await.unwrap();
    mails(&relay, 1).await;
    assert_eq!(relay.taken()[0].to, ["vera@try.example"]);
    stop(background).await;
}
