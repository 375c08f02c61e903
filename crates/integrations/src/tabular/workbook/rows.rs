//! Cells gathered into rows.

use std::ops::ControlFlow;

use calamine::{Data, DataRef, Range};

use super::value;
use crate::tabular::error::{RowError, RowFault, TabularError};
use crate::tabular::limits::Limits;
use crate::tabular::row::{IssueKind, RawCell, RawRow, RowIssue};

/// What is called with every row; it breaks to end the reading.
pub(super) type Visit<'a> = dyn FnMut(Result<RawRow, RowError>) -> ControlFlow<()> + 'a;

/// What went wrong between two cells.
pub(super) enum Fault {
    /// One cell; the stream goes on behind it.
    Cell(String),
    /// Everything from here.
    File(TabularError),
}

/// Gathers cells into rows.
pub(super) struct RowBuilder<'a, 'v> {
    limits: &'a Limits,
    visit: &'a mut Visit<'v>,
    row: Option<u32>,
    cells: Vec<RawCell>,
    issues: Vec<RowIssue>,
    fault: Option<String>,
}

impl<'a, 'v> RowBuilder<'a, 'v> {
    pub(super) fn new(limits: &'a Limits, visit: &'a mut Visit<'v>) -> Self {
        Self { limits, visit, row: None, cells: Vec::new(), issues: Vec::new(), fault: None }
    }

    /// Takes cells from `next` until the end of the sheet.
    pub(super) fn pull<'c>(
        &mut self,
        mut next: impl FnMut() -> Result<Option<((u32, u32), DataRef<'c>)>, Fault>,
    ) -> Result<(), TabularError> {
        let mut stray: Option<String> = None;
        loop {
            let (position, value) = match next() {
                Ok(Some(cell)) => cell,
                Ok(None) => break,
                Err(Fault::Cell(detail)) => {
                    stray = Some(detail);
                    continue;
                }
                Err(Fault::File(error)) => return Err(error),
            };
            let same_row = self.row == Some(position.0);
            // A damaged cell has no position: it stood in the row that goes on
            // after it, or at the end of the row before when the next begins
            // at its first column.
            if let Some(detail) = stray.take_if(|_| same_row || position.1 == 0) {
                self.fault = Some(detail);
            }
            if !same_row && self.end_row().is_break() {
                return Ok(());
            }
            if let Some(detail) = stray.take() {
                self.fault = Some(detail);
            }
            self.row = Some(position.0);
            self.push(position.1, value::from_cell(&value));
        }
        self.fault = stray.or(self.fault.take());
        // Whether the visitor wants more does not matter at the end.
        let _ = self.end_row();
        Ok(())
    }

    /// Takes the cells of a sheet that is in memory.
    pub(super) fn push_range(&mut self, range: &Range<Data>) {
        let (top, left) = range.start().unwrap_or_default();
        for (row, cells) in (top..).zip(range.rows()) {
            self.row = Some(row);
            for (column, value) in (left..).zip(cells) {
                self.push(column, value::from_cell(value));
            }
            if self.end_row().is_break() {
                break;
            }
        }
    }

    fn push(&mut self, column: u32, (cell, issue): (RawCell, Option<IssueKind>)) {
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if cell == RawCell::Empty {
            return;
        }
        if column >= self.limits.columns {
            self.issue(column, IssueKind::ExtraCells);
            return;
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, RawCell::Empty);
        }
        let (cell, cut) = value::bounded(cell, self.limits.cell_bytes);
        if let Some(place) = self.cells.get_mut(column) {
            *place = cell;
        }
        for kind in issue.into_iter().chain(cut) {
            self.issue(column, kind);
        }
    }

    fn issue(&mut self, column: usize, kind: IssueKind) {
        if self.issues.len() < 64 {
            self.issues.push(RowIssue { column, kind });
        }
    }

    /// Hands the gathered row out, unless it is blank.
    fn end_row(&mut self) -> ControlFlow<()> {
        let cells = std::mem::take(&mut self.cells);
        let issues = std::mem::take(&mut self.issues);
        let fault = self.fault.take();
        let line = u64::from(self.row.take().unwrap_or(0)) + 1;
        if let Some(detail) = fault {
            let fault = RowFault::DamagedCell(detail);
            return (self.visit)(Err(RowError { line, fault }));
        }
        let row = RawRow { line, cells, issues };
        if row.is_blank() {
            return ControlFlow::Continue(());
        }
        (self.visit)(Ok(row))
    }
}
