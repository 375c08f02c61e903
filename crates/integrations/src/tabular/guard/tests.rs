#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::Write;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::tabular::{Overrides, detect_with};

const LIMITS: Limits = Limits {
    text_bytes: 1 << 20,
    workbook_bytes: 1 << 20,
    inflated_bytes: 1 << 20,
    resident_cells: 10_000,
    columns: 100,
    record_bytes: 1 << 16,
    cell_bytes: 1 << 12,
    sample_rows: 100,
    sample_bytes: 1 << 16,
};

fn code(bytes: &[u8]) -> &'static str {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    std::fs::write(&path, bytes).unwrap();
    match detect_with(&path, "x", &Overrides::default(), &LIMITS) {
        Ok(_) => "ok",
        Err(error) => error.code(),
    }
}

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const XLSX: (&str, &[u8]) = ("[Content_Types].xml", b"<x t=\"spreadsheetml.sheet.main\"/>");

#[test]
fn a_bomb_is_not_inflated() {
    let zeros = vec![0_u8; 3 << 20];
    let bytes = package(&[XLSX, ("xl/workbook.xml", &zeros)]);
    assert!(bytes.len() < 10_000);
    assert_eq!(code(&bytes), "file.too_large");
}

#[test]
fn memory_is_not_reserved_on_a_promise() {
    let strings = br#"<sst uniqueCount="99999999999999"><si/></sst>"#;
    assert_eq!(code(&package(&[XLSX, ("xl/sharedStrings.xml", strings)])), "file.damaged");
}

fn ods(row: &str) -> Vec<u8> {
    let content =
        format!("<o xmlns:table=\"t\" xmlns:office=\"o\"><table:table table:name=\"a\">{row}</table:table></o>");
    package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

#[test]
fn repeated_cells_are_counted_before_they_are_repeated() {
    let cell = |columns: u32| {
        format!(
            "<table:table-cell office:value-type=\"float\" office:value=\"1\" \
             table:number-columns-repeated=\"{columns}\"/>"
        )
    };
    let row = |rows: u32, columns: u32| {
        let cell = cell(columns);
        format!("<table:table-row table:number-rows-repeated=\"{rows}\">{cell}</table:table-row>")
    };
    assert_eq!(code(&ods(&row(100, 90))), "ok");
    assert_eq!(code(&ods(&row(200, 90))), "file.too_large");
    assert_eq!(code(&ods(&row(1, 16_000))), "file.too_large");
    assert_eq!(code(&ods(&row(1, 9_000).repeat(2))), "file.too_large");
    // Blank rows below the values take nothing.
    let blank = "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell/></table:table-row>";
    assert_eq!(code(&ods(&format!("{}{blank}", row(2, 2)))), "ok");
    assert_eq!(code(&ods("<table:table-row>")), "file.damaged");
}

/// A workbook stream with one sheet that holds these cells.
fn xls(dimensions: Option<(u32, u16)>, cells: &[(u16, u16)]) -> Vec<u8> {
    let record = |kind: u16, body: &[u8]| {
        let length = u16::try_from(body.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), body].concat()
    };
    let begin = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let end = record(0x000A, &[]);
    let mut sheet = [0_u8, 0, 0, 0, 0, 0, 1, 0, b'a'].to_vec();
    let place = u32::try_from(begin.len() + 4 + sheet.len() + end.len()).unwrap();
    sheet.splice(..4, place.to_le_bytes());
    let mut stream = [begin.clone(), record(0x0085, &sheet), end.clone(), begin].concat();
    if let Some((rows, columns)) = dimensions {
        let mut body = vec![0; 14];
        body.splice(4..8, rows.to_le_bytes());
        body.splice(10..12, columns.to_le_bytes());
        stream.extend(record(0x0200, &body));
    }
    for (row, column) in cells {
        let mut body = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        body.extend(1_f64.to_le_bytes());
        stream.extend(record(0x0203, &body));
    }
    stream.extend(end);
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook").unwrap().write_all(&stream).unwrap();
    file.into_inner().into_inner()
}

#[test]
fn an_xls_is_measured_before_it_is_read() {
    assert_eq!(code(&xls(Some((2, 2)), &[(0, 0), (1, 1)])), "ok");
    assert_eq!(code(&xls(None, &[(0, 0), (65_535, 255)])), "file.too_large");
    assert_eq!(code(&xls(Some((u32::MAX, 255)), &[(0, 0)])), "file.too_large");
    assert_eq!(code(&xls(Some((65_536, 256)), &[(0, 0), (1, 1)])), "ok");
}

#[test]
fn other_things_are_named() {
    for (bytes, expected) in [
        (b"".as_slice(), "file.empty"),
        (b"\xEF\xBB\xBF", "file.empty"),
        (b" \r\n \r\n", "file.empty"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "file.unknown_format"),
        (b"%PDF-1.7 ...", "file.unknown_format"),
        (b"\x89PNG\r\n\x1a\n", "file.unknown_format"),
        (b"a\0\0\x01\x02\x03;b", "file.unknown_format"),
        (b"PK\x03\x04 and no more", "file.damaged"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and no more", "file.damaged"),
        (b"nome;cpf\r\n", "file.no_rows"),
    ] {
        assert_eq!(code(bytes), expected, "{bytes:?}");
    }
    let docx = package(&[("[Content_Types].xml", b"wordprocessingml.document")]);
    assert_eq!(code(&docx), "file.unknown_format");
    assert_eq!(code(&vec![b'a'; 2 << 20]), "file.too_large");
}
