//! From the cells of a row to the input of a record, by the mapping.

use std::collections::HashMap;

use chrono_tz::Tz;
use conexao_domain::kernel::{
    field::{Field, Kind},
    problem::{FieldProblem, Problem},
    resource::Resource,
    value::{CpfCnpj, Invalid},
};
use conexao_integrations::tabular::{IssueKind, Row, Shape};
use serde_json::{Map, Value as Json};

use super::{
    lines,
    model::{CellProblem, ColumnMapping},
    target::Target,
    value::Reader,
};

/// A row on its way to becoming a record.
#[derive(Debug, Clone, Default)]
pub(crate) struct MappedRow {
    pub line: u64,
    pub cells: Vec<String>,
    /// What the row says of the record; empty cells say nothing.
    pub input: Map<String, Json>,
    /// What finds the existing record, canonical.
    pub key: Option<String>,
    /// References by name, to be looked up.
    pub pending: Vec<Pending>,
    pub problems: Vec<CellProblem>,
    pub warnings: Vec<CellProblem>,
}

/// A reference that the file names instead of giving its id.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub field: &'static Field,
    /// The lines field and position it stands in, if it does.
    pub place: Option<(&'static str, usize)>,
    pub text: String,
    pub column: usize,
    /// Name of the target.
    pub name: String,
}

/// A column that feeds a target.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub column: usize,
    pub reader: Reader,
}

/// A target with everything that feeds it.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub target: Target,
    pub name: String,
    pub sources: Vec<Source>,
}

/// A mapping made ready for many rows.
#[derive(Debug)]
pub(crate) struct Mapper {
    pub resource: &'static Resource,
    /// Plain fields.
    fields: Vec<Slot>,
    /// Slots of each lines field.
    owners: Vec<(&'static Field, Vec<Slot>)>,
    key: Option<String>,
    /// The field that says person or company, where the document may say it.
    person: Option<(&'static str, &'static str)>,
}

impl Mapper {
    /// `key` names the target that finds existing records. Refuses targets the
    /// resource does not have.
    pub(crate) fn new(
        resource: &'static Resource,
        shape: &Shape,
        mapping: &[ColumnMapping],
        key: Option<&str>,
        zone: Tz,
    ) -> Result<Self, Problem> {
        let mut slots: Vec<Slot> = Vec::new();
        for mapped in mapping {
            let Some(name) = &mapped.field else { continue };
            let target = Target::parse(resource, name)
                .ok_or_else(|| Problem::fields(vec![FieldProblem::new(name, "unknown")]))?;
            let column = shape.columns.get(mapped.column);
            let how = column.map(|c| (c.reading, c.kind)).ok_or_else(|| Problem::field("mapping", "range"))?;
            let (owner, field) = match &target {
                Target::Field(field) => (resource.name, field.name),
                Target::Line { lines, field, .. } => (lines.table, field.name),
                Target::Value { lines, keyed, .. } => (lines.table, keyed.value.name),
            };
            let source = Source { column: mapped.column, reader: Reader::new(target.kind(), owner, field, how, zone) };
            match slots.iter_mut().find(|slot| slot.target == target) {
                Some(slot) => slot.sources.push(source),
                None => slots.push(Slot { target, name: name.clone(), sources: vec![source] }),
            }
        }
        Ok(Self::of(resource, slots, key))
    }

    fn of(resource: &'static Resource, slots: Vec<Slot>, key: Option<&str>) -> Self {
        let mut mapper =
            Self { resource, fields: Vec::new(), owners: Vec::new(), key: key.map(str::to_owned), person: None };
        for slot in slots {
            match slot.target.owner() {
                None => mapper.fields.push(slot),
                Some(owner) => match mapper.owners.iter_mut().find(|(other, _)| *other == owner) {
                    Some((_, slots)) => slots.push(slot),
                    None => mapper.owners.push((owner, vec![slot])),
                },
            }
        }
        mapper.person = person(resource).filter(|(kind, document)| !mapper.has(kind) && mapper.has(document));
        mapper
    }

