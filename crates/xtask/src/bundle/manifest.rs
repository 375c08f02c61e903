//! The list of delivered files with their sizes, for the server's caching rules and the bench.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use serde::Serialize;

use super::compress::beside;

/// Its name inside the delivery folder.
pub const FILE: &str = "manifest.json";

/// What a browser loads for the login page, and before any other.
const FIRST_LOAD: [&str; 8] =
    ["index.html", "theme.js", "app.css", "boot.js", "app.js", "parts.js", "app.wasm", "inter-var.woff2"];

/// The part with the screen that follows the login.
pub const START_PAGE: &str = "desk";

/// Most bytes of a first load over the network.
const LIMIT: u64 = 500_000;

#[derive(Debug, Serialize)]
pub struct Manifest {
    /// Bytes over the network for login and start page, compressed as delivered;
    /// its charts, the list and the texts of parts come after it.
    first_load_bytes: u64,
    /// By logical name.
    files: BTreeMap<String, Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    /// Path inside the folder.
    path: String,
    /// The name carries the content's hash: browsers may keep it for ever.
    immutable: bool,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    brotli_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gzip_bytes: Option<u64>,
}

impl Entry {
    fn of(folder: &Path, path: &str) -> Result<Self> {
        let file = folder.join(path);
        Ok(Self {
            path: path.to_owned(),
            immutable: path.starts_with("assets/"),
            bytes: fs::metadata(&file)?.len(),
            brotli_bytes: size(&beside(&file, "br")),
            gzip_bytes: size(&beside(&file, "gz")),
        })
    }

    fn delivered(&self) -> u64 {
        self.brotli_bytes.unwrap_or(self.bytes)
    }
}

impl Manifest {
    /// Measures the files of a folder.
    pub fn of(folder: &Path, files: &BTreeMap<String, String>, start_page: &[String]) -> Result<Self> {
        let mut entries = BTreeMap::new();
        for (name, path) in files {
            entries.insert(name.clone(), Entry::of(folder, path)?);
        }
        let names = FIRST_LOAD.into_iter().chain(start_page.iter().map(String::as_str));
        let first_load_bytes = names.filter_map(|name| entries.get(name)).map(Entry::delivered).sum();
        Ok(Self { first_load_bytes, files: entries })
    }

    /// Writes the list into the folder.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(fs::write(folder.join(FILE), text)?)
    }

    /// Refuses a first load that is too heavy.
    pub fn check(&self) -> Result<()> {
        let (bytes, limit) = (self.first_load_bytes, LIMIT);
        ensure!(bytes <= limit, "the first load has {bytes} bytes, more than {limit}: fetch something of it later");
        Ok(())
    }

    /// One line for people.
    pub fn summary(&self) -> String {
        let code = self.files.get("app.wasm").map_or(0, Entry::delivered);
        format!("first load {} kB, of which code {} kB", self.first_load_bytes.div_ceil(1000), code.div_ceil(1000))
    }
}

fn size(file: &Path) -> Option<u64> {
    fs::metadata(file).ok().map(|meta| meta.len())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn measured(code: usize, start_page: usize) -> Manifest {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("app.wasm"), vec![0; 900_000]).unwrap();
        fs::write(folder.path().join("app.wasm.br"), vec![0; code]).unwrap();
        fs::write(folder.path().join("split_desk.wasm"), vec![0; start_page]).unwrap();
        fs::write(folder.path().join("split_import.wasm"), vec![0; 700_000]).unwrap();
        let names = ["app.wasm", "split_desk.wasm", "split_import.wasm"];
        let files = names.map(|name| (name.to_owned(), name.to_owned())).into();
        Manifest::of(folder.path(), &files, &["split_desk.wasm".to_owned()]).unwrap()
    }

    #[test]
    fn the_first_load_counts_what_is_delivered_until_the_first_list() {
        let manifest = measured(400_000, 30_000);
        assert_eq!(manifest.first_load_bytes, 430_000);
        assert!(manifest.check().is_ok());
        assert!(measured(480_000, 20_001).check().is_err());
    }
}
