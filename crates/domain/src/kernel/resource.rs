//! What a module is: one constant that every layer reads.

use super::{
    field::{Field, Kind},
    flow::Flow,
    merge::Merge,
    plan::Facts,
    problem::FieldProblem,
    record::Record,
};
use crate::settings::{Company, numbering};

/// A part of the product, and of the sidebar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    Customers,
    AfterSales,
    /// What people ask about their data, and what they agreed to.
    Privacy,
    /// Who comes in, and what they may do.
    Access,
    /// What is sent to people, and what was.
    Messages,
    /// Programs that work with the product.
    Programs,
    Settings,
}

impl Area {
    pub const ALL: &'static [Self] = &[
        Self::Customers,
        Self::AfterSales,
        Self::Privacy,
        Self::Access,
        Self::Messages,
        Self::Programs,
        Self::Settings,
    ];

    /// Whether the area looks after the product instead of the company's own work.
    pub const fn is_administration(self) -> bool {
        matches!(self, Self::Privacy | Self::Access | Self::Messages | Self::Programs | Self::Settings)
    }

    /// Key in locales (`area.<name>`) and icon lookup.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::AfterSales => "after_sales",
            Self::Privacy => "privacy",
            Self::Access => "access",
            Self::Messages => "messages",
            Self::Programs => "programs",
            Self::Settings => "settings",
        }
    }
}

/// A value given by a per-tenant sequence when the record is created.
#[derive(Debug, Clone, Copy)]
pub struct Counter {
    pub field: &'static str,
    /// Name of the sequence the record draws from.
    pub key: fn(&Record) -> String,
    /// How the drawn number is written.
    pub format: fn(&Record, i64) -> String,
}

impl Counter {
    /// A drawn number as the company writes it.
    pub fn write(&self, resource: &Resource, record: &Record, company: &Company, n: i64) -> String {
        match numbering::series_of(resource.name, self.field, record) {
            Some(series) => numbering::write(&company.numbering, series, n),
            None => (self.format)(record, n),
        }
    }
}

/// Who is told about an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The user in the record's `owner_id`, else who created it.
    Owner,
    /// Everyone with the role.
    Role(&'static str),
}

/// "When this happens, tell them": a declared notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// Event name, e.g. `warranty.checked`.
    pub event: &'static str,
    pub to: Audience,
    /// Notification category, `category.<name>` in the locales.
    pub category: &'static str,
}

/// Another resource that lists this one's records through a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Related {
    pub resource: &'static str,
    /// The reference field on that resource.
    pub field: &'static str,
}

/// How people take back what they just did to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undo {
    /// By what it was before, for a short while.
    Free,
    /// Not at all: this step makes the entry that balances it.
    Reversal(&'static str),
    /// Not at all: what followed has left the house, or lets somebody in.
    Never,
}

/// Data of other records that guards and rules need, fetched by the engine
/// into `Facts::data` under `name`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    pub name: &'static str,
    pub source: FactSource,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactSource {
    /// The record a reference field points to.
    Referenced(&'static str),
    /// How many live records of `resource` refer to this one through `field`.
    Count { resource: &'static str, field: &'static str },
}

/// One kind of record, declared once.
#[derive(Debug, Clone, Copy)]
pub struct Resource {
    /// Singular, snake case: permission prefix, event prefix, locale key.
    pub name: &'static str,
    /// Plural, kebab case: the API path segment.
    pub path: &'static str,
    /// Portuguese path of the screens, e.g. `clientes`.
    pub route: &'static str,
    pub table: &'static str,
    pub area: Area,
    pub icon: &'static str,
    /// Field shown as the record's name wherever it is mentioned.
    pub title: &'static str,
    /// Field shown under the name, if any.
    pub subtitle: Option<&'static str>,
    pub fields: &'static [Field],
    pub flow: Option<&'static Flow>,
    pub counters: &'static [Counter],
    /// Sort used when none is asked for, e.g. `-created_at`.
    pub default_sort: &'static str,
    /// Fills the system fields from the others.
    pub derive: fn(&mut Record, &Facts),
    /// Rules that involve several fields.
    pub check: fn(&Record, &Facts, &mut Vec<FieldProblem>),
    pub facts: &'static [Fact],
    pub notices: &'static [Notice],
    pub related: &'static [Related],
    /// Fields compared (any equal value) to warn of a possible duplicate.
    pub duplicates: &'static [&'static str],
    /// How two records become one; `None` where people may not merge them.
    pub merge: Option<&'static Merge>,
    /// How changes are taken back.
    pub undo: Undo,
}

