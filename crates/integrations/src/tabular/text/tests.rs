#![expect(clippy::unwrap_used, reason = "tests")]

use super::records::Records;
use crate::tabular::{
    self, DecimalMark, Delimiter, Encoding, HeaderChoice, IssueKind, Limits, LineEnding, Overrides, Quote, Row,
    RowCount, Shape, Warning,
};

/// Every record as `line: fields`, every fault as `line! code`.
fn records(text: &str, limit: usize) -> Vec<String> {
    let mut records = Records::new(text.as_bytes(), Delimiter::Semicolon, Quote::Double, limit);
    let mut found = Vec::new();
    while let Some(item) = records.next() {
        found.push(match item {
            Ok(record) => {
                let fields: Vec<_> = record.fields().map(String::from_utf8_lossy).collect();
                format!("{}: {}", record.line, fields.join("|"))
            }
            Err(error) => format!("{}! {}", error.line, error.code()),
        });
    }
    found
}

#[test]
fn lines_are_counted_as_an_editor_does() {
    let text = "a;b\r\n\r\n\"x\r\ny\";2\n3;4\r5;6\n\n\n7;8";
    let expected = ["1: a|b", "3: x\r\ny|2", "5: 3|4", "6: 5|6", "9: 7|8"];
    assert_eq!(records(text, 1000), expected);
}

#[test]
fn a_stray_quote_costs_one_line() {
    let text = "a;b\n\"open;1\nc;2\nd;\"3\"\ne;4";
    assert_eq!(records(text, 1000), ["1: a|b", "2! row.unclosed_quote", "3: c|2", "4: d|3", "5: e|4"]);
    // Far from the end of the file as well.
    let long = format!("\"open;1\n{}", "c;2\n".repeat(100_000));
    let found = records(&long, 1000);
    assert_eq!(found.len(), 100_001);
    assert_eq!(found.first().unwrap(), "1! row.unclosed_quote");
    assert_eq!(found.last().unwrap(), "100001: c|2");
}

#[test]
fn a_giant_line_is_passed_over() {
    let text = format!("a;b\n{}\nc;d", "x".repeat(300_000));
    assert_eq!(records(&text, 1000), ["1: a|b", "2! row.too_long", "3: c|d"]);
}

fn detect(bytes: &[u8], overrides: &Overrides) -> (Shape, Vec<Row>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.csv");
    std::fs::write(&path, bytes).unwrap();
    let shape = tabular::detect_with(&path, "x.csv", overrides, &Limits::default()).unwrap();
    let rows = tabular::open(&path, &shape.options).unwrap();
    (shape, rows.map(Result::unwrap).collect())
}

fn cells(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|row| row.cells.join("|")).collect()
}

#[test]
fn a_brazilian_report_with_everything_in_the_way() {
    let text = "sep=;\r\nRelat\u{f3}rio de clientes;;\r\n;;\r\nNome;Valor;Data\r\n\
        Jo\u{e3}o;R$ 1.234,56;01/02/2026\r\n;;\r\nAna;\"2,00\";13/02/2026\r\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let (shape, rows) = detect(&bytes, &Overrides::default());
    let options = &shape.options;
    assert_eq!(options.encoding, Encoding::Windows1252);
    assert_eq!(options.delimiter, Delimiter::Semicolon);
    assert_eq!((options.header_row, options.data_row), (Some(4), 5));
    assert_eq!(shape.line_ending, LineEnding::Crlf);
    assert_eq!(shape.rows, RowCount::Exact(2));
    assert_eq!(cells(&rows), ["João|R$ 1.234,56|01/02/2026", "Ana|2,00|13/02/2026"]);
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [5, 7]);
}

