//! What a form holds while somebody fills it in: a signal per value and the
//! rows of its lines.

use conexao_domain::kernel::{
    field::{Field, Kind, Lines},
    record::Record,
    resource::Resource,
};
use leptos::prelude::{Owner, WeakOwner, *};
use serde_json::{Map, Value as Json};

use super::{
    mention::{mention, refs},
    values,
};
use crate::api::records::Mention;

/// One value being edited.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    pub field: &'static Field,
    pub value: RwSignal<Json>,
    /// What a reference is called.
    pub mention: RwSignal<Option<Mention>>,
}

impl Cell {
    fn new(field: &'static Field, record: &Record) -> Self {
        Self {
            field,
            value: RwSignal::new(record.get(field.name).clone()),
            mention: RwSignal::new(mention(record, field.name)),
        }
    }
}

/// One line being edited; `key` stays with it when it moves.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub key: u32,
    id: StoredValue<Option<String>>,
    pub cells: StoredValue<Vec<Cell>>,
}

impl Row {
    fn new(key: u32, lines: &Lines, line: &Record) -> Self {
        Self {
            key,
            id: StoredValue::new(line.text("id").map(str::to_owned)),
            cells: StoredValue::new(values::line_fields(lines).map(|field| Cell::new(field, line)).collect()),
        }
    }

    /// The line with its mentions; tracked.
    pub fn record(self) -> Record {
        let mut line = Record::default();
        if let Some(id) = self.id.get_value() {
            line.set("id", id);
        }
        let cells = self.cells.get_value();
        for cell in &cells {
            line.set(cell.field.name, cell.value.get());
        }
        line.set("_refs", refs(cells.iter().map(|cell| (cell.field.name, cell.mention.get()))));
        line
    }

    pub fn cell(self, name: &str) -> Option<Cell> {
        self.cells.with_value(|cells| cells.iter().find(|cell| cell.field.name == name).copied())
    }

    /// Whether it is the line of the record with this id.
    pub fn is(self, id: &str) -> bool {
        self.id.with_value(|own| own.as_deref() == Some(id))
    }
}

/// The lines of one field.
#[derive(Clone, Copy)]
pub struct Block {
    pub field: &'static Field,
    pub lines: &'static Lines,
    pub rows: RwSignal<Vec<Row>>,
    next: StoredValue<u32>,
    /// New rows live as long as the form, not as long as the click that made them.
    owner: StoredValue<Option<WeakOwner>>,
}

impl Block {
    fn new(field: &'static Field, lines: &'static Lines, record: &Record) -> Self {
        let rows: Vec<Row> =
            (0..).zip(record.lines(field.name)).map(|(key, line)| Row::new(key, lines, &line)).collect();
        let next = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        Self {
            field,
            lines,
            rows: RwSignal::new(rows),
            next: StoredValue::new(next),
            owner: StoredValue::new(Owner::current().map(|owner| owner.downgrade())),
        }
    }

    /// Adds an empty line and gives its key.
    pub fn add(self) -> Option<u32> {
        self.put(&values::blank_line(self.lines))
    }

    /// Adds a line with these values.
    pub fn put(self, line: &Record) -> Option<u32> {
        if self.rows.with_untracked(Vec::len) >= self.lines.max {
            return None;
        }
        let key = self.next.get_value();
        self.next.set_value(key.wrapping_add(1));
        let owner = self.owner.get_value().and_then(|owner| owner.upgrade())?;
        let row = owner.with(|| Row::new(key, self.lines, line));
        self.rows.update(|rows| rows.push(row));
        Some(key)
    }

    pub fn remove(self, key: u32) {
        self.rows.update(|rows| rows.retain(|row| row.key != key));
    }

    /// Swaps a line with the one before (`up`) or after it.
    pub fn shift(self, key: u32, up: bool) {
        self.rows.update(|rows| {
            let Some(at) = rows.iter().position(|row| row.key == key) else { return };
            let other = if up { at.checked_sub(1) } else { Some(at + 1).filter(|at| *at < rows.len()) };
            if let Some(other) = other {
                rows.swap(at, other);
            }
        });
    }

    /// Where a line stands now, from 0; tracked.
    pub fn position(self, key: u32) -> Option<usize> {
        self.rows.with(|rows| rows.iter().position(|row| row.key == key))
    }
}

/// All values of a record being edited.
#[derive(Clone, Copy)]
pub struct Model {
    pub resource: &'static Resource,
    /// What the ids of its controls begin with (`path`).
    pub place: &'static str,
    pub cells: StoredValue<Vec<Cell>>,
    pub blocks: StoredValue<Vec<Block>>,
}

impl Model {
    /// A model that starts with the values of a record.
    pub fn new(resource: &'static Resource, place: &'static str, record: &Record) -> Self {
        let (mut cells, mut blocks) = (Vec::new(), Vec::new());
        for field in values::fields(resource) {
            match field.kind {
                Kind::Lines(lines) => blocks.push(Block::new(field, lines, record)),
                _ => cells.push(Cell::new(field, record)),
            }
        }
        Self { resource, place, cells: StoredValue::new(cells), blocks: StoredValue::new(blocks) }
    }

    pub fn cell(self, name: &str) -> Option<Cell> {
        self.cells.with_value(|cells| cells.iter().find(|cell| cell.field.name == name).copied())
    }

    pub fn block(self, name: &str) -> Option<Block> {
        self.blocks.with_value(|blocks| blocks.iter().find(|block| block.field.name == name).copied())
    }

    /// Everything filled in so far, with what references are called; tracked.
    pub fn record(self) -> Record {
        let mut record = Record::default();
        let cells = self.cells.get_value();
        for cell in &cells {
            record.set(cell.field.name, cell.value.get());
        }
        record.set("_refs", refs(cells.iter().map(|cell| (cell.field.name, cell.mention.get()))));
        for block in self.blocks.get_value() {
            let lines: Vec<Json> = block.rows.get().into_iter().map(|row| Json::Object(row.record().0)).collect();
            record.set(block.field.name, lines);
        }
        record
    }

    /// What people may write, as it is now; tracked.
    pub fn values(self) -> Map<String, Json> {
        values::writable(self.resource, &self.record())
    }
}
