//! What is measured, in order: reading first, then what changes the data.

use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use super::browser;
use super::measure::{Done, Target, Tool};
use super::report::{Bar, Report};
use super::site::{EMAIL, PASSWORD, Product, Site, TENANT};
use crate::test::postgres::{Cluster, free_port};

/// Scenario, what it is called, and the least share of the limit's throughput in percent.
type Scenario = (&'static str, &'static str, Option<u64>);

const READING: [Scenario; 7] = [
    ("list", "list, page 1", Some(60)),
    ("deep", "list, page 1,000", Some(60)),
    ("filtered", "list, one state, active", None),
    ("document", "look-up by CPF or CNPJ", Some(60)),
    ("typing", "look-up while typing", None),
    ("search", "list, search of two names", None),
    ("get", "one customer", None),
];
const WRITING: [Scenario; 2] = [("create", "create", None), ("step", "transition", None)];

/// The server gets memory for the data that a server of this size would have.
const SETTINGS: [&str; 4] =
    ["shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=30min", "random_page_cost=1.1"];

/// Customers from here on are nobody's that were generated at first.
const BEYOND: u64 = 60_000_000;
/// Longest an answer to a look-up may take, in microseconds.
const LOOK_UP: u64 = 30_000;
/// How long a server is left alone before its memory is read.
const QUIET: Duration = Duration::from_secs(4);

/// A server under measurement, and perhaps the limit beside it.
struct Bench<'a> {
    tool: &'a Tool,
    product: Site,
    limit: Option<Site>,
    targets: Vec<Target>,
    folder: &'a Path,
    report: Report,
}

/// The whole comparison.
pub fn on_postgres(program: &Path, tool: &Tool) -> Result<Report> {
    let cluster = Cluster::start_with(&SETTINGS)?;
    let folder = tempfile::Builder::new().prefix("conexao-bench-").tempdir()?;
    let product = product(program, &folder, Some(cluster.create_database("bench")?));
    let user = product.prepare()?;
    let mut report = Report::new("PostgreSQL", tool.rows, tool.rows / 10);
    println!("Generating {} customers", tool.rows);
    let begin = Instant::now();
    let owner = cluster.owner_url("bench");
    let mut fill = tool.command("fill");
    Tool::ask(tool.sized(fill.args(["--database-url", &owner, "--tenant", TENANT])))?;
    println!("Generated in {:.0?}", begin.elapsed());
    let site = product.serve()?;
    let limit = serve_limit(tool, &owner, folder.path())?;
    let token = Tool::ask(tool.command("token").args(["--secret", PASSWORD, "--tenant", "1", "--user", &user]))?;
    let by_hand = Target { address: limit.address.clone(), token, limit: true };
    report.start(&site, Some(&limit));
    let targets = vec![login(tool, &site)?, by_hand];
    let mut bench = Bench { tool, product: site, limit: Some(limit), targets, folder: folder.path(), report };
    bench.memory()?;
    // First what would make the rest worthless.
    bench.browser()?;
    let cursor = bench.same_answers()?;
    bench.compare(&READING, &cursor)?;
    bench.look_up()?;
    bench.compare(&WRITING, "")?;
    bench.import()?;
    bench.export()?;
    Ok(bench.report)
}

/// The product alone, on records that came by import.
pub fn on_sqlite(program: &Path, tool: &Tool) -> Result<Report> {
    let folder = tempfile::Builder::new().prefix("conexao-bench-").tempdir()?;
    let product = product(program, &folder, None);
    product.prepare()?;
    let mut report = Report::new("SQLite", tool.rows, 0);
    let site = product.serve()?;
    let target = login(tool, &site)?;
    println!("Importing {} customers into SQLite", tool.rows);
    let sheet = folder.path().join("all.csv");
    tool.sheet(&sheet, tool.rows, 0)?;
    let done = tool.import(&target, &sheet)?;
    // Started again on what is there now.
    drop(site);
    let site = product.serve()?;
    report.start(&site, None);
    let targets = vec![login(tool, &site)?];
    let mut bench = Bench { tool, product: site, limit: None, targets, folder: folder.path(), report };
    bench.memory()?;
    let cursor = bench.cursor()?;
    let here = |scenario: &&Scenario| !["get", "step"].contains(&scenario.0);
    // Ids are not known here, and there are no warranty requests.
    bench.compare(&READING.iter().filter(here).copied().collect::<Vec<_>>(), &cursor)?;
    bench.look_up()?;
    bench.compare(&WRITING.iter().filter(here).copied().collect::<Vec<_>>(), "")?;
    bench.report.long("import", "rows", done, None, None);
    bench.export()?;
    Ok(bench.report)
}

fn product(program: &Path, folder: &TempDir, database: Option<String>) -> Product {
    crate::process::remove_on_signal(folder.path());
    Product { program: program.to_path_buf(), folder: folder.path().to_path_buf(), database }
}

fn serve_limit(tool: &Tool, database: &str, folder: &Path) -> Result<Site> {
    let address = format!("127.0.0.1:{}", free_port()?);
    let mut command: Command = tool.command("serve");
    command.args(["--database-url", database, "--listen", &address, "--secret", PASSWORD]);
    Site::start(command, address, &folder.join("limit.log"))
}

