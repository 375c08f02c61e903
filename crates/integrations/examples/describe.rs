//! Shows how files would be read: `cargo run -p conexao-integrations
//! --example describe -- [--rows N] FILE…` prints one line of JSON per file,
//! then the first N rows.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::time::Instant;

use conexao_integrations::files::{SNIFFED_BYTES, sniff};
use conexao_integrations::tabular::{Shape, TabularError, detect, open};
use serde_json::{Value, json};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1).peekable();
    let mut shown = 0;
    if arguments.next_if(|argument| argument == "--rows").is_some() {
        shown = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(0);
    }
    let mut output = std::io::stdout().lock();
    for name in arguments {
        let started = Instant::now();
        let mut rows = Vec::new();
        let mut head = Vec::new();
        let most = u64::try_from(SNIFFED_BYTES).unwrap_or(u64::MAX);
        File::open(&name)?.take(most).read_to_end(&mut head)?;
        let answer = match describe(&name, shown, &mut rows) {
            Ok(answer) => answer,
            Err(error) => json!({ "error": error.code(), "detail": error.to_string() }),
        };
        let took = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        writeln!(output, "{}", json!({ "file": name, "ms": took, "media": sniff(&head), "found": answer }))?;
        for row in rows {
            writeln!(output, "    {row}")?;
        }
    }
    Ok(())
}

/// Detects and then reads everything, so that nothing stays untried.
fn describe(name: &str, shown: usize, rows: &mut Vec<String>) -> Result<Value, TabularError> {
    let path = Path::new(name);
    let shape = detect(path, name)?;
    let (mut read, mut flagged, mut refused) = (0_u64, 0_u64, Vec::new());
    for row in open(path, &shape.options)? {
        match row {
            Ok(row) => {
                read += 1;
                flagged += u64::from(!row.issues.is_empty());
                if rows.len() < shown {
                    rows.push(format!("{}: {:?} {:?}", row.line, row.cells, row.issues));
                }
            }
            Err(error) => refused.push(error.to_string()),
        }
    }
    refused.truncate(5);
    Ok(json!({
        "read": read, "flagged": flagged, "refused": refused, "shape": brief(&shape),
    }))
}

fn brief(shape: &Shape) -> Value {
    let columns: Vec<String> =
        shape.columns.iter().map(|column| format!("{}: {:?}", column.header, column.kind)).collect();
    let options = &shape.options;
    json!({
        "format": options.format, "encoding": options.encoding, "delimiter": options.delimiter,
        "quote": options.quote, "sheet": options.sheet, "header": options.header_row,
        "data": options.data_row, "mark": options.decimal_mark, "order": options.date_order,
        "ending": shape.line_ending, "rows": shape.rows, "sheets": shape.sheets.len(),
        "warnings": shape.warnings, "columns": columns,
    })
}
