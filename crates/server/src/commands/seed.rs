//! `conexao seed`.

use std::process::ExitCode;

use crate::{Outcome, app, config::Config, demo};

pub async fn run(config: Config) -> Outcome {
    let engine = app::engine(&config).await?;
    demo::ensure(&engine).await?;
    println!("{}", demo::logins());
    Ok(ExitCode::SUCCESS)
}
