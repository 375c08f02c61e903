//! Writes N made-up customers, to measure memory and speed: `cargo run
//! --release -p conexao-integrations --example write_rows -- N FILE`, where
//! FILE ends in `.csv`, `.xlsx` or `.jsonl`.

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use chrono::{DateTime, NaiveDate};
use conexao_integrations::tabular::sink::{CsvStyle, XlsxOptions};
use conexao_integrations::tabular::{Cell, CellKind, Column, CsvSink, JsonLinesSink, Sink, XlsxSink};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let rows: i64 = arguments.next().ok_or("how many rows?")?.parse()?;
    let file = arguments.next().ok_or("into which file?")?;
    let path = Path::new(&file);
    let zone = chrono_tz::Tz::America__Sao_Paulo;
    let mut sink: Box<dyn Sink> = match path.extension().and_then(|e| e.to_str()) {
        Some("csv") => {
            let output = BufWriter::new(File::create(path)?);
            Box::new(CsvSink::new(output, CsvStyle::Brazil, zone))
        }
        Some("jsonl") => Box::new(JsonLinesSink::new(BufWriter::new(File::create(path)?))),
        Some("xlsx") => Box::new(XlsxSink::create(path, XlsxOptions::default())?),
        _ => return Err("csv, xlsx or jsonl".into()),
    };
    sink.header(&columns())?;
    for number in 0..rows {
        sink.row(&customer(number))?;
    }
    sink.finish()?;
    Ok(())
}

fn columns() -> Vec<Column> {
    [
        ("name", "Nome", CellKind::Text),
        ("document", "CNPJ", CellKind::Text),
        ("phone", "Telefone", CellKind::Phone),
        ("email", "E-mail", CellKind::Text),
        ("street", "Logradouro", CellKind::Text),
        ("city", "Município", CellKind::Text),
        ("limit", "Limite", CellKind::Money),
        ("orders", "Pedidos", CellKind::Integer),
        ("since", "Cliente desde", CellKind::Date),
        ("seen", "Visto em", CellKind::Instant),
        ("active", "Ativo", CellKind::Bool),
    ]
    .map(|(name, title, kind)| Column::new(name, title, kind))
    .to_vec()
}

fn customer(number: i64) -> Vec<Cell> {
    let day = NaiveDate::from_num_days_from_ce_opt(730_000 + i32::try_from(number % 9_000).unwrap_or(0));
    let moment = DateTime::from_timestamp(1_700_000_000 + number, 0);
    vec![
        Cell::from(format!("Comércio de Móveis São João {number} Ltda.")),
        Cell::from(format!("{number:014}")),
        Cell::from(format!("+55119{:08}", number % 100_000_000)),
        Cell::from(format!("compras{number}@exemplo.com.br")),
        Cell::from(format!("Rua das Acácias, {}; fundos", number % 2_000)),
        Cell::from("São Bernardo do Campo"),
        Cell::Money(number * 137 % 10_000_000),
        Cell::Integer(number % 300),
        day.map_or(Cell::Empty, Cell::Date),
        moment.map_or(Cell::Empty, Cell::Instant),
        Cell::Bool(number % 3 == 0),
    ]
}
