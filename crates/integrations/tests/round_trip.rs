//! What is written comes back; what is no table does no harm.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::Write;
use std::path::{Path, PathBuf};

use conexao_integrations::tabular::sink::CsvStyle;
use conexao_integrations::tabular::{
    Cell, CellKind, Column, CsvSink, Delimiter, Encoding, HeaderChoice, Limits, Overrides, Sink, detect_with, open_with,
};
use proptest::prelude::*;

fn title() -> impl Strategy<Value = String> {
    any::<String>().prop_filter("a title that is seen", |text| !text.trim().is_empty())
}

/// A table of arbitrary texts in which no row is blank.
fn table() -> impl Strategy<Value = (Vec<String>, Vec<Vec<String>>)> {
    (1_usize..6).prop_flat_map(|width| {
        let row = prop::collection::vec(any::<String>(), width)
            .prop_filter("not blank", |row| row.iter().any(|cell| !cell.trim().is_empty()));
        (prop::collection::vec(title(), width), prop::collection::vec(row, 1..12))
    })
}

fn write_csv(path: &Path, style: CsvStyle, titles: &[String], rows: &[Vec<String>]) {
    let file = std::fs::File::create(path).unwrap();
    let mut sink = Box::new(CsvSink::new(file, style, chrono_tz::Tz::America__Sao_Paulo));
    let columns: Vec<Column> = titles.iter().map(|title| Column::new("x", title, CellKind::Text)).collect();
    sink.header(&columns).unwrap();
    for row in rows {
        let cells: Vec<Cell> = row.iter().map(|text| Cell::from(text.as_str())).collect();
        sink.row(&cells).unwrap();
    }
    sink.finish().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn csv_comes_back_equal((titles, rows) in table(), brazil in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        let (style, delimiter) = if brazil {
            (CsvStyle::Brazil, Delimiter::Semicolon)
        } else {
            (CsvStyle::International, Delimiter::Comma)
        };
        write_csv(&path, style, &titles, &rows);
        let overrides = Overrides { header: Some(HeaderChoice::Row(1)), ..Overrides::default() };
        let shape = detect_with(&path, "x.csv", &overrides, &Limits::default()).unwrap();
        prop_assert_eq!(shape.options.encoding, Encoding::Utf8Bom);
        if titles.len() > 1 {
            prop_assert_eq!(shape.options.delimiter, delimiter);
        }
        prop_assert_eq!(shape.columns.len(), titles.len());
        let read: Vec<Vec<String>> = open_with(&path, &shape.options, &Limits::default())
            .unwrap()
            .map(|row| row.unwrap().cells)
            .collect();
        prop_assert_eq!(read, rows);
    }

    #[test]
    fn arbitrary_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, bytes).unwrap();
        read_everything(&path);
    }

    #[test]
    fn arbitrary_delimited_text_does_no_harm(text in "[a\"';,\t|\r\n0-9=]{0,400}") {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, text).unwrap();
        read_everything(&path);
    }

    #[test]
    fn damaged_workbooks_do_no_harm(
        file in prop::sample::select(workbooks()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::weighted(0.1, any::<prop::sample::Index>()),
    ) {
        let mut bytes = std::fs::read(file).unwrap();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            *bytes.get_mut(at).unwrap() = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, bytes).unwrap();
        read_everything(&path);
    }
}

fn workbooks() -> Vec<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    [
        "calamine/any_sheets.xlsb",
        "calamine/inlinestr_cdata.xlsx",
        "calamine/issue_643_biff5_formula.xls",
        "calamine/number_rows_repeated.ods",
        "frictionless/cast-int-to-string-issue-1251.xls",
        "openrefine/dates.xls",
        "pandas/times_1904.xlsx",
    ]
    .map(|name| data.join(name))
    .to_vec()
}

/// Reads all of a file, whatever it is, within limits that keep tests quick.
fn read_everything(path: &Path) {
    let limits = Limits { resident_cells: 200_000, inflated_bytes: 20 << 20, ..Limits::default() };
    let Ok(shape) = detect_with(path, "x", &Overrides::default(), &limits) else {
        return;
    };
    let width = shape.columns.len();
    let mut last = 0;
    let rows = open_with(path, &shape.options, &limits).unwrap();
    // Refused rows do not end the stream; a fatal error does.
    for row in rows.filter_map(Result::ok) {
        assert!(row.cells.len() >= width);
        last = row.line.max(last);
    }
    writeln!(std::io::sink(), "{last}").unwrap();
}
