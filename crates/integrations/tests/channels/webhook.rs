use std::time::Duration;

use chrono::{DateTime, Utc};
use conexao_integrations::http::{Egress, HttpFault};
use conexao_integrations::outcome::Next;
use conexao_integrations::secret::SecretString;
use conexao_integrations::standin::{HttpStandIn, Reply};
use conexao_integrations::webhook::{
    Attempt, Delivery, Signed, TOLERANCE, VerifyError, WebhookFailure, WebhookSender, verify,
};

const BODY: &[u8] = "{\"name\":\"Conexão\"}".as_bytes();

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap()
}

fn sender() -> WebhookSender {
    WebhookSender::with_limits(Egress::AllowPrivate, super::quick()).unwrap()
}

async fn send(sender: &WebhookSender, url: &str) -> Attempt {
    let secrets: [SecretString; 2] = ["whsec_new".into(), "whsec_old".into()];
    sender.send(&Delivery { url, id: "evt-1", event: "customer.created", body: BODY, secrets: &secrets }, now()).await
}

#[tokio::test]
async fn the_receiver_can_check_what_it_gets() {
    let receiver = HttpStandIn::answering(vec![Reply::text(204, "")]).await.unwrap();
    let attempt = send(&sender(), &receiver.url("/hook?x=1")).await;
    assert_eq!((attempt.result, attempt.status), (Ok(()), Some(204)));
    let call = &receiver.calls()[0];
    assert_eq!((call.path.as_str(), &call.body[..]), ("/hook?x=1", BODY));
    assert_eq!(call.header("webhook-event"), "customer.created");
    let signed = Signed {
        id: call.header("webhook-id"),
        timestamp: call.header("webhook-timestamp"),
        signature: call.header("webhook-signature"),
    };
    for secret in ["whsec_new", "whsec_old"] {
        assert_eq!(verify(&[secret.into()], signed, &call.body, now(), TOLERANCE), Ok(()));
    }
    let later = now() + TOLERANCE + Duration::from_secs(1);
    assert_eq!(verify(&["whsec_new".into()], signed, &call.body, later, TOLERANCE), Err(VerifyError::Tolerance));
    assert_eq!(verify(&["whsec_new".into()], signed, b"{}", now(), TOLERANCE), Err(VerifyError::Signature));
    // The log does not keep the signature.
    assert!(!format!("{attempt:?}").contains(signed.signature));
}

#[tokio::test]
async fn every_answer_says_what_to_do() {
    let limited = Reply::text(429, "slow down").header("retry-after", "9");
    for (reply, next) in [
        (limited, Next::Retry { after: Some(Duration::from_secs(9)) }),
        (Reply::text(500, "oops"), Next::RETRY),
        (Reply::text(404, ""), Next::RETRY),
        (Reply::text(410, ""), Next::Disable),
        (Reply::HangUp, Next::RETRY),
        (Reply::Slow(Duration::from_secs(5), Box::new(Reply::text(200, ""))), Next::RETRY),
    ] {
        let receiver = HttpStandIn::answering(vec![reply]).await.unwrap();
        let attempt = send(&sender(), &receiver.url("/")).await;
        assert_eq!(attempt.result.unwrap_err().next(), next);
        assert!(attempt.elapsed < Duration::from_secs(3));
        assert!(!attempt.request_headers.is_empty());
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let inside = HttpStandIn::answering(vec![Reply::text(200, "secret")]).await.unwrap();
    let receiver =
        HttpStandIn::answering(vec![Reply::text(307, "").header("location", &inside.url("/"))]).await.unwrap();
    let attempt = send(&sender(), &receiver.url("/")).await;
    assert_eq!(attempt.result.unwrap_err().code(), "webhook.redirect");
    assert!(inside.calls().is_empty());
}

#[tokio::test]
async fn long_answers_are_cut() {
    let receiver = HttpStandIn::answering(vec![Reply::text(500, &"x".repeat(3_000_000))]).await.unwrap();
    let attempt = send(&sender(), &receiver.url("/")).await;
    assert_eq!((attempt.status, attempt.response_body.len()), (Some(500), 8000));
}

#[tokio::test]
async fn our_own_network_is_closed() {
    let receiver = HttpStandIn::answering(vec![Reply::text(200, "")]).await.unwrap();
    let sender = WebhookSender::new(Egress::PublicOnly).unwrap();
    let by_address = format!("http://127.0.0.1:{}/", receiver.address().port());
    let by_number = format!("http://2130706433:{}/", receiver.address().port());
    for url in [
        receiver.url("/"),
        by_address,
        by_number,
        "http://169.254.169.254/latest/meta-data/".into(),
        "http://[::1]/".into(),
        "http://[fd00::1]/".into(),
        "http://0x7f.1/".into(),
    ] {
        let attempt = send(&sender, &url).await;
        assert_eq!(attempt.result, Err(WebhookFailure::Fault(HttpFault::Forbidden)), "{url}");
    }
    for url in ["ftp://a.test/", "http://u:p@a.test/", "nowhere", "file:///etc/passwd"] {
        let attempt = send(&sender, url).await;
        assert_eq!(attempt.result, Err(WebhookFailure::Fault(HttpFault::Address)), "{url}");
    }
    assert!(receiver.calls().is_empty());
}

#[tokio::test]
async fn nothing_goes_out_unsigned() {
    let receiver = HttpStandIn::answering(vec![Reply::text(200, "")]).await.unwrap();
    let url = receiver.url("/");
    let attempt = sender().send(&Delivery { url: &url, id: "e", event: "x", body: BODY, secrets: &[] }, now()).await;
    assert_eq!(attempt.result, Err(WebhookFailure::Unsigned));
    assert!(receiver.calls().is_empty());
}

#[tokio::test]
async fn nobody_there_is_tried_again() {
    let port = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let attempt = send(&sender(), &format!("http://localhost:{port}/")).await;
    assert_eq!(attempt.result, Err(WebhookFailure::Fault(HttpFault::Connect)));
    let attempt = send(&sender(), "http://no-such-host.invalid/").await;
    assert_eq!(attempt.result, Err(WebhookFailure::Fault(HttpFault::Resolve)));
}
