//! Measurements made by `conexao-limit`, one process each, in turns.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::site::{EMAIL, PASSWORD};
use crate::process;

/// Connections of a comparison.
const CROWD: u32 = 8;

/// The program that generates, asks and times.
#[derive(Debug)]
pub struct Tool {
    pub program: PathBuf,
    /// Customers there are.
    pub rows: u64,
    pub rounds: u32,
}

/// A server and the token it takes.
#[derive(Debug, Clone)]
pub struct Target {
    pub address: String,
    pub token: String,
    pub limit: bool,
}

/// What a load came to.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct Outcome {
    pub requests: u64,
    pub failed: u64,
    pub millis: u64,
    pub p50_us: u64,
    pub p95_us: u64,
    pub used: u64,
}

impl Outcome {
    /// Answers a second.
    pub fn rate(&self) -> u64 {
        (self.requests * 1000).checked_div(self.millis).unwrap_or_default()
    }

    fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.failed += other.failed;
        self.millis += other.millis;
        self.used += other.used;
        // Of several turns the worst, for a bar is to hold in each.
        self.p50_us = self.p50_us.max(other.p50_us);
        self.p95_us = self.p95_us.max(other.p95_us);
    }
}

/// What one long piece of work came to.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct Done {
    pub rows: u64,
    pub failed: u64,
    pub millis: u64,
    pub bytes: u64,
}

impl Done {
    /// Rows a second.
    pub fn rate(&self) -> u64 {
        (self.rows * 1000).checked_div(self.millis).unwrap_or_default()
    }

    pub fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.failed += other.failed;
        self.millis += other.millis;
        self.bytes += other.bytes;
    }
}

impl Tool {
    pub fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(name);
        command
    }

    /// Adds how much data there is.
    pub fn sized<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.args(["--customers", &self.rows.to_string(), "--warranties", &(self.rows / 10).to_string()])
    }

    /// What a command prints.
    pub fn ask(command: &mut Command) -> Result<String> {
        Ok(String::from_utf8(process::run_quiet(command)?.stdout)?.trim().to_owned())
    }

    /// Each target in turns; what comes of each together.
    pub fn compare(&self, scenario: &str, cursor: &str, targets: &[Target]) -> Result<Vec<Outcome>> {
        let mut sums = vec![Outcome::default(); targets.len()];
        for _ in 0..self.rounds {
            for (target, sum) in targets.iter().zip(&mut sums) {
                sum.add(self.load(scenario, cursor, target, CROWD, sum.used)?);
            }
        }
        Ok(sums)
    }

    /// One caller alone: how long an answer takes.
    pub fn alone(&self, scenario: &str, target: &Target) -> Result<Outcome> {
        self.load(scenario, "", target, 1, 0)
    }

    fn load(&self, scenario: &str, cursor: &str, target: &Target, connections: u32, used: u64) -> Result<Outcome> {
        let mut command = self.command("load");
        command.args(["--address", &target.address, "--token", &target.token, "--scenario", scenario]);
        command.args(["--connections", &connections.to_string(), "--skip", &used.to_string()]);
        // What is used up, each server has for itself.
        command.args(["--half", if target.limit { "1" } else { "0" }]);
        if !cursor.is_empty() {
            command.args(["--after", cursor]);
        }
        let text = Self::ask(self.sized(&mut command))?;
        serde_json::from_str(&text).with_context(|| format!("{scenario}: {text}"))
    }

    /// Imports a file.
    pub fn import(&self, target: &Target, path: &Path) -> Result<Done> {
        let mut command = self.command("import");
        Self::long(command.arg("--path").arg(path), target)
    }

    /// Exports all customers.
    pub fn export(&self, target: &Target) -> Result<Done> {
        Self::long(&mut self.command("export"), target)
    }

    fn long(command: &mut Command, target: &Target) -> Result<Done> {
        command.args(["--address", &target.address, "--token", &target.token]);
        if target.limit {
            command.arg("--limit");
        } else {
            command.args(["--email", EMAIL, "--password", PASSWORD]);
        }
        Ok(serde_json::from_str(&Self::ask(command)?)?)
    }

    /// A file of customers from the `first`-th on.
    pub fn sheet(&self, path: &Path, rows: u64, first: u64) -> Result<()> {
        let mut command = self.command("sheet");
        command.arg("--path").arg(path).args(["--rows", &rows.to_string(), "--first", &first.to_string()]);
        Self::ask(&mut command).map(|_| ())
    }
}
