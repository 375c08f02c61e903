//! Passkeys as browsers make and use them. Options and answers go as JSON,
//! which browsers read and write themselves.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use serde_json::Value as Json;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::{Failure, client};

pub use conexao_client::{
    Proof,
    model::{AddedPasskey, Ceremony, Passkey, Passkeys},
};

/// Why there is no answer of a passkey.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// The person closed the browser's dialog, or it took too long.
    Dismissed,
    /// The server refused.
    Server(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Server(failure)
    }
}

fn function(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &name.into()).ok()?.dyn_into().ok()
}

fn class() -> Option<JsValue> {
    let class = Reflect::get(&js_sys::global(), &"PublicKeyCredential".into()).ok()?;
    Some(class).filter(JsValue::is_function)
}

/// Whether this browser knows passkeys here, which takes a page under TLS.
pub fn is_known() -> bool {
    class().is_some_and(|class| function(&class, "parseRequestOptionsFromJSON").is_some())
}

/// Whether this browser offers passkeys where the name is typed.
pub async fn fills_in() -> bool {
    let asked = async {
        let class = class().filter(|_| is_known())?;
        let answer = function(&class, "isConditionalMediationAvailable")?.call0(&class).ok()?;
        JsFuture::from(answer.dyn_into::<Promise>().ok()?).await.ok()?.as_bool()
    };
    asked.await.unwrap_or_default()
}

/// Calls the browser's `create` or `get` with options read by `parser`.
async fn call(method: &str, parser: &str, options: &Json, conditional: Option<&AbortSignal>) -> Result<Json, JsValue> {
    let missing = || JsValue::from_str("unknown here");
    let class = class().ok_or_else(missing)?;
    let options = JSON::parse(&options.to_string())?;
    let parsed = function(&class, parser).ok_or_else(missing)?.call1(&class, &options)?;
    let asked = Object::new();
    Reflect::set(&asked, &"publicKey".into(), &parsed)?;
    if let Some(signal) = conditional {
        Reflect::set(&asked, &"mediation".into(), &"conditional".into())?;
        Reflect::set(&asked, &"signal".into(), signal)?;
    }
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    let credentials = Reflect::get(&navigator, &"credentials".into())?;
    let answer = function(&credentials, method).ok_or_else(missing)?.call1(&credentials, &asked)?;
    let made = JsFuture::from(answer.dyn_into::<Promise>()?).await?;
    let plain = function(&made, "toJSON").ok_or_else(missing)?.call0(&made)?;
    let text = JSON::stringify(&plain)?.as_string().unwrap_or_default();
    serde_json::from_str(&text).map_err(|_| missing())
}

async fn sign(asked: &Ceremony, conditional: Option<&AbortSignal>) -> Result<Json, Refusal> {
    let answer = call("get", "parseRequestOptionsFromJSON", &asked.options, conditional).await;
    answer.map_err(|_| Refusal::Dismissed)
}

/// Logs in with a passkey the person picks; with a signal in the field where
/// the name is typed, until it is aborted.
pub async fn enter(conditional: Option<&AbortSignal>) -> Result<(), Refusal> {
    let asked = client().passkey_options().await?;
    let signed = sign(&asked, conditional).await?;
    Ok(client().enter_with_passkey(&asked.ceremony, &signed).await.map(drop)?)
}

/// Answers the second step of a log-in with a passkey.
pub async fn second_step(challenge: &str, remember: bool) -> Result<(), Refusal> {
    let asked = client().second_step_options(challenge).await?;
    let signed = sign(&asked, None).await?;
    Ok(client().second_step_with_passkey(challenge, &asked.ceremony, &signed, remember).await.map(drop)?)
}

/// Shows again who one is.
pub async fn prove() -> Result<Proof, Refusal> {
    let asked = client().passkey_proof().await?;
    let credential = sign(&asked, None).await?;
    Ok(Proof::Passkey { ceremony: asked.ceremony, credential })
}

/// Makes a passkey and keeps it under a name.
pub async fn add(proof: &Proof, name: &str) -> Result<AddedPasskey, Refusal> {
    let asked = client().begin_passkey(proof).await?;
    let made = call("create", "parseCreationOptionsFromJSON", &asked.options, None).await;
    let made = made.map_err(|_| Refusal::Dismissed)?;
    Ok(client().add_passkey(&asked.ceremony, name, &made).await?)
}
