//! The list of delivered files with their sizes, for the server's caching rules and the bench.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use super::compress::beside;

/// Its name inside the delivery folder.
pub const FILE: &str = "manifest.json";

/// What a browser loads before the first screen appears.
const FIRST_LOAD: [&str; 8] =
    ["index.html", "theme.js", "app.css", "boot.js", "app.js", "parts.js", "app.wasm", "inter-var.woff2"];

#[derive(Debug, Serialize)]
pub struct Manifest {
    /// Bytes over the network until the first screen, compressed as delivered.
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
    pub fn of(folder: &Path, files: &BTreeMap<String, String>) -> Result<Self> {
        let mut entries = BTreeMap::new();
        for (name, path) in files {
            entries.insert(name.clone(), Entry::of(folder, path)?);
        }
        let first_load_bytes = FIRST_LOAD.iter().filter_map(|name| entries.get(*name)).map(Entry::delivered).sum();
        Ok(Self { first_load_bytes, files: entries })
    }

    /// Writes the list into the folder.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(fs::write(folder.join(FILE), text)?)
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
