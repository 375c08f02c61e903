//! The browser application: what is downloaded, and when it can be used.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::test::browser::chromium;
use crate::{npm, process, workspace};

/// When a slow machine shows the log-in, and when it can be typed into.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Opened {
    /// Milliseconds from the start of the navigation.
    pub painted: u64,
    pub interactive: u64,
}

/// How the application feels inside, on a slow machine; in milliseconds.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Felt {
    /// A list from an empty cache until it can be used; the median.
    pub load: u64,
    /// From a click until the title of another screen is seen: three of four, and all.
    pub route: u64,
    pub route_worst: u64,
    /// From a key until its letter is seen: three of four, and all.
    pub typing: u64,
    pub typing_worst: u64,
    /// From the answer with 200 rows until they are seen; the median.
    pub rows: u64,
    /// The longest task of all.
    pub longest: u64,
}

/// Bytes until the first screen, compressed as delivered.
pub fn first_load() -> Result<u64> {
    let file = workspace::spa_dir().join("manifest.json");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let manifest: Value = serde_json::from_str(&text)?;
    manifest.get("first_load_bytes").and_then(Value::as_u64).context("no first_load_bytes in the manifest")
}

/// Opens the application some times, each with an empty cache; the median.
pub fn open(address: &str) -> Result<Opened> {
    measured("bench/interactive.mjs", &[&format!("http://{address}/entrar")])
}

/// Works through lists, a record and a form as somebody who logged in.
pub fn journeys(address: &str, email: &str, password: &str) -> Result<Felt> {
    measured("bench/journeys.mjs", &[&format!("http://{address}"), email, password])
}

/// What a script of the browser tests prints.
fn measured<T: DeserializeOwned>(script: &str, arguments: &[&str]) -> Result<T> {
    let dir = workspace::e2e_dir();
    npm::ensure_packages(&dir)?;
    let mut node = Command::new("node");
    let output =
        process::run_quiet(node.arg(script).args(arguments).env("CHROMIUM_BIN", chromium()?).current_dir(&dir))?;
    Ok(serde_json::from_slice(&output.stdout)?)
}
