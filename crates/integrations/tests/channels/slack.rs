use std::time::Duration;

use conexao_integrations::http::{Egress, HttpFault};
use conexao_integrations::outcome::Next;
use conexao_integrations::slack::{Block, SlackClient, SlackError, SlackHook, SlackMessage, escape};
use conexao_integrations::standin::{HttpStandIn, Reply, SlackStandIn};
use serde_json::Value;

fn client() -> SlackClient {
    SlackClient::with_limits(Egress::AllowPrivate, super::quick()).unwrap()
}

fn hook(url: &str) -> SlackHook {
    SlackHook::parse(&url.into(), Egress::AllowPrivate).unwrap()
}

fn message() -> SlackMessage {
    SlackMessage { text: escape("<Ação> & Cia"), blocks: vec![Block::Header("Garantia".into())] }
}

#[tokio::test]
async fn a_message_arrives_as_it_was_meant() {
    let slack = SlackStandIn::start().await.unwrap();
    client().post(&hook(&slack.hook()), &message()).await.unwrap();
    let body: Value = serde_json::from_slice(&slack.server.calls()[0].body).unwrap();
    assert_eq!(body["text"], "&lt;Ação&gt; &amp; Cia");
    assert_eq!(body["blocks"][0]["text"]["text"], "Garantia");
}

#[tokio::test]
async fn every_answer_says_what_to_do() {
    let slack = SlackStandIn::start().await.unwrap();
    let wait = Next::Retry { after: Some(Duration::from_secs(2)) };
    for (status, text, next) in [
        (400, "invalid_payload", Next::Drop),
        (400, "user_not_found", Next::Drop),
        (400, "no_text", Next::Drop),
        (400, "invalid_blocks", Next::Drop),
        (400, "invalid_token", Next::Drop),
        (403, "action_prohibited", Next::Disable),
        (404, "channel_not_found", Next::Disable),
        (404, "no_service", Next::Disable),
        (400, "no_team", Next::Disable),
        (410, "channel_is_archived", Next::Disable),
        (429, "rate_limited", wait),
        (500, "rollup_error", Next::RETRY),
        (503, "", Next::RETRY),
        (302, "", Next::Drop),
    ] {
        let error = client().post(&hook(&slack.failing(status, text)), &message()).await.unwrap_err();
        assert_eq!(error.next(), next, "{status} {text}: {error:?}");
    }
}

#[tokio::test]
async fn silence_and_broken_connections_are_tried_again() {
    let late = Reply::Slow(Duration::from_secs(5), Box::new(Reply::text(200, "ok")));
    for (reply, fault) in [(late, HttpFault::Timeout), (Reply::HangUp, HttpFault::Broken)] {
        let server = HttpStandIn::answering(vec![reply]).await.unwrap();
        let error = client().post(&hook(&server.url("/services/x")), &message()).await.unwrap_err();
        assert_eq!(error, SlackError::Fault(fault));
        assert_eq!(error.next(), Next::RETRY);
    }
}

#[test]
fn only_addresses_of_slack_are_hooks_and_none_is_shown() {
    let parse = |url: &str| SlackHook::parse(&url.into(), Egress::PublicOnly);
    let hook = parse("https://hooks.slack.com/services/T1/B1/verysecret").unwrap();
    assert!(!format!("{hook:?}").contains("verysecret"));
    for wrong in [
        "http://hooks.slack.com/services/T/B/x",
        "https://hooks.slack.com.evil.test/services/T/B/x",
        "https://evil.test/services/T/B/x",
        "https://hooks.slack.com:8443/services/T/B/x",
        "https://hooks.slack.com/api/x",
    ] {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
}