    fn has(&self, name: &str) -> bool {
        self.slots().any(|slot| slot.name == name)
    }

    pub(crate) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.fields.iter().chain(self.owners.iter().flat_map(|(_, slots)| slots))
    }

    /// Reads a row; what is wrong with cells is noted, not refused.
    pub(crate) fn map(&self, row: Row) -> MappedRow {
        let mut mapped = MappedRow { line: row.line, cells: row.cells, ..MappedRow::default() };
        self.issues(&row.issues, &mut mapped);
        self.read_cells(&mut mapped);
        mapped
    }

    /// Reads cells that were read from the file before.
    pub(crate) fn map_cells(&self, line: u64, cells: Vec<String>) -> MappedRow {
        let mut mapped = MappedRow { line, cells, ..MappedRow::default() };
        self.read_cells(&mut mapped);
        mapped
    }

    fn read_cells(&self, row: &mut MappedRow) {
        let cells = std::mem::take(&mut row.cells);
        for slot in &self.fields {
            self.plain(slot, &cells, row);
        }
        for (owner, slots) in &self.owners {
            lines::read(owner, slots, &cells, row);
        }
        self.key_of_lines(row);
        if let Some((kind, document)) = self.person
            && let Some(Ok(document)) = row.input.get(document).and_then(Json::as_str).map(CpfCnpj::parse)
        {
            let word = if document.is_cnpj() { COMPANY } else { PERSON };
            row.input.insert(kind.to_owned(), word.into());
        }
        row.cells = cells;
    }

    /// A plain field: texts of several columns are joined, of other values the
    /// first that is there counts.
    fn plain(&self, slot: &Slot, cells: &[String], row: &mut MappedRow) {
        let Target::Field(field) = slot.target else { return };
        let mut value = Json::Null;
        for source in &slot.sources {
            let text = cell(cells, source.column);
            match source.reader.read(text) {
                Ok(Json::Null) => {}
                Ok(read) => value = join(field, value, read),
                Err(invalid) => {
                    row.problems.push(CellProblem::new(Some(source.column), Some(&slot.name), Some(text), invalid));
                }
            }
        }
        let Json::String(text) = &value else {
            if !value.is_null() {
                row.input.insert(field.name.to_owned(), value);
            }
            return;
        };
        if self.key.as_deref() == Some(&*slot.name) {
            row.key = Some(text.clone());
        }
        if matches!(field.kind, Kind::Reference(_) | Kind::User) {
            let column = slot.sources.first().map_or(0, |source| source.column);
            row.pending.push(Pending { field, place: None, text: text.clone(), column, name: slot.name.clone() });
        } else if slot.target.is_written() {
            row.input.insert(field.name.to_owned(), value);
        }
    }

    /// The key when it is the value of a line, e.g. the code of another system.
    fn key_of_lines(&self, row: &mut MappedRow) {
        let Some(key) = &self.key else { return };
        for slot in self.owners.iter().flat_map(|(_, slots)| slots).filter(|slot| slot.name == *key) {
            let Target::Value { owner, keyed, word, .. } = &slot.target else { continue };
            let lines = row.input.get(owner.name).and_then(Json::as_array).into_iter().flatten();
            let mut own = lines.filter(|line| line.get(keyed.key.name).and_then(Json::as_str) == Some(word));
            row.key = own.next().and_then(|line| line.get(keyed.value.name)?.as_str()).map(str::to_owned);
        }
    }

    fn issues(&self, issues: &[conexao_integrations::tabular::RowIssue], row: &mut MappedRow) {
        for issue in issues {
            let slot = self.slots().find(|slot| slot.sources.iter().any(|source| source.column == issue.column));
            let text = row.cells.get(issue.column).map(String::as_str);
            let name = slot.map(|slot| slot.name.as_str());
            let problem = |invalid| CellProblem::new(Some(issue.column), name, text, invalid);
            match issue.kind {
                IssueKind::ExtraCells => row.warnings.push(problem(Invalid("extra_cells"))),
                _ if slot.is_none() => {}
                IssueKind::FormulaError => row.problems.push(problem(Invalid("formula_error"))),
                IssueKind::Truncated => row.problems.push(problem(Invalid("length"))),
                IssueKind::InvalidCharacters => row.warnings.push(problem(Invalid("invalid_characters"))),
            }
        }
    }

