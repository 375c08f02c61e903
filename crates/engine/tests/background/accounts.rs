//! Accounts by mail: recovery, invitation, another address, and what nobody
//! learns from it.

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use conexao_domain::{
    identity::{invitation::INVITATION, role::ROLE, user::USER},
    integration::message::MESSAGE,
    kernel::{problem::Code, value::MovableClock},
};
use conexao_engine::{Engine, Session, identity, jobs::Registry, read, write};
use conexao_integrations::standin::smtp::SmtpStandIn;
use sea_orm::ConnectionTrait;
use serde_json::{Map, json};

use crate::{
    home::{Home, People, create, id, people, quiet, start, stop, until},
    messages::{listed, mails, relay, text, with_mail},
    webhooks::admin,
};

on_both!(
    a_forgotten_password_is_chosen_anew_once,
    nobody_learns_who_exists,
    an_invitation_lets_somebody_in_once_with_its_roles,
    nobody_invites_beyond_their_own,
    an_address_changed_by_somebody_else_is_told_at_the_old_one,
    weak_passwords_are_refused_with_a_reason,
);

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

async fn login(engine: &Engine, email: &str, password: &str) -> bool {
    identity::login(engine, email, password, identity::Origin::default()).await.is_ok()
}

/// The token of the link in the newest mail to somebody.
fn token(relay: &SmtpStandIn, to: &str, page: &str) -> String {
    let taken = relay.taken();
    let mail = taken.iter().rfind(|mail| mail.to == [to] && text(&mail.raw).contains(page)).unwrap();
    let body = text(&mail.raw);
    let rest = body.split(&format!("https://crm.example/{page}/")).nth(1).unwrap();
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

async fn an_address_changed_by_somebody_else_is_told_at_the_old_one(home: Home) {
    let relay = relay().await;
    let engine = with_mail(home.engine().await, &relay);
    let People { system, vera, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let background = start(&engine, Registry::standard()).await;
    quiet(&engine).await;
    let gate = dora.gate(&USER, "update").unwrap();
    let version = read::get(&engine, &dora.gate(&USER, "read").unwrap(), vera.user).await.unwrap().version();
    let other = json!({ "email": "vera.nova@one.example" }).as_object().cloned().unwrap();
    let renamed = write::patch(&engine, &gate, vera.user, version, &other).await.unwrap();
    mails(&relay, 2).await;
    let mut told: Vec<String> = relay.taken().into_iter().flat_map(|mail| mail.to).collect();
    told.sort();
    assert_eq!(told, ["vera.nova@one.example", "vera@one.example"]);
    // Another change is none of the address.
    let name = json!({ "name": "Vera Lúcia" }).as_object().cloned().unwrap();
    write::patch(&engine, &gate, vera.user, renamed.version(), &name).await.unwrap();
    quiet(&engine).await;
    tokio::time::sleep(std::time::Duration::from_millis(1300)).await;
    assert_eq!(relay.taken().len(), 2);
    stop(background).await;
}
