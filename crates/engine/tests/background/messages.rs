//! Mail, over a server that speaks SMTP and behaves badly: recovery, invitation,
//! what becomes of each message, and notices as people want them.

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use conexao_domain::{
    identity::{invitation::INVITATION, role::ROLE, user::USER},
    integration::{message::MESSAGE, suppression::SUPPRESSION},
    kernel::{problem::Code, query, record::Record, resource::Resource, value::MovableClock},
};
use conexao_engine::{
    Engine, Session, identity,
    jobs::Registry,
    messages::MailRoom,
    notify::{self, Choice, Choices},
    read, write,
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
    a_forgotten_password_is_chosen_anew_once,
    nobody_learns_who_exists,
    an_invitation_lets_somebody_in_once_with_its_roles,
    nobody_invites_beyond_their_own,
    each_answer_has_its_consequence,
    what_was_under_way_at_a_crash_is_not_sent_again,
    without_a_mail_server_messages_wait_and_say_why,
    notices_go_by_mail_as_people_want_them,
    weak_passwords_are_refused_with_a_reason,
);

async fn relay() -> SmtpStandIn {
    SmtpStandIn::start(SmtpOptions::default()).await.unwrap()
}

fn with_mail(engine: Engine, relay: &SmtpStandIn) -> Engine {
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

async fn listed(engine: &Engine, session: &Session, resource: &'static Resource) -> Vec<Record> {
    let query = query::parse(resource, [("sort", "created_at"), ("limit", "200")].into_iter(), &[]).unwrap();
    read::list(engine, &session.gate(resource, "read").unwrap(), &query).await.unwrap().items
}

/// The text of a mail without the line breaks that mail adds.
fn text(raw: &str) -> String {
    raw.replace("=\r\n", "").replace("=3D", "=")
}

/// The token of the link in the newest mail to somebody.
fn token(relay: &SmtpStandIn, to: &str, page: &str) -> String {
    let taken = relay.taken();
    let mail = taken.iter().rfind(|mail| mail.to == [to] && text(&mail.raw).contains(page)).unwrap();
    let body = text(&mail.raw);
    let rest = body.split(&format!("https://crm.example/{page}/")).nth(1).unwrap();
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

async fn mails(relay: &SmtpStandIn, count: usize) {
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

async fn login(engine: &Engine, email: &str, password: &str) -> bool {
    identity::login(engine, email, password, identity::Origin::default()).await.is_ok()
}

async fn a_forgotten_password_is_chosen_anew_once(home: Home) {
    let relay = relay().await;
    let engine = with_mail(home.engine().await, &relay);
    let People { system, vera, .. } = people(&engine, "one").await;
    let granted = identity::login(&engine, "vera@one.example", "correct horse 9", identity::Origin::default());
    let inside = granted.await.unwrap().access_token;
    let background = start(&engine, Registry::standard()).await;
    identity::ask(&engine, " Vera@One.example ", Some("203.0.113.9")).await.unwrap();
    mails(&relay, 1).await;
    let first = token(&relay, "vera@one.example", "recuperar");
    assert_eq!(relay.taken()[0].header("Auto-Submitted"), "auto-generated");
    assert!(relay.taken()[0].from.ends_with("@mail.crm.example"), "refusals come back to us");
    assert!(text(&relay.taken()[0].raw).contains("203.0.113.9"));

    // A newer link takes the place of the older.
    identity::ask(&engine, "vera@one.example", None).await.unwrap();
    mails(&relay, 2).await;
    let second = token(&relay, "vera@one.example", "recuperar");
    assert_ne!(first, second);
    let fresh = "girafa parede cobre 71";
    assert_eq!(identity::recover(&engine, &first, fresh, None).await.unwrap_err().code, Code::NotFound);
    assert_eq!(identity::recovery(&engine, &second).await.unwrap().text("name"), Some("Vera"));
    // A password that is refused leaves the link good.
    assert_eq!(identity::recover(&engine, &second, "vera@one.example", None).await.unwrap_err().code, Code::Validation);
    identity::recover(&engine, &second, fresh, Some("203.0.113.9".to_owned())).await.unwrap();
    assert_eq!(identity::recover(&engine, &second, fresh, None).await.unwrap_err().code, Code::NotFound);
    assert!(identity::recovery(&engine, &second).await.is_err());

    assert!(identity::authenticate(&engine, &inside).await.is_err(), "whoever was in is out");
    assert!(!login(&engine, "vera@one.example", "correct horse 9").await);
    assert!(login(&engine, "vera@one.example", fresh).await);
    mails(&relay, 3).await;
    assert!(text(&relay.taken()[2].raw).contains("203.0.113.9"), "the notice says from where");

    // What let somebody in is nowhere to be read.
    let log = listed(&engine, &system, &MESSAGE).await;
    assert_eq!(log.len(), 3);
    until("all to be sent", || async {
        listed(&engine, &system, &MESSAGE).await.iter().all(|m| m.text("status") == Some("sent"))
    })
    .await;
    for message in listed(&engine, &system, &MESSAGE).await {
        assert!(message.text("link").is_none() && message.text("user_id") == Some(&vera.user.to_string()));
    }
    let tx = engine.db.read(system.tenant).await.unwrap();
    let kept = tx.query_all_raw(sea_orm::Statement::from_string(
        tx.get_database_backend(),
        "SELECT sealed FROM message_content c JOIN message m ON m.tenant_id = c.tenant_id AND m.id = c.message_id \
         WHERE m.category = 'account'",
    ));
    assert!(kept.await.unwrap().is_empty(), "forgotten once sent");
    tx.rollback().await.unwrap();
    stop(background).await;
}

async fn nobody_learns_who_exists(home: Home) {
    let clock = Arc::new(MovableClock::new(Utc::now()));
    let relay = relay().await;
    let engine = with_mail(home.engine_at(clock.clone(), true).await, &relay);
    let People { system, vera, .. } = people(&engine, "one").await;
    let background = start(&engine, Registry::standard()).await;
    for email in ["ninguem@one.example", "isto não é um e-mail", "", "marta@outra.example"] {
        identity::ask(&engine, email, None).await.unwrap();
    }
    for _ in 0..6 {
        identity::ask(&engine, "vera@one.example", None).await.unwrap();
    }
    mails(&relay, 3).await;
    until("requests to be answered", || async {
        use sea_orm::{EntityTrait, PaginatorTrait};
        conexao_storage::entity::recovery_request::Entity::find().count(engine.db.pool()).await.unwrap() == 0
    })
    .await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(relay.taken().len(), 3, "a mailbox is not flooded");
    let token = token(&relay, "vera@one.example", "recuperar");
    clock.advance(TimeDelta::minutes(61));
    assert_eq!(identity::recovery(&engine, &token).await.unwrap_err().code, Code::NotFound);

    // Who may not come in is sent nothing.
    let gate = system.gate(&USER, "suspend").unwrap();
    let reading = system.gate(&USER, "read").unwrap();
    let version = read::get(&engine, &reading, vera.user).await.unwrap().version();
    write::step(&engine, &gate, vera.user, version, "suspend", &Map::new()).await.unwrap();
    identity::ask(&engine, "vera@one.example", None).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(relay.taken().len(), 3);
    stop(background).await;
}

async fn role(engine: &Engine, session: &Session, key: &str) -> String {
    let roles = listed(engine, session, &ROLE).await;
    roles.iter().find(|role| role.text("key") == Some(key)).unwrap().id().to_owned()
}

async fn an_invitation_lets_somebody_in_once_with_its_roles(home: Home) {
    let relay = relay().await;
    let engine = with_mail(home.engine().await, &relay);
    let People { system, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let background = start(&engine, Registry::standard()).await;
    let seller = role(&engine, &system, "vendedor").await;
    let invite = |email: &str| json!({ "email": email, "name": "Rui", "roles": [{ "role_id": seller }] });
    let made = create(&engine, &dora, &INVITATION, invite("rui@one.example")).await;
    mails(&relay, 1).await;
    let first = token(&relay, "rui@one.example", "convite");
    let gate = dora.gate(&INVITATION, "resend").unwrap();
    write::step(&engine, &gate, id(&made), made.version(), "resend", &Map::new()).await.unwrap();
    mails(&relay, 2).await;
    let second = token(&relay, "rui@one.example", "convite");
    assert!(identity::invited(&engine, &first).await.is_err(), "the newer takes its place");
    let invited = identity::invited(&engine, &second).await.unwrap();
    assert_eq!((invited.email.as_str(), invited.company.as_str()), ("rui@one.example", "one"));
    assert!(identity::recovery(&engine, &second).await.is_err(), "a link is good for one purpose");

    let password = "girafa parede cobre 71";
    assert_eq!(
        identity::join(&engine, &second, "Rui", "rui@one.example", None).await.unwrap_err().code,
        Code::Validation
    );
    identity::join(&engine, &second, "Rui Barbosa", password, None).await.unwrap();
    assert!(identity::join(&engine, &second, "Rui", password, None).await.is_err());
    assert!(login(&engine, "rui@one.example", password).await);
    mails(&relay, 3).await;
    assert!(relay.taken()[2].header("Subject").contains("Boas-vindas"), "who joined is welcomed");
    let granted = identity::login(&engine, "rui@one.example", password, identity::Origin::default()).await.unwrap();
    assert!(granted.session.can("warranty.create") && !granted.session.can("user.read"));
    let after = listed(&engine, &dora, &INVITATION).await.pop().unwrap();
    assert_eq!(
        (after.text("status"), after.text("user_id")),
        (Some("accepted"), Some(granted.session.user.to_string().as_str()))
    );

    // Members are not invited; nobody accepts for others; revoked is revoked.
    let creating = dora.gate(&INVITATION, "create").unwrap();
    let again = write::create(&engine, &creating, invite("rui@one.example").as_object().unwrap()).await;
    assert_eq!(again.unwrap_err().code, Code::Validation);
    let other = create(&engine, &dora, &INVITATION, invite("lia@one.example")).await;
    let accept = dora.gate(&INVITATION, "accept").unwrap();
    let forged = write::step(&engine, &accept, id(&other), other.version(), "accept", &Map::new()).await;
    assert_eq!(forged.unwrap_err().code, Code::StepRefused);
    mails(&relay, 4).await;
    let link = token(&relay, "lia@one.example", "convite");
    let gate = dora.gate(&INVITATION, "revoke").unwrap();
    write::step(&engine, &gate, id(&other), other.version(), "revoke", &Map::new()).await.unwrap();
    assert!(identity::invited(&engine, &link).await.is_err());
    assert!(identity::join(&engine, &link, "Lia", password, None).await.is_err());
    stop(background).await;
}

async fn nobody_invites_beyond_their_own(home: Home) {
    let engine = home.engine().await;
    let People { system, marta, .. } = people(&engine, "one").await;
    let mut permissions = (*marta.permissions).clone();
    permissions.insert("invitation.create".to_owned(), conexao_domain::identity::role::Scope::All);
    let marta = Session { permissions: Arc::new(permissions), ..marta };
    let admin = role(&engine, &system, "admin").await;
    let input = json!({ "email": "eu@one.example", "roles": [{ "role_id": admin }] });
    let gate = marta.gate(&INVITATION, "create").unwrap();
    let refused = write::create(&engine, &gate, input.as_object().unwrap()).await.unwrap_err();
    assert_eq!((refused.code, refused.fields[0].code.as_str()), (Code::Forbidden, "beyond_own"));
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

async fn weak_passwords_are_refused_with_a_reason(home: Home) {
    let engine = home.engine().await;
    let People { system, vera, .. } = people(&engine, "one").await;
    let gate = system.gate(&USER, "update").unwrap();
    let long = "x".repeat(257);
    for (text, code) in [
        ("curta", "password.short"),
        (long.as_str(), "password.long"),
        ("qwertyuiop", "password.common"),
        ("aaaaaaaaaaaa", "password.repeats"),
        ("vera@one.example", "password.weak"),
    ] {
        let refused = identity::set_password(&engine, &gate, vera.user, text).await.unwrap_err();
        assert_eq!((refused.fields[0].field.as_str(), refused.fields[0].code.as_str()), ("password", code), "{text}");
    }
    let mut list = tempfile::NamedTempFile::new().unwrap();
    // The sum of the password below, between two others.
    let stolen = "girafa parede cobre 71";
    let sum = hex::encode_upper(<sha1::Sha1 as sha1::Digest>::digest(stolen.as_bytes()));
    let lines = ["0".repeat(40), sum, "F".repeat(40)].join(":1\r\n");
    std::io::Write::write_all(&mut list, lines.as_bytes()).unwrap();
    identity::set_password(&engine, &gate, vera.user, stolen).await.unwrap();
    engine.identity.refuse_breached(identity::Breached::open(list.path()).unwrap());
    let refused = identity::set_password(&engine, &gate, vera.user, stolen).await.unwrap_err();
    assert_eq!(refused.fields[0].code, "password.breached");
    identity::set_password(&engine, &gate, vera.user, "girafa parede cobre 72").await.unwrap();
}
