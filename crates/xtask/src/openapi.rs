//! The committed API document and the one the code builds.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, server, workspace};

fn document() -> PathBuf {
    workspace::root().join("openapi/openapi.json")
}

fn from_code() -> Result<String> {
    let binary = server::build_for_tests()?;
    let output = process::run_quiet(Command::new(binary).arg("openapi"))?;
    String::from_utf8(output.stdout).context("the API document is not UTF-8")
}

/// Writes the document that the code builds.
pub fn write() -> Result<()> {
    let file = document();
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&file, from_code()?)?;
    println!("wrote {}", file.display());
    Ok(())
}

/// Fails with the first difference when the committed document is not the one the code builds.
pub fn check() -> Result<()> {
    let committed = fs::read_to_string(document())
        .context("openapi/openapi.json is missing; write it with: cargo xtask openapi")?;
    let built = from_code()?;
    if committed == built {
        println!("openapi/openapi.json: {} lines, equal to the code", built.lines().count());
        return Ok(());
    }
    let (line, old, new) = first_difference(&committed, &built);
    bail!(
        "openapi/openapi.json differs from the code at line {line}\n  committed: {old}\n  code:      {new}\n\
         write it anew with: cargo xtask openapi"
    );
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