fn login(tool: &Tool, site: &Site) -> Result<Target> {
    let mut command = tool.command("login");
    command.args(["--address", &site.address, "--email", EMAIL, "--password", PASSWORD]);
    Ok(Target { address: site.address.clone(), token: Tool::ask(&mut command)?, limit: false })
}

impl Bench<'_> {
    fn memory(&mut self) -> Result<()> {
        sleep(QUIET);
        let limit = self.limit.as_ref().map(Site::memory).transpose()?;
        self.report.kilobytes("idle server", self.product.memory()?, limit, Some(Bar::Below(80_000)));
        Ok(())
    }

    fn cursor(&self) -> Result<String> {
        let target = self.product()?;
        let mut command = self.tool.command("cursor");
        command.args(["--address", &target.address, "--token", &target.token]);
        command.args(["--customers", &self.tool.rows.to_string()]);
        Tool::ask(&mut command)
    }

    fn product(&self) -> Result<&Target> {
        self.targets.first().context("the product is measured")
    }

    /// A race between different answers is none.
    fn same_answers(&self) -> Result<String> {
        println!("Comparing the answers");
        let mut command = self.tool.command("compare");
        for target in &self.targets {
            command.args([&target.address, &target.token]);
        }
        Tool::ask(self.tool.sized(&mut command))
    }

    fn compare(&mut self, scenarios: &[Scenario], cursor: &str) -> Result<()> {
        for (scenario, name, least) in scenarios {
            println!("Measuring: {name}");
            let outcomes = self.tool.compare(scenario, if *scenario == "deep" { cursor } else { "" }, &self.targets)?;
            if outcomes.iter().any(|outcome| outcome.failed > 0 || outcome.requests == 0) {
                bail!("{name}: some requests failed or none was answered: {outcomes:?}");
            }
            self.report.rates(scenario, name, &outcomes, least.map(Bar::Share));
        }
        self.report.depth();
        Ok(())
    }

    fn look_up(&mut self) -> Result<()> {
        for (scenario, name) in [("document", "look-up by CPF or CNPJ"), ("typing", "look-up while typing")] {
            let alone = self.targets.iter().map(|target| self.tool.alone(scenario, target));
            let alone = alone.collect::<Result<Vec<_>>>()?;
            self.report.micros(&format!("{name}, one caller, p95"), &alone, Some(Bar::Below(LOOK_UP)));
        }
        Ok(())
    }

    fn browser(&mut self) -> Result<()> {
        println!("Measuring: browser application");
        self.report.kilobytes_of("browser application, first load", browser::first_load()?, Some(Bar::Below(500_000)));
        let opened = browser::open(&self.product.address)?;
        self.report.millis("first paint of the log-in, CPU 4x slower", opened.painted, None, None);
        self.report.millis("log-in usable, CPU 4x slower", opened.interactive, None, None);
        let felt = browser::journeys(&self.product.address, EMAIL, PASSWORD)?;
        for (name, millis, bar) in [
            ("list usable from an empty cache, CPU 4x slower", felt.load, Some(2_500)),
            ("change of screen, p75", felt.route, Some(100)),
            ("change of screen, slowest", felt.route_worst, None),
            ("letter seen, p75", felt.typing, Some(50)),
            ("letter seen, slowest", felt.typing_worst, None),
            ("200 rows seen after their answer", felt.rows, Some(120)),
            ("longest task", felt.longest, Some(200)),
        ] {
            self.report.millis(name, millis, None, bar.map(Bar::Below));
        }
        Ok(())
    }

    /// Rows of one import: enough for a steady state.
    fn import(&mut self) -> Result<()> {
        println!("Measuring: import");
        let rows = (self.tool.rows / 20).clamp(10_000, 100_000);
        let mut sums = vec![Done::default(); self.targets.len()];
        self.product.forget_peak();
        let mut first = BEYOND;
        for _ in 0..self.tool.rounds {
            for (target, sum) in self.targets.iter().zip(&mut sums) {
                let path = self.folder.join("import.csv");
                self.tool.sheet(&path, rows, first)?;
                first += 1_000_000;
                let done = self.tool.import(target, &path)?;
                if done.rows != rows {
                    bail!("of {rows} rows {} were imported: {done:?}", done.rows);
                }
                sum.add(done);
            }
        }
        let [ours, limit] = sums.as_slice() else { bail!("two imports") };
        let peak = self.product.peak()?;
        self.report.long("import", "rows", *ours, Some(*limit), Some(Bar::Share(40)));
        self.report.kilobytes("import, peak memory", peak, None, Some(Bar::Below(200_000)));
        Ok(())
    }

    fn export(&mut self) -> Result<()> {
        println!("Measuring: export");
        self.product.forget_peak();
        let done = self.targets.iter().map(|target| self.tool.export(target)).collect::<Result<Vec<_>>>()?;
        let ours = done.first().copied().context("the product is measured")?;
        if ours.rows < self.tool.rows {
            bail!("the export has only {} rows", ours.rows);
        }
        self.report.long("export to CSV", "rows", ours, done.get(1).copied(), None);
        self.report.kilobytes("export, peak memory", self.product.peak()?, None, None);
        Ok(())
    }
}
