//! The committed documents that the code writes: the API, the permissions, the events.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, server, workspace};

/// Committed file, and the command of the binary that prints it.
const DOCUMENTS: [(&str, &str); 4] = [
    ("openapi/openapi.json", "openapi"),
    ("docs/permissions.md", "permissions"),
    ("docs/privacy.md", "privacy"),
    ("docs/events.md", "events"),
];

fn from_code(binary: &Path, command: &str) -> Result<String> {
    let output = process::run_quiet(Command::new(binary).arg(command))?;
    String::from_utf8(output.stdout).with_context(|| format!("what `conexao {command}` prints is not UTF-8"))
}

/// Writes the documents that the code builds.
pub fn write() -> Result<()> {
    let binary = server::build_for_tests()?;
    for (name, command) in DOCUMENTS {
        let file = workspace::root().join(name);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&file, from_code(&binary, command)?)?;
        println!("wrote {}", file.display());
    }
    Ok(())
}

/// Fails with the first difference when a committed document is not the one the code builds.
pub fn check() -> Result<()> {
    let binary = server::build_for_tests()?;
    for (name, command) in DOCUMENTS {
        let committed = fs::read_to_string(workspace::root().join(name))
            .with_context(|| format!("{name} is missing; write it with: cargo xtask openapi"))?;
        let built = from_code(&binary, command)?;
        if committed != built {
            let (line, old, new) = first_difference(&committed, &built);
            bail!(
                "{name} differs from the code at line {line}\n  committed: {old}\n  code:      {new}\n\
                 write it anew with: cargo xtask openapi"
            );
        }
        println!("{name}: {} lines, equal to the code", built.lines().count());
    }
    Ok(())
}

/// Line number from 1 and both lines where two texts part.
fn first_difference<'t>(left: &'t str, right: &'t str) -> (usize, &'t str, &'t str) {
    let (mut lefts, mut rights) = (left.lines(), right.lines());
    let mut number = 0;
    loop {
        number += 1;
        let pair = (lefts.next(), rights.next());
        if pair.0 != pair.1 || pair.0.is_none() {
            return (number, pair.0.unwrap_or("(end)"), pair.1.unwrap_or("(end)"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_first_difference() {
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), (2, "b", "c"));
        assert_eq!(first_difference("a\n", "a\nb\n"), (2, "(end)", "b"));
        assert_eq!(first_difference("a\n", "a"), (2, "(end)", "(end)"));
    }
}
