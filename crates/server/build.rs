//! The browser application is embedded from `target/spa`; a build without it
//! gets an empty folder and serves the API alone.

use std::{env, fs, path::Path};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let spa = Path::new(&root).join("../../target/spa");
    if let Err(error) = fs::create_dir_all(&spa) {
        println!("cargo:warning=cannot make {}: {error}", spa.display());
    }
    println!("cargo:rerun-if-changed={}", spa.display());
}
