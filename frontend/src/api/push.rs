//! Push messages in this browser: asking for them, and taking that back. The
//! service worker (`assets/sw.js`) shows them, also when no page is open.

use js_sys::{Promise, Uint8Array};
use leptos::prelude::window;
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Notification, NotificationPermission, PushManager, PushSubscription, PushSubscriptionOptionsInit,
    ServiceWorkerRegistration,
};

use super::{Failure, client};

const WORKER: &str = "/sw.js";

/// Why this browser is not told.
#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// It has no push messages.
    Unable,
    /// The person said no, here or before.
    Denied,
    /// It, or its push service, failed.
    Broken,
    /// The server refused.
    Refused(Failure),
}

/// What `PushSubscription.toJSON()` says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Told {
    pub endpoint: String,
    pub keys: Keys,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Keys {
    pub p256dh: String,
    pub auth: String,
}

async fn waited<T: JsCast>(promise: Result<Promise, JsValue>) -> Result<T, Why> {
    let value = JsFuture::from(promise.map_err(|_| Why::Broken)?).await.map_err(|_| Why::Broken)?;
    value.dyn_into().map_err(|_| Why::Broken)
}

/// Whether this browser has push messages at all.
pub fn able() -> bool {
    let has = |of: &JsValue, name: &str| js_sys::Reflect::has(of, &name.into()).unwrap_or(false);
    let page = window();
    has(page.as_ref(), "PushManager")
        && has(page.as_ref(), "Notification")
        && has(page.navigator().as_ref(), "serviceWorker")
}

/// Whether the person said no to them before.
pub fn denied() -> bool {
    able() && Notification::permission() == NotificationPermission::Denied
}

async fn manager() -> Result<PushManager, Why> {
    if !able() {
        return Err(Why::Unable);
    }
    let workers = window().navigator().service_worker();
    waited::<ServiceWorkerRegistration>(Ok(workers.register(WORKER))).await?;
    let ready = waited::<ServiceWorkerRegistration>(workers.ready()).await?;
    ready.push_manager().map_err(|_| Why::Broken)
}

async fn subscribed(manager: &PushManager) -> Result<Option<PushSubscription>, Why> {
    let promise = manager.get_subscription().map_err(|_| Why::Broken)?;
    let found = JsFuture::from(promise).await.map_err(|_| Why::Broken)?;
    Ok(found.dyn_into().ok())
}

fn read(subscription: &PushSubscription) -> Result<Told, Why> {
    let text = js_sys::JSON::stringify(subscription.as_ref()).map_err(|_| Why::Broken)?;
    serde_json::from_str(&String::from(text)).map_err(|_| Why::Broken)
}

/// The subscription this browser has, without asking anybody. Nothing is
/// registered for those who never asked.
pub async fn present() -> Option<Told> {
    if !able() || Notification::permission() != NotificationPermission::Granted {
        return None;
    }
    let found = subscribed(&manager().await.ok()?).await.ok()??;
    read(&found).ok()
}

/// What the server knows this browser by: SHA-256 of its endpoint.
pub async fn print_of(endpoint: &str) -> Option<String> {
    let crypto = window().crypto().ok()?.subtle();
    let promise = crypto.digest_with_str_and_u8_array("SHA-256", endpoint.as_bytes()).ok()?;
    let bytes = Uint8Array::new(&JsFuture::from(promise).await.ok()?).to_vec();
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(digits.concat())
}

/// Asks the person, subscribes, and tells the server.
pub async fn turn_on() -> Result<(), Why> {
    if !able() {
        return Err(Why::Unable);
    }
    let asked = waited::<js_sys::JsString>(Notification::request_permission()).await?;
    if asked != "granted" {
        return Err(Why::Denied);
    }
    let manager = manager().await?;
    let key = client().push_key().await.map_err(Why::Refused)?;
    // One of another company, or of a key that is gone, is of no use.
    if let Some(old) = subscribed(&manager).await? {
        waited::<js_sys::Boolean>(old.unsubscribe()).await?;
    }
    let options = PushSubscriptionOptionsInit::new();
    options.set_user_visible_only(true);
    options.set_application_server_key(&Uint8Array::from(decoded(&key).as_slice()).into());
    let made = waited::<PushSubscription>(manager.subscribe_with_options(&options)).await?;
    let told = read(&made)?;
    client().add_browser(&told.endpoint, &told.keys.p256dh, &told.keys.auth).await.map_err(Why::Refused)
}

/// Takes it back here; the server forgets by its own list.
pub async fn turn_off() -> Result<(), Why> {
    if let Some(old) = subscribed(&manager().await?).await? {
        waited::<js_sys::Boolean>(old.unsubscribe()).await?;
    }
    Ok(())
}

/// base64url without padding, as keys are told.
fn decoded(text: &str) -> Vec<u8> {
    let place = |c: u8| match c {
        b'A'..=b'Z' => Some(u32::from(c - b'A')),
        b'a'..=b'z' => Some(u32::from(c - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(c - b'0') + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    };
    let (mut bits, mut held, mut bytes) = (0_u32, 0_u32, Vec::new());
    for value in text.bytes().filter_map(place) {
        bits = (bits << 6) | value;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.extend(u8::try_from((bits >> held) & 0xff));
        }
        bits &= (1 << held) - 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn reads_keys() {
        assert_eq!(decoded("SGVsbG8"), b"Hello");
        assert_eq!(decoded("_-8"), [0xff, 0xef]);
        assert!(decoded("").is_empty());
    }
}
