//! Live events reach whom they concern and nobody else, on every node, and a
//! reader that comes back misses nothing.

use std::{sync::Arc, time::Duration};

use chrono::{TimeDelta, Utc};
use conexao_domain::{
    customers::customer::CUSTOMER,
    identity::role::Scope,
    kernel::{problem::Code, value::MovableClock},
};
use conexao_engine::{
    Engine, Session, identity,
    jobs::Registry,
    live::{self, Doing, Event, Kind, Message, Subscription},
    write,
};
use serde_json::{Map, json};

use crate::{
    home::{Home, People, customer, id, people, quiet, start, step, stop, warranty},
    jobs::{Count, ask},
};

on_both!(
    everybody_hears_what_concerns_them,
    a_reader_comes_back,
    nodes_hear_each_other,
    who_is_at_a_record_is_heard_by_whoever_may_read_it,
    tickets_are_short_and_single,
    a_stream_ends_with_its_log_in
);

async fn open(engine: &Engine, session: &Session) -> Subscription {
    Subscription::open(engine, session.clone(), None).await.unwrap()
}

/// Waits until this node has heard all that was told before: signals of the
/// database come in order, some time after what they tell of was committed, and
/// none at all before the node has begun to listen.
async fn caught_up(engine: &Engine, session: &Session) {
    let mut probe = open(engine, session).await;
    let mark = json!({ "mark": uuid::Uuid::now_v7() });
    for _ in 0..100 {
        let event = Event::new(session.tenant.0, Kind::Notification, Some(session.user), mark.clone());
        engine.hub.publish(&engine.db, vec![event]).await;
        let until = tokio::time::Instant::now() + Duration::from_millis(200);
        while let Ok(Some(message)) = tokio::time::timeout_at(until, probe.next()).await {
            if message.data == mark {
                // What was sent again in vain must not be heard later either.
                tokio::time::sleep(Duration::from_millis(100)).await;
                return;
            }
        }
    }
    panic!("nothing is heard");
}

/// What comes within a moment.
async fn heard(subscription: &mut Subscription) -> Vec<Message> {
    let mut heard = Vec::new();
    while let Ok(Some(message)) = tokio::time::timeout(Duration::from_millis(400), subscription.next()).await {
        heard.push(message);
    }
    heard
}

fn names(messages: &[Message]) -> Vec<String> {
    let name = |m: &Message| match m.event {
        "record" => format!("{}.{}", m.data["resource"].as_str().unwrap(), m.data["action"].as_str().unwrap()),
        "job" => format!("job {}", m.data["state"].as_str().unwrap()),
        other => other.to_owned(),
    };
    messages.iter().map(name).collect()
}

async fn everybody_hears_what_concerns_them(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, caio, .. } = people(&engine, "one").await;
    let other = people(&engine, "two").await;
    let background = start(&engine, Registry::standard().job(Count::default())).await;
    quiet(&engine).await;
    caught_up(&engine, &marta).await;
    let own = Session { permissions: Arc::new([("warranty.read".to_owned(), Scope::Own)].into()), ..caio.clone() };
    let mut streams = [
        open(&engine, &vera).await,
        open(&engine, &caio).await,
        open(&engine, &own).await,
        open(&engine, &other.marta).await,
    ];

    let ana = customer(&engine, &vera, "Ana").await;
    let request = warranty(&engine, &vera, &ana).await;
    step(&engine, &marta, &request, "generate", json!({})).await;
    let job = ask(&engine, &vera, json!({ "lines": 1 })).await;
    quiet(&engine).await;
    caught_up(&engine, &marta).await;

    let [seller, checker, scoped, stranger] = &mut streams;
    let (seller, checker) = (heard(seller).await, heard(checker).await);
    let records = ["customer.create", "warranty.create", "warranty.generate"];
    let of = |kind: &str, messages: &[Message]| -> Vec<String> {
        names(messages).into_iter().filter(|n| n.starts_with(kind)).collect()
    };
    assert_eq!([of("customer", &seller), of("warranty", &seller)].concat(), records);
    assert_eq!(of("job", &seller).last().unwrap(), "job done");
    assert_eq!(seller.iter().find(|m| m.event == "job").unwrap().data["id"], job.to_string());
    assert_eq!([of("customer", &checker), of("warranty", &checker)].concat(), records);
    assert_eq!((of("job", &checker).len(), of("notification", &checker).len()), (0, 1));
    assert_eq!(names(&heard(scoped).await), ["notification"], "not even that another's record exists");
    assert_eq!(names(&heard(stranger).await), Vec::<String>::new());

    let generated = checker.iter().find(|m| m.data["action"] == "generate").unwrap();
    let expected = json!({ "resource": "warranty", "id": request.id(), "version": 2, "action": "generate", "actor_id": marta.user });
    assert_eq!(generated.data, expected, "which record, not what is in it");
    stop(background).await;
}

