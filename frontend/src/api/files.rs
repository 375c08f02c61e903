//! Files from the server to the person's disk or screen.

use conexao_domain::kernel::resource::Resource;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlAnchorElement, Url};

use super::{Failure, Params, client, jobs::Job};

/// A file that arrived, with the name the server gave it.
#[derive(Debug, Clone)]
pub struct Download {
    pub name: String,
    pub content: Blob,
}

impl Download {
    /// Hands the file to the browser as a download.
    pub fn save(&self) {
        let Ok(address) = Url::create_object_url_with_blob(&self.content) else { return };
        let link = document().create_element("a").ok().and_then(|e| e.dyn_into::<HtmlAnchorElement>().ok());
        if let Some(link) = link {
            link.set_href(&address);
            link.set_download(&self.name);
            link.click();
        }
        let _ = Url::revoke_object_url(&address);
    }

    /// An address for `img` and the like; revoke it when the image goes.
    pub fn address(&self) -> Option<String> {
        Url::create_object_url_with_blob(&self.content).ok()
    }
}

/// What asking for an export gives.
#[derive(Debug, Clone)]
pub enum Export {
    File(Download),
    /// Too many rows for one answer: the file comes with the job.
    Job(Box<Job>),
}

/// Any file of the API, by its path below `/api/v1`.
pub async fn download(path: String) -> Result<Download, Failure> {
    arrived(client().get(path).download().await?).await
}

/// A list as a file: `xlsx`, `csv` or `jsonl`.
pub async fn export(resource: &Resource, format: &str, columns: &[&str], params: &Params) -> Result<Export, Failure> {
    taken(client().resource(resource).export(format, columns, params).await?).await
}

/// What an export gave, with its file fetched.
pub async fn taken(export: conexao_client::Export) -> Result<Export, Failure> {
    match export {
        conexao_client::Export::File(file) => arrived(file).await.map(Export::File),
        conexao_client::Export::Job(job) => Ok(Export::Job(job)),
    }
}

/// A file as the browser keeps it.
pub async fn arrived(file: conexao_client::Download) -> Result<Download, Failure> {
    Ok(Download { content: content(&file).await?, name: file.name })
}

#[cfg(target_arch = "wasm32")]
async fn content(file: &conexao_client::Download) -> Result<Blob, Failure> {
    file.blob().await
}

/// Natively there are only tests, and no browser to keep anything.
#[cfg(not(target_arch = "wasm32"))]
async fn content(_: &conexao_client::Download) -> Result<Blob, Failure> {
    Err(Failure::unusable("browser"))
}
