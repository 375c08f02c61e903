//! What `cargo xtask bench` measures with: generated data, the bare limit (a
//! hand-written server that does the same SQL and JSON and nothing else), and
//! the load.

mod data;
mod load;
mod serve;

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand};
use data::warranty::Counts;
use load::{Plan, Scenario, Source, bulk::Caller};
use uuid::Uuid;

#[derive(Debug, Parser)]
#[command(about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Fill a migrated PostgreSQL database.
    Fill {
        #[arg(long)]
        database_url: String,
        /// Short name of the company that gets the records.
        #[arg(long)]
        tenant: String,
        #[command(flatten)]
        size: Size,
    },
    /// Serve the same API as the product, by hand.
    Serve {
        #[arg(long)]
        database_url: String,
        #[arg(long)]
        listen: String,
        #[arg(long)]
        secret: String,
        #[arg(long, default_value_t = 16)]
        connections: u32,
    },
    /// Print a token for the limit.
    Token {
        #[arg(long)]
        secret: String,
        #[arg(long)]
        tenant: i32,
        #[arg(long)]
        user: Uuid,
    },
    /// Log in to the product and print the token.
    Login {
        #[arg(long)]
        address: String,
        #[arg(long)]
        email: String,
        #[arg(long)]
        password: String,
    },
    /// Write a file of customers to import.
    Sheet {
        #[arg(long)]
        path: PathBuf,
        #[arg(long)]
        rows: u64,
        /// Number of the first; `fill` makes those from 0 on.
        #[arg(long)]
        first: u64,
    },
    /// Import a file and print what came of it as JSON.
    Import {
        #[command(flatten)]
        server: Server,
        #[arg(long)]
        path: PathBuf,
    },
    /// Export all customers and print what came of it as JSON.
    Export {
        #[command(flatten)]
        server: Server,
    },
    /// Print the cursor of page 1,000 of the customers.
    Cursor {
        #[arg(long)]
        address: String,
        #[arg(long)]
        token: String,
        #[arg(long)]
        customers: u64,
    },
    /// Ask both servers the same; print the cursor of page 1,000.
    Compare {
        /// Address and token of the product, then of the limit.
        #[arg(num_args = 4)]
        servers: Vec<String>,
        #[command(flatten)]
        size: Size,
    },
    /// Put load on a server and print what came of it as JSON.
    Load(Load),
}

/// Whom to ask.
#[derive(Debug, Args)]
struct Server {
    #[arg(long)]
    address: String,
    #[arg(long)]
    token: String,
    /// Who logs in to the product when the token has run out.
    #[arg(long, default_value = "")]
    email: String,
    #[arg(long, default_value = "")]
    password: String,
    /// It is the limit, which has shorter ways.
    #[arg(long)]
    limit: bool,
}

/// How much data there is.
#[derive(Debug, Clone, Copy, Args)]
struct Size {
    #[arg(long, default_value_t = 1_000_000)]
    customers: u64,
    #[arg(long, default_value_t = 100_000)]
    warranties: u64,
}

#[derive(Debug, Args)]
struct Load {
    #[arg(long)]
    address: String,
    #[arg(long)]
    token: String,
    #[arg(long)]
    scenario: Scenario,
    #[arg(long, default_value_t = 8)]
    connections: u32,
    /// Milliseconds that are not counted, and that are.
    #[arg(long, default_value_t = 300)]
    warm_up: u64,
    #[arg(long, default_value_t = 2000)]
    measured: u64,
    #[arg(long)]
    after: Option<String>,
    #[arg(long, default_value_t = 0)]
    skip: u64,
    #[arg(long, default_value_t = 0)]
    half: u64,
    #[command(flatten)]
    size: Size,
}

impl Server {
    fn caller(&self) -> Caller<'_> {
        let Self { address, token, email, password, limit: _ } = self;
        Caller { address, token, email, password }
    }
}

impl From<Size> for Counts {
    fn from(size: Size) -> Self {
        Self { customers: size.customers, warranties: size.warranties }
    }
}

impl From<Load> for Plan {
    fn from(load: Load) -> Self {
        let Load { scenario, after, skip, half, size, .. } = load;
        Self {
            address: load.address,
            token: load.token,
            source: Source::new(scenario, size.into(), after, skip, half),
            connections: load.connections,
            warm_up: Duration::from_millis(load.warm_up),
            measured: Duration::from_millis(load.measured),
        }
    }
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Fill { database_url, tenant, size } => data::fill(&database_url, &tenant, size.into()).await?,
        Command::Serve { database_url, listen, secret, connections } => {
            serve::run(database_url, listen, secret, connections).await?;
        }
        Command::Token { secret, tenant, user } => println!("{}", serve::token(&secret, tenant, user)?),
        Command::Login { address, email, password } => println!("{}", load::login(&address, &email, &password).await?),
        Command::Sheet { path, rows, first } => data::sheet::write(&path, rows, first)?,
        Command::Import { server, path } => {
            let done = if server.limit {
                load::bulk::import_by_hand(&server.address, &server.token, &path).await?
            } else {
                load::bulk::import(server.caller(), &path).await?
            };
            println!("{}", serde_json::to_string(&done)?);
        }
        Command::Export { server } => {
            let done = if server.limit {
                load::bulk::export_by_hand(&server.address, &server.token).await?
            } else {
                load::bulk::export(server.caller()).await?
            };
            println!("{}", serde_json::to_string(&done)?);
        }
        Command::Cursor { address, token, customers } => {
            println!("{}", load::walk(&address, &token, load::deep_page(customers)).await?.unwrap_or_default());
        }
        Command::Compare { servers, size } => {
            let [product, token, limit, other] = servers.as_slice() else { anyhow::bail!("four values") };
            println!("{}", load::compare((product, token), (limit, other), size.into()).await?);
        }
        Command::Load(arguments) => println!("{}", serde_json::to_string(&load::run(arguments.into()).await?)?),
    }
    Ok(())
}
