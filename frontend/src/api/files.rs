//! Files from the server to the person's disk or screen.

use conexao_domain::kernel::resource::Resource;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlAnchorElement, Url};

use super::{
    Failure, Params,
    http::{Call, blob_of, json_of},
    jobs::Job,
};

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
    let response = Call::get(path).send().await?;
    let name = response.headers().get("Content-Disposition").ok().flatten();
    Ok(Download { name: file_name(name.as_deref()), content: blob_of(&response).await? })
}

/// A list as a file: `xlsx`, `csv` or `jsonl`.
pub async fn export(resource: &Resource, format: &str, columns: &[&str], params: &Params) -> Result<Export, Failure> {
    let params = params.clone().with("format", format).with("columns", &columns.join(","));
    let response = Call::get(format!("/{}/export{}", resource.path, params.suffix())).send().await?;
    if response.status() == 202 {
        let job = serde_json::from_value(json_of(&response).await?);
        return job.map(|job| Export::Job(Box::new(job))).map_err(|_| Failure::network());
    }
    let name = response.headers().get("Content-Disposition").ok().flatten();
    Ok(Export::File(Download { name: file_name(name.as_deref()), content: blob_of(&response).await? }))
}

/// The file name of a `Content-Disposition` header.
fn file_name(header: Option<&str>) -> String {
    let header = header.unwrap_or_default();
    let extended = header.split_once("filename*=UTF-8''").map(|(_, rest)| super::query::decode(until(rest, ';')));
    let plain = || header.split_once("filename=\"").map(|(_, rest)| until(rest, '"').to_owned());
    extended.or_else(plain).filter(|name| !name.is_empty()).unwrap_or_else(|| "conexao".to_owned())
}

fn until(text: &str, end: char) -> &str {
    text.split(end).next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_name_of_a_download() {
        assert_eq!(file_name(Some("attachment; filename=\"clientes.xlsx\"")), "clientes.xlsx");
        let both = "attachment; filename=\"x.csv\"; filename*=UTF-8''rela%C3%A7%C3%A3o.csv";
        assert_eq!(file_name(Some(both)), "relação.csv");
        assert_eq!(file_name(None), "conexao");
    }
}
