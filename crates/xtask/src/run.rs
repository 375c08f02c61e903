//! `cargo xtask run`: from a clone to a running system.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{bundle, server, tools, workspace};

/// Builds the browser application and the server, then becomes the server.
pub fn run(release: bool, args: &[String]) -> Result<()> {
    tools::ensure_all()?;
    bundle::bundle(bundle::Mode::Full)?;
    let binary = server::build(release)?;
    let failure = Command::new(&binary).args(["serve", "--demo"]).args(args).current_dir(workspace::root()).exec();
    Err(failure).with_context(|| format!("cannot start {}", binary.display()))
}
