//! `cargo xtask bench`: the product on a large set of generated records, beside
//! the bare limit: a hand-written server that does the same SQL and JSON. Both
//! are measured in turns on the same database, so that noise hits both.

mod browser;
mod measure;
mod report;
mod site;
mod steps;

use std::time::Instant;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::{bundle, server, tools};
use measure::Tool;
use report::Report;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Customers; there is a warranty request for every tenth.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1000..=50_000_000))]
    rows: u64,
    /// Where they are kept.
    #[arg(long, value_enum, default_value_t = Database::Postgres)]
    database: Database,
    /// Turns for every comparison.
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Measure what `target` holds already.
    #[arg(long)]
    no_build: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Database {
    Sqlite,
    Postgres,
    Both,
}

/// Builds, fills, measures, prints and writes the report.
pub fn bench(arguments: &Arguments) -> Result<()> {
    tools::ensure_all()?;
    let (server, limit) = if arguments.no_build {
        server::built_for_bench()
    } else {
        bundle::bundle(bundle::Mode::Full)?;
        server::build_for_bench()?
    };
    let tool = Tool { program: limit, rows: arguments.rows, rounds: arguments.rounds.max(1) };
    let started = Instant::now();
    let mut reports = Vec::new();
    if arguments.database != Database::Sqlite {
        reports.push(steps::on_postgres(&server, &tool)?);
    }
    if arguments.database != Database::Postgres {
        reports.push(steps::on_sqlite(&server, &tool)?);
    }
    for report in &reports {
        report.print();
    }
    let folder = Report::write(&reports)?;
    println!("\nMeasured in {:.0?}; report in {}", started.elapsed(), folder.display());
    Ok(())
}
