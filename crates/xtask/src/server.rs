//! Building the server binary.

use std::path::PathBuf;

use anyhow::Result;

use crate::{process, workspace};

/// Builds `conexao` with what is in `target/spa` inside it, and says where it is.
pub fn build(release: bool) -> Result<PathBuf> {
    let mut command = process::cargo(["build", "--package", "conexao-server", "--bin", "conexao"]);
    if release {
        command.arg("--release");
    }
    process::run(&mut command)?;
    Ok(binary(release))
}

/// Builds `conexao` with the dependency features of the whole workspace, so
/// that nothing is compiled a second time beside `cargo test --workspace`.
pub fn build_for_tests() -> Result<PathBuf> {
    process::run(&mut process::cargo(["build", "--workspace", "--bin", "conexao"]))?;
    Ok(binary(false))
}

/// Builds what the bench needs in one go, with full optimisation; says where
/// `conexao` and `conexao-limit` are.
pub fn build_for_bench() -> Result<(PathBuf, PathBuf)> {
    let packages = ["build", "--release", "--package", "conexao-server", "--package", "conexao-limit"];
    process::run(process::cargo(packages).env("CARGO_INCREMENTAL", "0"))?;
    Ok(built_for_bench())
}

/// Where [`build_for_bench`] leaves `conexao` and `conexao-limit`.
pub fn built_for_bench() -> (PathBuf, PathBuf) {
    let server = binary(true);
    let limit = server.with_file_name("conexao-limit");
    (server, limit)
}

fn binary(release: bool) -> PathBuf {
    let profile = if release { "release" } else { "debug" };
    workspace::target_dir().join(profile).join("conexao")
}
