//! The browser application, from its sources to the files the server embeds.

mod compress;
mod css;
mod manifest;
mod page;
mod site;
mod wasm;

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::stamp::{self, Inputs};
use crate::{npm, workspace};
use site::Site;

/// How much time the build spends on making the result small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// What is shipped: optimised for size, with compressed copies.
    Full,
    /// For the edit loop: as fast as it builds.
    Dev,
}

impl Mode {
    /// `--dev` or not.
    pub fn from_dev_flag(dev: bool) -> Self {
        if dev { Self::Dev } else { Self::Full }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Dev => "dev",
        }
    }
}

/// Files of `frontend/assets` that keep their content and get a hashed name.
const PLAIN_ASSETS: [&str; 8] = [
    "fonts/inter-var.woff2",
    "fonts/jetbrains-mono-var.woff2",
    "theme.js",
    "favicon.svg",
    "icon-192.png",
    "icon-512.png",
    "icon-maskable-512.png",
    "apple-touch-icon.png",
];

/// Licence texts of what the application carries, delivered with it as one file.
const LICENCES: [&str; 3] = ["CREDITS.txt", "fonts/OFL-inter.txt", "fonts/OFL-jetbrains-mono.txt"];

/// Builds `target/spa`, doing only what changed inputs ask for.
pub fn bundle(mode: Mode) -> Result<()> {
    let started = Instant::now();
    let frontend = workspace::frontend_dir();
    npm::ensure_packages(&frontend)?;
    let style = css::build()?;
    let code = wasm::build(mode)?;
    let assets = frontend.join("assets");
    let page = frontend.join("index.html");
    let inputs = Inputs::default().text(mode.name()).path(&style)?.path(&code)?.path(&assets)?.path(&page)?;
    let finished = workspace::spa_dir().join(manifest::FILE);
    let rebuilt = stamp::unless_fresh("site", inputs, &finished, || {
        let mut site = Site::begin()?;
        fill(&mut site, &assets, &style, &code, &page)?;
        site.finish(mode, &wasm::files_of_part(&code, manifest::START_PAGE)?)
    })?;
    if rebuilt {
        println!("target/spa built in {:.1?}", started.elapsed());
    }
    Ok(())
}

/// Adds every file; one that names others comes after them.
fn fill(site: &mut Site, assets: &Path, style: &Path, code: &Path, page: &Path) -> Result<()> {
    for name in PLAIN_ASSETS {
        site.add_hashed(base_name(name), &read(&assets.join(name))?)?;
    }
    let style = page::link_fonts(&read_text(style)?, |name| site.address(name))?;
    site.add_hashed("app.css", style.as_bytes())?;
    site.add_code(code)?;
    let version = version(site, assets)?;
    // Each may name those before it.
    for name in ["pwa.js", "boot.js", "app.webmanifest"] {
        let value = |key: &str| if key == "version" { Some(version.clone()) } else { site.address(key) };
        let text = page::fill(&read_text(&assets.join(name))?, value)?;
        site.add_hashed(name, text.as_bytes())?;
    }
    // At the root and under its own name: its place is what it may serve.
    let kept = serde_json::to_string(&site.offline())?;
    let worker = page::fill(&read_text(&assets.join("sw.js"))?, |key| match key {
        "version" => Some(version.clone()),
        "files" => Some(kept.clone()),
        _ => site.address(key),
    })?;
    site.add("sw.js", worker.as_bytes())?;
    let icons = read_text(&assets.join("icons.svg"))?;
    let html =
        page::fill(&read_text(page)?, |key| if key == "icons" { Some(icons.clone()) } else { site.address(key) })?;
    site.add("index.html", html.as_bytes())?;
    let licences: Result<Vec<String>> = LICENCES.iter().map(|name| read_text(&assets.join(name))).collect();
    site.add("licenses.txt", licences?.join("\n\n").as_bytes())
}

/// What tells this build from others: what was added so far, and the texts that
/// carry the answer themselves.
fn version(site: &Site, assets: &Path) -> Result<String> {
    let mut all = site.offline().join("\n");
    for name in ["pwa.js", "boot.js", "sw.js", "../index.html"] {
        all.push_str(&read_text(&assets.join(name))?);
    }
    Ok(site::short_hash(all.as_bytes()))
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

fn read_text(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}
