use std::time::Duration;

use chrono::Utc;
use conexao_integrations::http::{Egress, HttpFault};
use conexao_integrations::outcome::Next;
use conexao_integrations::push::{MOST_PLAINTEXT, Push, PushClient, PushError, Subscription, Urgency, VapidKeys};
use conexao_integrations::standin::PushStandIn;

fn client() -> PushClient {
    let keys = VapidKeys::parse(&VapidKeys::generate(), "mailto:ti@empresa.com.br").unwrap();
    PushClient::with_limits(keys, Egress::AllowPrivate, super::quick()).unwrap()
}

fn push(payload: &[u8]) -> Push<'_> {
    Push { payload, ttl: Duration::from_hours(1), urgency: Urgency::High, topic: Some("ticket-1") }
}

fn subscription(service: &PushStandIn, status: u16) -> Subscription {
    let (endpoint, key, auth) = service.subscription(status);
    Subscription::parse(&endpoint, &key, &auth).unwrap()
}

#[tokio::test]
async fn a_browser_decrypts_what_was_sent() {
    let client = client();
    let service = PushStandIn::start(&client.public_key()).await.unwrap();
    let text = "{\"title\":\"Ligação perdida\"}".as_bytes();
    client.send(&subscription(&service, 201), &push(text), Utc::now()).await.unwrap();
    let largest = vec![b'x'; MOST_PLAINTEXT];
    client.send(&subscription(&service, 201), &push(&largest), Utc::now()).await.unwrap();
    let received = service.received();
    assert_eq!(received[0].payload, text);
    assert_eq!((received[0].ttl, received[0].urgency.as_str(), received[0].topic.as_str()), (3600, "high", "ticket-1"));
    assert_eq!(received[1].payload, largest);
}

#[tokio::test]
async fn every_answer_says_what_to_do() {
    let client = client();
    let service = PushStandIn::start(&client.public_key()).await.unwrap();
    for (status, next) in [
        (404, Next::Disable),
        (410, Next::Disable),
        (400, Next::Alert),
        (403, Next::Alert),
        (413, Next::Drop),
        (429, Next::Retry { after: Some(Duration::from_secs(7)) }),
        (500, Next::RETRY),
        (503, Next::RETRY),
    ] {
        let error = client.send(&subscription(&service, status), &push(b"x"), Utc::now()).await.unwrap_err();
        assert_eq!(error.next(), next, "{status}");
    }
    for status in [200, 202] {
        client.send(&subscription(&service, status), &push(b"x"), Utc::now()).await.unwrap();
    }
}

#[tokio::test]
async fn other_keys_and_old_tokens_are_refused_by_the_service() {
    let client = client();
    let service = PushStandIn::start("another key").await.unwrap();
    let error = client.send(&subscription(&service, 201), &push(b"x"), Utc::now()).await.unwrap_err();
    assert_eq!(error.next(), Next::Alert);
    let service = PushStandIn::start(&client.public_key()).await.unwrap();
    let yesterday = Utc::now() - chrono::TimeDelta::days(1);
    let error = client.send(&subscription(&service, 201), &push(b"x"), yesterday).await.unwrap_err();
    assert_eq!(error.next(), Next::Alert);
    assert!(service.received().is_empty());
}

#[tokio::test]
async fn what_cannot_be_sent_is_not() {
    let client = client();
    let service = PushStandIn::start(&client.public_key()).await.unwrap();
    let to = subscription(&service, 201);
    let long = vec![0; MOST_PLAINTEXT + 1];
    assert_eq!(client.send(&to, &push(&long), Utc::now()).await, Err(PushError::TooLarge));
    for topic in ["", "ç", "a b", &"x".repeat(33)] {
        let wrong = Push { topic: Some(topic), ..push(b"x") };
        assert_eq!(client.send(&to, &wrong, Utc::now()).await, Err(PushError::Topic), "{topic}");
    }
    assert!(service.received().is_empty());
}

#[tokio::test]
async fn endpoints_inside_are_not_connected_to() {
    let keys = VapidKeys::parse(&VapidKeys::generate(), "mailto:ti@empresa.com.br").unwrap();
    let client = PushClient::new(keys, Egress::PublicOnly).unwrap();
    let service = PushStandIn::start(&client.public_key()).await.unwrap();
    let (_, key, auth) = service.subscription(201);
    for (endpoint, fault) in [
        ("http://push.test/x", HttpFault::Address),
        ("https://localhost/x", HttpFault::Forbidden),
        ("https://10.0.0.1/x", HttpFault::Forbidden),
        ("https://[::ffff:169.254.169.254]/x", HttpFault::Forbidden),
    ] {
        let to = Subscription::parse(endpoint, &key, &auth).unwrap();
        assert_eq!(client.send(&to, &push(b"x"), Utc::now()).await, Err(PushError::Fault(fault)), "{endpoint}");
    }
}
