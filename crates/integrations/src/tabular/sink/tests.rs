#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use chrono::{NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;

use super::*;
use crate::tabular::{self, ContentKind, DateOrder, DecimalMark, Format, Row};

const ZONE: Tz = Tz::America__Sao_Paulo;

fn columns() -> Vec<Column> {
    vec![
        Column::new("name", "Nome", CellKind::Text),
        Column::new("phone", "Telefone", CellKind::Phone),
        Column::new("total", "Total", CellKind::Money),
        Column::new("rate", "Taxa", CellKind::Decimal(3)),
        Column::new("count", "Quantidade", CellKind::Integer),
        Column::new("due", "Vencimento", CellKind::Date),
        Column::new("seen", "Visto em", CellKind::Instant),
        Column::new("active", "Ativo", CellKind::Bool),
    ]
}

fn cells(name: &str) -> Vec<Cell> {
    vec![
        Cell::from(name),
        Cell::from("+5511987654321"),
        Cell::Money(-123_456),
        Cell::Decimal { unscaled: 1_250, scale: 3 },
        Cell::Integer(42),
        Cell::Date(NaiveDate::from_ymd_opt(2026, 12, 31).unwrap()),
        Cell::Instant(Utc.with_ymd_and_hms(2026, 1, 2, 1, 30, 0).unwrap()),
        Cell::Bool(true),
    ]
}

fn csv(style: CsvStyle, rows: &[Vec<Cell>]) -> String {
    let mut output = Vec::new();
    let mut sink = Box::new(CsvSink::new(&mut output, style, ZONE));
    sink.header(&columns()).unwrap();
    for row in rows {
        sink.row(row).unwrap();
    }
    let sink: Box<dyn Sink + '_> = sink;
    assert_eq!(usize::try_from(sink.finish().unwrap().rows).unwrap(), rows.len());
    String::from_utf8(output).unwrap()
}

#[test]
fn csv_is_what_excel_in_brazil_opens() {
    assert_eq!(
        csv(CsvStyle::Brazil, &[cells("Ana; \"a\" Silva")]),
        "\u{feff}Nome;Telefone;Total;Taxa;Quantidade;Vencimento;Visto em;Ativo\r\n\
         \"Ana; \"\"a\"\" Silva\";+5511987654321;\"-1234,56\";\"1,250\";42;31/12/2026;\
         01/01/2026 22:30:00;Sim\r\n"
    );
}

#[test]
fn csv_for_the_rest_of_the_world() {
    assert_eq!(
        csv(CsvStyle::International, &[cells("Ana")]).lines().last(),
        Some("Ana,+5511987654321,-1234.56,1.250,42,2026-12-31,2026-01-01T22:30:00-03:00,true")
    );
}

#[test]
fn csv_never_carries_a_formula() {
    for text in ["=1+1", "+1+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|'/c calc'!A1"] {
        let mut row = cells(text);
        *row.get_mut(1).unwrap() = Cell::from("+cmd|'/c calc'!A1");
        let written = csv(CsvStyle::Brazil, &[row]);
        let line = written.split_once("\r\n").unwrap().1;
        assert!(line.starts_with('\'') || line.starts_with("\"'"), "{line}");
        assert!(line.contains("\"'+cmd|'/c calc'!A1\"") || line.contains(";'+cmd"), "{line}");
        assert!(line.contains("-1234,56"));
    }
}

