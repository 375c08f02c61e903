//! Servers under measurement: started, waited for, their memory read.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process::{self, Running};
use crate::test::postgres::free_port;

/// Who logs in.
pub const EMAIL: &str = "bench@example.com";
pub const PASSWORD: &str = "medir-e-comparar-2026";
/// Short name of the company that has the records.
pub const TENANT: &str = "bench";

/// Limits on callers would be all that is measured.
const SETTINGS: [(&str, &str); 3] =
    [("CONEXAO_REQUESTS_PER_MINUTE", "1000000000"), ("CONEXAO_LOGINS_PER_MINUTE", "1000000"), ("CONEXAO_LOG", "warn")];

/// Longest start, with migrations.
const PATIENCE: Duration = Duration::from_mins(1);

/// The product's program with its data folder and database.
#[derive(Debug)]
pub struct Product {
    pub program: PathBuf,
    pub folder: PathBuf,
    /// PostgreSQL; SQLite in the folder without it.
    pub database: Option<String>,
}

impl Product {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("CONEXAO_") || name == "DATABASE_URL" {
                command.env_remove(&name);
            }
        }
        command.envs(SETTINGS).args(arguments).arg("--data").arg(&self.folder).current_dir(&self.folder);
        if let Some(url) = &self.database {
            command.env("DATABASE_URL", url);
        }
        command
    }

    /// The schema, the company and the one who logs in; says the user's id.
    pub fn prepare(&self) -> Result<String> {
        process::run_quiet(&mut self.command(&["migrate"]))?;
        let mut create = self.command(&["user", "create", "--name", "Bench", "--email", EMAIL]);
        create.args(["--role", "super_admin", "--tenant", TENANT]).env("CONEXAO_NEW_PASSWORD", PASSWORD);
        let output = process::run_quiet(&mut create)?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    pub fn serve(&self) -> Result<Site> {
        let address = format!("127.0.0.1:{}", free_port()?);
        Site::start(self.command(&["serve", "--listen", &address]), address, &self.folder.join("server.log"))
    }
}

/// A running server.
#[derive(Debug)]
pub struct Site {
    pub address: String,
    /// From its start to its first answer.
    pub cold_start: Duration,
    process: Running,
}

impl Site {
    /// Starts a server that will listen on `address` and waits for it to be ready.
    pub fn start(mut command: Command, address: String, log: &Path) -> Result<Self> {
        let output = File::create(log)?;
        command.stdout(output.try_clone()?).stderr(Stdio::from(output));
        let begin = Instant::now();
        let mut process = Running::start(&mut command)?;
        while !ready(&address) {
            if process.ended()?.is_some() || begin.elapsed() > PATIENCE {
                bail!("the server did not start:\n{}", fs::read_to_string(log).unwrap_or_default());
            }
            sleep(Duration::from_millis(2));
        }
        Ok(Self { address, cold_start: begin.elapsed(), process })
    }

    /// Memory it has at the moment, in kB.
    pub fn memory(&self) -> Result<u64> {
        self.status("VmRSS:")
    }

    /// Has the peak counted anew.
    pub fn forget_peak(&self) {
        // Where the system does not allow it, the peak is that of the whole run.
        let _ = fs::write(format!("/proc/{}/clear_refs", self.process.id()), "5");
    }

    /// Most memory it had, in kB.
    pub fn peak(&self) -> Result<u64> {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> Result<u64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = text.lines().find_map(|line| line.strip_prefix(name)).context("the system tells no memory")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

fn ready(address: &str) -> bool {
    let ask = || -> Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
        let mut begin = [0; 12];
        stream.read_exact(&mut begin)?;
        Ok(begin.ends_with(b"200"))
    };
    ask().unwrap_or_default()
}
