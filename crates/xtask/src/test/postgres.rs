//! A throw-away PostgreSQL cluster: its own folder, a free port, gone afterwards.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::process::{self, Running};
use crate::tools;

/// The variable that tells tests where they may create databases.
pub const VARIABLE: &str = "CONEXAO_TEST_POSTGRES";

/// Durability and background work are left out: nothing here outlives the run.
const SETTINGS: [&str; 9] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_connections=300",
    "shared_buffers=256MB",
    "listen_addresses=127.0.0.1",
];

/// The role of the tests: may create databases, and like a real deployment's
/// role is subject to row-level security.
const ROLE: &str = "create role conexao login password 'conexao' createdb nosuperuser nobypassrls";

/// The server refuses to run as root; then one of these users runs it.
const USERS: [&str; 2] = ["postgres", "nobody"];

/// A running cluster; dropping it ends the server and removes its files.
#[derive(Debug)]
pub struct Cluster {
    server: Running,
    port: u16,
    // Removed after the server has ended: fields are dropped in this order.
    folder: TempDir,
}

impl Cluster {
    /// Creates and starts a cluster with the role `conexao`.
    pub fn start() -> Result<Self> {
        Self::start_with(&[])
    }

    /// Like [`Self::start`], with settings that differ.
    pub fn start_with(settings: &[&str]) -> Result<Self> {
        let programs = programs()?;
        let owner = owner()?;
        let folder = tempfile::Builder::new().prefix("conexao-pg-").tempdir()?;
        process::remove_on_signal(folder.path());
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group))?;
        }
        let data = folder.path().join("data");
        let initdb = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"];
        process::run_quiet(as_owner(&programs.join("initdb"), owner).args(initdb).arg("--pgdata").arg(&data))?;
        // Over the network a password is asked for; only the owner reaches the socket.
        let access = data.join("pg_hba.conf");
        fs::write(&access, "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")?;
        let port = free_port()?;
        let server = serve(&programs, owner, folder.path(), port, settings)?;
        let mut cluster = Self { server, port, folder };
        cluster.wait_until_ready(&programs)?;
        cluster.query(&programs, ROLE)?;
        println!("PostgreSQL on port {port}, files in {}", cluster.folder.path().display());
        Ok(cluster)
    }

    /// Where the tests connect.
    pub fn url(&self) -> String {
        format!("postgres://conexao:conexao@127.0.0.1:{}/postgres", self.port)
    }

    /// Where the owner of the server reaches the database `name`: past row-level security.
    pub fn owner_url(&self, name: &str) -> String {
        let folder = self.folder.path().display();
        format!("postgres:///{name}?host={folder}&port={}&user=postgres", self.port)
    }

    /// Makes a database for the role `conexao` and says where that connects.
    pub fn create_database(&self, name: &str) -> Result<String> {
        self.query(&programs()?, &format!("create database {name} owner conexao"))?;
        Ok(format!("postgres://conexao:conexao@127.0.0.1:{}/{name}", self.port))
    }

    fn wait_until_ready(&mut self, programs: &Path) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.query(programs, "select 1").is_err() {
            if self.server.ended()?.is_some() || Instant::now() > deadline {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                bail!("PostgreSQL did not start:\n{log}");
            }
            sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    fn query(&self, programs: &Path, sql: &str) -> Result<()> {
        let mut psql = Command::new(programs.join("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--username=postgres", "--dbname=postgres", "--output=/dev/null"])
            .arg("--host")
            .arg(self.folder.path())
            .arg(format!("--port={}", self.port))
            .arg(format!("--command={sql}"));
        process::run_quiet(&mut psql)?;
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGQUIT ends it at once, without writing what nobody will read.
        self.server.stop(Signal::QUIT);
    }
}

fn serve(programs: &Path, owner: Option<(u32, u32)>, folder: &Path, port: u16, settings: &[&str]) -> Result<Running> {
    let log = File::create(folder.join("log"))?;
    let mut command = as_owner(&programs.join("postgres"), owner);
    command.arg("-D").arg(folder.join("data")).arg("-k").arg(folder).args(["-p", &port.to_string()]);
    // The last of two counts.
    for setting in SETTINGS.iter().chain(settings) {
        command.args(["-c", setting]);
    }
    Running::start(command.stdout(log.try_clone()?).stderr(Stdio::from(log)))
}

/// The folder with `initdb`, `postgres` and `psql`; installs them when we may.
fn programs() -> Result<PathBuf> {
    if let Some(found) = newest_installed()? {
        return Ok(found);
    }
    tools::install_with_apt("postgresql", "PostgreSQL, for the tests,")?;
    newest_installed()?.context("PostgreSQL was installed but its programs were not found")
}

/// Debian keeps one folder for each version outside `PATH`; elsewhere they are in `PATH`.
fn newest_installed() -> Result<Option<PathBuf>> {
    let mut found: Option<(u32, PathBuf)> = None;
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        for version in versions {
            let version = version?;
            let number = version.file_name().to_string_lossy().parse().unwrap_or(0);
            let folder = version.path().join("bin");
            let newer = found.as_ref().is_none_or(|(known, _)| number > *known);
            if newer && folder.join("initdb").exists() && folder.join("psql").exists() {
                found = Some((number, folder));
            }
        }
    }
    let in_path = || tools::find("initdb").and_then(|file| file.parent().map(Path::to_path_buf));
    Ok(found.map(|(_, folder)| folder).or_else(in_path))
}

/// User and group to run the server as, when we are root.
fn owner() -> Result<Option<(u32, u32)>> {
    if !tools::is_root() {
        return Ok(None);
    }
    let accounts = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    let found = USERS.iter().find_map(|name| ids_of(&accounts, name));
    found.map(Some).context("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
}

/// User and group number of an account in the format of `/etc/passwd`.
fn ids_of(accounts: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = accounts
        .lines()
        .map(|line| line.split(':'))
        .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
    let user = fields.nth(1)?.parse().ok()?;
    let group = fields.next()?.parse().ok()?;
    Some((user, group))
}

fn as_owner(program: &Path, owner: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    // Our own working folder may be closed to the other user.
    command.current_dir("/").env("LC_ALL", "C.UTF-8");
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command
}

/// A port nobody listens on at the moment.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_accounts() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\npostgres:x:101:104:x:/:/bin/sh\nbroken";
        assert_eq!(ids_of(accounts, "postgres"), Some((101, 104)));
        assert_eq!(ids_of(accounts, "nobody"), None);
        assert_eq!(ids_of(accounts, "broken"), None);
    }
}
