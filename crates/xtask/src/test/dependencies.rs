//! What the product is built from, as far as it can be told without a network:
//! licences, sources, names that are not wanted, withdrawn versions. Known
//! vulnerabilities need a database: `cargo xtask audit`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{process, tools, workspace};

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";
/// What the product runs on, and what it is built for.
const TARGETS: [&str; 2] = ["x86_64-unknown-linux-gnu", "wasm32-unknown-unknown"];

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    license_file: Option<PathBuf>,
    manifest_path: PathBuf,
    source: Option<String>,
}

/// The parts of `deny.toml` that hold without a network.
#[derive(Debug, Deserialize)]
struct Rules {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Debug, Deserialize)]
struct Licenses {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

#[derive(Debug, Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Debug, Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
}

/// Fails with every dependency that breaks a rule of `deny.toml`.
pub fn check() -> Result<()> {
    let rules = fs::read_to_string(workspace::root().join("deny.toml")).context("deny.toml is missing")?;
    let rules: Rules = toml::from_str(&rules).context("deny.toml")?;
    let packages = packages()?;
    let faults: Vec<String> = packages.iter().flat_map(|package| faults(package, &rules)).collect();
    if !faults.is_empty() {
        bail!("dependencies that deny.toml does not allow:\n  {}", faults.join("\n  "));
    }
    let withdrawn = withdrawn(&packages, &cargo_home());
    if !withdrawn.is_empty() {
        bail!("versions that were withdrawn (yanked): {}; run: cargo update", withdrawn.join(", "));
    }
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in &packages {
        versions.entry(&package.name).or_default().insert(&package.version);
    }
    let several = versions.values().filter(|versions| versions.len() > 1).count();
    println!(
        "{} dependencies, licences and sources as in deny.toml; {several} in more than one version",
        packages.len()
    );
    Ok(())
}

/// The same, and what needs a database: with `cargo deny` and `cargo audit` where they are installed.
pub fn audit() -> Result<()> {
    check()?;
    let mut asked = 0;
    for (tool, words) in [("cargo-deny", &["deny", "check"][..]), ("cargo-audit", &["audit"][..])] {
        if tools::find(tool).is_some() {
            process::run(&mut process::cargo(words))?;
            asked += 1;
        } else {
            println!("{tool} is not installed; install it with: cargo install --locked {tool}");
        }
    }
    if asked == 0 {
        bail!("licences and sources are well, but nobody looked for known vulnerabilities: install one of the two");
    }
    Ok(())
}

fn packages() -> Result<Vec<Package>> {
    let mut command = process::cargo(["metadata", "--format-version", "1", "--locked"]);
    for target in TARGETS {
        command.args(["--filter-platform", target]);
    }
    let output = process::run_quiet(&mut command)?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
    Ok(metadata.packages)
}

fn faults(package: &Package, rules: &Rules) -> Vec<String> {
    let (name, mut faults) = (&package.name, Vec::new());
    match package.license.clone().or_else(|| read_licence(package)) {
        None => faults.push(format!("{name}: says no licence")),
        Some(text) if !is_allowed(&text, name, &rules.licenses) => faults.push(format!("{name}: licence {text}")),
        Some(_) => {}
    }
    if package.source.as_deref().is_some_and(|source| source != CRATES_IO) {
        faults.push(format!("{name}: from {}", package.source.as_deref().unwrap_or_default()));
    }
    if rules.bans.deny.iter().any(|banned| banned.name == *name) {
        faults.push(format!("{name}: is not wanted"));
    }
    faults
}

/// The licence of a package that has its text only: the one that is told by its heading.
fn read_licence(package: &Package) -> Option<String> {
    let file = package.manifest_path.parent()?.join(package.license_file.as_ref()?);
    let text = fs::read_to_string(file).ok()?;
    (text.lines().next()?.trim() == "MIT License").then(|| "MIT".to_owned())
}

