//! Answers as tables for people or JSON lines for programs.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table, presets};
use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        record::Record,
        resource::Resource,
        value::{CpfCnpj, Money, Phone, Quantity, Rate},
    },
    locale::{self, Locale},
};
use serde_json::Value as Json;

/// How answers are written.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    pub json: bool,
    pub locale: Locale,
}

fn table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table
}

impl Output {
    /// Records of a list; columns are those of the screens unless chosen.
    pub fn records(self, resource: &Resource, columns: &[String], records: &[Record]) -> io::Result<()> {
        if self.json {
            return records.iter().try_for_each(|record| line(&chosen(record, columns)));
        }
        let names = columns_of(resource, columns);
        let mut table = table();
        table.set_header(names.iter().map(|name| name.to_uppercase()));
        for record in records {
            table.add_row(names.iter().map(|name| self.cell(resource, record, name)));
        }
        writeln!(io::stdout().lock(), "{}", table.trim_fmt())
    }

    /// One record, a line for each value.
    pub fn record(self, resource: &Resource, record: &Record) -> io::Result<()> {
        if self.json {
            return line(record);
        }
        let mut table = table();
        for (name, value) in record.0.iter().filter(|(name, value)| !name.starts_with('_') && !value.is_null()) {
            let text = match value {
                Json::Array(_) | Json::Object(_) => value.to_string(),
                _ => self.cell(resource, record, name),
            };
            table.add_row([name.clone(), text]);
        }
        writeln!(io::stdout().lock(), "{}", table.trim_fmt())
    }

    /// Any other answer.
    pub fn value(self, value: &Json) -> io::Result<()> {
        if self.json {
            return line(value);
        }
        match value {
            Json::Null => Ok(()),
            value => writeln!(io::stdout().lock(), "{value:#}"),
        }
    }

    fn cell(self, resource: &Resource, record: &Record, name: &str) -> String {
        let value = record.get(name);
        let title = record.get("_refs").pointer(&format!("/{name}/title")).and_then(Json::as_str);
        match (title, resource.field(name)) {
            (Some(title), _) => title.to_owned(),
            (None, Some(field)) => self.text(resource, field, value),
            (None, None) => plain(value),
        }
    }

    fn text(self, resource: &Resource, field: &Field, value: &Json) -> String {
        let (number, text) = (value.as_i64(), value.as_str());
        let shown = match field.kind {
            Kind::Money => number.map(|n| Money(n).to_string()),
            Kind::Rate => number.map(|n| Rate(n).to_string()),
            Kind::Quantity => number.map(|n| Quantity(n).to_string()),
            Kind::CpfCnpj => text.and_then(|t| CpfCnpj::parse(t).ok()).map(|v| v.to_string()),
            Kind::Phone => text.and_then(|t| Phone::parse(t).ok()).map(|v| v.to_string()),
            Kind::State => text.map(|t| locale::flow(self.locale, "state", resource.name, t)),
            Kind::Lines(_) => value.as_array().map(|rows| rows.len().to_string()),
            _ => None,
        };
        shown.unwrap_or_else(|| plain(value))
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn line(value: &impl serde::Serialize) -> io::Result<()> {
    let text = serde_json::to_string(value)?;
    writeln!(io::stdout().lock(), "{text}")
}

/// The chosen members of a record, all where none are chosen.
fn chosen(record: &Record, columns: &[String]) -> Record {
    if columns.is_empty() {
        return record.clone();
    }
    Record(columns.iter().map(|name| (name.clone(), record.get(name).clone())).collect())
}

fn columns_of(resource: &Resource, columns: &[String]) -> Vec<String> {
    if !columns.is_empty() {
        return columns.to_vec();
    }
    let mut listed: Vec<&Field> = resource.fields.iter().filter(|field| field.list > 0).collect();
    listed.sort_by_key(|field| field.list);
    std::iter::once("id").chain(listed.iter().map(|field| field.name)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use conexao_domain::customers::customer::CUSTOMER;
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_shown_as_people_read_them() {
        let values = json!({ "id": "a", "document": "52998224725", "status": "active", "owner_id": "u",
            "tags": ["vip", "sul"], "contacts": [{}], "_refs": { "owner_id": { "title": "Rui" } } });
        let record = Record(values.as_object().cloned().unwrap_or_default());
        let output = Output { json: false, locale: Locale::En };
        let cells = ["document", "status", "owner_id", "tags", "contacts", "name"];
        let cells = cells.map(|name| output.cell(&CUSTOMER, &record, name));
        assert_eq!(cells, ["529.982.247-25", "Active", "Rui", "vip, sul", "1", ""]);
        assert_eq!(columns_of(&CUSTOMER, &[]).first().map(String::as_str), Some("id"));
    }
}
