//! `conexao privacy`.

use std::{io::Write, process::ExitCode};

use crate::Outcome;

pub fn run() -> Outcome {
    std::io::stdout().write_all(conexao_api::privacy::document().as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
