//! What people change about how they come in, through the client.

use conexao_client::Proof;
use serde_json::json;

use crate::support::{EMAIL, Home, PASSWORD};

const FRESH: &str = "uma frase bem comprida de 2026";

#[tokio::test(flavor = "multi_thread")]
async fn passkeys_are_asked_for_and_listed() {
    let home = Home::start().await;
    let client = home.builder().build();
    let asked = client.passkey_options().await.unwrap();
    assert!(asked.options["challenge"].is_string());
    let refused = client.enter_with_passkey(&asked.ceremony, &json!({})).await.unwrap_err();
    assert_eq!(refused.code, "malformed");
    client.login(EMAIL, PASSWORD).await.unwrap();
    let found = client.passkeys().await.unwrap();
    assert!(found.available && found.items.is_empty());
    let wrong = client.begin_passkey(&Proof::Password("errada-errada".to_owned())).await.unwrap_err();
    assert!(wrong.field("password").is_some());
    let begun = client.begin_passkey(&Proof::Password(PASSWORD.to_owned())).await.unwrap();
    assert_eq!(begun.options["user"]["name"], EMAIL);
    assert_eq!(client.passkey_proof().await.unwrap_err().code, "step_refused");
    assert_eq!(client.two_factor().await.unwrap().passkeys, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_is_changed_and_registrations_are_closed() {
    let home = Home::start().await;
    let client = home.builder().build();
    client.login(EMAIL, PASSWORD).await.unwrap();
    client.change_password(&Proof::Password(PASSWORD.to_owned()), FRESH).await.unwrap();
    assert_eq!(client.login(EMAIL, PASSWORD).await.unwrap_err().code, "credentials");
    client.login(EMAIL, FRESH).await.unwrap();
    client.ask_email(&Proof::Password(FRESH.to_owned()), "outra@empresa.test").await.unwrap();
    assert_eq!(client.registering("nenhuma").await.unwrap_err().status, 404);
    assert_eq!(client.register("nenhuma", "Ana", "ana@empresa.test").await.unwrap_err().status, 404);
    assert_eq!(client.confirm_registration("1-a", FRESH).await.unwrap_err().status, 404);
    assert_eq!(client.confirm_email("1-a").await.unwrap_err().status, 404);
    assert!(client.photos().await.unwrap().is_empty());
    assert_eq!(client.remove_photo().await.unwrap_err().status, 404);
}
