//! Who may say what about a record, and who hears of it.

use conexao_domain::{
    customers::customer::CUSTOMER,
    kernel::problem::{Code, Problem},
};
use conexao_engine::{
    Engine, Session,
    jobs::Registry,
    notes::comments::{self, CommentPage},
    notify::{self, Wanted},
    read,
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::home::{Home, People, customer, id, people, quiet, start, stop};

on_both!(said_and_taken_back, who_is_called, pages, refused);

async fn say(engine: &Engine, who: &Session, record: Uuid, text: &str, mentions: &[Uuid]) -> Result<Json, Problem> {
    comments::add(engine, &who.gate(&CUSTOMER, "read")?, record, text, mentions).await
}

async fn take_back(engine: &Engine, who: &Session, record: Uuid, comment: &Json) -> Result<(), Problem> {
    let comment = comment["id"].as_str().unwrap().parse().unwrap();
    comments::remove(engine, &who.gate(&CUSTOMER, "read")?, record, comment).await
}

async fn said(engine: &Engine, who: &Session, record: Uuid, after: Option<Uuid>) -> CommentPage {
    comments::list(engine, &who.gate(&CUSTOMER, "read").unwrap(), record, after).await.unwrap()
}

async fn said_and_taken_back(home: Home) {
    let engine = home.engine().await;
    let People { vera, caio, marta, .. } = people(&engine, "one").await;
    let ana = id(&customer(&engine, &vera, "Ana").await);
    let first = say(&engine, &vera, ana, "  Ligou duas vezes.\nVolta amanhã.  ", &[]).await.unwrap();
    assert_eq!(first["text"], "Ligou duas vezes.\nVolta amanhã.");
    assert_eq!(first["author"], json!({ "id": vera.user, "name": "Vera" }));
    let second = say(&engine, &caio, ana, "Conferido.", &[]).await.unwrap();
    assert_eq!(said(&engine, &caio, ana, None).await.items, [second.clone(), first.clone()]);

    let timeline = read::timeline(&engine, &vera.gate(&CUSTOMER, "read").unwrap(), ana, None).await.unwrap();
    let told: Vec<_> =
        timeline.items.iter().map(|item| (item["kind"].as_str().unwrap(), item["action"].as_str().unwrap())).collect();
    assert_eq!(told, [("comment", "comment"), ("comment", "comment"), ("change", "create")], "each once");

    assert_eq!(take_back(&engine, &vera, ana, &second).await.unwrap_err().code, Code::Forbidden, "not hers");
    take_back(&engine, &vera, ana, &first).await.unwrap();
    assert_eq!(take_back(&engine, &vera, ana, &first).await.unwrap_err().code, Code::NotFound, "already gone");
    take_back(&engine, &marta, ana, &second).await.unwrap();
    assert_eq!(said(&engine, &vera, ana, None).await.items, Vec::<Json>::new());
    let verified = conexao_engine::audit::verify(&engine, vera.tenant).await.unwrap();
    assert_eq!(verified.broken_at, None);
    let trail = read::timeline(&engine, &vera.gate(&CUSTOMER, "read").unwrap(), ana, None).await.unwrap();
    let told: Vec<_> = trail
        .items
        .iter()
        .map(|item| (item["action"].as_str().unwrap(), item["actor"]["name"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("delete_comment", "Marta"), ("delete_comment", "Vera"), ("create", "Vera")]);
}

async fn who_is_called(home: Home) {
    let engine = home.engine().await;
    let People { vera, caio, cida, marta, .. } = people(&engine, "one").await;
    let other = people(&engine, "two").await;
    let background = start(&engine, Registry::standard()).await;
    let ana = id(&customer(&engine, &vera, "Ana").await);

    let refused = say(&engine, &vera, ana, "Veja", &[caio.user, other.caio.user]).await.unwrap_err();
    assert_eq!(refused.code, Code::Validation);
    assert_eq!(refused.fields.len(), 1);
    assert_eq!(refused.fields[0].field, format!("mentions.{}", other.caio.user));

    let comment =
        say(&engine, &vera, ana, "Veja com calma", &[caio.user, cida.user, vera.user, caio.user]).await.unwrap();
    assert_eq!(comment["mentions"].as_array().unwrap().len(), 3);
    quiet(&engine).await;
    let heard = async |session: &Session| notify::list(&engine, session, &Wanted::default()).await.unwrap().items;
    let told = heard(&caio).await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0]["title"].as_str(), told[0]["body"].as_str()),
        (Some("Vera mencionou você em Ana"), Some("Veja com calma"))
    );
    assert_eq!(
        (told[0]["category"].as_str(), told[0]["record_id"].as_str()),
        (Some("comment"), Some(ana.to_string().as_str()))
    );
    assert_eq!(heard(&cida).await[0]["title"], "Vera mentioned you in Ana");
    for (who, session) in [("herself", &vera), ("not called", &marta), ("another tenant", &other.caio)] {
        assert_eq!(heard(session).await, Vec::<Json>::new(), "{who}");
    }
    stop(background).await;
}

