//! Proof that "add a module" works: a copy of the workspace gets a new module,
//! and the copy must build and pass the tests that walk all modules.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};

use super::Arguments;
use crate::{process, workspace};

/// Scaffolds in a copy, then checks the copy.
pub fn prove() -> Result<()> {
    let copy = workspace::target_dir().join("module-proof");
    copy_sources(&workspace::root(), &copy)?;
    rename(&copy)?;
    let arguments = Arguments {
        area: "after_sales".into(),
        name: "sample_visit".into(),
        path: "sample-visits".into(),
        route: "visitas".into(),
        portuguese: vec!["Visita".into(), "Visitas".into()],
        english: vec!["Visit".into(), "Visits".into()],
    };
    super::write(&copy, &arguments)?;
    let in_copy = |arguments: &[&str]| -> Result<()> {
        let mut cargo = process::cargo(arguments.iter().copied());
        process::run(cargo.current_dir(&copy).env("CARGO_TARGET_DIR", workspace::target_dir()))
    };
    in_copy(&["test", "--package", "conexao-domain", "--lib", "--", "registry", "locale"])?;
    in_copy(&["check", "--package", "conexao-server"])
}

/// Gives the copy's packages another version: cargo tells packages of one
/// target folder apart by name and version, not by where they lie.
fn rename(copy: &Path) -> Result<()> {
    let manifest = copy.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)?;
    let version = concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"");
    ensure!(text.contains(version), "the workspace has no {version}");
    let proof = concat!("version = \"", env!("CARGO_PKG_VERSION"), "-proof\"");
    fs::write(&manifest, text.replacen(version, proof, 1))?;
    Ok(())
}

/// Copies what git knows or would know: no build output, no data.
fn copy_sources(root: &Path, copy: &Path) -> Result<()> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root)
        .output()?;
    ensure!(listed.status.success(), "git does not list the sources");
    if copy.exists() {
        fs::remove_dir_all(copy)?;
    }
    for name in String::from_utf8(listed.stdout)?.split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (root.join(name), copy.join(name));
        if !from.is_file() {
            continue;
        }
        fs::create_dir_all(to.parent().context("a file has a folder")?)?;
        fs::copy(&from, &to).with_context(|| format!("cannot copy {name}"))?;
    }
    Ok(())
}
