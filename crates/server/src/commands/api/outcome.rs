//! How a command ended, as a script sees it.

use std::{io, process::ExitCode};

use conexao_client::{Failure, Reach};

/// Shown below the help.
pub const CODES: &str = "\
Exit codes:
   0  done
   2  the command line is wrong
   3  the server was not reached, or did not answer
   4  not logged in (401)
   5  not permitted (403)
   6  not there (404)
   7  in conflict: stale version, duplicate, refused step (409, 412, 428)
   8  refused values or parameters (400, 413, 415, 422)
   9  too many requests (429)
  10  the server failed (5xx)
  11  the work ended, but not all of it went well";

/// A command that ran to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Well,
    /// Some rows were not used.
    Partly,
}

/// Why a command did not.
#[derive(Debug)]
pub enum Trouble {
    Usage(String),
    Api(Failure),
    Io(io::Error),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Api(failure)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Says what went wrong and gives the exit code.
pub fn exit(ended: Result<End, Trouble>) -> ExitCode {
    let code = match ended {
        Ok(End::Well) => 0,
        Ok(End::Partly) => 11,
        // Whoever reads has seen enough: `conexao api … | head`.
        Err(Trouble::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(trouble) => {
            eprintln!("conexao: {}", words(&trouble));
            code(&trouble)
        }
    };
    ExitCode::from(code)
}

fn words(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Usage(text) => text.clone(),
        Trouble::Io(error) => error.to_string(),
        Trouble::Api(failure) if failure.reach == Reach::Answered => {
            let valid = failure.extra.get("valid").map(|valid| format!("\n  valid: {valid}"));
            format!("{failure}{} [{} {}]", valid.unwrap_or_default(), failure.reference(), failure.code)
        }
        Trouble::Api(failure) => failure.to_string(),
    }
}

fn code(trouble: &Trouble) -> u8 {
    match trouble {
        Trouble::Usage(_) => 2,
        Trouble::Io(_) => 1,
        Trouble::Api(failure) => match failure.status {
            0 if failure.is("unusable") => 2,
            0 => 3,
            401 => 4,
            403 => 5,
            404 => 6,
            409 | 412 | 428 => 7,
            429 => 9,
            400..=499 => 8,
            _ => 10,
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_class_of_problem_has_its_code() {
        let answered = |status| code(&Trouble::Api(Failure::read(status, json!({ "code": "x" }))));
        let codes = [400, 401, 403, 404, 409, 412, 415, 422, 428, 429, 500, 503].map(answered);
        assert_eq!(codes, [8, 4, 5, 6, 7, 7, 8, 8, 7, 9, 10, 10]);
        assert_eq!(code(&Trouble::Api(Failure::network())), 3);
        assert_eq!(code(&Trouble::Api(Failure::unusable("no address"))), 2);
    }
}
