//! What one file may cost the server.

/// Bounds on what reading one file may take; the server sets them, the person
/// who uploads cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a text file; text is streamed, so this bounds time only.
    pub text_bytes: u64,
    /// Bytes of a workbook file as uploaded.
    pub workbook_bytes: u64,
    /// Bytes of a zipped workbook (XLSX, XLSB, ODS) once inflated.
    pub inflated_bytes: u64,
    /// Cells of the sheets that must be held in memory whole (XLS and ODS).
    pub resident_cells: u64,
    /// Columns of a row; what stands further right is left out and reported.
    pub columns: usize,
    /// Bytes of one record of a text file.
    pub record_bytes: usize,
    /// Bytes of one cell; a longer one is cut and flagged.
    pub cell_bytes: usize,
    /// Data rows that detection looks at.
    pub sample_rows: usize,
    /// Bytes of a text file that detection looks at (the encoding is checked
    /// over the whole file all the same).
    pub sample_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            text_bytes: 2 << 30,
            workbook_bytes: 200 << 20,
            inflated_bytes: 2 << 30,
            resident_cells: 8_000_000,
            columns: 2_048,
            record_bytes: 1 << 20,
            cell_bytes: 64 << 10,
            sample_rows: 1_000,
            sample_bytes: 512 << 10,
        }
    }
}