async fn pages(home: Home) {
    let engine = home.engine().await;
    let People { vera, .. } = people(&engine, "one").await;
    let ana = id(&customer(&engine, &vera, "Ana").await);
    for n in 0..53 {
        say(&engine, &vera, ana, &format!("nota {n}"), &[]).await.unwrap();
    }
    let first = said(&engine, &vera, ana, None).await;
    assert_eq!((first.items.len(), first.items[0]["text"].as_str()), (50, Some("nota 52")));
    let rest = said(&engine, &vera, ana, first.next).await;
    assert_eq!((rest.items.len(), rest.items[2]["text"].as_str(), rest.next), (3, Some("nota 0"), None));
}

async fn refused(home: Home) {
    let engine = home.engine().await;
    let People { vera, system, .. } = people(&engine, "one").await;
    let other = people(&engine, "two").await;
    let (ana, bia) = (id(&customer(&engine, &vera, "Ana").await), id(&customer(&engine, &vera, "Bia").await));
    let why = |result: Result<Json, Problem>| {
        let problem = result.unwrap_err();
        (problem.code, problem.fields.first().map(|f| (f.field.clone(), f.code.clone())))
    };
    let field = |name: &str, code: &str| (Code::Validation, Some((name.to_owned(), code.to_owned())));
    assert_eq!(why(say(&engine, &vera, ana, " \n ", &[]).await), field("text", "required"));
    assert_eq!(why(say(&engine, &vera, ana, &"á".repeat(8001), &[]).await), field("text", "length"));
    assert!(say(&engine, &vera, ana, &"á".repeat(8000), &[]).await.is_ok());
    assert_eq!(why(say(&engine, &vera, ana, "a\u{0}b", &[]).await), field("text", "control_characters"));
    let crowd: Vec<Uuid> = (0..21).map(|_| Uuid::now_v7()).collect();
    assert_eq!(why(say(&engine, &vera, ana, "todos", &crowd).await), field("mentions", "too_many_lines"));
    assert_eq!(why(say(&engine, &system, ana, "eu", &[]).await).0, Code::Forbidden, "nobody to be the author");
    assert_eq!(why(say(&engine, &other.vera, ana, "oi", &[]).await).0, Code::NotFound);

    let comment = say(&engine, &vera, ana, "fica", &[]).await.unwrap();
    assert_eq!(take_back(&engine, &vera, bia, &comment).await.unwrap_err().code, Code::NotFound, "of another record");
    assert_eq!(take_back(&engine, &other.vera, ana, &comment).await.unwrap_err().code, Code::NotFound);
    let there = other.vera.gate(&CUSTOMER, "read").unwrap();
    assert_eq!(comments::list(&engine, &there, ana, None).await.unwrap_err().code, Code::NotFound);
}
