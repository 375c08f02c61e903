//! The browser application: what is downloaded, and when it can be used.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;
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

/// Bytes until the first screen, compressed as delivered.
pub fn first_load() -> Result<u64> {
    let file = workspace::spa_dir().join("manifest.json");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let manifest: Value = serde_json::from_str(&text)?;
    manifest.get("first_load_bytes").and_then(Value::as_u64).context("no first_load_bytes in the manifest")
}

/// Opens the application some times, each with an empty cache; the median.
pub fn open(address: &str) -> Result<Opened> {
    let dir = workspace::e2e_dir();
    npm::ensure_packages(&dir)?;
    let mut node = Command::new("node");
    node.arg("bench/interactive.mjs").arg(format!("http://{address}/entrar"));
    let output = process::run_quiet(node.env("CHROMIUM_BIN", chromium()?).current_dir(&dir))?;
    Ok(serde_json::from_slice(&output.stdout)?)
}
