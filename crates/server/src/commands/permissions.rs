//! `conexao permissions`.

use std::process::ExitCode;

use crate::Outcome;

pub fn run() -> Outcome {
    print!("{}", conexao_api::permissions::document());
    Ok(ExitCode::SUCCESS)
}
