//! The folder the server embeds: files under names that carry their hash, so
//! that browsers may keep them for ever.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::{Mode, compress, manifest};
use crate::stamp::files_below;
use crate::workspace;

/// Hexadecimal digits of the content hash in a file name: 40 bits.
const HASH_DIGITS: usize = 10;

/// A delivery folder in the making; it replaces the old one only when finished.
#[derive(Debug)]
pub struct Site {
    folder: PathBuf,
    /// Logical name to path inside the folder.
    files: BTreeMap<String, String>,
}

impl Site {
    /// Starts with an empty folder beside the present one.
    pub fn begin() -> Result<Self> {
        let folder = workspace::spa_dir().with_extension("next");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(folder.join("assets"))?;
        Ok(Self { folder, files: BTreeMap::new() })
    }

    /// Adds a file under its own name at the root.
    pub fn add(&mut self, name: &str, content: &[u8]) -> Result<()> {
        self.write(name, name.to_owned(), content)
    }

    /// Adds a file below `assets/` under a name with its content's hash.
    pub fn add_hashed(&mut self, name: &str, content: &[u8]) -> Result<()> {
        let (stem, extension) = name.rsplit_once('.').context("a file name with an extension")?;
        let path = format!("assets/{stem}-{}.{extension}", short_hash(content));
        self.write(name, path, content)
    }

    /// Adds the code: its files name each other, so one hash of all names their folder.
    pub fn add_code(&mut self, code: &Path) -> Result<()> {
        let mut files = Vec::new();
        let mut all = Sha256::new();
        for file in files_below(code)? {
            let content = fs::read(&file)?;
            let name = file.strip_prefix(code)?.to_string_lossy().into_owned();
            all.update(name.as_bytes());
            all.update(&content);
            files.push((name, content));
        }
        let folder = format!("assets/code-{}", short(&hex::encode(all.finalize())));
        for (name, content) in files {
            let name = if name == "app_bg.wasm" { "app.wasm" } else { &name };
            self.write(name, format!("{folder}/{name}"), &content)?;
        }
        Ok(())
    }

    /// The address from which the browser loads a file added before.
    pub fn address(&self, name: &str) -> Option<String> {
        self.files.get(name).map(|path| format!("/{path}"))
    }

    /// The addresses a browser keeps to work without a network: everything under
    /// a hashed name but pictures, which only its own menus show.
    pub fn offline(&self) -> Vec<String> {
        let pictures = ["png", "webmanifest"];
        let wanted =
            |path: &&String| path.starts_with("assets/") && !pictures.iter().any(|extension| path.ends_with(extension));
        self.files.values().filter(wanted).map(|path| format!("/{path}")).collect()
    }

    /// Compresses, writes the list of files and puts the folder in its place;
    /// `start_page` names the files of the screen that follows the login.
    pub fn finish(self, mode: Mode, start_page: &[String]) -> Result<()> {
        if mode == Mode::Full {
            compress::all_below(&self.folder)?;
        }
        let manifest = manifest::Manifest::of(&self.folder, &self.files, start_page)?;
        manifest.write(&self.folder)?;
        let (place, old) = (workspace::spa_dir(), workspace::spa_dir().with_extension("old"));
        if old.exists() {
            fs::remove_dir_all(&old)?;
        }
        if place.exists() {
            fs::rename(&place, &old)?;
        }
        fs::rename(&self.folder, &place)?;
        if old.exists() {
            fs::remove_dir_all(&old)?;
        }
        println!("{}", manifest.summary());
        if mode == Mode::Full { manifest.check() } else { Ok(()) }
    }

    fn write(&mut self, name: &str, path: String, content: &[u8]) -> Result<()> {
        let file = self.folder.join(&path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&file, content).with_context(|| format!("cannot write {}", file.display()))?;
        self.files.insert(name.to_owned(), path);
        Ok(())
    }
}

/// The beginning of a content's hash.
pub fn short_hash(content: &[u8]) -> String {
    short(&hex::encode(Sha256::digest(content)))
}

fn short(hash: &str) -> String {
    hash.chars().take(HASH_DIGITS).collect()
}
