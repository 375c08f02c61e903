//! Rows in PostgreSQL's COPY text format, for a resource and all it owns.

use std::fmt::Write;

use conexao_domain::kernel::{
    field::{Field, Kind},
    record::Record,
    resource::Resource,
    value::fold,
};
use serde_json::Value as Json;

use super::shape::Row;

/// Text on its way into one table.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    columns: Vec<String>,
    pub text: String,
}

impl Table {
    fn new(name: &'static str, columns: impl Iterator<Item = String>) -> Self {
        Self { name, columns: columns.collect(), text: String::new() }
    }

    /// The statement that takes the text.
    pub fn statement(&self) -> String {
        format!("COPY {} ({}) FROM STDIN", self.name, self.columns.join(", "))
    }

    fn row<'v>(&mut self, values: impl Iterator<Item = std::borrow::Cow<'v, Json>>) {
        for (position, value) in values.enumerate() {
            if position > 0 {
                self.text.push('\t');
            }
            write_value(&mut self.text, &value);
        }
        self.text.push('\n');
    }
}

fn write_value(text: &mut String, value: &Json) {
    match value {
        Json::Null => text.push_str("\\N"),
        Json::String(plain) => plain.chars().for_each(|letter| match letter {
            '\\' => text.push_str("\\\\"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            other => text.push(other),
        }),
        other => drop(write!(text, "{other}")),
    }
}

fn sort_copies(resource: &'static Resource) -> impl Iterator<Item = &'static Field> {
    resource.fields.iter().filter(|f| f.sort && matches!(f.kind, Kind::Text { .. }))
}

/// The tables of a resource: its own, its lines, the tags.
pub fn tables(resource: &'static Resource) -> Vec<Table> {
    let fields = resource.columns().map(|f| f.name.to_owned());
    let own = ["tenant_id", "search_text"].map(str::to_owned).into_iter().chain(fields);
    let own = own.chain(sort_copies(resource).map(|f| format!("{}_sort", f.name)));
    let mut tables = vec![Table::new(resource.table, own)];
    for (_, lines) in resource.lines() {
        let columns =
            ["tenant_id", "id", lines.parent, "position"].into_iter().chain(lines.fields.iter().map(|f| f.name));
        tables.push(Table::new(lines.table, columns.map(str::to_owned)));
    }
    if resource.has_tags() {
        let columns = ["tenant_id", "resource", "record_id", "tag"];
        tables.push(Table::new("tag_link", columns.map(str::to_owned).into_iter()));
    }
    tables
}

/// Adds a record to its tables.
pub fn add(tables: &mut [Table], resource: &'static Resource, tenant: i32, row: &Row) {
    use std::borrow::Cow::{Borrowed, Owned};
    let record = &row.record;
    let mut tables = tables.iter_mut();
    if let Some(own) = tables.next() {
        let fields = resource.columns().map(|f| Borrowed(record.get(f.name)));
        let folded = |f: &Field| Owned(record.text(f.name).map(fold).into());
        let first = [Owned(tenant.into()), Owned(row.search.as_str().into())];
        own.row(first.into_iter().chain(fields).chain(sort_copies(resource).map(folded)));
    }
    for ((field, lines), table) in resource.lines().zip(&mut tables) {
        for (position, line) in record.lines(field.name).iter().enumerate() {
            let first = [tenant.into(), line.id().into(), record.id().into(), position.into()].map(Owned::<Json>);
            table.row(first.into_iter().chain(lines.fields.iter().map(|f| Borrowed(line.get(f.name)))));
        }
    }
    if let Some(table) = tables.next() {
        add_tags(table, resource, tenant, record);
    }
}

fn add_tags(table: &mut Table, resource: &Resource, tenant: i32, record: &Record) {
    let field = resource.fields.iter().find(|f| f.kind == Kind::Tags);
    let tags = field.and_then(|f| record.get(f.name).as_array());
    for tag in tags.into_iter().flatten() {
        let values: [Json; 4] = [tenant.into(), resource.name.into(), record.id().into(), tag.clone()];
        table.row(values.into_iter().map(std::borrow::Cow::Owned));
    }
}
