use std::time::Duration;

use chrono::{DateTime, Utc};
use conexao_integrations::email::{
    Class, DkimAlgorithm, DkimConfig, Mail, MailError, MailTokens, Mailer, Person, SmtpConfig, Stage, Tls, Unsubscribe,
    Verp, message_id,
};
use conexao_integrations::http::{Egress, HttpFault};
use conexao_integrations::outcome::Next;
use conexao_integrations::standin::{SmtpOptions, SmtpStandIn};
use uuid::Uuid;

const BOUNCE: &str = "bounce+1@mail.empresa.com.br";

fn config(relay: &SmtpStandIn, tls: Tls) -> SmtpConfig {
    SmtpConfig {
        host: "localhost".into(),
        port: relay.port(),
        tls,
        login: None,
        hello: "crm.empresa.com.br".into(),
        ca_pem: Some(relay.certificate().into()),
        timeout_seconds: 1,
        dkim: None,
    }
}

fn mailer(config: SmtpConfig) -> Mailer {
    Mailer::new(config, Egress::AllowPrivate).unwrap()
}

async fn plain() -> (SmtpStandIn, Mailer) {
    let relay = SmtpStandIn::start(SmtpOptions::default()).await.unwrap();
    let mailer = mailer(config(&relay, Tls::None));
    (relay, mailer)
}

fn mail(to: &str) -> Mail {
    Mail {
        message_id: message_id(Uuid::nil(), "mail.empresa.com.br"),
        from: Person { name: Some("Conexão, Empresa".into()), address: "avisos@empresa.com.br".into() },
        to: Person { name: Some("João da Silva".into()), address: to.into() },
        reply_to: Some(Person { name: None, address: "time@empresa.com.br".into() }),
        subject: "Sua garantia está pronta\r\nBcc: todos@empresa.com.br".into(),
        text: "Olá, João.\n.começa com ponto\n".into(),
        html: "<p>Olá, João.</p>".into(),
        date: DateTime::<Utc>::from_timestamp(1_700_000_000, 0).unwrap(),
        automatic: true,
        unsubscribe: Some(Unsubscribe {
            url: "https://crm.empresa.com.br/u/abc".into(),
            mailto: Some("sair@empresa.com.br".into()),
        }),
    }
}

#[tokio::test]
async fn a_message_arrives_with_everything_it_must_carry() {
    let (relay, mailer) = plain().await;
    mailer.send(&mail("joao@cliente.com.br"), BOUNCE).await.unwrap();
    let taken = &relay.taken()[0];
    assert_eq!((taken.from.as_str(), taken.to.as_slice()), (BOUNCE, ["joao@cliente.com.br".to_owned()].as_slice()));
    for (name, value) in [
        ("Message-ID", "<00000000-0000-0000-0000-000000000000@mail.empresa.com.br>"),
        ("Auto-Submitted", "auto-generated"),
        ("Reply-To", "time@empresa.com.br"),
        ("List-Unsubscribe", "<https://crm.empresa.com.br/u/abc>, <mailto:sair@empresa.com.br>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Date", "Tue, 14 Nov 2023 22:13:20 +0000"),
        ("Bcc", ""),
    ] {
        assert_eq!(taken.header(name), value, "{name}");
    }
    assert!(taken.raw.is_ascii());
    let parsed = mail_parser::MessageParser::default().parse(taken.raw.as_bytes()).unwrap();
    assert_eq!(parsed.subject(), Some("Sua garantia está pronta Bcc: todos@empresa.com.br"));
    assert_eq!(parsed.from().unwrap().first().unwrap().name(), Some("Conexão, Empresa"));
    assert_eq!(parsed.to().unwrap().first().unwrap().name(), Some("João da Silva"));
    assert_eq!(parsed.body_text(0).unwrap().replace("\r\n", "\n"), "Olá, João.\n.começa com ponto\n");
    assert_eq!(parsed.body_html(0).unwrap().trim(), "<p>Olá, João.</p>");
    assert!(taken.header("Content-Type").starts_with("multipart/alternative"));
}

