//! `conexao events`.

use std::{io::Write, process::ExitCode};

use crate::Outcome;

pub fn run() -> Outcome {
    std::io::stdout().write_all(conexao_api::openapi::catalogue().as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
