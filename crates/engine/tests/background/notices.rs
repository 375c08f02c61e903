//! When people are told: quiet hours, summaries, on two nodes, by programs; and
//! the texts of mail.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::{
    identity::api_token::API_TOKEN,
    kernel::{problem::Code, value::MovableClock},
};
use conexao_engine::{
    Engine, Session,
    jobs::Registry,
    live::Subscription,
    messages::templates,
    notify::{self, Choice, Choices, Every, Sending, To, Told},
};
use conexao_integrations::{email::template::Own, standin::smtp::SmtpStandIn};
use serde_json::json;
use uuid::Uuid;

use crate::{
    channels::{equipped, relay, wanting},
    home::{Home, People, create, people, start, stop, until},
    webhooks::admin,
};

on_both!(
    the_night_is_quiet_and_ends_with_a_summary,
    summaries_come_by_the_hour_or_the_day,
    two_nodes_tell_once_and_both_show_it,
    security_is_never_silenced,
    programs_tell_people,
    texts_are_a_companys_own,
    what_runs_out_is_announced_once,
);

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub async fn tell(engine: &Engine, who: &Session, category: &str, source: &str) {
    let told = Told {
        user: who.user,
        category: category.to_owned(),
        event: "test.told".to_owned(),
        title: format!("Aviso {source}"),
        body: "corpo".to_owned(),
        resource: None,
        record_id: None,
        source: source.to_owned(),
    };
    let tx = engine.db.write(who.tenant).await.unwrap();
    let events = notify::tell(engine, &tx, engine.now(), vec![told]).await.unwrap();
    tx.commit().await.unwrap();
    engine.hub.publish(&engine.db, events).await;
}

pub async fn mails(relay: &SmtpStandIn, count: usize) {
    until(&format!("{count} mails"), || async { relay.taken().len() >= count }).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(relay.taken().len(), count);
}

pub async fn none_more(relay: &SmtpStandIn, count: usize) {
    tokio::time::sleep(Duration::from_millis(1300)).await;
    assert_eq!(relay.taken().len(), count);
}

/// Soft line breaks and coded letters of the raw message.
fn plain(raw: &str) -> String {
    raw.replace("=\r\n", "").replace("=C3=AA", "ê").replace("=20", " ")
}

async fn the_night_is_quiet_and_ends_with_a_summary(home: Home) {
    // One in the night in São Paulo.
    let clock = Arc::new(MovableClock::new(at("2026-03-11T04:00:00Z")));
    let relay = relay().await;
    let engine = equipped(home.engine_at(clock.clone(), true).await, &relay, None);
    let People { caio, cida, .. } = people(&engine, "one").await;
    let night = Choices {
        quiet_from: Some("22:00".to_owned()),
        quiet_until: Some("07:30".to_owned()),
        ..wanting("check", notify::EMAIL)
    };
    notify::choose(&engine, &caio, night).await.unwrap();
    notify::choose(&engine, &cida, wanting("check", notify::EMAIL)).await.unwrap();
    let background = start(&engine, Registry::standard()).await;
    for source in ["um", "dois"] {
        tell(&engine, &caio, "check", source).await;
    }
    tell(&engine, &cida, "check", "um").await;
    mails(&relay, 1).await;
    assert_eq!(relay.taken()[0].to, ["cida@one.example"], "others as it happens");
    assert_eq!(notify::unread(&engine, &caio).await.unwrap(), 2, "in the application all the same");
    notify::due(&engine).await.unwrap();
    none_more(&relay, 1).await;
    clock.set(at("2026-03-11T10:30:00Z"));
    for _ in 0..2 {
        notify::due(&engine).await.unwrap();
    }
    mails(&relay, 2).await;
    let summary = relay.taken().remove(1);
    assert_eq!(summary.to, ["caio@one.example"]);
    let text = plain(&summary.raw);
    assert!(text.contains("Aviso um") && text.contains("Aviso dois"), "{text}");

    // In the day, but not to be disturbed; then it goes as it happens again.
    let busy = Choices { undisturbed_until: Some(at("2026-03-11T14:00:00Z")), ..wanting("check", notify::EMAIL) };
    notify::choose(&engine, &caio, busy).await.unwrap();
    clock.set(at("2026-03-11T13:00:00Z"));
    tell(&engine, &caio, "check", "tres").await;
    none_more(&relay, 2).await;
    clock.set(at("2026-03-11T14:00:00Z"));
    notify::due(&engine).await.unwrap();
    mails(&relay, 3).await;
    tell(&engine, &caio, "check", "quatro").await;
    mails(&relay, 4).await;
    stop(background).await;
}

