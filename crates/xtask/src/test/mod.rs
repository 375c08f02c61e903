//! `cargo xtask test`: every check there is, in the order that fails soonest.

pub mod browser;
mod checks;
pub mod dependencies;
mod documents;
pub mod postgres;
mod schemathesis;

use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{bundle, clients, new_module, openapi, server, tools};

/// What to run.
#[derive(Debug)]
pub struct Plan {
    /// Leave out PostgreSQL and the browser.
    pub quick: bool,
    /// Only the stages with these names; all when empty.
    pub only: Vec<String>,
    /// Arguments for the browser test runner, or for Schemathesis alone.
    pub args: Vec<String>,
}

/// One heading of the run.
struct Stage {
    name: &'static str,
    what: &'static str,
    /// Whether `--quick` runs it too.
    quick: bool,
    run: fn(&Plan) -> Result<()>,
}

const STAGES: [Stage; 14] = [
    Stage { name: "format", what: "cargo fmt --check", quick: true, run: |_| checks::format() },
    Stage {
        name: "dependencies",
        what: "licences, sources, withdrawn versions",
        quick: true,
        run: |_| dependencies::check(),
    },
    Stage {
        name: "documents",
        what: "what the security documents point to exists",
        quick: true,
        run: |_| documents::check(),
    },
    Stage { name: "lint", what: "clippy, native and browser", quick: true, run: |_| checks::lint() },
    Stage { name: "pure", what: "the domain builds for wasm32", quick: true, run: |_| checks::pure() },
    Stage { name: "sqlite", what: "all tests on SQLite", quick: true, run: |_| checks::tests_on_sqlite() },
    Stage {
        name: "openapi",
        what: "API and permission documents equal the code",
        quick: true,
        run: |_| openapi::check(),
    },
    Stage {
        name: "schemathesis",
        what: "made-up requests over the whole API document",
        quick: false,
        run: |plan| schemathesis::run(&plan.args),
    },
    Stage {
        name: "scaffold",
        what: "a new module builds and passes",
        quick: false,
        run: |_| new_module::proof::prove(),
    },
    Stage { name: "postgres", what: "the same tests on PostgreSQL", quick: false, run: |_| tests_on_postgres() },
    Stage { name: "bundle", what: "browser application as shipped", quick: false, run: |_| ship() },
    Stage { name: "clients", what: "TypeScript client equals the document", quick: false, run: |_| clients::check() },
    Stage { name: "types", what: "browser tests type check", quick: false, run: |_| browser::check_types() },
    Stage { name: "browser", what: "journeys in Chromium", quick: false, run: browse },
];

/// Runs the stages of a plan and stops at the first failure.
pub fn test(plan: &Plan) -> Result<()> {
    for name in &plan.only {
        if !STAGES.iter().any(|stage| stage.name == name) {
            let known: Vec<_> = STAGES.iter().map(|stage| stage.name).collect();
            bail!("there is no stage `{name}`; there are: {}", known.join(", "));
        }
    }
    tools::ensure_all()?;
    let started = Instant::now();
    let mut summary = Vec::new();
    for stage in STAGES.iter().filter(|stage| wanted(stage, plan)) {
        println!("\n==> {}: {}", stage.name, stage.what);
        let begun = Instant::now();
        (stage.run)(plan).with_context(|| format!("stage `{}` failed", stage.name))?;
        let line = format!("{:<13}{:>8.1?}", stage.name, begun.elapsed());
        println!("<== {line}");
        summary.push(line);
    }
    println!("\nAll stages passed in {:.0?}\n  {}", started.elapsed(), summary.join("\n  "));
    Ok(())
}

fn wanted(stage: &Stage, plan: &Plan) -> bool {
    if plan.only.is_empty() { stage.quick || !plan.quick } else { plan.only.iter().any(|name| name == stage.name) }
}

fn tests_on_postgres() -> Result<()> {
    let cluster = postgres::Cluster::start()?;
    checks::tests_on_postgres(&cluster.url())
}

fn ship() -> Result<()> {
    bundle::bundle(bundle::Mode::Full)
}

fn browse(plan: &Plan) -> Result<()> {
    let binary = server::build_for_tests()?;
    browser::journeys(&binary, &plan.args)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(quick: bool, only: &[&str]) -> Vec<&'static str> {
        let only = only.iter().map(ToString::to_string).collect();
        let plan = Plan { quick, only, args: Vec::new() };
        STAGES.iter().filter(|stage| wanted(stage, &plan)).map(|stage| stage.name).collect()
    }

    #[test]
    fn quick_leaves_out_postgres_and_browser() {
        assert_eq!(names(true, &[]), ["format", "dependencies", "documents", "lint", "pure", "sqlite", "openapi"]);
        assert_eq!(names(false, &[]).len(), STAGES.len());
        assert_eq!(names(false, &["browser"]), ["browser"]);
    }

    #[test]
    fn an_unknown_stage_is_an_error() {
        let plan = Plan { quick: false, only: vec!["nonsense".to_owned()], args: Vec::new() };
        assert!(test(&plan).is_err());
    }
}
