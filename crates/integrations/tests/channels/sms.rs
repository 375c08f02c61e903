use std::time::Duration;

use conexao_integrations::http::Egress;
use conexao_integrations::outcome::Next;
use conexao_integrations::sms::{
    Sender, Sms, SmsError, SmsStatus, TwilioClient, TwilioConfig, next_of_code, parse_status,
};
use conexao_integrations::standin::TwilioStandIn;

const CALLBACK: &str = "https://crm.empresa.com.br/api/v1/callbacks/twilio";

async fn start(token: &str, sender: Sender) -> (TwilioStandIn, TwilioClient) {
    let twilio = TwilioStandIn::start("AC1", "tok").await.unwrap();
    let config = TwilioConfig {
        account_sid: "AC1".into(),
        auth_token: token.into(),
        api_key: None,
        sender,
        base_url: Some(twilio.server.url("").parse().unwrap()),
    };
    (twilio, TwilioClient::with_limits(config, Egress::AllowPrivate, super::quick()).unwrap())
}

fn sms<'a>(to: &'a str, body: &'a str) -> Sms<'a> {
    Sms { to, body, status_callback: Some(CALLBACK), validity: Some(Duration::from_mins(10)) }
}

fn number() -> Sender {
    Sender::From("+551130000000".into())
}

#[tokio::test]
async fn a_message_is_taken_and_asked_for() {
    let (twilio, client) = start("tok", number()).await;
    let sent = client.send(&sms("+5511999990000", &"ã".repeat(71))).await.unwrap();
    assert_eq!((sent.status, sent.segments, &sent.price), (SmsStatus::Queued, Some(2), &None));
    let form = twilio.server.calls()[0].form();
    assert!(form.contains(&("StatusCallback".into(), CALLBACK.into())));
    assert!(form.contains(&("ValidityPeriod".into(), "600".into())));
    twilio.set_status(&sent.sid, "undelivered", Some(30006));
    let found = client.fetch(&sent.sid).await.unwrap();
    assert_eq!((found.status, found.error), (SmsStatus::Undelivered, Some(30006)));
    assert!(client.fetch("../../Keys").await.is_err());
}

#[tokio::test]
async fn a_messaging_service_picks_the_sender() {
    let (twilio, client) = start("tok", Sender::MessagingService("MG1".into())).await;
    assert_eq!(client.send(&sms("+5511999990000", "Olá")).await.unwrap().status, SmsStatus::Accepted);
    assert_eq!(twilio.messages()[0]["messaging_service_sid"], "MG1");
}

#[tokio::test]
async fn every_refusal_says_what_to_do() {
    let (_twilio, client) = start("tok", number()).await;
    for (to, next) in [
        ("+5511900021211", Next::Suppress),
        ("+5511900021610", Next::OptOut),
        ("+5511900021614", Next::Suppress),
        ("+5511900021635", Next::Suppress),
        ("+5511900020429", Next::Retry { after: Some(Duration::from_secs(3)) }),
        ("+5511900000500", Next::RETRY),
        ("+5511900020003", Next::Alert),
        // Taken, but the answer is lost: nobody knows.
        ("+5511900000408", Next::Unknown),
    ] {
        let error = client.send(&sms(to, "Olá")).await.unwrap_err();
        assert_eq!(error.next(), next, "{to}: {error:?}");
    }
    let (_twilio, client) = start("wrong", number()).await;
    assert_eq!(client.send(&sms("+5511999990000", "Olá")).await.unwrap_err().next(), Next::Alert);
    assert!(!format!("{client:?}").contains("wrong"));
}

#[tokio::test]
async fn what_twilio_would_refuse_is_not_sent() {
    let (twilio, client) = start("tok", number()).await;
    let long = "a".repeat(1601);
    let wrong = [
        (sms("11999990000", "x"), "to"),
        (sms("+55abc", "x"), "to"),
        (sms("+5511999990000", " "), "body"),
        (sms("+5511999990000", &long), "body"),
        (Sms { status_callback: Some("https://my_host.test/x"), ..sms("+5511999990000", "x") }, "status_callback"),
    ];
    for (message, field) in wrong {
        assert_eq!(client.send(&message).await, Err(SmsError::Message(field)));
    }
    assert!(twilio.server.calls().is_empty());
}

#[tokio::test]
async fn callbacks_are_believed_when_signed_and_counted_once() {
    let (twilio, client) = start("tok", number()).await;
    let with_port = CALLBACK.replace(".com.br/", ".com.br:443/");
    let mut known = SmsStatus::Queued;
    // Out of order, twice, with a field nobody knows, with and without the port.
    for (status, signed_for) in [
        ("sent", CALLBACK),
        ("queued", &with_port),
        ("delivered", CALLBACK),
        ("sent", CALLBACK),
        ("delivered", &with_port),
    ] {
        let (body, signature) =
            twilio.callback(signed_for, &[("MessageSid", "SM1"), ("MessageStatus", status), ("Novo", "ç")]);
        assert!(client.verify(CALLBACK, body.as_bytes(), &signature), "{status}");
        let event = parse_status(body.as_bytes()).unwrap();
        if event.status.follows(known) {
            known = event.status;
        }
    }
    assert_eq!(known, SmsStatus::Delivered);
    let (body, signature) = twilio.callback("https://evil.test/", &[("MessageSid", "SM1"), ("MessageStatus", "sent")]);
    assert!(!client.verify(CALLBACK, body.as_bytes(), &signature));
}

#[test]
fn errors_on_the_way_say_what_to_do() {
    assert!(matches!(next_of_code(30003), Some(Next::Retry { after: Some(_) })));
    assert_eq!(next_of_code(30006), Some(Next::Suppress));
    assert_eq!(next_of_code(30007), Some(Next::Alert));
    assert_eq!(next_of_code(99999), None);
}