fn is_allowed(expression: &str, name: &str, licenses: &Licenses) -> bool {
    let more = licenses.exceptions.iter().filter(|e| e.name == name).flat_map(|e| &e.allow);
    let allowed: Vec<&String> = licenses.allow.iter().chain(more).collect();
    let parsed = spdx::Expression::parse_mode(expression, spdx::ParseMode::LAX);
    parsed.is_ok_and(|parsed| parsed.evaluate(|wanted| allowed.iter().any(|license| **license == wanted.to_string())))
}

fn cargo_home() -> PathBuf {
    let home = || std::env::home_dir().unwrap_or_default().join(".cargo");
    std::env::var_os("CARGO_HOME").map_or_else(home, PathBuf::from)
}

/// Packages that the index, as far as cargo has it here, says were withdrawn.
fn withdrawn(packages: &[Package], cargo_home: &Path) -> Vec<String> {
    let indexes: Vec<PathBuf> = fs::read_dir(cargo_home.join("registry/index"))
        .map(|entries| entries.flatten().map(|entry| entry.path().join(".cache")).collect())
        .unwrap_or_default();
    let is_withdrawn = |package: &&Package| {
        let files = indexes.iter().map(|index| index.join(place(&package.name)));
        files.filter_map(|file| fs::read(file).ok()).any(|content| says_withdrawn(&content, &package.version))
    };
    packages.iter().filter(is_withdrawn).map(|package| format!("{} {}", package.name, package.version)).collect()
}

/// Where the index keeps a name.
fn place(name: &str) -> String {
    let name = name.to_lowercase();
    match name.len() {
        0 => name,
        1 | 2 => format!("{}/{name}", name.len()),
        3 => format!("3/{}/{name}", name.get(..1).unwrap_or_default()),
        _ => format!("{}/{}/{name}", name.get(..2).unwrap_or_default(), name.get(2..4).unwrap_or_default()),
    }
}

/// Versions and their JSON follow each other, parted by zeros.
fn says_withdrawn(content: &[u8], version: &str) -> bool {
    let entries =
        content.split(|byte| *byte == 0).filter_map(|part| serde_json::from_slice::<serde_json::Value>(part).ok());
    let mut about = entries.filter(|entry| entry.get("vers").and_then(serde_json::Value::as_str) == Some(version));
    about.any(|entry| entry.get("yanked").and_then(serde_json::Value::as_bool) == Some(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn licenses() -> Licenses {
        let list = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        let exceptions = vec![Exception { name: "odd".to_owned(), allow: list(&["Zlib"]) }];
        Licenses { allow: list(&["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"]), exceptions }
    }

    #[test]
    fn licences_are_read_as_expressions() {
        for (text, name, fits) in [
            ("MIT", "any", true),
            ("MIT/GPL-3.0", "any", true),
            ("MIT AND GPL-3.0-only", "any", false),
            ("(GPL-3.0-only OR MIT) AND Apache-2.0", "any", true),
            ("Apache-2.0 WITH LLVM-exception", "any", true),
            ("Zlib", "any", false),
            ("Zlib", "odd", true),
            ("nonsense", "any", false),
        ] {
            assert_eq!(is_allowed(text, name, &licenses()), fits, "{text} of {name}");
        }
    }

    #[test]
    fn withdrawn_versions_are_found_in_what_cargo_keeps() {
        let content =
            b"\x03\0\x001.0.0\0{\"vers\":\"1.0.0\",\"yanked\":true}\x001.0.1\0{\"vers\":\"1.0.1\",\"yanked\":false}\0";
        assert!(says_withdrawn(content, "1.0.0"));
        assert!(!says_withdrawn(content, "1.0.1") && !says_withdrawn(content, "2.0.0"));
        assert_eq!(
            (place("serde"), place("syn"), place("h2")),
            ("se/rd/serde".into(), "3/s/syn".into(), "2/h2".into())
        );
    }
}
