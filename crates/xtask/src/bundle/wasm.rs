//! The application's code: rustc, the splitter, wasm-bindgen and wasm-opt.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use super::Mode;
use crate::stamp::{self, Inputs, files_below};
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

/// Loads the parts that are not there from the start; the code imports it under this name.
const LOADER: &str = "./parts.js";

/// Builds the code and says in which folder `app.js`, `app_bg.wasm`, the parts
/// split off and `snippets/` are.
pub fn build(mode: Mode) -> Result<PathBuf> {
    let module = compile(mode)?;
    let output = workspace::work_dir().join(format!("code-{}", mode.name()));
    let inputs = Inputs::default()
        .text(&wasm_bindgen_version())
        .text(LOADER)
        .path(&module)?
        .path(&workspace::frontend_dir().join("package-lock.json"))?;
    stamp::unless_fresh(&format!("code-{}", mode.name()), inputs, &output, || {
        if output.exists() {
            fs::remove_dir_all(&output)?;
        }
        fs::create_dir_all(&output)?;
        let whole = split(&module, &output)?;
        generate(&whole, &output, mode)?;
        fs::remove_file(&whole)?;
        if mode == Mode::Full {
            optimise_below(&output)?;
        }
        Ok(())
    })?;
    Ok(output)
}

/// Writes the parts that are fetched later, and says where the first one is.
fn split(module: &Path, output: &Path) -> Result<PathBuf> {
    let content = fs::read(module)?;
    let first = output.join("first.wasm");
    let mut options = wasm_split_cli_support::Options::new(&content);
    options.output_dir = output;
    options.main_out_path = &first;
    options.main_module = "./app.js";
    options.link_name = LOADER;
    let parts = wasm_split_cli_support::transform(options)
        .map_err(|problem| anyhow!("cannot split {}: {problem:?}", module.display()))?;
    fs::write(parts_list(output), serde_json::to_string(&parts.prefetch_map)?)?;
    Ok(first)
}

/// The list of parts lies beside the folder: nobody downloads it.
fn parts_list(output: &Path) -> PathBuf {
    output.with_extension("parts.json")
}

/// The files of the part called `name`, without which it does not work.
pub fn files_of_part(output: &Path, name: &str) -> Result<Vec<String>> {
    let list = fs::read_to_string(parts_list(output))?;
    let mut parts: HashMap<String, Vec<String>> = serde_json::from_str(&list)?;
    let files = parts.remove(name).with_context(|| format!("the code has no part called `{name}`"))?;
    Ok(files.into_iter().map(|file| format!("{file}.wasm")).collect())
}

/// Cargo knows best whether something changed, so it always runs.
fn compile(mode: Mode) -> Result<PathBuf> {
    let profile = match mode {
        Mode::Full => "spa",
        Mode::Dev => "dev",
    };
    process::run(
        process::cargo(["rustc", "--package", PACKAGE, "--bin", PACKAGE, "--target", TARGET, "--profile", profile])
            .arg("--target-dir")
            .arg(workspace::web_target_dir())
            // The splitter reads from relocations what uses what.
            .args(["--", "-C", "link-arg=--emit-relocs"]),
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
        // The parts import them.
        .keep_lld_exports(true)
        .demangle(false)
        .remove_name_section(full)
        .remove_producers_section(full)
        .generate(output)
        .with_context(|| format!("wasm-bindgen {} failed on {}", wasm_bindgen_version(), module.display()))
}

/// One optimiser for every core: each takes up to 200 MB, and there are more
/// modules than any machine has room for. The longest work begins first.
fn optimise_below(folder: &Path) -> Result<()> {
    let mut modules = files_below(folder)?;
    modules.retain(|file| file.extension().is_some_and(|extension| extension == "wasm"));
    modules.sort_by_key(|module| fs::metadata(module).map_or(0, |known| known.len()));
    let left = Mutex::new(modules);
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let work = || -> Result<()> {
        while let Some(module) = next() {
            optimise(&module)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow!("an optimiser panicked"))?)
    })
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
