//! npm packages of a folder, installed from its lock file.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::stamp::{self, Inputs};

/// Runs `npm ci` in `dir` when its lock file changed since the last time.
pub fn ensure_packages(dir: &Path) -> Result<()> {
    let name = dir.file_name().context("a folder with a name")?.to_string_lossy();
    let lock = dir.join("package-lock.json");
    let inputs = Inputs::default().path(&lock)?;
    let installed = dir.join("node_modules/.package-lock.json");
    stamp::unless_fresh(&format!("npm-{name}"), inputs, &installed, || {
        println!("npm ci in {name}/");
        process::run(
            Command::new("npm")
                .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
                // The browser comes from the system, never from a download of the test runner.
                .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
                .current_dir(dir),
        )
    })?;
    Ok(())
}

/// A program that an npm package of `dir` brings.
pub fn program(dir: &Path, name: &str) -> PathBuf {
    dir.join("node_modules/.bin").join(name)
}
