//! The project's own commands. `cargo xtask --help` lists them; the `justfile`
//! gives the everyday ones short names.

mod bench;
mod bundle;
mod clients;
mod dev;
mod new_module;
mod npm;
mod openapi;
mod process;
mod run;
mod server;
mod stamp;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Build, run and test Conexão")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the browser application into target/spa.
    Bundle {
        /// Fast build: no size optimisation, no compressed copies.
        #[arg(long)]
        dev: bool,
    },
    /// Build everything and serve it on 127.0.0.1:8080 with demo data.
    Run {
        /// Build the server with full optimisation.
        #[arg(long)]
        release: bool,
        /// Arguments handed to `conexao serve`.
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Check and test everything: formatting, lints, SQLite, PostgreSQL, API document, browser.
    Test {
        /// Leave out PostgreSQL and the browser.
        #[arg(long)]
        quick: bool,
        /// Run only the stages with these names (see the headings of a full run).
        #[arg(long, value_name = "STAGE")]
        only: Vec<String>,
        /// Arguments handed to the browser test runner.
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Watch the sources, rebuild and restart the server.
    Dev {
        /// Arguments handed to `conexao serve`.
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Measure the product beside the bare limit: release builds, a database of its own.
    Bench(bench::Arguments),
    /// Look through the dependencies: licences, sources, known vulnerabilities.
    Audit,
    /// Write openapi/openapi.json anew from the code, and the TypeScript types from it.
    Openapi,
    /// Scaffold a new module: declaration, migration, journey, texts.
    NewModule(new_module::Arguments),
}

fn main() -> ExitCode {
    match dispatch(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // The message is for people; a backtrace through this file helps nobody.
            eprintln!("\nxtask: {problem:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> Result<()> {
    process::stop_children_on_signal()?;
    match command {
        Command::Bundle { dev } => {
            tools::ensure_all()?;
            bundle::bundle(bundle::Mode::from_dev_flag(dev))
        }
        Command::Run { release, args } => run::run(release, &args),
        Command::Test { quick, only, args } => test::test(&test::Plan { quick, only, args }),
        Command::Dev { args } => dev::dev(&args),
        Command::Bench(arguments) => bench::bench(&arguments),
        Command::Audit => test::dependencies::audit(),
        Command::Openapi => {
            openapi::write()?;
            clients::generate()
        }
        Command::NewModule(arguments) => new_module::scaffold(&arguments),
    }
}
