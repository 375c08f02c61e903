//! Playwright against the real binary in the system's Chromium.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::{npm, process, tools, workspace};

/// Names under which distributions install it.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Type check of the tests themselves.
pub fn check_types() -> Result<()> {
    let dir = workspace::e2e_dir();
    npm::ensure_packages(&dir)?;
    process::run(Command::new(npm::program(&dir, "tsc")).args(["--noEmit", "--project", "."]).current_dir(&dir))
}

/// Runs the journeys against `binary`; `args` go to Playwright.
pub fn journeys(binary: &Path, args: &[String]) -> Result<()> {
    let dir = workspace::e2e_dir();
    npm::ensure_packages(&dir)?;
    let chromium = chromium()?;
    process::run(
        Command::new(npm::program(&dir, "playwright"))
            .arg("test")
            .args(args)
            .env("CONEXAO_BIN", binary)
            .env("CHROMIUM_BIN", chromium)
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(&dir),
    )
}

/// The browser: the one `CHROMIUM_BIN` names, the installed one, or installed now.
pub fn chromium() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROMIUM_BIN") {
        return Ok(PathBuf::from(chosen));
    }
    if let Some(found) = installed() {
        return Ok(found);
    }
    tools::install_with_apt("chromium", "Chromium, for the browser tests,")?;
    installed().context("Chromium was installed but is not in PATH")
}

fn installed() -> Option<PathBuf> {
    BROWSERS.iter().find_map(|name| tools::find(name))
}
