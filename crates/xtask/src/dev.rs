//! `cargo xtask dev`: watch, rebuild, restart.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use notify::{Event, EventKind, RecursiveMode, Watcher};
use rustix::process::Signal;

use crate::process::Running;
use crate::{bundle, server, tools, workspace};

/// Editors write several files at once; a build waits until it is quiet for this long.
const QUIET: Duration = Duration::from_millis(250);

/// What to watch below the workspace root.
const WATCHED: [&str; 8] = [
    "crates",
    "migrations",
    "frontend/src",
    "frontend/style",
    "frontend/assets",
    "frontend/locales",
    "frontend/index.html",
    "Cargo.toml",
];

/// Builds and serves; whenever a source changes, builds and serves anew until Ctrl-C.
pub fn dev(args: &[String]) -> Result<()> {
    tools::ensure_all()?;
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(sender).context("cannot watch files")?;
    for path in WATCHED.map(|name| workspace::root().join(name)) {
        if path.exists() {
            watcher.watch(&path, RecursiveMode::Recursive)?;
        }
    }
    let mut serving = start_or_report(args);
    loop {
        let cause = wait_for_change(&changes)?;
        println!("\n{} changed", shown(&cause));
        // The old server keeps answering while the new one is built.
        match build() {
            Ok(binary) => {
                if let Some(old) = &mut serving {
                    old.stop(Signal::TERM);
                }
                serving = report(serve(&binary, args));
            }
            Err(problem) => println!("{problem:#}\nwaiting for the next change"),
        }
    }
}

fn start_or_report(args: &[String]) -> Option<Running> {
    report(build().and_then(|binary| serve(&binary, args)))
}

fn report(result: Result<Running>) -> Option<Running> {
    result.inspect_err(|problem| println!("{problem:#}\nwaiting for the next change")).ok()
}

fn build() -> Result<PathBuf> {
    let started = Instant::now();
    bundle::bundle(bundle::Mode::Dev)?;
    let binary = server::build(false)?;
    println!("built in {:.1?}; reload the page", started.elapsed());
    Ok(binary)
}

fn serve(binary: &Path, args: &[String]) -> Result<Running> {
    let mut command = Command::new(binary);
    command.args(["serve", "--demo"]).args(args).current_dir(workspace::root());
    Running::start(&mut command)
}

/// Blocks until a source changed and nothing more changes, and says what came first.
fn wait_for_change(changes: &Receiver<notify::Result<Event>>) -> Result<PathBuf> {
    let first = loop {
        let event = changes.recv().context("the file watcher ended")?;
        if let Some(path) = event.ok().and_then(source) {
            break path;
        }
    };
    while changes.recv_timeout(QUIET).is_ok() {}
    Ok(first)
}

/// The file of an event that calls for a build; reading a file is none, nor is an editor's own file.
fn source(event: Event) -> Option<PathBuf> {
    if matches!(event.kind, EventKind::Access(_)) {
        return None;
    }
    event.paths.into_iter().find(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        !name.starts_with('.') && !name.ends_with('~') && !name.ends_with(".swp")
    })
}

fn shown(path: &Path) -> String {
    path.strip_prefix(workspace::root()).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{AccessKind, ModifyKind};

    fn event(kind: EventKind, path: &str) -> Event {
        Event::new(kind).add_path(PathBuf::from(path))
    }

    #[test]
    fn only_written_sources_call_for_a_build() {
        let modify = EventKind::Modify(ModifyKind::Any);
        assert_eq!(source(event(modify, "a/b.rs")), Some(PathBuf::from("a/b.rs")));
        assert_eq!(source(event(modify, "a/.b.rs.swp")), None);
        assert_eq!(source(event(modify, "a/b.rs~")), None);
        assert_eq!(source(event(EventKind::Access(AccessKind::Any), "a/b.rs")), None);
    }
}
