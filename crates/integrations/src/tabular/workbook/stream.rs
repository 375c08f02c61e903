//! A sheet as an iterator.
//!
//! The streaming readers of the parsers borrow the workbook they read, so a
//! thread owns both and hands rows over in batches. Dropping the iterator ends
//! the thread at its next batch.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::tabular::error::{RowError, RowFault, TabularError};
use crate::tabular::limits::Limits;
use crate::tabular::options::Format;
use crate::tabular::row::RawRow;

type Item = Result<RawRow, RowError>;

/// Batches waiting to be taken.
const QUEUE: usize = 2;
/// A batch is full at this many cells or rows.
const BATCH_CELLS: usize = 8_192;
const BATCH_ROWS: usize = 512;

/// The rows of one sheet; blank ones are left out.
pub(crate) struct SheetRows {
    batches: Receiver<Vec<Item>>,
    current: std::vec::IntoIter<Item>,
}

impl SheetRows {
    /// Starts reading `sheet`.
    pub(crate) fn start(path: PathBuf, format: Format, sheet: String, limits: Limits) -> Result<Self, TabularError> {
        let (sender, batches) = sync_channel(QUEUE);
        let read = move || produce(&path, format, &sheet, &limits, &sender);
        thread::Builder::new().name("workbook".to_owned()).spawn(read)?;
        Ok(Self { batches, current: Vec::new().into_iter() })
    }
}

impl Iterator for SheetRows {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.current.next() {
                return Some(item);
            }
            self.current = self.batches.recv().ok()?.into_iter();
        }
    }
}

fn produce(path: &std::path::Path, format: Format, sheet: &str, limits: &Limits, sender: &SyncSender<Vec<Item>>) {
    let mut batch = Vec::new();
    let mut cells = 0;
    let mut line = 0;
    let mut abandoned = false;
    let outcome = super::each_row(path, format, sheet, limits, &mut |item| {
        if let Ok(row) = &item {
            cells += row.cells.len();
            line = row.line;
        }
        batch.push(item);
        if cells < BATCH_CELLS && batch.len() < BATCH_ROWS {
            return ControlFlow::Continue(());
        }
        cells = 0;
        if sender.send(std::mem::take(&mut batch)).is_err() {
            abandoned = true;
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    if let Err(error) = outcome {
        let fault = RowFault::File(error);
        batch.push(Err(RowError { line, fault }));
    }
    if !abandoned {
        // Nobody waiting is as good as delivered.
        let _ = sender.send(batch);
    }
}
