//! Whatever is sent to whichever operation: an answer or a problem in its
//! agreed shape, never a failure of ours.

use std::fmt::Write;

use actix_web::http::Method;
use conexao_api::{Operation, operations};
use proptest::{
    prelude::*,
    sample::{Selector, select},
    strategy::ValueTree,
    test_runner::{RngSeed, TestRunner},
};
use serde_json::{Map, Value as Json, json};

use crate::support::{Answer, App, Client, on_each_database, walk::Stage};

/// Rounds over all operations.
const ROUNDS: usize = 6;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>().prop_map(|text| text.chars().take(40).collect()),
        select(vec![
            "",
            " ",
            "\0",
            "null",
            "-1",
            "1e999",
            "9223372036854775808",
            "0001-01-01",
            "9999-12-31",
            "2026-02-30",
            "%",
            "_",
            "\\",
            "'",
            "\"",
            "';--",
            "{}",
            "[]",
            "@me",
            "@today",
            "@today+99999999d",
            "..",
            "é\u{301}",
            "\u{202e}",
            "👩‍👩‍👧",
            "00000000-0000-0000-0000-000000000000",
            "+5511987654321",
            "<script>",
        ])
        .prop_map(str::to_owned),
        (1..3000_usize).prop_map(|n| "x".repeat(n)),
    ]
}

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(|n| json!(n)),
        text().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::vec((text(), inner), 0..5).prop_map(|pairs| Json::Object(pairs.into_iter().collect())),
        ]
    })
}

/// Draws values one after the other, the same in every run.
struct Dice(TestRunner);

impl Dice {
    fn new() -> Self {
        let config = ProptestConfig {
            rng_seed: RngSeed::Fixed(20_260_310),
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        Self(TestRunner::new(config))
    }

    fn roll<T: std::fmt::Debug>(&mut self, strategy: &impl Strategy<Value = T>) -> T {
        strategy.new_tree(&mut self.0).unwrap().current()
    }

    fn one<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let selector: Selector = self.roll(&any::<Selector>());
        selector.select(list)
    }

    fn chance(&mut self, of_ten: u8) -> bool {
        self.roll(&(0..10_u8)) < of_ten
    }
}

/// Property names of a schema, references followed.
fn properties(document: &Json, schema: &Json) -> Vec<String> {
    let target = schema["$ref"].as_str().and_then(|target| document.pointer(target.strip_prefix('#')?));
    let found = target.unwrap_or(schema)["properties"].as_object();
    found.map(|map| map.keys().cloned().collect()).unwrap_or_default()
}

fn body(dice: &mut Dice, document: &Json, operation: &Operation) -> Vec<u8> {
    if dice.chance(1) {
        return dice.roll(&text()).into_bytes();
    }
    if dice.chance(1) {
        return format!("{}{}", "[".repeat(5000), "]".repeat(5000)).into_bytes();
    }
    let names = operation.body.as_ref().map(|schema| properties(document, schema)).unwrap_or_default();
    let mut body = Map::new();
    for name in names {
        if dice.chance(6) {
            body.insert(name, dice.roll(&value()));
        }
    }
    if dice.chance(2) {
        body.insert(dice.roll(&text()), dice.roll(&value()));
    }
    if dice.chance(1) {
        dice.roll(&value()).to_string().into_bytes()
    } else {
        Json::Object(body).to_string().into_bytes()
    }
}

#[track_caller]
fn is_in_shape(answer: &Answer, sent: &str) {
    let status = answer.status.as_u16();
    assert!(status < 500, "{} sent {sent}: {}", answer.what, answer.text);
    if status < 400 {
        return;
    }
    let what = format!("{} sent {sent}: {}", answer.what, answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
    assert_eq!(answer.body["status"], status, "{what}");
    assert!(answer.body["title"].as_str().is_some_and(|title| !title.is_empty()), "{what}");
    if answer.body["code"] == "validation" {
        let errors = answer.body["errors"].as_array().unwrap_or_else(|| panic!("no field is named: {what}"));
        assert!(!errors.is_empty(), "{what}");
        for error in errors {
            let message = error["message"].as_str().unwrap_or_default();
            let bare = format!("invalid.{}", error["code"].as_str().unwrap_or_default());
            assert!(!message.is_empty() && message != bare, "no words for {error}");
        }
    }
}

async fn send(
    app: &App,
    dice: &mut Dice,
    client: &Client,
    document: &Json,
    operation: &Operation,
    aimed: (String, i64),
) {
    let (path, version) = aimed;
    // What ends in an id ends in none then; any other address is nobody's.
    let astray = path.contains('-') && dice.chance(1);
    let path = if astray { format!("{path}x") } else { path };
    let method = Method::from_bytes(operation.method.to_uppercase().as_bytes()).unwrap();
    let mut request = client.request(method, &path);
    let mut sent = String::new();
    let names: Vec<&str> = operation.query.iter().map(|(name, _)| *name).collect();
    let more = [
        "limit",
        "sort",
        "after",
        "q",
        "filter[name]",
        "filter[created_at][gte]",
        "where",
        "group",
        "sum",
        "days",
        "count",
    ];
    for _ in 0..dice.roll(&(0..4_u8)) {
        let name = if names.is_empty() || dice.chance(4) { *dice.one(&more) } else { *dice.one(&names) };
        let value = dice.roll(&text());
        let _ = write!(sent, "{name}={value:?} ");
        request = request.query(name, value);
    }
    if operation.method != "get" {
        let body = body(dice, document, operation);
        sent.push_str(&String::from_utf8_lossy(&body).chars().take(2000).collect::<String>());
        request = request.raw(body);
    }
    if operation.if_match {
        let odd = ["\"x\"", "", "*", "W/\"1\"", "\"99999999999999999999\"", "\"-1\""];
        request = if dice.chance(2) { request.header("If-Match", dice.one(&odd)) } else { request.if_match(version) };
    }
    if dice.chance(1) {
        request = request.header("Accept-Language", "xx;q=nada, *").once("k");
    }
    let answer = request.await;
    is_in_shape(&answer, &sent);
    let status = answer.status.as_u16();
    let known = operation.may_answer(status) || (astray && [404, 405].contains(&status));
    assert!(known, "{} is not said to answer {status}: {}", answer.what, answer.text);
    assert!(app.engine.db.pool().ping().await.is_ok());
}

#[test]
fn nothing_that_is_sent_makes_the_server_fail() {
    on_each_database(async |app| {
        let mut dice = Dice::new();
        let document = conexao_api::openapi::document();
        let admin = app.login("super_admin");
        let stage = Stage::set(&admin).await;
        let open = |o: &&Operation| !o.public && o.answer_type != "text/event-stream";
        for _ in 0..ROUNDS {
            for operation in operations().iter().filter(open) {
                let aimed = stage.aim(operation);
                send(&app, &mut dice, &admin, &document, operation, aimed).await;
            }
        }
    });
}
