//! The stages that are one or two cargo commands.

use std::process::Command;

use anyhow::Result;

use crate::{process, workspace};

const WASM: &str = "wasm32-unknown-unknown";

/// Formatting.
pub fn format() -> Result<()> {
    process::run(&mut process::cargo(["fmt", "--all", "--check"]))
}

/// Lints of all targets, and of the application as the browser runs it.
pub fn lint() -> Result<()> {
    // The application runs as wasm32 only; there its types are half as large.
    let native = ["clippy", "--workspace", "--exclude", "conexao-frontend", "--all-targets", "--", "-D", "warnings"];
    process::run(&mut process::cargo(native))?;
    let mut web = for_browser("clippy");
    process::run(web.args(["--package", "conexao-frontend", "--package", "conexao-client", "--", "-D", "warnings"]))
}

/// The pure crates have no I/O of their own and build for the browser alone.
pub fn pure() -> Result<()> {
    let mut web = for_browser("check");
    process::run(web.args(["--package", "conexao-domain", "--package", "conexao-client"]))
}

/// The whole suite; tests that need a database make a SQLite file.
pub fn tests_on_sqlite() -> Result<()> {
    process::run(tests().env_remove(super::postgres::VARIABLE))
}

/// The suite again with databases on the server at `url`, without what the
/// stage before ran: tests that are about SQLite, and documentation.
pub fn tests_on_postgres(url: &str) -> Result<()> {
    process::run(tests().args(["--tests", "--", "--skip", "sqlite::"]).env(super::postgres::VARIABLE, url))
}

fn tests() -> Command {
    process::cargo(["test", "--workspace", "--no-fail-fast"])
}

fn for_browser(subcommand: &str) -> Command {
    let mut command = process::cargo([subcommand, "--target", WASM]);
    command.arg("--target-dir").arg(workspace::web_target_dir());
    command
}