async fn summaries_come_by_the_hour_or_the_day(home: Home) {
    let clock = Arc::new(MovableClock::new(at("2026-03-11T15:00:00Z")));
    let relay = relay().await;
    let engine = equipped(home.engine_at(clock.clone(), true).await, &relay, None);
    let People { caio, .. } = people(&engine, "one").await;
    let digest = |every| Choices { digest: true, digest_every: every, ..wanting("check", notify::EMAIL) };
    notify::choose(&engine, &caio, digest(Every::Hour)).await.unwrap();
    let background = start(&engine, Registry::standard()).await;
    notify::due(&engine).await.unwrap();
    for source in ["um", "dois", "tres"] {
        clock.advance(TimeDelta::minutes(10));
        tell(&engine, &caio, "check", source).await;
    }
    notify::due(&engine).await.unwrap();
    none_more(&relay, 0).await;
    clock.set(at("2026-03-11T16:00:00Z"));
    notify::due(&engine).await.unwrap();
    notify::due(&engine).await.unwrap();
    mails(&relay, 1).await;
    let text = plain(&relay.taken()[0].raw);
    assert!(["um", "dois", "tres"].iter().all(|source| text.contains(&format!("Aviso {source}"))), "{text}");

    notify::choose(&engine, &caio, digest(Every::Day)).await.unwrap();
    clock.advance(TimeDelta::minutes(1));
    tell(&engine, &caio, "check", "quatro").await;
    clock.set(at("2026-03-12T10:00:00Z"));
    notify::due(&engine).await.unwrap();
    none_more(&relay, 1).await;
    clock.set(at("2026-03-12T16:00:00Z"));
    notify::due(&engine).await.unwrap();
    mails(&relay, 2).await;
    let text = plain(&relay.taken()[1].raw);
    assert!(text.contains("Aviso quatro") && !text.contains("Aviso um"), "{text}");

    // One click ends summaries, and nothing else.
    let header = relay.taken()[1].header("List-Unsubscribe");
    let token = header.trim_matches(['<', '>']).rsplit('/').next().unwrap().to_owned();
    assert_eq!(notify::unsubscribe(&engine, &token).await.unwrap().as_deref(), Some("digest"));
    tell(&engine, &caio, "check", "cinco").await;
    clock.set(at("2026-03-13T16:00:00Z"));
    notify::due(&engine).await.unwrap();
    none_more(&relay, 2).await;
    let choices = notify::choices(&engine, &caio).await.unwrap().choices;
    assert!(choices.iter().any(|one| one.category == "check" && one.channel == notify::EMAIL && one.wanted));
    stop(background).await;
}

async fn two_nodes_tell_once_and_both_show_it(home: Home) {
    let clock = Arc::new(MovableClock::new(at("2026-03-11T15:00:00Z")));
    let relay = relay().await;
    let first = equipped(home.engine_at(clock.clone(), true).await, &relay, None);
    let second = equipped(home.engine_at(clock.clone(), true).await, &relay, None);
    let People { caio, .. } = people(&first, "one").await;
    let backgrounds = [start(&first, Registry::standard()).await, start(&second, Registry::standard()).await];
    let digest = Choices { digest: true, digest_every: Every::Hour, ..wanting("check", notify::EMAIL) };
    notify::choose(&first, &caio, digest).await.unwrap();
    notify::due(&first).await.unwrap();
    // Somebody looks at the other node. What is told before it listens is lost
    // to the stream, so the first word only shows that it does.
    // Nodes hear of each other through PostgreSQL; SQLite is for one of them.
    let looking = if home.url.starts_with("sqlite") { &first } else { &second };
    let mut stream = Subscription::open(looking, caio.clone(), None).await.unwrap();
    let mut heard = false;
    for n in 0..40 {
        tell(&first, &caio, "check", &format!("prova {n}")).await;
        if tokio::time::timeout(Duration::from_millis(250), stream.next()).await.is_ok_and(|message| message.is_some())
        {
            heard = true;
            break;
        }
    }
    assert!(heard, "told to whoever looks within ten seconds");
    while tokio::time::timeout(Duration::from_millis(300), stream.next()).await.is_ok() {}
    tell(&first, &caio, "check", "agora").await;
    let message = tokio::time::timeout(Duration::from_secs(10), stream.next()).await.unwrap().unwrap();
    assert_eq!((message.event, message.data["title"].as_str()), ("notification", Some("Aviso agora")));
    // Both nodes find the summary due at the same moment.
    clock.advance(TimeDelta::hours(1));
    let (one, other) = tokio::join!(notify::due(&first), notify::due(&second));
    one.unwrap();
    other.unwrap();
    mails(&relay, 1).await;
    for background in backgrounds {
        stop(background).await;
    }
}