#[test]
fn json_lines_lose_nothing() {
    let mut output = Vec::new();
    let mut sink = Box::new(JsonLinesSink::new(&mut output));
    sink.header(&columns()).unwrap();
    sink.row(&cells("=Ana\n")).unwrap();
    sink.row(&vec![Cell::Empty; 8]).unwrap();
    sink.finish().unwrap();
    let lines = String::from_utf8(output).unwrap();
    assert_eq!(
        lines.lines().next(),
        Some(concat!(
            r#"{"name":"=Ana\n","phone":"+5511987654321","total":-123456,"rate":"1.250","#,
            r#""count":42,"due":"2026-12-31","seen":"2026-01-02T01:30:00Z","active":true}"#
        ))
    );
    assert!(lines.lines().nth(1).unwrap().starts_with(r#"{"name":null,"#));
}

#[test]
fn order_and_width_are_enforced() {
    let mut sink = CsvSink::new(Vec::new(), CsvStyle::Brazil, ZONE);
    assert!(matches!(sink.row(&[]), Err(SinkError::Order)));
    sink.header(&columns()).unwrap();
    assert!(matches!(sink.header(&columns()), Err(SinkError::Order)));
    let narrow = sink.row(&[Cell::Empty]);
    assert!(matches!(narrow, Err(SinkError::Width { expected: 8, found: 1 })));
    sink.row(&cells("Ana")).unwrap();
}

fn xlsx(path: &Path, options: XlsxOptions, rows: impl Iterator<Item = Vec<Cell>>) -> Written {
    let mut sink = Box::new(XlsxSink::create(path, options).unwrap());
    sink.header(&columns()).unwrap();
    for row in rows {
        sink.row(&row).unwrap();
    }
    sink.finish().unwrap()
}

fn read(path: &Path, options: &tabular::ReadOptions) -> Vec<Row> {
    tabular::open(path, options).unwrap().map(Result::unwrap).collect()
}

#[test]
fn xlsx_comes_back_typed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.xlsx");
    let filters = vec![("Situação".to_owned(), "=Ativa".to_owned())];
    let options = XlsxOptions { filters, ..XlsxOptions::default() };
    let names = ["=HYPERLINK(\"http://x\")", "Bia", "012"];
    xlsx(&path, options, names.into_iter().map(cells));
    let shape = tabular::detect(&path, "x.xlsx").unwrap();
    assert_eq!(shape.options.format, Format::Xlsx);
    let sheets: Vec<&str> = shape.sheets.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(sheets, ["Dados", "Filtros"]);
    let kinds: Vec<ContentKind> = shape.columns.iter().map(|c| c.kind).collect();
    let mark = DecimalMark::Comma;
    let date = |time| ContentKind::Date { order: DateOrder::Ymd, time };
    assert_eq!(
        kinds.get(1..).unwrap(),
        [
            ContentKind::Phone,
            ContentKind::Decimal { mark },
            ContentKind::Decimal { mark },
            ContentKind::Integer,
            date(false),
            date(true),
            ContentKind::Boolean,
        ]
    );
    let rows = read(&path, &shape.options);
    let first = rows.first().unwrap();
    assert_eq!(first.line, 2);
    assert_eq!(
        first.cells,
        [
            "=HYPERLINK(\"http://x\")",
            "+5511987654321",
            "-1234,56",
            "1,25",
            "42",
            "2026-12-31",
            "2026-01-01T22:30:00",
            "VERDADEIRO"
        ]
    );
    assert_eq!(rows.last().unwrap().cells.first().unwrap(), "012");
}

#[test]
fn xlsx_goes_on_in_another_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.xlsx");
    let options = XlsxOptions { rows_per_sheet: 4, ..XlsxOptions::default() };
    let written = xlsx(&path, options, (0..7).map(|n| cells(&format!("Ana {n}"))));
    assert_eq!(written.rows, 7);
    let shape = tabular::detect(&path, "x.xlsx").unwrap();
    let sheets: Vec<&str> = shape.sheets.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(sheets, ["Dados", "Filtros", "Dados 2", "Dados 3"]);
    let names: Vec<String> = ["Dados", "Dados 2", "Dados 3"]
        .into_iter()
        .flat_map(|sheet| {
            let mut options = shape.options.clone();
            options.sheet = Some(sheet.to_owned());
            read(&path, &options)
        })
        .map(|row| row.cells.first().unwrap().clone())
        .collect();
    let expected: Vec<String> = (0..7).map(|n| format!("Ana {n}")).collect();
    assert_eq!(names, expected);
}

#[test]
fn xlsx_keeps_what_it_cannot_type_as_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.xlsx");
    let mut row = cells(&"ã".repeat(40_000));
    *row.get_mut(4).unwrap() = Cell::Integer(i64::MAX);
    *row.get_mut(5).unwrap() = Cell::Date(NaiveDate::from_ymd_opt(1850, 5, 4).unwrap());
    let written = xlsx(&path, XlsxOptions::default(), std::iter::once(row));
    assert_eq!(written, Written { rows: 1, cut_cells: 1 });
    let shape = tabular::detect(&path, "x.xlsx").unwrap();
    let rows = read(&path, &shape.options);
    let cells = &rows.first().unwrap().cells;
    assert_eq!(cells.first().unwrap().chars().count(), 32_767);
    assert_eq!(cells.get(4).unwrap(), "9223372036854775807");
    assert_eq!(cells.get(5).unwrap(), "04/05/1850");
}