#[tokio::test]
async fn every_refusal_says_what_to_do() {
    let (relay, mailer) = plain().await;
    let wait = Next::Retry { after: Some(Duration::from_mins(5)) };
    for (to, class, next) in [
        ("nobody@x.test", Class::NoSuchAddress, Next::Suppress),
        ("full@x.test", Class::MailboxFull, Next::Drop),
        ("policy@x.test", Class::Policy, Next::Alert),
        ("plain@x.test", Class::Permanent, Next::Drop),
        ("grey@x.test", Class::Transient, wait),
        ("busy@x.test", Class::Transient, wait),
    ] {
        let error = mailer.send(&mail(to), BOUNCE).await.unwrap_err();
        assert!(
            matches!(&error, MailError::Refused { class: found, stage: Stage::Recipient, .. } if *found == class),
            "{error:?}"
        );
        assert_eq!(error.next(), next, "{to}");
    }
    // Greylisting ends with the second attempt.
    mailer.send(&mail("grey@x.test"), BOUNCE).await.unwrap();
    let error = mailer.send(&mail("a@x.test"), "blocked@x.test").await.unwrap_err();
    assert_eq!(error.next(), Next::Alert);
    assert_eq!(relay.taken().len(), 1);
}

#[tokio::test]
async fn what_was_lost_after_the_final_dot_is_unknown() {
    let (relay, mailer) = plain().await;
    for to in ["lost@x.test", "dup@x.test", "mute@x.test"] {
        let error = mailer.send(&mail(to), BOUNCE).await.unwrap_err();
        assert_eq!((error.next(), &error), (Next::Unknown, &MailError::Unknown), "{to}");
    }
    let error = mailer.send(&mail("early@x.test"), BOUNCE).await.unwrap_err();
    assert_eq!(error, MailError::Broken { stage: Stage::Data });
    assert_eq!(error.next(), Next::RETRY);
    // One of them was taken; a repetition carries the same identity.
    let _again = mailer.send(&mail("dup@x.test"), BOUNCE).await;
    let ids: Vec<String> = relay.taken().iter().map(|taken| taken.header("Message-ID")).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn connections_are_kept_and_replaced() {
    let (relay, mailer) = plain().await;
    for _ in 0..3 {
        mailer.send(&mail("a@x.test"), BOUNCE).await.unwrap();
        mailer.send(&mail("nobody@x.test"), BOUNCE).await.unwrap_err();
    }
    assert_eq!(relay.sessions(), 1);
    mailer.send(&mail("busy@x.test"), BOUNCE).await.unwrap_err();
    mailer.send(&mail("a@x.test"), BOUNCE).await.unwrap();
    assert_eq!((relay.sessions(), relay.taken().len()), (2, 4));
}

#[tokio::test]
async fn logins_go_under_tls_only() {
    for (tls, starttls) in [(Tls::Starttls, true), (Tls::Implicit, false)] {
        let login = Some(("crm".to_owned(), "segredo".to_owned()));
        let options = SmtpOptions { starttls, implicit_tls: !starttls, login, utf8: false };
        let relay = SmtpStandIn::start(options).await.unwrap();
        let good = SmtpConfig { login: Some(("crm".into(), "segredo".into())), ..config(&relay, tls) };
        assert!(!format!("{good:?}").contains("segredo"));
        let mailer_good = mailer(good.clone());
        mailer_good.test().await.unwrap();
        mailer_good.send(&mail("a@x.test"), BOUNCE).await.unwrap();
        assert!(relay.taken()[0].tls);
        assert_eq!((relay.logins(), relay.sessions()), (1, 1));

        let wrong = mailer(SmtpConfig { login: Some(("crm".into(), "errado".into())), ..good.clone() });
        let error = wrong.send(&mail("a@x.test"), BOUNCE).await.unwrap_err();
        assert!(matches!(error, MailError::Refused { stage: Stage::Login, code: 535, .. }), "{error:?}");
        assert_eq!(error.next(), Next::Alert);
        let none = mailer(SmtpConfig { login: None, ..good.clone() });
        assert_eq!(none.send(&mail("a@x.test"), BOUNCE).await.unwrap_err().next(), Next::Alert);
        let open = SmtpConfig { tls: Tls::None, ..good };
        assert_eq!(Mailer::new(open, Egress::AllowPrivate).unwrap_err(), MailError::Insecure);
    }
}

#[tokio::test]
async fn certificates_nobody_vouches_for_and_missing_tls_are_refused() {
    let options = SmtpOptions { starttls: true, ..SmtpOptions::default() };
    let relay = SmtpStandIn::start(options).await.unwrap();
    let untrusted = mailer(SmtpConfig { ca_pem: None, ..config(&relay, Tls::Starttls) });
    let error = untrusted.send(&mail("a@x.test"), BOUNCE).await.unwrap_err();
    assert_eq!((&error, error.next()), (&MailError::Insecure, Next::Alert));
    let (relay, _) = plain().await;
    let insisting = mailer(config(&relay, Tls::Starttls));
    assert_eq!(insisting.send(&mail("a@x.test"), BOUNCE).await, Err(MailError::Insecure));
    assert!(relay.taken().is_empty());
}

#[tokio::test]
async fn relays_inside_are_reached_only_when_allowed() {
    let (relay, _) = plain().await;
    let public = Mailer::new(config(&relay, Tls::None), Egress::PublicOnly).unwrap();
    let error = public.send(&mail("a@x.test"), BOUNCE).await.unwrap_err();
    assert_eq!((&error, error.next()), (&MailError::Address(HttpFault::Forbidden), Next::Alert));
    assert_eq!(relay.sessions(), 0);
}

#[tokio::test]
async fn addresses_with_accents_need_a_relay_that_takes_them() {
    let (_relay, mailer_plain) = plain().await;
    assert_eq!(mailer_plain.send(&mail("joão@x.test"), BOUNCE).await, Err(MailError::Unsupported));
    let relay = SmtpStandIn::start(SmtpOptions { utf8: true, ..SmtpOptions::default() }).await.unwrap();
    mailer(config(&relay, Tls::None)).send(&mail("joão@x.test"), BOUNCE).await.unwrap();
    assert_eq!(relay.taken()[0].to, ["joão@x.test"]);
    for wrong in ["", "sem-arroba", "a b@x.test", "a@x.test\r\nRCPT TO:<b@x.test>"] {
        let error = mailer_plain.send(&mail(wrong), BOUNCE).await.unwrap_err();
        assert_eq!(error.next(), Next::Suppress, "{wrong:?}");
    }
}

#[tokio::test]
async fn the_signature_covers_what_receivers_look_at() {
    let (relay, _) = plain().await;
    let keys = [
        (DkimAlgorithm::Rsa, include_str!("../keys/dkim-test-key.pem").to_owned()),
        (DkimAlgorithm::Ed25519, "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=".to_owned()),
    ];
    for (algorithm, key) in keys {
        let dkim = DkimConfig {
            domain: "empresa.com.br".into(),
            selector: "crm".into(),
            algorithm,
            private_key: key.as_str().into(),
        };
        let signed = SmtpConfig { dkim: Some(dkim), ..config(&relay, Tls::None) };
        assert!(!format!("{signed:?}").contains(&key[10..40]));
        mailer(signed).send(&mail("a@x.test"), BOUNCE).await.unwrap();
        let taken = relay.taken().pop().unwrap();
        let signature = taken.header("DKIM-Signature");
        let covered = signature.split(';').find_map(|tag| tag.trim().strip_prefix("h=")).unwrap().to_lowercase();
        let covered: Vec<&str> = covered.split(':').collect();
        for name in ["from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post"] {
            assert!(covered.contains(&name), "{name} in {covered:?}");
        }
        assert!(signature.contains("d=empresa.com.br") && signature.contains("s=crm"), "{signature}");
    }
}

#[tokio::test]
async fn the_envelope_sender_leads_back_to_the_message() {
    let (relay, mailer) = plain().await;
    let tokens = MailTokens::new("0123456789abcdef".into(), "bounce", "mail.empresa.com.br").unwrap();
    let verp = Verp { tenant: 7, message: Uuid::from_u128(42) };
    mailer.send(&mail("a@x.test"), &tokens.bounce_address(verp)).await.unwrap();
    assert_eq!(tokens.read_bounce_address(&relay.taken()[0].from), Some(verp));
}