    /// Values that must not occur twice, of the fields in `unique` and the key.
    pub(crate) fn uniques<'a>(&'a self, row: &'a MappedRow) -> impl Iterator<Item = (&'a str, &'a str)> {
        let unique = self.resource.fields.iter().filter(|field| field.unique);
        let values = unique.filter_map(|field| Some((field.name, row.input.get(field.name)?.as_str()?)));
        let key = self.key.as_deref().zip(row.key.as_deref());
        let own = key
            .filter(|(name, _)| !self.resource.field(name).is_some_and(|f| f.unique && row.input.contains_key(f.name)));
        values.chain(own)
    }

    /// What the plan says of a field, told of the cell it came from.
    pub(crate) fn explain(&self, problem: &FieldProblem, cells: &[String]) -> CellProblem {
        let slot = self.slot_of(&problem.field);
        let filled = slot.and_then(|slot| slot.sources.iter().find(|source| !cell(cells, source.column).is_empty()));
        let source = filled.or_else(|| slot.and_then(|slot| slot.sources.first()));
        let text = source.map(|source| cell(cells, source.column).to_owned());
        CellProblem {
            column: source.map(|source| source.column),
            field: Some(slot.map_or_else(|| problem.field.clone(), |slot| slot.name.clone())),
            value: text,
            code: problem.code.clone(),
            line: None,
        }
    }

    fn slot_of(&self, path: &str) -> Option<&Slot> {
        let mut parts = path.split('.');
        let (owner, _, last) = (parts.next()?, parts.next(), parts.next());
        let exact = last.map_or_else(|| path.to_owned(), |last| format!("{owner}.{last}"));
        let of_owner = || {
            let (_, slots) = self.owners.iter().find(|(field, _)| field.name == owner)?;
            slots.first().filter(|_| slots.len() == 1 || last.is_none())
        };
        self.slots().find(|slot| slot.name == exact).or_else(of_owner)
    }

    /// Target names with the text of the first cell that feeds each.
    pub(crate) fn texts<'a>(&'a self, cells: &'a [String]) -> HashMap<&'a str, &'a str> {
        let of = |slot: &'a Slot| {
            let texts = slot.sources.iter().map(|source| cell(cells, source.column));
            Some((slot.name.as_str(), texts.into_iter().find(|text| !text.is_empty())?))
        };
        self.slots().filter_map(of).collect()
    }
}

pub(crate) fn cell(cells: &[String], column: usize) -> &str {
    cells.get(column).map_or("", |text| text.trim())
}

fn join(field: &Field, value: Json, next: Json) -> Json {
    let parted = match (field.kind, value, next) {
        (_, Json::Null, next) => return next,
        (Kind::Tags, Json::Array(mut tags), Json::Array(more)) => {
            tags.extend(more);
            return tags.into();
        }
        (Kind::Text { .. }, Json::String(a), Json::String(b)) => (a, " ", b),
        (Kind::LongText { .. }, Json::String(a), Json::String(b)) => (a, "\n", b),
        (_, value, _) => return value,
    };
    format!("{}{}{}", parted.0, parted.1, parted.2).into()
}

const PERSON: &str = "person";
const COMPANY: &str = "company";

/// The choice between person and company, and the document that settles it.
fn person(resource: &Resource) -> Option<(&'static str, &'static str)> {
    let choice = resource.fields.iter().find(|f| f.kind == Kind::Choice(&[PERSON, COMPANY]))?;
    let document = resource.fields.iter().find(|f| f.kind == Kind::CpfCnpj)?;
    Some((choice.name, document.name))
}
