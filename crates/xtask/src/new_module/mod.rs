//! `cargo xtask new-module`: the files of a new resource and the lines that
//! make it known, ready to be filled with what is particular.

mod edit;
mod names;
pub mod proof;

use std::path::Path;

use anyhow::Result;
use clap::Args;

use crate::workspace;
use names::Names;

/// What a new module is called.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder of the domain crate it belongs to, e.g. `after_sales`.
    pub area: String,
    /// Singular English name in snake case, e.g. `carrier_request`.
    pub name: String,
    /// Plural path of the API in kebab case, e.g. `carrier-requests`.
    #[arg(long)]
    pub path: String,
    /// Portuguese path of the screens, e.g. `transportadora`.
    #[arg(long)]
    pub route: String,
    /// Portuguese singular and plural, e.g. `Coleta,Coletas`.
    #[arg(long, value_delimiter = ',', num_args = 2)]
    pub portuguese: Vec<String>,
    /// English singular and plural, e.g. `Pick-up,Pick-ups`.
    #[arg(long, value_delimiter = ',', num_args = 2)]
    pub english: Vec<String>,
}

/// Scaffolds the module in this workspace.
pub fn scaffold(arguments: &Arguments) -> Result<()> {
    let written = write(&workspace::root(), arguments)?;
    println!(
        "Written:\n  {}\nNext: declare its fields, add its columns to the migration, then\n  cargo xtask openapi && cargo xtask test --quick",
        written.join("\n  ")
    );
    Ok(())
}

/// Scaffolds the module in the workspace at `root`; answers what was touched.
pub fn write(root: &Path, arguments: &Arguments) -> Result<Vec<String>> {
    let names = Names::check(root, arguments)?;
    let declaration = format!("crates/domain/src/{}/{}.rs", names.area, names.name);
    let migration = format!("migrations/src/{}.rs", names.migration);
    let journey = format!("e2e/tests/{}.spec.ts", names.path);
    edit::create(root, &declaration, &names.fill(include_str!("../../templates/declaration.rs.txt")))?;
    edit::create(root, &migration, &names.fill(include_str!("../../templates/migration.rs.txt")))?;
    edit::create(root, &journey, &names.fill(include_str!("../../templates/journey.ts.txt")))?;
    let touched = [
        edit::module(root, &format!("crates/domain/src/{}/mod.rs", names.area), &format!("pub mod {};", names.name))?,
        edit::registry(root, &names)?,
        edit::migrations(root, &names)?,
        edit::texts(
            root,
            "pt-BR",
            &names.portuguese,
            &names.name,
            ["Novo registro", "Aberto", "Concluído", "Concluir"],
        )?,
        edit::texts(root, "en", &names.english, &names.name, ["New record", "Open", "Done", "Finish"])?,
    ];
    Ok([declaration, migration, journey].into_iter().chain(touched).collect())
}
