//! Ways out other than mail, and what providers say later, over stand-ins that
//! behave badly: SMS, push and Slack.

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use conexao_domain::{
    integration::{message::MESSAGE, suppression::SUPPRESSION},
    kernel::{problem::Code, query, record::Record, resource::Resource, value::MovableClock},
};
use conexao_engine::{
    Engine, Session,
    jobs::Registry,
    messages::{
        self, MailRoom,
        browsers::{self, Browser},
        callbacks::{self, Call},
        events, pauses, reach,
    },
    notify::{self, Choice, Choices},
    read,
};
use conexao_integrations::{
    email::{Mailer, Person, SmtpConfig, Tls},
    http::Egress,
    sms::{Sender, TwilioConfig},
    standin::{PushStandIn, SlackStandIn, SmtpOptions, SmtpStandIn, TwilioStandIn},
};
use serde_json::{Value as Json, json};

use crate::{
    home::{Home, People, create, customer, id, people, quiet, start, step, stop, until, warranty},
    webhooks::admin,
};

on_both!(
    an_sms_arrives_whatever_order_its_receipts_come_in,
    refusals_of_numbers_have_their_consequences,
    who_answers_stop_gets_no_more,
    the_provider_is_asked_where_it_is_silent,
    a_browser_is_told_until_it_is_gone,
    slack_hooks_are_a_persons_own,
    a_paused_way_waits_and_goes_on,
);

const ACCOUNT: &str = "AC1";
const TOKEN: &str = "auth-token-of-the-account";

pub async fn relay() -> SmtpStandIn {
    SmtpStandIn::start(SmtpOptions::default()).await.unwrap()
}

/// A room with mail, and SMS where there is a stand-in.
pub fn equipped(engine: Engine, relay: &SmtpStandIn, twilio: Option<&TwilioStandIn>) -> Engine {
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
    let sms = twilio.map(|twilio| TwilioConfig {
        account_sid: ACCOUNT.to_owned(),
        auth_token: TOKEN.into(),
        api_key: None,
        sender: Sender::From("+551130000000".to_owned()),
        base_url: Some(twilio.server.url("/").parse().unwrap()),
    });
    let room =
        MailRoom::new("secret", "https://crm.example/").with_mailer(mailer, from, "secret", Some("mail.crm.example"));
    engine.with_egress(Egress::AllowPrivate).with_mail(room.with_channels(sms, None))
}

pub async fn twilio() -> TwilioStandIn {
    TwilioStandIn::start(ACCOUNT, TOKEN).await.unwrap()
}

pub async fn listed(engine: &Engine, session: &Session, resource: &'static Resource) -> Vec<Record> {
    let query = query::parse(resource, [("sort", "created_at"), ("limit", "200")].into_iter(), &[]).unwrap();
    read::list(engine, &session.gate(resource, "read").unwrap(), &query).await.unwrap().items
}

pub async fn now(engine: &Engine, session: &Session, message: &Record) -> Record {
    let gate = session.gate(&MESSAGE, "read").unwrap();
    read::get(engine, &gate, id(message)).await.unwrap()
}

pub async fn until_status(engine: &Engine, session: &Session, message: &Record, wanted: &str) -> String {
    until(&format!("a message to be {wanted}"), || async {
        now(engine, session, message).await.text("status") == Some(wanted)
    })
    .await;
    now(engine, session, message).await.text("error").unwrap_or_default().to_owned()
}

async fn text_to(engine: &Engine, session: &Session, phone: &str) -> Record {
    let input = json!({ "channel": "sms", "phone": phone, "subject": "Visita", "body": "O técnico chega às 10h." });
    create(engine, session, &MESSAGE, input).await
}

/// Tells news of a message as the provider does; signed for `signed`.
async fn call_back(
    engine: &Engine,
    twilio: &TwilioStandIn,
    message: &Record,
    signed: &str,
    fields: &[(&str, &str)],
) -> Result<(), Code> {
    let path = format!("/api/v1/callbacks/sms/1/{}", message.id());
    let (body, signature) = twilio.callback(&signed.replace("{path}", &path), fields);
    let call = Call { path: &path, body: body.as_bytes(), signature: &signature };
    callbacks::sms_status(engine, 1, id(message), call).await.map_err(|problem| problem.code)
}

