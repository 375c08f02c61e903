//! Schemathesis over the whole API document, against the real binary: as each
//! seeded role, and as nobody.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use crate::process::{self, Running};
use crate::stamp::{self, Inputs};
use crate::{server, tools, workspace};

/// What an answer is asked. What a schema cannot say (unknown references, steps
/// that do not fit) is refused with a documented problem, so that "valid" data
/// need not be accepted.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
response_headers_conformance,response_schema_conformance,unsupported_method,allow_header_conformance,\
needs_permission";

/// Nobody's password but of this run.
const PASSWORD: &str = "esquema-de-teste-2026";

/// How the roles of those are called who operate the installation.
const OPERATORS: &str = "operator";
/// The first seeded role is looked at closely, the others for what they may.
const CLOSELY: Depth = Depth { phases: "examples,coverage,fuzzing", examples: "5", mode: "all" };
const BRIEFLY: Depth = Depth { phases: "fuzzing", examples: "1", mode: "positive" };

/// How much is tried.
#[derive(Debug, Clone, Copy)]
struct Depth {
    phases: &'static str,
    examples: &'static str,
    mode: &'static str,
}

/// Runs everything; `args` go to Schemathesis.
pub fn run(args: &[String]) -> Result<()> {
    let tools = tools_folder()?;
    let document = workspace::root().join("openapi/openapi.json");
    process::run(Command::new(tools.join("python")).args(["-m", "openapi_spec_validator"]).arg(&document))
        .context("openapi/openapi.json is no OpenAPI 3.1 document")?;
    let binary = server::build_for_tests()?;
    let site = Site::start(&binary)?;
    let roles = roles()?;
    for (number, role) in roles.iter().enumerate() {
        site.add_user(&binary, role)?;
        let depth = if number == 0 { CLOSELY } else { BRIEFLY };
        println!("\n--> as {role}");
        site.look(&tools, &document, Some((number, role)), depth, args)?;
    }
    println!("\n--> as nobody");
    site.look(&tools, &document, None, BRIEFLY, args)
}

/// Keys of the seeded roles, from the document of permissions.
fn roles() -> Result<Vec<String>> {
    let text = fs::read_to_string(workspace::root().join("docs/permissions.md"))?;
    let rows = text.lines().skip_while(|line| !line.starts_with("| Role | Key")).skip(2);
    let keys = rows.take_while(|line| line.starts_with('|')).filter_map(|line| line.split('`').nth(1));
    let roles: Vec<String> = keys.map(str::to_owned).collect();
    if roles.is_empty() {
        bail!("docs/permissions.md names no seeded role");
    }
    Ok(roles)
}

/// A running server with demo data in a folder of its own.
struct Site {
    server: Running,
    folder: tempfile::TempDir,
    base: String,
}

impl Site {
    fn start(binary: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("conexao-schema-").tempdir()?;
        process::remove_on_signal(folder.path());
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        // Limits out of the way; this machine counts as a proxy, so that each
        // log-in can come from its own place.
        let config = "requests_per_minute = 100000000\nlogins_per_minute = 100000000\n\
            trusted_proxies = [\"127.0.0.1/32\"]\nlog = \"error\"\n";
        fs::write(folder.path().join("conexao.toml"), config)?;
        let mut command = Command::new(binary);
        command.current_dir(folder.path()).args(["serve", "--demo", "--listen", &address.to_string()]);
        let log = fs::File::create(folder.path().join("log"))?;
        let server =
            Running::start(command.env_remove("DATABASE_URL").stdout(log.try_clone()?).stderr(Stdio::from(log)))?;
        let mut site = Self { server, folder, base: format!("http://{address}") };
        site.wait(&address.to_string())?;
        Ok(site)
    }

    fn wait(&mut self, address: &str) -> Result<()> {
        let deadline = Instant::now() + Duration::from_mins(1);
        while std::net::TcpStream::connect(address).is_err() {
            if Instant::now() > deadline || self.server.ended()?.is_some() {
                bail!("the server did not start:\n{}", fs::read_to_string(self.folder.path().join("log"))?);
            }
            sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    fn add_user(&self, binary: &Path, role: &str) -> Result<()> {
        let mut command = Command::new(binary);
        command.current_dir(self.folder.path()).env("CONEXAO_NEW_PASSWORD", PASSWORD);
        // Whoever operates the installation belongs to no company.
        let tenant = if role.starts_with(OPERATORS) { "operador" } else { "aurora" };
        command.args(["user", "create", "--tenant", tenant, "--role", role]);
        command.args(["--name", role, "--email", &email(role)]);
        process::run_quiet(command.env_remove("DATABASE_URL"))?;
        Ok(())
    }

    fn look(
        &self,
        tools: &Path,
        document: &Path,
        role: Option<(usize, &String)>,
        depth: Depth,
        args: &[String],
    ) -> Result<()> {
        let mut command = Command::new(tools.join("schemathesis"));
        command
            .arg("run")
            .arg(document)
            .args(["--url", &self.base, "--checks", CHECKS])
            .args(["--phases", depth.phases, "--max-examples", depth.examples, "--mode", depth.mode])
            .args(["--seed", "2026", "--generation-deterministic"])
            .args(["--workers", "2", "--suppress-health-check", "all", "--warnings", "off", "--no-color"])
            .args(args)
            .current_dir(self.folder.path())
            .env("SCHEMATHESIS_HOOKS", hooks())
            .env("SCHEMA_BASE", format!("{}/api/v1", self.base));
        if let Some((number, role)) = role {
            command.env("SCHEMA_EMAIL", email(role)).env("SCHEMA_PASSWORD", PASSWORD);
            command.env("SCHEMA_PLACE", format!("198.51.100.{}", number + 1));
        }
        process::run(&mut command)
    }
}

fn email(role: &str) -> String {
    format!("{}@schema.test", role.replace('_', "-"))
}

fn folder() -> PathBuf {
    workspace::root().join("crates/xtask/schemathesis")
}

fn hooks() -> PathBuf {
    folder().join("hooks.py")
}

/// The folder of the programs, installed from the locked list when it changed.
fn tools_folder() -> Result<PathBuf> {
    let home = workspace::root().join("target/schemathesis");
    let wanted = folder().join("requirements.txt");
    let programs = home.join("bin");
    stamp::unless_fresh("schemathesis", Inputs::default().path(&wanted)?, &programs.join("schemathesis"), || {
        ensure_python()?;
        println!("python3 -m venv target/schemathesis");
        process::run_quiet(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home))?;
        let mut install = Command::new(programs.join("python"));
        install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
        process::run(install.arg(&wanted))
    })?;
    Ok(programs)
}

/// Python with what makes virtual environments, which Debian packs apart.
fn ensure_python() -> Result<()> {
    if tools::find("python3").is_none() {
        tools::install_with_apt("python3-venv", "Python 3, for Schemathesis,")?;
    }
    let complete = process::run_quiet(Command::new("python3").args(["-c", "import ensurepip, venv"]));
    if complete.is_err() {
        tools::install_with_apt("python3-venv", "Python's venv, for Schemathesis,")?;
    }
    Ok(())
}

/// Ends the server kindly, so that it leaves its database whole.
impl Drop for Site {
    fn drop(&mut self) {
        self.server.stop(Signal::TERM);
    }
}
