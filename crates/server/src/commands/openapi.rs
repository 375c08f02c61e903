//! `conexao openapi`.

use std::process::ExitCode;

use crate::Outcome;

pub fn run() -> Outcome {
    println!("{}", serde_json::to_string_pretty(&conexao_api::openapi::document())?);
    Ok(ExitCode::SUCCESS)
}
