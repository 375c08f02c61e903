//! The application's code: rustc, wasm-bindgen and wasm-opt.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::Mode;
use crate::stamp::{self, Inputs};
use crate::{npm, process, workspace};

const TARGET: &str = "wasm32-unknown-unknown";
const PACKAGE: &str = "conexao-frontend";

/// The proposals that rustc's default target uses; wasm-opt refuses what it was not told of.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Builds the code and says in which folder `app.js`, `app_bg.wasm` and `snippets/` are.
pub fn build(mode: Mode) -> Result<PathBuf> {
    let module = compile(mode)?;
    let output = workspace::work_dir().join(format!("code-{}", mode.name()));
    let inputs = Inputs::default()
        .text(&wasm_bindgen_version())
        .path(&module)?
        .path(&workspace::frontend_dir().join("package-lock.json"))?;
    stamp::unless_fresh(&format!("code-{}", mode.name()), inputs, &output, || {
        if output.exists() {
            fs::remove_dir_all(&output)?;
        }
        fs::create_dir_all(&output)?;
        generate(&module, &output, mode)?;
        if mode == Mode::Full {
            optimise(&output.join("app_bg.wasm"))?;
        }
        Ok(())
    })?;
    Ok(output)
}

/// Cargo knows best whether something changed, so it always runs.
fn compile(mode: Mode) -> Result<PathBuf> {
    let profile = match mode {
        Mode::Full => "spa",
        Mode::Dev => "dev",
    };
    process::run(
        process::cargo(["build", "--package", PACKAGE, "--target", TARGET, "--profile", profile])
            .arg("--target-dir")
            .arg(workspace::web_target_dir()),
    )?;
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(workspace::web_target_dir().join(TARGET).join(folder).join(format!("{PACKAGE}.wasm")))
}

fn generate(module: &Path, output: &Path, mode: Mode) -> Result<()> {
    let full = mode == Mode::Full;
    Bindgen::new()
        .input_path(module)
        .out_name("app")
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .keep_debug(false)
        .remove_name_section(full)
        .remove_producers_section(full)
        .generate(output)
        .with_context(|| format!("wasm-bindgen {} failed on {}", wasm_bindgen_version(), module.display()))
}

fn optimise(module: &Path) -> Result<()> {
    process::run_quiet(
        Command::new(npm::program(&workspace::frontend_dir(), "wasm-opt"))
            .arg("-Oz")
            .args(FEATURES)
            .args(["--strip-debug", "--strip-producers", "--strip-target-features"])
            .arg(module)
            .arg("--output")
            .arg(module),
    )?;
    Ok(())
}

fn wasm_bindgen_version() -> String {
    wasm_bindgen_shared::version()
}
