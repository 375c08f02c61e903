//! Child processes: every one runs in its own group and none outlives xtask.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};

static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// The exit code of a shell's command that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

fn lock<T>(list: &'static Mutex<Vec<T>>) -> MutexGuard<'static, Vec<T>> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has a temporary folder removed also when a signal ends xtask, for then nothing is dropped.
pub fn remove_on_signal(folder: &Path) {
    lock(&FOLDERS).push(folder.to_path_buf());
}

/// Makes Ctrl-C, SIGTERM and SIGHUP end all children before xtask itself ends.
pub fn stop_children_on_signal() -> Result<()> {
    ctrlc::set_handler(|| {
        let groups = lock(&RUNNING).clone();
        for signal in [Signal::INT, Signal::TERM, Signal::KILL] {
            for group in &groups {
                // A group that is gone already is what we want.
                let _ = kill_process_group(*group, signal);
            }
            sleep(Duration::from_millis(400));
        }
        for folder in lock(&FOLDERS).iter() {
            let _ = std::fs::remove_dir_all(folder);
        }
        std::process::exit(INTERRUPTED);
    })
    .context("cannot listen for Ctrl-C")
}

/// A running child process; dropping it ends its whole process group.
#[derive(Debug)]
pub struct Running {
    child: Child,
    group: Option<Pid>,
}

impl Running {
    /// Starts `command` in a process group of its own, without standard input.
    pub fn start(command: &mut Command) -> Result<Self> {
        let name = describe(command);
        let child =
            command.stdin(Stdio::null()).process_group(0).spawn().with_context(|| format!("cannot start `{name}`"))?;
        let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        lock(&RUNNING).extend(group);
        Ok(Self { child, group })
    }

    /// Waits until the process ends by itself.
    pub fn wait(mut self) -> Result<ExitStatus> {
        let status = self.child.wait()?;
        Ok(status)
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether the process has ended, and how.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Asks the group to end with `signal`, and kills it after five seconds.
    pub fn stop(&mut self, signal: Signal) {
        let Some(group) = self.group.take() else {
            return;
        };
        let _ = kill_process_group(group, signal);
        let deadline = Instant::now() + Duration::from_secs(5);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            sleep(Duration::from_millis(20));
        }
        // Grandchildren may still be there when the child itself is gone.
        let _ = kill_process_group(group, Signal::KILL);
        let _ = self.child.wait();
        lock(&RUNNING).retain(|other| *other != group);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop(Signal::TERM);
    }
}

/// Runs `command` to its end with its output visible; an unsuccessful end is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let name = describe(command);
    let status = Running::start(command)?.wait()?;
    if !status.success() {
        bail!("`{name}` failed ({status})");
    }
    Ok(())
}

/// Runs `command` quietly; its output is shown only when it fails.
pub fn run_quiet(command: &mut Command) -> Result<Output> {
    let name = describe(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{name}`"))?;
    if !output.status.success() {
        bail!(
            "`{name}` failed ({})\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
    }
    Ok(output)
}

/// A cargo command at the workspace root, free of the variables that the outer
/// `cargo xtask` sets: build scripts watch some of them and would run again.
pub fn cargo<I, S>(args: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(crate::workspace::root()).args(args);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let set_by_cargo = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
            .iter()
            .any(|prefix| text.starts_with(prefix));
        if set_by_cargo || text == "CARGO" {
            command.env_remove(&name);
        }
    }
    command
}

/// The command as one would type it.
fn describe(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy().into_owned()));
    words.join(" ")
}
