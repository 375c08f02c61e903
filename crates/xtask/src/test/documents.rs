//! The security documents name code and tests; this looks whether they exist.
//! A name is `path` or `path::test`, in backquotes, from the root.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::workspace;

const DOCUMENTS: [&str; 2] = ["docs/security/asvs.md", "docs/security/threat-model.md"];
/// How a name that is looked for begins.
const ROOTS: [&str; 8] = ["crates/", "frontend/", "e2e/", "docs/", "migrations/", "clients/", "openapi/", "examples/"];
/// Standing of a requirement.
const STANDINGS: [&str; 4] = ["met", "partly", "open", "not applicable"];

/// Fails with every name that leads nowhere, and rows of the table that say nothing.
pub fn check() -> Result<()> {
    let root = workspace::root();
    let mut faults = Vec::new();
    let mut names = 0;
    for document in DOCUMENTS {
        let text = fs::read_to_string(root.join(document))?;
        for name in quoted(&text).filter(|name| ROOTS.iter().any(|start| name.starts_with(start))) {
            names += 1;
            faults.extend(fault(&root, name).map(|fault| format!("{document}: {fault}")));
        }
        faults.extend(text.lines().filter_map(row_fault).map(|fault| format!("{document}: {fault}")));
    }
    if faults.is_empty() {
        println!("{names} names of code and tests, all there");
        return Ok(());
    }
    bail!("{}", faults.join("\n"))
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

fn fault(root: &Path, name: &str) -> Option<String> {
    let (path, test) = name.split_once("::").map_or((name, None), |(path, test)| (path, Some(test)));
    let path = root.join(path);
    if !path.exists() {
        return Some(format!("there is no {name}"));
    }
    let test = test?;
    let content = fs::read_to_string(&path).unwrap_or_default();
    // A function of Rust, or the title of a journey.
    let there = content.contains(&format!("fn {test}(")) || content.contains(&format!("\"{test}\""));
    (!there).then(|| format!("there is no test {name}"))
}

/// A requirement has a standing, and one that is met has something behind it.
fn row_fault(line: &str) -> Option<String> {
    let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
    let [number, _, _, standing, behind] = cells.as_slice() else { return None };
    let is_number = number.starts_with('V') && number.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    if !is_number {
        return None;
    }
    if !STANDINGS.contains(standing) {
        return Some(format!("{number}: `{standing}` is no standing"));
    }
    behind.is_empty().then(|| format!("{number}: nothing is said of it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_nowhere_are_found() {
        let root = workspace::root();
        let here = "crates/xtask/src/test/documents.rs";
        assert_eq!(fault(&root, here), None);
        assert_eq!(fault(&root, &format!("{here}::names_that_lead_nowhere_are_found")), None);
        assert!(fault(&root, &format!("{here}::{}", concat!("nobody_", "wrote_this"))).is_some());
        assert!(fault(&root, "crates/nothing").is_some());
    }

    #[test]
    fn rows_need_a_standing_and_something_behind_it() {
        assert_eq!(row_fault("| V1.1.1 | 2 | text | met | `x` |"), None);
        assert!(row_fault("| V1.1.1 | 2 | text | maybe | `x` |").is_some());
        assert!(row_fault("| V1.1.1 | 2 | text | met | |").is_some());
        assert_eq!(row_fault("| Number | Level | Text | Standing | Behind |"), None);
    }
}