#[test]
fn utf16_with_and_without_a_mark() {
    let text = "Nome\tUF\r\nJosé\tSP\r\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = [b"\xFF\xFE", little.as_slice()].concat();
    for (bytes, encoding) in [(&little, Encoding::Utf16Le), (&big, Encoding::Utf16Be), (&marked, Encoding::Utf16Le)] {
        let (shape, rows) = detect(bytes, &Overrides::default());
        assert_eq!(shape.options.encoding, encoding);
        assert_eq!(shape.options.delimiter, Delimiter::Tab);
        assert_eq!(shape.columns.first().unwrap().header, "Nome");
        assert_eq!(cells(&rows), ["José|SP"]);
    }
}

#[test]
fn damaged_utf8_stays_utf8_and_is_flagged() {
    let mut bytes = b"nome;n\n".to_vec();
    for number in 0..40 {
        bytes.extend(format!("João Conceição;{number}\n").as_bytes());
    }
    bytes.extend(b"Jos\xE9;40\n");
    let (shape, rows) = detect(&bytes, &Overrides::default());
    assert_eq!(shape.options.encoding, Encoding::Utf8);
    assert_eq!(shape.warnings, [Warning::InvalidCharacters { count: 1 }]);
    let last = rows.last().unwrap();
    assert_eq!(last.cells.first().unwrap(), "Jos\u{fffd}");
    assert_eq!(last.issues.first().unwrap().kind, IssueKind::InvalidCharacters);
}

#[test]
fn the_first_accent_may_come_late() {
    let mut bytes = b"nome;n\r\n".to_vec();
    for number in 0..60_000 {
        bytes.extend(format!("Maria;{number}\r\n").as_bytes());
    }
    bytes.extend(b"Jos\xE9;1\r\n");
    let (shape, rows) = detect(&bytes, &Overrides::default());
    assert_eq!(shape.options.encoding, Encoding::Windows1252);
    assert_eq!(shape.rows, RowCount::Estimated(60_001));
    assert_eq!(rows.last().unwrap().cells.first().unwrap(), "José");
}

#[test]
fn ragged_rows_are_padded_and_flagged() {
    let mut text = "a;b;c\n".to_owned();
    text.push_str(&"1;2;3\n".repeat(20));
    text.push_str("1\n1;2;3;4;\n");
    let (shape, rows) = detect(text.as_bytes(), &Overrides::default());
    assert_eq!(shape.columns.len(), 3);
    let last: Vec<&Row> = rows.iter().rev().take(2).collect();
    assert_eq!(last.last().unwrap().cells, ["1", "", ""]);
    assert_eq!(last.first().unwrap().cells, ["1", "2", "3", "4"]);
    assert_eq!(last.first().unwrap().issues.first().unwrap().kind, IssueKind::ExtraCells);
}

#[test]
fn what_the_person_fixes_is_kept() {
    let text = b"1,5;2\n2,5;3\n";
    let overrides = Overrides {
        delimiter: Some(Delimiter::Comma),
        decimal_mark: Some(DecimalMark::Dot),
        header: Some(HeaderChoice::Row(1)),
        ..Overrides::default()
    };
    let (shape, rows) = detect(text, &overrides);
    assert_eq!(shape.options.delimiter, Delimiter::Comma);
    assert_eq!(shape.options.header_row, Some(1));
    assert_eq!(cells(&rows), ["2|5;3"]);
    let (shape, rows) = detect(text, &Overrides::default());
    assert_eq!((shape.options.delimiter, shape.options.header_row), (Delimiter::Semicolon, None));
    assert_eq!(cells(&rows), ["1,5|2", "2,5|3"]);
}

#[test]
fn options_survive_the_way_to_the_browser_and_back() {
    let (shape, _) = detect(b"nome;data\nAna;01/02/2026\n", &Overrides::default());
    let json = serde_json::to_string(&shape).unwrap();
    assert_eq!(serde_json::from_str::<Shape>(&json).unwrap(), shape);
    let overrides: Overrides = serde_json::from_str(r#"{"header":{"row":2},"encoding":"utf16-le"}"#).unwrap();
    assert_eq!(overrides.header, Some(HeaderChoice::Row(2)));
    assert!(serde_json::from_str::<Overrides>(r#"{"limits":1}"#).is_err());
}
