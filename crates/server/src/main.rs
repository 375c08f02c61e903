//! The one binary: the server, and the tools that look after an installation.

mod app;
mod commands;
mod config;
mod demo;
mod documents;
mod listen;
mod logs;
mod mail;
mod pages;
mod secret;
mod spa;
mod tls;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use config::{Config, Overrides};

/// Records are made of many small texts, of which the usual allocator makes a
/// quarter of the work of an answer, and whose memory it rarely gives back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Conexão: customer operations in one place.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(flatten)]
    overrides: Overrides,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and the browser application.
    Serve(commands::serve::Arguments),
    /// Bring the database up to date.
    Migrate(commands::migrate::Arguments),
    /// Add demo data to an empty installation.
    Seed,
    /// Look after the companies of the installation.
    Tenant(commands::tenant::Arguments),
    /// Look after whoever runs the installation.
    Operator(commands::tenant::OperatorArguments),
    /// Look after users.
    User(commands::user::Arguments),
    /// Work with a running installation from scripts.
    Api(commands::api::Arguments),
    /// Print the OpenAPI document.
    Openapi,
    /// Print the document of permissions and seeded roles.
    Permissions,
    /// Print the record of processing: personal data, retention.
    Privacy,
    /// Print the catalogue of events.
    Events,
    /// Encrypt all secrets at rest with a new master key.
    RotateKey,
    /// Check every tenant's audit chain.
    Verify,
    /// Explain what is missing or unsafe in this configuration.
    Doctor,
}

/// What a command may fail with; printed for people.
pub type Outcome = Result<ExitCode, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let Arguments { overrides, command } = match arguments {
        // It talks to an installation elsewhere; this machine's configuration is no matter.
        Arguments { command: Command::Api(arguments), .. } => return commands::api::run(arguments),
        local => local,
    };
    let outcome = Config::load(&overrides).and_then(|config| run(command, config));
    outcome.unwrap_or_else(|error| {
        eprintln!("conexao: {error}");
        ExitCode::FAILURE
    })
}

fn run(command: Command, config: Config) -> Outcome {
    let _logs = logs::start(&config);
    actix_web::rt::System::new().block_on(async move {
        match command {
            Command::Serve(arguments) => commands::serve::run(config, arguments).await,
            Command::Migrate(arguments) => commands::migrate::run(config, arguments).await,
            Command::Seed => commands::seed::run(config).await,
            Command::Tenant(arguments) => commands::tenant::run(config, arguments).await,
            Command::Operator(arguments) => commands::tenant::run_operator(config, arguments).await,
            Command::User(arguments) => commands::user::run(config, arguments).await,
            Command::Openapi => commands::openapi::run(),
            Command::Permissions => commands::permissions::run(),
            Command::Privacy => commands::privacy::run(),
            Command::Events => commands::events::run(),
            Command::Api(arguments) => Ok(commands::api::run_here(arguments).await),
            Command::RotateKey => commands::rotate_key::run(config).await,
            Command::Verify => commands::verify::run(config).await,
            Command::Doctor => commands::doctor::run(config).await,
        }
    })
}
