//! Mistakes that programs make, and that can be undone without asking what was meant.

use conexao_domain::kernel::value::{CpfCnpj, digits};
use serde_json::Value as Json;

use crate::api::{imports::ImportRow, jobs::RowError};

/// A correction of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    pub line: i64,
    /// Index of the column, as the rows name it.
    pub column: String,
    pub value: String,
}

/// The column an error is about.
pub fn column(error: &RowError) -> Option<String> {
    match error.column.as_ref()? {
        Json::Number(index) => Some(index.to_string()),
        Json::String(index) => Some(index.clone()),
        _ => None,
    }
}

/// Spreadsheets drop the zeros before a number: a CPF or CNPJ that is whole with them.
pub fn leading_zeros(row: &ImportRow) -> Option<Fix> {
    row.errors.iter().filter(|error| is_document(&error.code)).find_map(|error| {
        let column = column(error)?;
        let cell = row.cells.get(&column)?.as_str()?;
        let plain = digits(cell);
        let wanted = match plain.len() {
            8..=10 => 11,
            12 | 13 => 14,
            _ => return None,
        };
        let value = format!("{plain:0>wanted$}");
        CpfCnpj::parse(&value).ok()?;
        Some(Fix { line: row.line, column, value })
    })
}

fn is_document(code: &str) -> bool {
    code.starts_with("cpf") || code.starts_with("cnpj")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    fn row(text: &str) -> ImportRow {
        serde_json::from_value(json!({"line": 7, "cells": {"1": text},
            "errors": [{"column": 1, "field": "document", "code": "cpf_cnpj.length", "value": text}]}))
        .unwrap()
    }

    #[test]
    fn puts_back_what_a_spreadsheet_dropped() {
        let fix = leading_zeros(&row("5013543010")).unwrap();
        assert_eq!((fix.line, fix.column.as_str()), (7, "1"));
        assert_eq!(fix.value.len(), 11);
        // Check digits decide: anything else stays as it is.
        assert_eq!(leading_zeros(&row("1234567891")), None);
        assert_eq!(leading_zeros(&row("123")), None);
    }
}
