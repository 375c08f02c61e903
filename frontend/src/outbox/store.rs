//! The database of the browser, where entries outlive the page. Opened for
//! each act and closed again, so that leaving can take all of it away.

use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbFactory, IdbObjectStore, IdbRequest, IdbTransactionMode};

use super::Entry;

const DATABASE: &str = "conexao";
const ENTRIES: &str = "outbox";

/// The browser keeps nothing, or failed to.
#[derive(Debug)]
pub struct Broken;

impl From<JsValue> for Broken {
    fn from(_: JsValue) -> Self {
        Self
    }
}

fn factory() -> Option<IdbFactory> {
    web_sys::window()?.indexed_db().ok().flatten()
}

async fn answered(request: &IdbRequest) -> Result<JsValue, Broken> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await?;
    Ok(request.result()?)
}

async fn open() -> Result<IdbDatabase, Broken> {
    let request = factory().ok_or(Broken)?.open_with_u32(DATABASE, 1)?;
    let opening = request.clone();
    let build = Closure::once_into_js(move || {
        let database = opening.result().ok().and_then(|result| result.dyn_into::<IdbDatabase>().ok());
        if let Some(database) = database {
            drop(database.create_object_store(ENTRIES));
        }
    });
    request.set_onupgradeneeded(Some(build.unchecked_ref()));
    answered(&request).await?.dyn_into().map_err(|_| Broken)
}

/// Does something with the entries in a transaction and waits for its end.
async fn with<T>(
    mode: IdbTransactionMode,
    act: impl AsyncFnOnce(IdbObjectStore) -> Result<T, Broken>,
) -> Result<T, Broken> {
    let database = open().await?;
    let transaction = database.transaction_with_str_and_mode(ENTRIES, mode)?;
    let ended = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    let result = act(transaction.object_store(ENTRIES)?).await;
    let ended = JsFuture::from(ended).await;
    database.close();
    ended?;
    result
}

/// Everything, in the order of writing.
pub async fn all() -> Result<Vec<Entry>, Broken> {
    let found = with(IdbTransactionMode::Readonly, async |store| answered(&store.get_all()?).await).await?;
    let found: Array = found.unchecked_into();
    let texts = found.iter().filter_map(|text| text.as_string());
    let mut entries: Vec<Entry> = texts.filter_map(|text: String| serde_json::from_str(&text).ok()).collect();
    entries.sort_by(|a, b| a.at.cmp(&b.at));
    Ok(entries)
}

/// Keeps an entry, or what became of it.
pub async fn put(entry: &Entry) -> Result<(), Broken> {
    let text = serde_json::to_string(entry).map_err(|_| Broken)?;
    with(IdbTransactionMode::Readwrite, async |store| {
        answered(&store.put_with_key(&JsValue::from_str(&text), &JsValue::from_str(&entry.id))?).await
    })
    .await
    .map(drop)
}

/// Takes an entry out.
pub async fn remove(id: &str) -> Result<(), Broken> {
    with(IdbTransactionMode::Readwrite, async |store| answered(&store.delete(&JsValue::from_str(id))?).await)
        .await
        .map(drop)
}

/// Takes the whole database away.
pub fn forget() {
    if let Some(factory) = factory() {
        drop(factory.delete_database(DATABASE));
    }
}