const RIGHT: &str = "https://crm.example{path}";
const WITH_PORT: &str = "https://crm.example:443{path}";

async fn an_sms_arrives_whatever_order_its_receipts_come_in(home: Home) {
    let (relay, twilio) = (relay().await, twilio().await);
    let engine = equipped(home.engine().await, &relay, Some(&twilio));
    let People { system, marta, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let background = start(&engine, Registry::standard()).await;
    let made = text_to(&engine, &dora, "(11) 98765-4321").await;
    until_status(&engine, &dora, &made, "sent").await;
    let sent = now(&engine, &dora, &made).await;
    let sid = sent.text("provider_id").unwrap().to_owned();
    assert_eq!((sent.text("provider_status"), sent.integer("segments")), (Some("queued"), Some(1)));
    assert_eq!(twilio.messages()[0]["to"], "+5511987654321");
    let form = twilio.server.calls()[0].form();
    let callback = form.iter().find(|(name, _)| name == "StatusCallback").unwrap();
    assert_eq!(callback.1, format!("https://crm.example/api/v1/callbacks/sms/1/{}", made.id()));

    let news = |status: &'static str| {
        [("MessageSid", sid.clone()), ("MessageStatus", status.to_owned()), ("New", "x".to_owned())]
    };
    let tell = async |status: &'static str, signed: &str| {
        let fields = news(status);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        call_back(&engine, &twilio, &made, signed, &fields).await
    };
    // Nobody is believed without the account's signature.
    assert_eq!(tell("delivered", "https://elsewhere.example{path}").await, Err(Code::Forbidden));
    assert_eq!(now(&engine, &dora, &made).await.text("status"), Some("sent"));
    // The last news first, then older ones, each twice.
    for (status, signed) in
        [("delivered", RIGHT), ("sent", WITH_PORT), ("delivered", WITH_PORT), ("queued", RIGHT), ("sent", RIGHT)]
    {
        tell(status, signed).await.unwrap();
    }
    tell("a_new_word", RIGHT).await.unwrap();
    let after = now(&engine, &dora, &made).await;
    assert_eq!((after.text("status"), after.text("provider_status")), (Some("delivered"), Some("delivered")));
    assert!(after.text("delivered_at").is_some(), "the proof");
    let heard = events::list(&engine, &dora, id(&made)).await.unwrap();
    let words: Vec<&str> = heard.iter().map(|one| one["status"].as_str().unwrap()).collect();
    assert_eq!(words, ["sent", "delivered", "sent", "queued"], "each news once");
    assert_eq!(events::list(&engine, &marta, id(&made)).await.unwrap_err().code, Code::Forbidden);
    // What was said is shown to who may see it, and that they looked is written down.
    let content = messages::shown(&engine, &dora, id(&made)).await.unwrap();
    assert_eq!(content["text"], "O técnico chega às 10h.");
    assert_eq!(messages::shown(&engine, &marta, id(&made)).await.unwrap_err().code, Code::Forbidden);
    stop(background).await;
}

