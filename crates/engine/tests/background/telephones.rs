//! A telephone of one's own: proved by a code before anything goes to it.

use conexao_domain::kernel::problem::Code;
use conexao_engine::{jobs::Registry, messages::reach, notify};
use serde_json::json;

use crate::{
    channels::{equipped, relay, twilio, wanting},
    home::{Home, People, customer, people, quiet, start, step, stop, until, warranty},
};

on_both!(a_telephone_is_proved_before_it_is_used);

async fn a_telephone_is_proved_before_it_is_used(home: Home) {
    let (relay, twilio) = (relay().await, twilio().await);
    let engine = equipped(home.engine().await, &relay, Some(&twilio));
    let People { marta, vera, caio, .. } = people(&engine, "one").await;
    let background = start(&engine, Registry::standard()).await;
    assert_eq!(reach::ask_phone(&engine, &caio, "123").await.unwrap_err().code, Code::Validation);
    reach::ask_phone(&engine, &caio, "11 98765-4321").await.unwrap();
    assert_eq!(reach::ask_phone(&engine, &caio, "11 98765-4321").await.unwrap_err().code, Code::TooManyRequests);
    until("the code", || async { twilio.messages().len() == 1 }).await;
    let text = twilio.messages()[0]["body"].as_str().unwrap().to_owned();
    let code: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
    notify::choose(&engine, &caio, wanting("check", "sms")).await.unwrap();
    let ana = customer(&engine, &vera, "Ana").await;
    let first = warranty(&engine, &vera, &ana).await;
    step(&engine, &marta, &first, "generate", json!({})).await;
    quiet(&engine).await;
    assert_eq!(twilio.messages().len(), 1, "not proved yet");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(reach::confirm_phone(&engine, &caio, wrong).await.unwrap_err().fields[0].code, "code.sms");
    reach::confirm_phone(&engine, &caio, &code).await.unwrap();
    assert_eq!(reach::confirm_phone(&engine, &caio, &code).await.unwrap_err().code, Code::NotFound, "once");
    let shown = reach::list(&engine, &caio).await.unwrap();
    assert_eq!(shown[0]["hint"], "(11) •••••-4321");
    let second = warranty(&engine, &vera, &ana).await;
    step(&engine, &marta, &second, "generate", json!({})).await;
    until("the notice", || async { twilio.messages().len() == 2 }).await;
    let body = twilio.messages()[1]["body"].as_str().unwrap().to_owned();
    assert!(body.contains(second.text("number").unwrap()) && body.ends_with(second.id()), "{body}");
    // Forgetting a telephone sends no other code at once, to this one or the next; nor does somebody else asking.
    reach::ask_phone(&engine, &vera, "11 91234-5678").await.unwrap();
    reach::remove(&engine, &vera, "sms").await.unwrap();
    for (who, phone) in [(&vera, "11 91234-5678"), (&vera, "11 91234-0000"), (&marta, "11 91234-5678")] {
        assert_eq!(reach::ask_phone(&engine, who, phone).await.unwrap_err().code, Code::TooManyRequests, "{phone}");
    }
    stop(background).await;
}
