use conexao_integrations::email::{Action, Class, MailTokens, Report, Unsubscriber, Verp, parse_report};
use uuid::Uuid;

fn tokens() -> MailTokens {
    MailTokens::new("0123456789abcdef".into(), "bounce", "mail.empresa.com.br").unwrap()
}

const VERP: Verp = Verp { tenant: 3, message: Uuid::from_u128(9) };

fn dsn(to: &str, groups: &str) -> String {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.test\r\nTo: {to}\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b1\"\r\n\r\n\
         --b1\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered: Status: 5.1.1\r\n\
         --b1\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\nArrival-Date: Sat, 21 Nov 2026 12:00:00 +0000\r\n\r\n{groups}\r\n\
         --b1\r\nContent-Type: message/rfc822\r\n\r\nFrom: avisos@empresa.com.br\r\nSubject: x\r\n\r\nbody\r\n--b1--\r\n"
    )
}

fn group(action: &str, status: &str) -> String {
    format!(
        "Final-Recipient: rfc822; joao@x.test\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 {status}\r\n no such user\r\n"
    )
}

fn read(raw: &str) -> Report {
    parse_report(raw.as_bytes(), None, &tokens())
}

#[test]
fn only_a_failure_for_a_bad_address_suppresses() {
    let address = tokens().bounce_address(VERP);
    for (action, status, kind, class, suppresses) in [
        ("failed", "5.1.1", Action::Failed, Some(Class::NoSuchAddress), true),
        ("Failed", "5.2.2", Action::Failed, Some(Class::MailboxFull), false),
        ("failed", "5.7.1", Action::Failed, Some(Class::Policy), false),
        ("failed", "4.4.7", Action::Failed, Some(Class::Permanent), false),
        ("delayed", "4.4.1", Action::Delayed, None, false),
        ("delivered", "2.0.0", Action::Delivered, None, false),
        ("relayed", "2.0.0", Action::Relayed, None, false),
    ] {
        let Report::Delivery(bounces) = read(&dsn(&address, &group(action, status))) else { panic!("{action}") };
        assert_eq!(bounces.len(), 1);
        let bounce = &bounces[0];
        assert_eq!((bounce.about, bounce.action, bounce.class), (Some(VERP), kind, class), "{action} {status}");
        assert_eq!(bounce.suppresses(), suppresses, "{action} {status}");
        assert!(bounce.diagnostic.as_ref().unwrap().ends_with("no such user"));
    }
}

#[test]
fn each_recipient_has_its_own_fate() {
    let both = format!("{}\r\n{}", group("failed", "5.1.1"), group("delayed", "4.4.1"));
    let Report::Delivery(bounces) = read(&dsn("x@y.test", &both)) else { panic!() };
    assert_eq!(bounces.iter().map(|bounce| bounce.action).collect::<Vec<_>>(), [Action::Failed, Action::Delayed]);
    // Nobody can say of another address that it bounced.
    assert!(bounces.iter().all(|bounce| bounce.about.is_none()));
    let forged = tokens().bounce_address(VERP).replace("bounce+0", "bounce+1");
    let Report::Delivery(bounces) = read(&dsn(&forged, &group("failed", "5.1.1"))) else { panic!() };
    assert_eq!(bounces[0].about, None);
}

#[test]
fn the_address_of_the_envelope_counts_first() {
    let other = Verp { tenant: 4, message: Uuid::from_u128(1) };
    let raw = dsn(&tokens().bounce_address(VERP), &group("failed", "5.1.1"));
    let report = parse_report(raw.as_bytes(), Some(&tokens().bounce_address(other)), &tokens());
    assert!(matches!(report, Report::Delivery(bounces) if bounces[0].about == Some(other)));
}

#[test]
fn complaints_are_told_from_bounces() {
    let arf = |fields: &str, path: &str| {
        format!(
            "From: fbl@provider.test\r\nTo: abuse@empresa.com.br\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nThis is a complaint.\r\n\
             --b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n{fields}\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\n{path}From: avisos@empresa.com.br\r\nSubject: oferta\r\n\r\nbody\r\n--b--\r\n"
        )
    };
    let address = tokens().bounce_address(VERP);
    let complaint = |about| Report::Complaint { about, kind: "abuse".into() };
    assert_eq!(read(&arf(&format!("Original-Mail-From: <{address}>\r\n"), "")), complaint(Some(VERP)));
    assert_eq!(read(&arf("", &format!("Return-Path: <{address}>\r\n"))), complaint(Some(VERP)));
    assert_eq!(read(&arf("", "")), complaint(None));
}

#[test]
fn absence_notes_and_letters_are_no_reports() {
    let address = tokens().bounce_address(VERP);
    let note = format!(
        "From: joao@x.test\r\nTo: {address}\r\nAuto-Submitted: auto-replied\r\nSubject: Férias\r\n\r\nAction: failed\r\n"
    );
    assert_eq!(read(&note), Report::AutoReply);
    assert_eq!(read(&format!("From: joao@x.test\r\nTo: {address}\r\n\r\nStatus: 5.1.1\r\n")), Report::Other);
    assert_eq!(read(""), Report::Other);
    assert_eq!(parse_report(&[0xff; 300], None, &tokens()), Report::Other);
}

#[test]
fn unsubscribing_is_for_one_category_and_cannot_be_forged() {
    let who = Unsubscriber { tenant: 3, recipient: Uuid::from_u128(5), category: "digest".into() };
    let token = tokens().unsubscribe_token(&who);
    assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')));
    assert_eq!(tokens().read_unsubscribe_token(&token), Some(who));
    assert_eq!(tokens().read_unsubscribe_token(&format!("{token}A")), None);
    assert_eq!(tokens().read_unsubscribe_token(""), None);
}