async fn security_is_never_silenced(home: Home) {
    let clock = Arc::new(MovableClock::new(at("2026-03-11T04:00:00Z")));
    let relay = relay().await;
    let engine = equipped(home.engine_at(clock.clone(), true).await, &relay, None);
    let People { system, marta, caio, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let off = |channel: &str| Choice { category: "security".into(), channel: channel.into(), wanted: false };
    let both = Choices { choices: vec![off("app"), off("email")], ..Choices::default() };
    assert_eq!(notify::choose(&engine, &caio, both).await.unwrap_err().fields[0].code, "security_everywhere");
    let night = Choices {
        quiet_from: Some("22:00".to_owned()),
        quiet_until: Some("07:30".to_owned()),
        digest: true,
        ..Choices::default()
    };
    notify::choose(&engine, &caio, night).await.unwrap();
    let background = start(&engine, Registry::standard()).await;
    tell(&engine, &caio, "security", "senha").await;
    mails(&relay, 1).await;
    // Its one click leaves it in the application.
    let header = relay.taken()[0].header("List-Unsubscribe");
    let token = header.trim_matches(['<', '>']).rsplit('/').next().unwrap().to_owned();
    assert_eq!(notify::unsubscribe(&engine, &token).await.unwrap().as_deref(), Some("security"));
    tell(&engine, &caio, "security", "outra").await;
    none_more(&relay, 1).await;
    assert_eq!(notify::unread(&engine, &caio).await.unwrap(), 2);

    // What a company sets counts for who did not choose.
    let by_mail = vec![Choice { category: "comment".into(), channel: "email".into(), wanted: true }];
    assert_eq!(notify::set_defaults(&engine, &marta, by_mail.clone()).await.unwrap_err().code, Code::Forbidden);
    assert!(notify::set_defaults(&engine, &dora, vec![off("app"), off("email")]).await.is_err());
    notify::set_defaults(&engine, &dora, by_mail).await.unwrap();
    tell(&engine, &marta, "comment", "nota").await;
    mails(&relay, 2).await;
    stop(background).await;
}

async fn programs_tell_people(home: Home) {
    let relay = relay().await;
    let engine = equipped(home.engine().await, &relay, None);
    let People { system, marta, caio, cida, .. } = people(&engine, "one").await;
    let other = people(&engine, "two").await;
    let sending = Sending {
        to: To { roles: vec!["conferente".to_owned()], users: vec![caio.user], ..To::default() },
        category: "warranty".to_owned(),
        title: "Lote chegou".to_owned(),
        body: "42 caixas".to_owned(),
        source: Some("lote-42".to_owned()),
        ..Sending::default()
    };
    assert_eq!(notify::send(&engine, &marta, &sending).await.unwrap_err().code, Code::Forbidden);
    let mut program = admin(&engine, &system).await;
    for key in ["one", "one", "two"] {
        program.idempotency = Some((key.to_owned(), key.to_owned()));
        match notify::send(&engine, &program, &sending).await {
            Ok(answer) => assert_eq!(answer["told"], 2),
            Err(problem) => assert_eq!(problem.code, Code::InProgress, "its first answer is kept"),
        }
    }
    for who in [&caio, &cida] {
        assert_eq!(notify::unread(&engine, who).await.unwrap(), 1, "once, whatever is repeated");
    }
    assert_eq!(notify::unread(&engine, &other.caio).await.unwrap(), 0);
    program.idempotency = None;
    for (field, wrong) in [
        ("category", Sending { category: "security".to_owned(), ..sending.clone() }),
        ("title", Sending { title: " ".to_owned(), ..sending.clone() }),
        ("to", Sending { to: To::default(), ..sending.clone() }),
        ("to.roles", Sending { to: To { roles: vec!["nenhum".into()], ..To::default() }, ..sending.clone() }),
        ("to.users", Sending { to: To { users: vec![other.caio.user], ..To::default() }, ..sending.clone() }),
        ("record_id", Sending { record: Some(("customer".into(), Uuid::now_v7())), ..sending.clone() }),
    ] {
        assert_eq!(notify::send(&engine, &program, &wrong).await.unwrap_err().fields[0].field, field);
    }
}

async fn texts_are_a_companys_own(home: Home) {
    let relay = relay().await;
    let engine = equipped(home.engine().await, &relay, None);
    let People { system, marta, .. } = people(&engine, "one").await;
    let other = people(&engine, "two").await;
    let dora = admin(&engine, &system).await;
    let background = start(&engine, Registry::standard()).await;
    let of = ("notification", "pt-BR");
    assert_eq!(templates::get(&engine, &marta, of.0, of.1).await.unwrap_err().code, Code::Forbidden);
    assert_eq!(templates::get(&engine, &dora, "none", of.1).await.unwrap_err().code, Code::NotFound);
    let ours = templates::get(&engine, &dora, of.0, of.1).await.unwrap();
    let text = |part: &str| ours["default"][part].as_str().unwrap().to_owned();
    let own = Own { subject: "[Loja] {{ title }}".to_owned(), text: text("text"), html: text("html") };
    for (part, line, bad) in [
        ("html", 2, Own { html: "<p>\n{{ nobody }}</p>".to_owned(), ..own.clone() }),
        ("text", 3, Own { text: "a\nb\n{% if %}".to_owned(), ..own.clone() }),
    ] {
        let refused = templates::put(&engine, &dora, of.0, of.1, 0, &bad).await.unwrap_err();
        assert_eq!((refused.fields[0].field.as_str(), refused.fields[0].code.as_str()), (part, "template"));
        assert_eq!(refused.extra["line"], line, "{part}");
    }
    let endless = Own {
        text: "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}".into(),
        ..own.clone()
    };
    assert_eq!(templates::put(&engine, &dora, of.0, of.1, 0, &endless).await.unwrap_err().code, Code::Validation);
    let seen = templates::preview(&engine, &dora, of.0, of.1, &own).await.unwrap();
    assert_eq!(seen.subject, "[Loja] TR-000412 aguarda sua conferência");
    templates::put(&engine, &dora, of.0, of.1, 0, &own).await.unwrap();
    assert_eq!(templates::put(&engine, &dora, of.0, of.1, 0, &own).await.unwrap_err().code, Code::Stale);

    for who in [&marta, &other.marta] {
        notify::choose(&engine, who, wanting("check", notify::EMAIL)).await.unwrap();
        tell(&engine, who, "check", "<b>x</b>").await;
    }
    mails(&relay, 2).await;
    let raw = |slug: &str| {
        let taken = relay.taken();
        plain(&taken.iter().find(|mail| mail.to == [format!("marta@{slug}.example")]).unwrap().raw)
    };
    assert!(raw("one").contains("[Loja]") && !raw("two").contains("[Loja]"), "each company its own");
    assert!(
        raw("one").contains("Aviso &lt;b&gt;x&lt;") && !raw("one").contains("<b>x</b></h1>"),
        "escaped: {}",
        raw("one")
    );
    templates::reset(&engine, &dora, of.0, of.1).await.unwrap();
    tell(&engine, &marta, "check", "depois").await;
    mails(&relay, 3).await;
    assert!(!relay.taken()[2].raw.contains("[Loja]"));
    templates::test(&engine, &dora, "digest", "en").await.unwrap();
    mails(&relay, 4).await;
    stop(background).await;
}

async fn what_runs_out_is_announced_once(home: Home) {
    let clock = Arc::new(MovableClock::new(at("2026-03-11T15:00:00Z")));
    let relay = relay().await;
    let engine = equipped(home.engine_at(clock.clone(), true).await, &relay, None);
    let People { system, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let token = json!({
        "name": "Estoque", "expires_at": "2026-03-30T12:00:00Z", "scopes": [{ "permission": "customer.read" }],
    });
    create(&engine, &dora, &API_TOKEN, token).await;
    let background = start(&engine, Registry::standard()).await;
    // That it was made is told, being about security.
    mails(&relay, 1).await;
    notify::daily(&engine).await.unwrap();
    none_more(&relay, 1).await;
    clock.set(at("2026-03-24T15:00:00Z"));
    for _ in 0..2 {
        notify::daily(&engine).await.unwrap();
    }
    mails(&relay, 2).await;
    assert!(plain(&relay.taken()[1].raw).contains("30/03/2026 09:00"), "{}", relay.taken()[1].raw);
    stop(background).await;
}
