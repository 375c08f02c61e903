//! The consumers in `examples/` receive what is really sent, and believe it
//! only when it is signed with their secret.

use std::{
    io::{BufRead, BufReader, Lines},
    net::TcpListener,
    process::{Child, ChildStdout, Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use conexao_domain::{
    integration::{delivery::DELIVERY, webhook::WEBHOOK},
    kernel::{query, record::Record},
};
use conexao_engine::{Engine, Session, jobs::Registry, read, secrets, write};
use conexao_integrations::{http::Egress, webhook::WebhookSender};
use serde_json::json;

use crate::{
    home::{Home, People, create, customer, id, people, quiet, read as seen, start, stop, until},
    webhooks::admin,
};

on_both!(
    the_rust_example_believes_what_is_signed,
    the_python_example_believes_what_is_signed,
    our_own_network_is_closed
);

async fn subscribe(engine: &Engine, session: &Session, port: u16) -> (Record, String) {
    let url = format!("http://127.0.0.1:{port}/gancho");
    let input = json!({ "name": "Exemplo", "url": url, "events": [{ "event": "customer.create" }] });
    let made = create(engine, session, &WEBHOOK, input).await;
    let secret = made.text(secrets::SHOWN).unwrap().to_owned();
    (made, secret)
}

fn registry(egress: Egress) -> Registry {
    Registry::standard().webhooks(WebhookSender::new(egress).unwrap())
}

async fn deliveries(engine: &Engine, session: &Session) -> Vec<Record> {
    let query = query::parse(&DELIVERY, [("sort", "created_at")].into_iter(), &[]).unwrap();
    read::list(engine, &session.gate(&DELIVERY, "read").unwrap(), &query).await.unwrap().items
}

/// The last delivery once it was tried.
async fn tried(engine: &Engine, session: &Session, count: usize) -> Record {
    let done = || async {
        let all = deliveries(engine, session).await;
        all.len() == count && all[count - 1].integer("response_status").is_some()
    };
    until("the delivery to be tried", done).await;
    deliveries(engine, session).await.pop().unwrap()
}

/// Has the secret renewed twice, so that what the consumer knows is no longer good.
async fn outdate(engine: &Engine, session: &Session, made: &Record) {
    let gate = session.gate(&WEBHOOK, "rotate_secret").unwrap();
    for _ in 0..2 {
        let version = seen(engine, session, &WEBHOOK, id(made)).await.version();
        write::step(engine, &gate, id(made), version, "rotate_secret", &serde_json::Map::new()).await.unwrap();
    }
}

async fn exercise(engine: &Engine, dora: &Session, vera: &Session, made: &Record, heard: impl Fn() -> String) {
    customer(engine, vera, "Ana").await;
    let first = tried(engine, dora, 1).await;
    assert_eq!((first.text("status"), first.integer("response_status")), (Some("delivered"), Some(204)));
    assert_eq!(heard(), format!("{} customer.create", first.id()));
    // A secret that was replaced twice signs nothing any more.
    outdate(engine, dora, made).await;
    customer(engine, vera, "Bia").await;
    let second = tried(engine, dora, 2).await;
    assert_eq!((second.integer("response_status"), second.text("error")), (Some(401), Some("webhook.status")));
    quiet(engine).await;
}

async fn the_rust_example_believes_what_is_signed(home: Home) {
    let engine = home.engine().await.with_egress(Egress::AllowPrivate);
    let People { system, vera, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (made, secret) = subscribe(&engine, &dora, listener.local_addr().unwrap().port()).await;
    let (said, hears) = mpsc::channel();
    // Ends with the test's process.
    std::thread::spawn(move || {
        conexao_webhook_consumer::serve(&listener, &secret, |id, event| {
            said.send(format!("{id} {}", event["type"].as_str().unwrap())).unwrap();
        });
    });
    let background = start(&engine, registry(Egress::AllowPrivate)).await;
    exercise(&engine, &dora, &vera, &made, || hears.recv_timeout(Duration::from_secs(5)).unwrap()).await;
    stop(background).await;
}

/// The example in Python, ended with this value.
struct Python {
    process: Child,
    lines: std::cell::RefCell<Lines<BufReader<ChildStdout>>>,
}

impl Drop for Python {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Python {
    fn start(secret: &str, port: u16) -> Self {
        let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/webhook_consumer.py");
        let mut command = Command::new("python3");
        command.args([example, "127.0.0.1", &port.to_string()]).env("CONEXAO_WEBHOOK_SECRET", secret);
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines().into();
        let python = Self { process, lines };
        assert!(python.line().starts_with("listening"));
        python
    }

    fn line(&self) -> String {
        self.lines.borrow_mut().next().unwrap().unwrap()
    }
}

async fn the_python_example_believes_what_is_signed(home: Home) {
    let engine = home.engine().await.with_egress(Egress::AllowPrivate);
    let People { system, vera, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (made, secret) = subscribe(&engine, &dora, port).await;
    let python = Python::start(&secret, port);
    let background = start(&engine, registry(Egress::AllowPrivate)).await;
    exercise(&engine, &dora, &vera, &made, || python.line()).await;
    stop(background).await;
}

async fn our_own_network_is_closed(home: Home) {
    let engine = home.engine().await.with_egress(Egress::AllowPrivate);
    let People { system, vera, .. } = people(&engine, "one").await;
    let dora = admin(&engine, &system).await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let (made, _) = subscribe(&engine, &dora, listener.local_addr().unwrap().port()).await;
    let background = start(&engine, registry(Egress::PublicOnly)).await;
    customer(&engine, &vera, "Ana").await;
    let disabled = || async { seen(&engine, &dora, &WEBHOOK, id(&made)).await.text("status") == Some("disabled") };
    until("it to be disabled", disabled).await;
    let one = deliveries(&engine, &dora).await.remove(0);
    assert_eq!((one.text("status"), one.text("error")), (Some("failed"), Some("http.forbidden")));
    assert!(listener.accept().is_err(), "nobody even knocked");
    stop(background).await;
}
