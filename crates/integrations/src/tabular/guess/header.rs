//! Where the header is, below titles and blank rows.

use std::collections::BTreeMap;

use super::words;
use crate::tabular::row::{RawCell, RawRow};
use crate::tabular::values;

/// A header further down than this is not looked for.
const SEARCHED_ROWS: usize = 40;

/// Where the header and the data begin, as positions in the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Start {
    pub header: Option<usize>,
    pub data: usize,
}

/// Finds the header among `rows`, none of which is blank.
pub(crate) fn find(rows: &[RawRow]) -> Start {
    let width = usual_width(rows);
    let full = rows.iter().take(SEARCHED_ROWS).position(|row| filled(row) * 10 >= width * 6);
    let Some((at, row)) = full.and_then(|at| Some((at, rows.get(at)?))) else {
        return Start { header: None, data: 0 };
    };
    let body = rows.get(at + 1..).unwrap_or_default();
    if is_header(row, body) { Start { header: Some(at), data: at + 1 } } else { Start { header: None, data: at } }
}

/// The width that most rows have, the greater one when two are as frequent.
fn usual_width(rows: &[RawRow]) -> usize {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(filled(row)).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(width, count)| (*count, *width)).map_or(0, |(width, _)| width)
}

fn filled(row: &RawRow) -> usize {
    row.cells.iter().filter(|cell| !cell.is_blank()).count()
}

fn is_header(row: &RawRow, body: &[RawRow]) -> bool {
    let cells: Vec<&RawCell> = row.cells.iter().filter(|cell| !cell.is_blank()).collect();
    let typed = cells.iter().filter(|cell| is_typed(cell)).count();
    let headings = cells.iter().filter(|cell| matches!(cell, RawCell::Text(text) if words::is_heading(text))).count();
    if typed == 0 {
        // Words over words is a header by custom; a row that is repeated in
        // the body, or a sentence, is not. Alone it has to sound like one.
        let repeated = body.iter().any(|other| other.cells == row.cells);
        return headings > 0 || !(body.is_empty() || repeated);
    }
    // Years and month numbers head columns too, beside words.
    let worded = cells.len() - typed;
    let only_years = cells.iter().filter(|cell| is_typed(cell)).all(|cell| is_year(cell));
    headings * 2 >= cells.len() || (worded > 0 && only_years)
}

fn is_typed(cell: &RawCell) -> bool {
    match cell {
        RawCell::Empty => false,
        RawCell::Text(text) => values::is_typed(text),
        RawCell::Number(_) | RawCell::Native(_) => true,
    }
}

fn is_year(cell: &RawCell) -> bool {
    cell.as_str().trim().parse::<u16>().is_ok_and(|year| (1900..=2100).contains(&year))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&str]) -> Vec<RawRow> {
        let cell = |text: &str| match text {
            "" => RawCell::Empty,
            text => RawCell::Text(text.to_owned()),
        };
        let row = |(line, text): (u64, &&str)| RawRow {
            line,
            cells: text.split(';').map(cell).collect(),
            issues: Vec::new(),
        };
        (1..).zip(lines).map(row).collect()
    }

    fn header(lines: &[&str]) -> Option<usize> {
        find(&rows(lines)).header
    }

    #[test]
    fn skips_titles_and_group_headings() {
        let lines = [
            "Relatório de clientes",
            "Emitido em;01/02/2026",
            "Dados;;;Endereço",
            "Nome;CPF;Valor;CEP",
            "Ana;1;2;3",
            "Bia;1;2;3",
        ];
        assert_eq!(header(&lines), Some(3));
    }

    #[test]
    fn sees_that_there_is_none() {
        assert_eq!(header(&["1;Ana;10,50", "2;Bia;11,20", "3;Caio;1,00"]), None);
        assert_eq!(header(&["52998224725;Ana", "12345678909;Bia"]), None);
    }

    #[test]
    fn accepts_years_beside_words() {
        assert_eq!(header(&["Produto;2024;2025", "Mesa;10;20", "Sofá;5;3"]), Some(0));
    }

    #[test]
    fn words_over_words_are_a_header_unless_repeated() {
        assert_eq!(header(&["cor;forma", "azul;redonda"]), Some(0));
        assert_eq!(header(&["azul;redonda", "verde;quadrada", "azul;redonda"]), None);
        assert_eq!((header(&["Ana Terra;azul"]), header(&["Ana;52998224725"])), (None, None));
        assert_eq!(header(&["nome;cpf"]), Some(0));
    }
}