async fn a_reader_comes_back(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, caio, .. } = people(&engine, "one").await;
    let background = start(&engine, Registry::standard()).await;
    quiet(&engine).await;
    let ana = customer(&engine, &vera, "Ana").await;
    let request = warranty(&engine, &vera, &ana).await;
    let mut stream = open(&engine, &caio).await;
    step(&engine, &marta, &request, "generate", json!({})).await;
    quiet(&engine).await;
    let first = heard(&mut stream).await;
    let last = first.iter().find(|m| m.event == "notification").unwrap().id.unwrap();
    drop(stream);

    let gate = vera.gate(&CUSTOMER, "update").unwrap();
    let notes = json!({ "notes": "volta amanhã" }).as_object().cloned().unwrap();
    write::patch(&engine, &gate, id(&ana), 1, &notes).await.unwrap();
    quiet(&engine).await;
    let mut stream = Subscription::open(&engine, caio.clone(), Some(&last.to_string())).await.unwrap();
    let missed = heard(&mut stream).await;
    assert!(names(&missed).contains(&"customer.update".to_owned()), "{missed:?}");
    assert!(!missed.iter().any(|m| m.id == Some(last)), "nothing twice");

    // On a node that does not know the event any more: a reset, and what the database still knows.
    let elsewhere = home.engine().await;
    let second = warranty(&engine, &vera, &ana).await;
    step(&engine, &marta, &second, "generate", json!({})).await;
    quiet(&engine).await;
    let mut stream = Subscription::open(&elsewhere, caio.clone(), Some(&last.to_string())).await.unwrap();
    let caught_up = heard(&mut stream).await;
    assert_eq!(names(&caught_up), ["reset", "notification"]);
    assert_eq!((caught_up[0].id, caught_up[1].data["record_id"].as_str()), (None, Some(second.id())));
    stop(background).await;
}

async fn nodes_hear_each_other(home: Home) {
    let (one, two) = (home.engine().await, home.engine().await);
    if !one.db.is_postgres() {
        return;
    }
    let People { marta, vera, .. } = people(&one, "one").await;
    let (first, second) = (start(&one, Registry::standard()).await, start(&two, Registry::standard()).await);
    quiet(&one).await;
    for engine in [&one, &two] {
        caught_up(engine, &marta).await;
    }
    let mut streams = [open(&one, &vera).await, open(&two, &vera).await];
    customer(&one, &vera, "Ana").await;
    customer(&two, &vera, "Bia").await;
    quiet(&one).await;
    for stream in &mut streams {
        assert_eq!(names(&heard(stream).await), ["customer.create", "customer.create"], "once each");
    }
    stop(first).await;
    stop(second).await;
}

