//! The TypeScript client: its types are generated from the API document.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{npm, process, workspace};

const TYPES: &str = "src/schema.ts";

fn folder() -> PathBuf {
    workspace::root().join("clients/typescript")
}

/// Writes the types anew from openapi/openapi.json.
pub fn generate() -> Result<()> {
    let file = folder().join(TYPES);
    fs::write(&file, from_document()?)?;
    println!("wrote {}", file.display());
    Ok(())
}

/// The committed types are those of the document, everything compiles, and its tests pass.
pub fn check() -> Result<()> {
    let dir = folder();
    let built = from_document()?;
    if fs::read_to_string(dir.join(TYPES)).context("the generated types are missing")? != built {
        bail!("clients/typescript/{TYPES} differs from openapi/openapi.json; write it anew with: cargo xtask openapi");
    }
    process::run(Command::new(npm::program(&dir, "tsc")).args(["--project", "."]).current_dir(&dir))?;
    process::run(Command::new("node").args(["--test", "dist/test/"]).current_dir(&dir))
}

fn from_document() -> Result<String> {
    let dir = folder();
    npm::ensure_packages(&dir)?;
    let document = workspace::root().join("openapi/openapi.json");
    let scratch = tempfile::tempdir()?;
    let made = scratch.path().join("schema.ts");
    let mut generator = Command::new(npm::program(&dir, "openapi-typescript"));
    generator.arg(document).arg("--output").arg(&made).arg("--default-non-nullable=false");
    process::run_quiet(generator.current_dir(&dir))?;
    fs::read_to_string(&made).context("the generator wrote no types")
}
