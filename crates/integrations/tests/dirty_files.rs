//! Pins what is detected in, and read from, difficult files.
//!
//! `data/EXPECTED.txt` holds one paragraph a file. After a wanted change run
//! with `UPDATE_EXPECTED=1` and review the difference.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use conexao_integrations::tabular::{Shape, detect, open};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

fn name_of(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap();
    match &value {
        serde_json::Value::String(name) => name.clone(),
        other => other.to_string(),
    }
}

fn kinds(shape: &Shape) -> String {
    let kind = |column: &conexao_integrations::tabular::ColumnShape| {
        let value = serde_json::to_value(column.kind).unwrap();
        let parts: Vec<String> = value
            .as_object()
            .unwrap()
            .values()
            .map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned))
            .collect();
        format!("{}={}", column.header, parts.join(":"))
    };
    shape.columns.iter().map(kind).collect::<Vec<_>>().join(" | ")
}

fn describe(path: &Path) -> String {
    let name = path.file_name().unwrap().to_str().unwrap();
    let shape = match detect(path, name) {
        Ok(shape) => shape,
        Err(error) => return format!("  {}\n", error.code()),
    };
    let options = &shape.options;
    let mut text = format!("  {}", name_of(&options.format));
    if options.format.is_workbook() {
        let hidden = shape.sheets.iter().filter(|sheet| sheet.hidden).count();
        write!(text, ", sheet {:?} of {} ({hidden} hidden)", options.sheet, shape.sheets.len()).unwrap();
    } else {
        let (encoding, delimiter) = (name_of(&options.encoding), name_of(&options.delimiter));
        write!(text, ", {encoding}, {delimiter}, {}", name_of(&shape.line_ending)).unwrap();
    }
    let header = options.header_row.map_or("none".to_owned(), |row| row.to_string());
    writeln!(
        text,
        ", header {header}, data {}, {}, {}, rows {}",
        options.data_row,
        name_of(&options.decimal_mark),
        name_of(&options.date_order),
        name_of(&shape.rows)
    )
    .unwrap();
    writeln!(text, "  {}", kinds(&shape)).unwrap();
    for warning in &shape.warnings {
        writeln!(text, "  warning {}", name_of(warning)).unwrap();
    }
    let mut rows = 0;
    for item in open(path, options).unwrap() {
        rows += 1;
        match item {
            Ok(row) if rows <= 2 || !row.issues.is_empty() => {
                writeln!(text, "  {}: {} {}", row.line, row.cells.join(" ¦ "), name_of(&row.issues)).unwrap();
            }
            Ok(_) => (),
            Err(error) => writeln!(text, "  {}: {}", error.line, error.code()).unwrap(),
        }
    }
    writeln!(text, "  {rows} rows read").unwrap();
    text
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        if path.is_dir() {
            files(&path, found);
        } else if !matches!(extension, "md") && !path.starts_with(data().join("licenses")) {
            found.push(path);
        }
    }
}

#[test]
fn difficult_files_are_read_as_they_were() {
    let mut found = Vec::new();
    files(&data(), &mut found);
    found.sort();
    let is_sample = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| !name.starts_with('.') && !matches!(name, "EXPECTED.txt" | "MANIFEST.csv"))
    };
    found.retain(is_sample);
    assert!(found.len() > 25, "the test files are missing");
    let mut text = String::new();
    for path in &found {
        let name = path.strip_prefix(data()).unwrap().display();
        write!(text, "{name}\n{}", describe(path)).unwrap();
    }
    let golden = data().join("EXPECTED.txt");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(&golden, &text).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap();
    for (line, wanted) in text.lines().zip(expected.lines()) {
        assert_eq!(line, wanted);
    }
    assert_eq!(text.lines().count(), expected.lines().count());
}