async fn who_is_at_a_record_is_heard_by_whoever_may_read_it(home: Home) {
    let (engine, elsewhere) = (home.engine().await, home.engine().await);
    let People { marta, vera, caio, .. } = people(&engine, "one").await;
    let other = people(&engine, "two").await;
    let (first, second) = (start(&engine, Registry::standard()).await, start(&elsewhere, Registry::standard()).await);
    let ana = customer(&engine, &vera, "Ana").await;
    quiet(&engine).await;
    for node in [&engine, &elsewhere] {
        if node.db.is_postgres() {
            caught_up(node, &marta).await;
        }
    }
    // On another node where there are some.
    let there = if engine.db.is_postgres() { &elsewhere } else { &engine };
    let own = Session { permissions: Arc::new([("customer.read".to_owned(), Scope::Own)].into()), ..caio.clone() };
    let mut streams = [open(there, &vera).await, open(there, &own).await, open(there, &other.marta).await];
    let gate = marta.gate(&CUSTOMER, "read").unwrap();
    for doing in [Doing::Viewing, Doing::Viewing, Doing::Editing] {
        live::say(&engine, &gate, id(&ana), doing, "").await.unwrap();
    }
    caught_up(there, &marta).await;
    let told = heard(&mut streams[0]).await;
    assert_eq!(names(&told), ["presence", "presence"], "a repetition is no news");
    assert_eq!(told[0].id, None, "nobody resumes from it");
    assert_eq!(told[1].data["people"][0]["doing"], "editing");
    assert_eq!(json!([told[0].data["resource"], told[0].data["id"]]), json!(["customer", ana.id()]));
    assert_eq!(told[0].data["people"][0]["id"], marta.user.to_string());
    assert!(heard(&mut streams[1]).await.is_empty(), "not of records of others");
    assert!(heard(&mut streams[2]).await.is_empty(), "not in another company");
    let seen = live::say(there, &vera.gate(&CUSTOMER, "read").unwrap(), id(&ana), Doing::Viewing, "").await.unwrap();
    assert_eq!(seen[0]["name"], marta.name, "every node knows");
    stop(first).await;
    stop(second).await;
}

async fn tickets_are_short_and_single(home: Home) {
    let clock = Arc::new(MovableClock::new(Utc::now()));
    let engine = home.engine_at(Arc::clone(&clock), true).await;
    let People { vera, system, .. } = people(&engine, "one").await;
    let refused = async |ticket: &str| identity::redeem(&engine, ticket).await.unwrap_err().code;
    let ticket = identity::ticket(&engine, &vera).unwrap();
    assert_eq!(identity::redeem(&engine, &ticket).await.unwrap().user, vera.user);
    assert_eq!(refused(&ticket).await, Code::Unauthenticated, "once");
    assert_eq!(refused("no.such.ticket").await, Code::Unauthenticated);

    let late = identity::ticket(&engine, &vera).unwrap();
    clock.advance(TimeDelta::seconds(identity::TICKET_SECONDS));
    assert_eq!(refused(&late).await, Code::Unauthenticated, "soon");

    let ticket = identity::ticket(&engine, &vera).unwrap();
    assert_eq!(
        identity::authenticate(&engine, &ticket).await.unwrap_err().code,
        Code::Unauthenticated,
        "opens nothing else"
    );
    let gate = system.gate(&conexao_domain::identity::user::USER, "suspend").unwrap();
    write::step(&engine, &gate, vera.user, 1, "suspend", &Map::new()).await.unwrap();
    assert_eq!(refused(&ticket).await, Code::Unauthenticated, "not while suspended");
    assert_eq!(identity::ticket(&engine, &system).unwrap_err().code, Code::Forbidden, "nobody's");
}

async fn a_stream_ends_with_its_log_in(home: Home) {
    const PASSWORD: &str = "senha-de-teste-2026";
    let engine = home.engine().await;
    let People { marta, .. } = people(&engine, "one").await;
    let background = start(&engine, Registry::standard()).await;
    quiet(&engine).await;
    caught_up(&engine, &marta).await;
    let system = Session::system(marta.tenant, "Conexão");
    identity::create_user(&engine, &system, "Lia", "lia@one.test", &["vendedor"], PASSWORD).await.unwrap();
    let enter = async || {
        let granted = identity::login(&engine, "lia@one.test", PASSWORD, identity::Origin::default()).await.unwrap();
        identity::authenticate(&engine, &granted.access_token).await.unwrap()
    };
    let stream = async |session: &Session| {
        let ticket = identity::ticket(&engine, session).unwrap();
        open(&engine, &identity::redeem(&engine, &ticket).await.unwrap()).await
    };
    let (phone, desk) = (enter().await, enter().await);
    let (mut lost, mut kept) = (stream(&phone).await, stream(&desk).await);
    identity::sessions::revoke(&engine, &desk, phone.login.unwrap()).await.unwrap();
    // What was told before is still said, then the stream ends.
    while let Some(told) = tokio::time::timeout(Duration::from_secs(10), lost.next()).await.unwrap() {
        assert_eq!(told.event, "notification");
    }
    caught_up(&engine, &marta).await;
    // The other hears that it was ended, and goes on.
    while let Ok(told) = tokio::time::timeout(Duration::from_millis(400), kept.next()).await {
        assert_eq!(told.unwrap().event, "notification");
    }
    stop(background).await;
}
