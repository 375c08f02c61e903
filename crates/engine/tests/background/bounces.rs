//! Mail that comes back: reports of delivery and complaints as servers write them.

use chrono::Utc;
use conexao_domain::{
    integration::{message::MESSAGE, suppression::SUPPRESSION},
    kernel::problem::Code,
};
use conexao_engine::{
    jobs::Registry,
    messages::{events, pauses, reports},
};
use serde_json::json;

use crate::{
    channels::{equipped, listed, now, relay, until_status},
    home::{Home, People, create, id, people, start, stop, until},
    webhooks::admin,
};

on_both!(mail_that_comes_back_is_understood);

/// A report of delivery as mail servers write them.
fn report(action: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: bounce@mail.crm.example\r\nSubject: news\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\
         Content-Type: text/plain\r\n\r\nnews\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; x@loja.example\r\nAction: {action}\r\n\
         Status: {status}\r\n\r\n--b--\r\n"
    )
}

const COMPLAINT: &str = "From: fbl@mx.example\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
    spam\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n--b--\r\n";

async fn mail_that_comes_back_is_understood(home: Home) {
    let relay = relay().await;
    let engine = equipped(home.engine().await, &relay, None);
    let People { system, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let background = start(&engine, Registry::standard()).await;
    let url = pauses::intake(&engine, &dora).unwrap();
    let key = url.strip_prefix("https://crm.example/api/v1/callbacks/mail/").unwrap().to_owned();
    let send = async |address: &str| {
        let made = create(&engine, &dora, &MESSAGE, json!({ "subject": "Olá", "address": address, "body": "x" })).await;
        until_status(&engine, &dora, &made, "sent").await;
        let from = relay.taken().iter().rfind(|mail| mail.to == [address]).unwrap().from.clone();
        (made, from)
    };
    let tell = async |raw: &str, to: &str| reports::take_in(&engine, &key, raw.as_bytes(), Some(to)).await.unwrap();
    let (made, from) = send("a@loja.example").await;
    assert_eq!(reports::take_in(&engine, "wrong", b"", Some(&from)).await.unwrap_err().code, Code::NotFound);
    assert_eq!(tell(&report("failed", "5.1.1"), "bounce+0000@mail.crm.example").await, 0, "an address we did not make");
    assert_eq!(tell("Auto-Submitted: auto-replied\r\n\r\nfora até segunda", &from).await, 0);
    assert_eq!(tell(&report("delayed", "4.4.1"), &from).await, 1);
    assert_eq!(now(&engine, &dora, &made).await.text("status"), Some("sent"), "late is not failed");
    for _ in 0..2 {
        assert_eq!(tell(&report("delivered", "2.0.0"), &from).await, 1);
    }
    assert_eq!(now(&engine, &dora, &made).await.text("status"), Some("delivered"));
    assert_eq!(events::list(&engine, &dora, id(&made)).await.unwrap().len(), 3, "a repetition is no news");

    let (hard, from) = send("b@loja.example").await;
    tell(&report("failed", "5.1.1"), &from).await;
    assert_eq!(until_status(&engine, &dora, &hard, "bounced").await, "email.report 5.1.1");
    tell(&report("delivered", "2.0.0"), &from).await;
    assert_eq!(now(&engine, &dora, &hard).await.text("status"), Some("bounced"), "whatever comes late");

    let (soft, from) = send("c@loja.example").await;
    tell(&report("failed", "5.2.2"), &from).await;
    let after = now(&engine, &dora, &soft).await;
    assert_eq!(after.text("status"), Some("queued"), "a full mailbox is tried again");
    assert!(after.instant("next_at").unwrap() > Utc::now());

    let (_, from) = send("vera@one.example").await;
    assert_eq!(tell(COMPLAINT, &from).await, 1);
    let reasons: Vec<String> =
        listed(&engine, &dora, &SUPPRESSION).await.iter().map(|one| one.text("reason").unwrap().to_owned()).collect();
    assert_eq!(reasons, ["hard_bounce", "complaint"]);
    // Who complained is written to no more, but still gets in.
    let none =
        create(&engine, &dora, &MESSAGE, json!({ "subject": "x", "address": "vera@one.example", "body": "x" })).await;
    assert_eq!(until_status(&engine, &dora, &none, "suppressed").await, "complaint");
    conexao_engine::identity::ask(&engine, "vera@one.example", None).await.unwrap();
    until("the way in", || async { relay.taken().iter().filter(|mail| mail.to == ["vera@one.example"]).count() == 2 })
        .await;
    stop(background).await;
}
