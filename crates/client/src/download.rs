//! Files that come from the server.

use crate::{
    failure::Failure,
    query::decode,
    transport::{Chunk, Response},
};

/// A file on its way, with the name the server gave it.
#[derive(Debug)]
pub struct Download {
    pub name: String,
    /// Bytes, when the server said.
    pub size: Option<u64>,
    pub media_type: String,
    response: Response,
}

impl Download {
    pub(crate) fn new(response: Response) -> Self {
        Self {
            name: file_name(response.header("Content-Disposition").as_deref()),
            size: response.header("Content-Length").and_then(|size| size.parse().ok()),
            media_type: response.header("Content-Type").unwrap_or_default(),
            response,
        }
    }

    /// The next bytes, none at the end.
    pub async fn chunk(&mut self) -> Result<Option<Chunk>, Failure> {
        self.response.chunk().await
    }

    /// All of it in memory.
    pub async fn bytes(mut self) -> Result<Vec<u8>, Failure> {
        let mut all = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            all.extend_from_slice(&chunk);
        }
        Ok(all)
    }

    /// Writes it to the disk as it comes; says how many bytes.
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn save(mut self, path: impl AsRef<std::path::Path>) -> Result<u64, Failure> {
        use tokio::io::AsyncWriteExt;
        let unwritten = |error: std::io::Error| Failure::unusable(error.to_string());
        let mut file = tokio::fs::File::create(path).await.map_err(unwritten)?;
        let mut size = 0;
        while let Some(chunk) = self.chunk().await? {
            file.write_all(&chunk).await.map_err(unwritten)?;
            size += u64::try_from(chunk.len()).unwrap_or_default();
        }
        file.flush().await.map_err(unwritten)?;
        Ok(size)
    }

    /// The content as the browser keeps it.
    #[cfg(target_arch = "wasm32")]
    pub async fn blob(&self) -> Result<web_sys::Blob, Failure> {
        self.response.blob().await
    }
}

/// The file name of a `Content-Disposition` header.
fn file_name(header: Option<&str>) -> String {
    let header = header.unwrap_or_default();
    let extended = header.split_once("filename*=UTF-8''").map(|(_, rest)| decode(until(rest, ';')));
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
