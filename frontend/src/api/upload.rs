//! Sending files, with how far it is: `fetch` cannot tell, `XMLHttpRequest` can.

use std::rc::Rc;

use js_sys::{Function, Promise};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FormData, ProgressEvent, XmlHttpRequest};

use conexao_client::BASE;

use super::{Failure, client, out_of_reach};

/// Told how many percent are sent.
pub type Progress = Rc<dyn Fn(i64)>;

/// Sends a form; renews the token once when it ran out.
pub async fn send<T: DeserializeOwned>(path: &str, form: &FormData, progress: Progress) -> Result<T, Failure> {
    let key = uuid::Uuid::new_v4().to_string();
    let client = client();
    let token = client.token();
    let answer = match attempt(path, form, token.as_deref(), &key, &progress).await {
        Err(failure) if failure.status == 401 => {
            let fresh = client.renew(token.as_deref()).await?;
            attempt(path, form, Some(&fresh), &key, &progress).await?
        }
        other => other?,
    };
    serde_json::from_value(answer).map_err(|_| Failure::unreadable(200))
}

async fn attempt(
    path: &str,
    form: &FormData,
    token: Option<&str>,
    key: &str,
    progress: &Progress,
) -> Result<Json, Failure> {
    let broken = |_: JsValue| out_of_reach();
    let request = XmlHttpRequest::new().map_err(broken)?;
    request.open_with_async("POST", &format!("{BASE}{path}"), true).map_err(broken)?;
    request.set_request_header("Accept", "application/json").map_err(broken)?;
    request.set_request_header("Accept-Language", client().locale().tag()).map_err(broken)?;
    request.set_request_header("Idempotency-Key", key).map_err(broken)?;
    if let Some(token) = token {
        request.set_request_header("Authorization", &format!("Bearer {token}")).map_err(broken)?;
    }
    let moved = watch(&request, Rc::clone(progress));
    let ended = Promise::new(&mut |resolve: Function, _| request.set_onloadend(Some(&resolve)));
    request.send_with_opt_form_data(Some(form)).map_err(broken)?;
    JsFuture::from(ended).await.map_err(broken)?;
    drop(moved);
    let status = request.status().map_err(broken)?;
    let text = request.response_text().ok().flatten().unwrap_or_default();
    let body: Json = serde_json::from_str(&text).unwrap_or_default();
    match status {
        0 => Err(out_of_reach()),
        200..=299 => Ok(body),
        _ => Err(Failure::read(status, body)),
    }
}

fn watch(request: &XmlHttpRequest, progress: Progress) -> Option<Closure<dyn Fn(ProgressEvent)>> {
    let upload = request.upload().ok()?;
    let moved = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        // Sizes come as doubles; as text they lose nothing that matters here.
        let figure = |n: f64| format!("{n:.0}").parse::<i64>().unwrap_or_default();
        let (sent, total) = (figure(event.loaded()), figure(event.total()));
        if total > 0 {
            progress(sent.saturating_mul(100) / total);
        }
    });
    upload.set_onprogress(Some(moved.as_ref().unchecked_ref()));
    Some(moved)
}

/// A form with one file under a name.
pub fn form(name: &str, file: &web_sys::File) -> Result<FormData, Failure> {
    let form = FormData::new().map_err(|_| out_of_reach())?;
    form.append_with_blob_and_filename(name, file, &file.name()).map_err(|_| out_of_reach())?;
    Ok(form)
}

/// The files chosen in the browser's own dialog.
pub fn files_of(input: &web_sys::HtmlInputElement) -> Vec<web_sys::File> {
    let files = input.files().map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect());
    // The same file chosen again must be a change again.
    input.set_value("");
    files.unwrap_or_default()
}

/// The files dropped on something.
pub fn dropped(event: &web_sys::DragEvent) -> Vec<web_sys::File> {
    let list = event.data_transfer().and_then(|data| data.files());
    list.map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect()).unwrap_or_default()
}
