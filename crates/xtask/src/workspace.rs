//! Where things are.

use std::path::PathBuf;

/// The root of the workspace.
pub fn root() -> PathBuf {
    // Cargo says where it runs from: a binary built in one copy of the sources serves another as well.
    let told = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = told.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    here.ancestors().nth(2).unwrap_or(&here).to_path_buf()
}

/// The folder native builds go to.
pub fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(PathBuf::from(dir)))
}

/// The folder the browser application is delivered in; the server embeds it.
/// It does not move with `CARGO_TARGET_DIR`, for the server reads it from there at compile time.
pub fn spa_dir() -> PathBuf {
    root().join("target/spa")
}

/// The folder WebAssembly builds go to, apart from native ones so that neither waits for the other.
pub fn web_target_dir() -> PathBuf {
    root().join("target/web")
}

/// Intermediate files of the bundle.
pub fn work_dir() -> PathBuf {
    root().join("target/bundle")
}

/// The sources of the browser application.
pub fn frontend_dir() -> PathBuf {
    root().join("frontend")
}

/// The browser tests.
pub fn e2e_dir() -> PathBuf {
    root().join("e2e")
}
