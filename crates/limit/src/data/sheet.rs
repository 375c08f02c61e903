//! Customers as a back office would send them: a text file with semicolons.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value as Json;

use super::customer;

/// Headers as people write them.
pub const HEADER: [&str; 12] = [
    "Tipo de pessoa",
    "Nome",
    "CPF/CNPJ",
    "Data de nascimento",
    "WhatsApp",
    "E-mail",
    "CEP",
    "Logradouro",
    "Número",
    "Bairro",
    "Cidade",
    "UF",
];

/// Writes `rows` customers from the `first`-th on.
pub fn write(path: &Path, rows: u64, first: u64) -> Result<()> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_path(path)?;
    writer.write_record(HEADER)?;
    for n in first..first + rows {
        writer.write_record(row(n).context("no address")?)?;
    }
    Ok(writer.flush()?)
}

fn row(n: u64) -> Option<[String; 12]> {
    let input = customer::input(n, &[]);
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let address = input.get("addresses")?.get(0)?;
    let part = |name: &str| address.get(name).map(text).unwrap_or_default();
    let own = |name: &str| input.get(name).map(text).unwrap_or_default();
    let kind = if own("kind") == "company" { "Pessoa jurídica" } else { "Pessoa física" };
    let born: Vec<String> = own("birth_date").split('-').rev().map(str::to_owned).collect();
    Some([
        kind.to_owned(),
        own("name"),
        own("document"),
        born.join("/"),
        customer::phone(n),
        customer::email(n),
        part("cep"),
        part("street"),
        part("number"),
        part("district"),
        part("city"),
        part("uf"),
    ])
}
