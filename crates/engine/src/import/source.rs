//! Rows of a file, read and mapped on a thread of their own and handed over in
//! batches. The channel holds few of them, so memory does not grow with the file.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    path::PathBuf,
    sync::Arc,
};

use conexao_domain::kernel::{
    problem::{Code, Problem},
    value::Invalid,
};
use conexao_integrations::tabular::{self, ReadOptions, RowError, RowFault, TabularError};
use tokio::sync::mpsc;

use super::{batch::Intent, model::CellProblem, rows::MappedRow};

/// Rows of one transaction.
pub(crate) const BATCH: usize = 500;
/// Batches read ahead.
const AHEAD: usize = 2;
/// Values remembered to find repetitions, about 40 bytes each; beyond them only
/// the database notices.
const REMEMBERED: usize = 3_000_000;

/// What to read.
#[derive(Debug)]
pub(crate) struct Reading {
    pub path: PathBuf,
    pub options: ReadOptions,
    /// Rows up to this line are done; they are read for repetitions only.
    pub after: u64,
    /// Corrected cells, by line.
    pub edits: HashMap<u64, Vec<String>>,
}

/// Starts to read. The thread ends when the receiver is dropped.
pub(crate) fn start(intent: Arc<Intent>, reading: Reading) -> mpsc::Receiver<Result<Vec<MappedRow>, Problem>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        if let Err(problem) = read(&intent, reading, &sender) {
            // Nobody may be listening any more, which is fine.
            let _ = sender.blocking_send(Err(problem));
        }
    });
    receiver
}

type Sender = mpsc::Sender<Result<Vec<MappedRow>, Problem>>;

fn read(intent: &Intent, mut reading: Reading, sender: &Sender) -> Result<(), Problem> {
    let mut seen = Seen::default();
    let mut batch = Vec::with_capacity(BATCH);
    for item in tabular::open(&reading.path, &reading.options).map_err(file_problem)? {
        let mut row = match item {
            Ok(row) => match reading.edits.remove(&row.line) {
                Some(cells) => intent.mapper.map_cells(row.line, cells),
                None => intent.mapper.map(row),
            },
            Err(RowError { fault: RowFault::File(error), .. }) => return Err(file_problem(error)),
            Err(error) => unreadable(intent, &error, &mut reading.edits),
        };
        if row.problems.is_empty() {
            seen.look(intent, &mut row);
        }
        if row.line <= reading.after {
            continue;
        }
        batch.push(row);
        if batch.len() == BATCH {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            if sender.blocking_send(Ok(full)).is_err() {
                return Ok(());
            }
        }
    }
    if !batch.is_empty() {
        let _ = sender.blocking_send(Ok(batch));
    }
    Ok(())
}

/// A row that cannot be read is one that failed, unless somebody typed it anew.
fn unreadable(intent: &Intent, error: &RowError, edits: &mut HashMap<u64, Vec<String>>) -> MappedRow {
    if let Some(cells) = edits.remove(&error.line) {
        return intent.mapper.map_cells(error.line, cells);
    }
    let invalid = Invalid(error.code());
    let problem = CellProblem::new(None, None, None, invalid);
    MappedRow { line: error.line, problems: vec![problem], ..MappedRow::default() }
}

/// Values that must be unique, and the line each was first seen on. Kept as
/// keyed hashes: among a million values two meet by chance once in 40 million
/// imports.
#[derive(Default)]
struct Seen {
    lines: HashMap<u64, u32>,
    keys: RandomState,
}

impl Seen {
    fn look(&mut self, intent: &Intent, row: &mut MappedRow) {
        let line = u32::try_from(row.line).unwrap_or(u32::MAX);
        let mut repeated = Vec::new();
        let mut new = Vec::new();
        for (field, value) in intent.mapper.uniques(row) {
            let hash = self.keys.hash_one((field, value));
            match self.lines.get(&hash) {
                Some(first) => repeated.push((field.to_owned(), u64::from(*first))),
                None => new.push(hash),
            }
        }
        if repeated.is_empty() && self.lines.len() < REMEMBERED {
            self.lines.extend(new.into_iter().map(|hash| (hash, line)));
        }
        for (field, first) in repeated {
            let found = conexao_domain::kernel::problem::FieldProblem::new(field, "repeated_in_file");
            let problem = intent.mapper.explain(&found, &row.cells);
            row.problems.push(CellProblem { line: Some(first), ..problem });
        }
    }
}

/// What a caller learns of a file that cannot be read.
pub(crate) fn file_problem(error: TabularError) -> Problem {
    let code = error.code();
    match error {
        TabularError::Io(error) => {
            tracing::error!(%error, "an uploaded file cannot be read");
            Problem::new(Code::Internal)
        }
        TabularError::TooLarge { what, limit } => {
            Problem::new(Code::File).detail(short(code)).with("measured", what).with("limit", limit)
        }
        TabularError::UnknownFormat { found: Some(found) } => {
            Problem::new(Code::File).detail(short(code)).with("found", found)
        }
        TabularError::SheetNotFound { name } => Problem::new(Code::File).detail(short(code)).with("sheet", name),
        TabularError::Damaged { detail } => {
            tracing::info!(detail, "a damaged file was refused");
            Problem::new(Code::File).detail(short(code))
        }
        _ => Problem::new(Code::File).detail(short(code)),
    }
}

/// `file.empty` → `empty`: the problem's code says that it is about a file.
fn short(code: &str) -> &str {
    code.strip_prefix("file.").unwrap_or(code)
}
