//! The tools a build needs: found, or named with the command that installs them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use rustix::process::geteuid;

use crate::process;

const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// Tailwind CSS 4 and Playwright ask for it.
const OLDEST_NODE: u32 = 20;

/// Checks the tools for building the browser application and the server.
pub fn ensure_all() -> Result<()> {
    ensure_node()?;
    ensure_wasm_target()
}

fn ensure_node() -> Result<()> {
    for tool in ["node", "npm"] {
        if find(tool).is_none() {
            bail!("`{tool}` is missing. Install Node.js {OLDEST_NODE} or newer: {}", install_node());
        }
    }
    let output = process::run_quiet(Command::new("node").arg("--version"))?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    match major(&version) {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => bail!("Node.js {version} is too old, {OLDEST_NODE} or newer is needed: {}", install_node()),
    }
}

fn install_node() -> &'static str {
    if cfg!(target_os = "macos") {
        "brew install node"
    } else {
        "apt-get install nodejs npm (or see https://nodejs.org/en/download)"
    }
}

/// The first number of a version such as `v20.11.1`.
fn major(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

/// Makes sure that the pinned toolchain can build for the browser.
pub fn ensure_wasm_target() -> Result<()> {
    let output = process::run_quiet(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]))
        .context("`rustc` is missing. Install Rust: https://rustup.rs")?;
    let libraries = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if libraries.is_dir() {
        return Ok(());
    }
    if find("rustup").is_none() {
        bail!("the Rust target {WASM_TARGET} is missing, and rustup too. Install rustup: https://rustup.rs");
    }
    println!("rustup target add {WASM_TARGET}");
    process::run(Command::new("rustup").args(["target", "add", WASM_TARGET]).current_dir(crate::workspace::root()))
        .with_context(|| format!("install it with: rustup target add {WASM_TARGET}"))
}

/// Finds a program in `PATH`.
pub fn find(name: &str) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|dir| dir.join(name)).find(|file| is_program(file))
}

fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// Whether we may install packages and become another user.
pub fn is_root() -> bool {
    geteuid().is_root()
}

/// Installs a Debian package when we are root on a system that has apt-get; otherwise says how to.
pub fn install_with_apt(package: &str, purpose: &str) -> Result<()> {
    if !is_root() || find("apt-get").is_none() {
        bail!("{purpose} is missing. Install it with: sudo apt-get install {package}");
    }
    println!("apt-get install {package}");
    process::run_quiet(apt().args(["update", "-qq"]))?;
    process::run_quiet(apt().args(["install", "-y", "-qq", "--no-install-recommends", package]))?;
    Ok(())
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_major_version() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("24"), Some(24));
        assert_eq!(major("nightly"), None);
    }

    #[test]
    fn finds_programs_only() {
        assert!(find("sh").is_some());
        assert!(find("no-such-program-here").is_none());
    }
}