/// For resources without derived fields.
pub fn no_derivation(_: &mut Record, _: &Facts) {}

/// For resources without rules across fields.
pub fn no_rules(_: &Record, _: &Facts, _: &mut Vec<FieldProblem>) {}

/// Columns every record has besides its declared fields.
pub const SYSTEM_FIELDS: &[Field] = &[
    Field::new("id", Kind::Text { max: 36 }).system(),
    Field::new("version", Kind::Integer { min: 1, max: i64::MAX }).system(),
    Field::new("created_at", Kind::Instant).sort().filter().system(),
    Field::new("updated_at", Kind::Instant).sort().filter().system(),
    Field::new("created_by", Kind::User).filter().system(),
];

/// Verbs every resource has besides the steps of its flow.
pub const VERBS: &[&str] = &["read", "create", "update", "delete", "export", "import", "reveal"];

impl Resource {
    /// A declared or system field by name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().chain(SYSTEM_FIELDS).find(|f| f.name == name)
    }

    /// Declared and system fields that are columns of the table, `id` first.
    pub fn columns(&self) -> impl Iterator<Item = &'static Field> {
        SYSTEM_FIELDS.iter().chain(self.fields).filter(|f| f.kind.is_column())
    }

    /// Lines fields with their declarations.
    pub fn lines(&self) -> impl Iterator<Item = (&'static Field, &'static super::field::Lines)> {
        self.fields.iter().filter_map(|f| match f.kind {
            Kind::Lines(lines) => Some((f, lines)),
            _ => None,
        })
    }

    /// Whether spreadsheets of such records make sense: something tells their rows apart.
    pub fn is_importable(&self) -> bool {
        self.fields.iter().any(|f| f.key)
    }

    pub fn has_tags(&self) -> bool {
        self.fields.iter().any(|f| f.kind == Kind::Tags)
    }

    /// Whether what an act of the audit did can be taken back: an update, or a
    /// step that asked for no confirmation. A reason code otherwise.
    pub fn undoable(&self, act: &str) -> Result<(), &'static str> {
        match self.undo {
            Undo::Free => {}
            Undo::Reversal(_) => return Err("undo_reversal"),
            Undo::Never => return Err("undo_never"),
        }
        match self.flow.and_then(|flow| flow.step(act)) {
            Some(step) if step.confirm => Err("undo_final"),
            None if act != "update" => Err("undo_nothing"),
            _ => Ok(()),
        }
    }

    /// Whether lists may sort by the field.
    pub fn sortable(&self, name: &str) -> Option<&'static Field> {
        self.field(name).filter(|f| f.sort)
    }

    pub fn filterable(&self, name: &str) -> Option<&'static Field> {
        self.field(name).filter(|f| f.filter)
    }

    /// Every permission of the resource: `customer.read`, `warranty.check`, …
    pub fn permissions(&self) -> Vec<String> {
        let steps = self.flow.map(|f| f.steps).unwrap_or_default();
        let verbs = VERBS.iter().copied().chain(steps.iter().map(|s| s.name));
        verbs.map(|verb| format!("{}.{verb}", self.name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{after_sales::warranty::WARRANTY, customers::customer::CUSTOMER, identity::user::USER};

    #[test]
    fn what_can_be_taken_back_follows_from_the_declaration() {
        assert_eq!(CUSTOMER.undoable("update"), Ok(()));
        assert_eq!(WARRANTY.undoable("generate"), Ok(()));
        assert_eq!(WARRANTY.undoable("cancel"), Err("undo_final"), "it asked whether it was meant");
        assert_eq!(CUSTOMER.undoable("create"), Err("undo_nothing"), "there is a removal for that");
        assert_eq!(USER.undoable("update"), Err("undo_never"));
        let money = Resource { undo: Undo::Reversal("reverse"), ..WARRANTY };
        assert_eq!(money.undoable("update"), Err("undo_reversal"));
    }
}