async fn refusals_of_numbers_have_their_consequences(home: Home) {
    let (relay, twilio) = (relay().await, twilio().await);
    let engine = equipped(home.engine().await, &relay, Some(&twilio));
    let People { system, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let background = start(&engine, Registry::standard()).await;
    for (phone, status, error, reason) in [
        ("+5511999921211", "bounced", "sms.refused 21211", Some("hard_bounce")),
        ("+5511999921610", "suppressed", "sms.refused 21610", Some("opt_out")),
        ("+5511999920429", "queued", "sms.refused 20429", None),
        ("+5511999900500", "queued", "sms.refused 500", None),
    ] {
        let made = text_to(&engine, &dora, phone).await;
        until("a refusal", || async { now(&engine, &dora, &made).await.text("error") == Some(error) }).await;
        assert_eq!(now(&engine, &dora, &made).await.text("status"), Some(status), "{phone}");
        let blocked = listed(&engine, &dora, &SUPPRESSION).await;
        let why = blocked.iter().find(|one| one.text("reason") == reason);
        assert_eq!(why.is_some(), reason.is_some(), "{phone}");
    }
    // Nobody is asked about a number that is blocked.
    let calls = twilio.server.calls().len();
    let again = text_to(&engine, &dora, "+5511999921211").await;
    assert_eq!(until_status(&engine, &dora, &again, "suppressed").await, "hard_bounce");
    assert_eq!(twilio.server.calls().len(), calls);

    // The answer was lost: not sent again by itself, but the receipt settles it.
    let unsure = text_to(&engine, &dora, "+5511999900408").await;
    until_status(&engine, &dora, &unsure, "unknown").await;
    let taken = twilio.messages().len();
    let sid = twilio.messages().last().unwrap()["sid"].as_str().unwrap().to_owned();
    let fields = [("MessageSid", sid.as_str()), ("MessageStatus", "delivered")];
    call_back(&engine, &twilio, &unsure, RIGHT, &fields).await.unwrap();
    assert_eq!(now(&engine, &dora, &unsure).await.text("status"), Some("delivered"));
    assert_eq!(twilio.messages().len(), taken, "nothing was sent twice");

    // A handset that is off is tried again, a landline is not.
    for (phone, code, status) in [("+5511987650003", "30003", "queued"), ("+5511987650006", "30006", "bounced")] {
        let made = text_to(&engine, &dora, phone).await;
        until_status(&engine, &dora, &made, "sent").await;
        let sid = now(&engine, &dora, &made).await.text("provider_id").unwrap().to_owned();
        let fields = [("MessageSid", sid.as_str()), ("MessageStatus", "undelivered"), ("ErrorCode", code)];
        call_back(&engine, &twilio, &made, RIGHT, &fields).await.unwrap();
        let after = now(&engine, &dora, &made).await;
        assert_eq!(
            (after.text("status"), after.text("error")),
            (Some(status), Some(format!("sms.report {code}").as_str()))
        );
        let waits = after.instant("next_at").map(|at| (at - Utc::now()).num_minutes());
        assert_eq!(waits.is_some_and(|minutes| (20..=40).contains(&minutes)), status == "queued", "{waits:?}");
    }
    stop(background).await;
}

async fn who_answers_stop_gets_no_more(home: Home) {
    let (relay, twilio) = (relay().await, twilio().await);
    let engine = equipped(home.engine().await, &relay, Some(&twilio));
    let People { system, .. } = people(&engine, "one").await;
    let background = start(&engine, Registry::standard()).await;
    let path = "/api/v1/callbacks/sms/1";
    let say = async |text: &str| {
        let fields = [("MessageSid", "SM9"), ("From", "+5511987654321"), ("To", "+551130000000"), ("Body", text)];
        let (body, signature) = twilio.callback(&format!("https://crm.example{path}"), &fields);
        callbacks::sms_inbound(&engine, 1, Call { path, body: body.as_bytes(), signature: &signature }).await.unwrap();
    };
    let forged = Call { path, body: b"From=%2B5511987654321&Body=STOP", signature: "AAAA" };
    assert_eq!(callbacks::sms_inbound(&engine, 1, forged).await.unwrap_err().code, Code::Forbidden);
    assert!(listed(&engine, &system, &SUPPRESSION).await.is_empty());
    say("não quero parar").await;
    assert!(listed(&engine, &system, &SUPPRESSION).await.is_empty(), "only a whole answer counts");
    say("Parar").await;
    say("STOP").await;
    assert_eq!(listed(&engine, &system, &SUPPRESSION).await.len(), 1);
    let made = text_to(&engine, &system, "+5511987654321").await;
    assert_eq!(until_status(&engine, &system, &made, "suppressed").await, "opt_out");
    say("voltar").await;
    assert!(listed(&engine, &system, &SUPPRESSION).await.is_empty());
    let made = text_to(&engine, &system, "+5511987654321").await;
    until_status(&engine, &system, &made, "sent").await;
    stop(background).await;
}

async fn the_provider_is_asked_where_it_is_silent(home: Home) {
    let clock = Arc::new(MovableClock::new(Utc::now()));
    let (relay, twilio) = (relay().await, twilio().await);
    let engine = equipped(home.engine_at(clock.clone(), true).await, &relay, Some(&twilio));
    let People { system, .. } = people(&engine, "one").await;
    let background = start(&engine, Registry::standard()).await;
    let made = text_to(&engine, &system, "+5511987654321").await;
    until_status(&engine, &system, &made, "sent").await;
    let sid = twilio.messages()[0]["sid"].as_str().unwrap().to_owned();
    twilio.set_status(&sid, "delivered", None);
    callbacks::ask_after(&engine).await.unwrap();
    assert_eq!(now(&engine, &system, &made).await.text("status"), Some("sent"), "too early to ask");
    clock.advance(TimeDelta::minutes(6));
    callbacks::ask_after(&engine).await.unwrap();
    callbacks::ask_after(&engine).await.unwrap();
    let after = now(&engine, &system, &made).await;
    assert_eq!((after.text("status"), after.text("provider_status")), (Some("delivered"), Some("delivered")));
    assert_eq!(events::list(&engine, &system, id(&made)).await.unwrap().len(), 2);
    stop(background).await;
}

pub fn wanting(category: &str, channel: &str) -> Choices {
    let one = |channel: &str| Choice { category: category.to_owned(), channel: channel.to_owned(), wanted: true };
    Choices { choices: vec![one(channel)], ..Choices::default() }
}

async fn subscribe(engine: &Engine, session: &Session, service: &PushStandIn, status: u16) {
    let (endpoint, p256dh, auth) = service.subscription(status);
    let browser = Browser { endpoint, p256dh, auth };
    browsers::add(engine, session, &browser, Some("Firefox".to_owned())).await.unwrap();
}

async fn a_browser_is_told_until_it_is_gone(home: Home) {
    let relay = relay().await;
    let engine = equipped(home.engine().await, &relay, None);
    let People { system, marta, vera, caio, .. } = people(&engine, "one").await;
    let key = browsers::public_key(&engine, &caio).await.unwrap();
    assert_eq!(browsers::public_key(&engine, &vera).await.unwrap(), key, "one key for the company");
    let service = PushStandIn::start(&key).await.unwrap();
    let bad = Browser { endpoint: "ftp://x".into(), p256dh: "x".into(), auth: "x".into() };
    assert_eq!(browsers::add(&engine, &caio, &bad, None).await.unwrap_err().code, Code::Validation);
    let background = start(&engine, Registry::standard()).await;
    subscribe(&engine, &caio, &service, 201).await;
    subscribe(&engine, &caio, &service, 201).await;
    assert_eq!(browsers::list(&engine, &caio).await.unwrap().len(), 1, "the same browser is the same");
    assert!(browsers::list(&engine, &vera).await.unwrap().is_empty());

    notify::choose(&engine, &caio, wanting("check", "push")).await.unwrap();
    let ana = customer(&engine, &vera, "Ana").await;
    let made = warranty(&engine, &vera, &ana).await;
    step(&engine, &marta, &made, "generate", json!({})).await;
    quiet(&engine).await;
    until("a push message", || async { service.received().len() == 1 }).await;
    let got = service.received().remove(0);
    let told: Json = serde_json::from_slice(&got.payload).unwrap();
    assert_eq!(told["title"], format!("{} aguarda sua conferência", made.text("number").unwrap()));
    assert_eq!(told["url"], format!("https://crm.example/garantias/{}", made.id()));
    assert_eq!(told["tag"], made.id());
    assert!(got.ttl > 0 && got.topic.len() == 32);
    assert_eq!(reach::test_push(&engine, &caio).await.unwrap(), 1);
    until("the test", || async { service.received().len() == 2 }).await;

    // Too many: later. Gone: forgotten.
    subscribe(&engine, &vera, &service, 429).await;
    subscribe(&engine, &marta, &service, 410).await;
    reach::test_push(&engine, &vera).await.unwrap();
    reach::test_push(&engine, &marta).await.unwrap();
    until("a subscription to be gone", || async { browsers::list(&engine, &marta).await.unwrap().is_empty() }).await;
    let of = async |who: &Session| {
        let all = listed(&engine, &system, &MESSAGE).await;
        let own = all.into_iter().find(|one| one.text("user_id") == Some(&who.user.to_string())).unwrap();
        (own.text("status").unwrap().to_owned(), own.text("error").unwrap_or_default().to_owned())
    };
    assert_eq!(of(&marta).await, ("failed".to_owned(), "push.gone".to_owned()));
    until("to be asked to wait", || async { of(&vera).await.1 == "push.later 429" }).await;
    assert_eq!(of(&vera).await.0, "queued");
    assert_eq!(browsers::list(&engine, &vera).await.unwrap().len(), 1);
    stop(background).await;
}

async fn slack_hooks_are_a_persons_own(home: Home) {
    let relay = relay().await;
    let engine = equipped(home.engine().await, &relay, None);
    let People { system, vera, caio, .. } = people(&engine, "one").await;
    let slack = SlackStandIn::start().await.unwrap();
    let background = start(&engine, Registry::standard()).await;
    reach::set_slack(&engine, &caio, &slack.hook()).await.unwrap();
    until("a post", || async { slack.server.calls().len() == 1 }).await;
    let body: Json = serde_json::from_slice(&slack.server.calls()[0].body).unwrap();
    assert_eq!(body["text"], "Teste do Conexão");
    let known = reach::list(&engine, &caio).await.unwrap();
    assert!(!known[0].to_string().contains("/services/"), "the address is a secret: {}", known[0]);
    assert!(reach::list(&engine, &vera).await.unwrap().is_empty());

    reach::set_slack(&engine, &vera, &slack.failing(404, "no_service")).await.unwrap();
    let failed = async || {
        let all = listed(&engine, &system, &MESSAGE).await;
        all.into_iter().find(|one| one.text("user_id") == Some(&vera.user.to_string())).unwrap()
    };
    until("a refusal", || async { failed().await.text("status") == Some("failed") }).await;
    assert_eq!(failed().await.text("error"), Some("slack.hook no_service"));
    reach::remove(&engine, &caio, "slack").await.unwrap();
    assert!(reach::list(&engine, &caio).await.unwrap().is_empty());
    stop(background).await;
}

async fn a_paused_way_waits_and_goes_on(home: Home) {
    let relay = relay().await;
    let engine = equipped(home.engine().await, &relay, None);
    let People { system, marta, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let background = start(&engine, Registry::standard()).await;
    assert_eq!(pauses::pause(&engine, &marta, "email", true).await.unwrap_err().code, Code::Forbidden);
    pauses::pause(&engine, &dora, "email", true).await.unwrap();
    let input = json!({ "subject": "Olá", "address": "ana@loja.example", "body": "Tudo certo?" });
    let made = create(&engine, &dora, &MESSAGE, input).await;
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!((now(&engine, &dora, &made).await.text("status"), relay.taken().len()), (Some("queued"), 0));
    let ways = pauses::list(&engine, &dora).await.unwrap();
    assert_eq!((ways[0]["channel"].as_str(), ways[0]["counts"]["queued"].as_i64()), (Some("email"), Some(1)));
    assert!(ways[0]["paused_at"].is_string() && ways[0]["ready"] == true && ways[1]["ready"] == false);
    pauses::pause(&engine, &dora, "email", false).await.unwrap();
    until_status(&engine, &dora, &made, "sent").await;
    stop(background).await;
}
