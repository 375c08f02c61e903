//! What a list may be asked: one grammar for every resource.
//!
//! `q=text` · `filter[field]=v` · `filter[field][op]=v` · `where={json tree}` ·
//! `sort=-created_at,name` · `after=cursor` · `limit=50` · `count=exact`.
//! Values may be relative: `@today`, `@today-7`, `@month`, `@year`, `@me`.

mod cursor;
mod interval;
mod parse;
mod relative;

pub use cursor::Cursor;
pub use interval::{Interval, shifts};
pub use parse::{parse, typed};
pub use relative::{midnight, resolve};

use serde_json::Value as Json;

use super::field::Field;

/// Rows of a page when none is asked for, and at most.
pub const DEFAULT_LIMIT: u64 = 50;
pub const MAX_LIMIT: u64 = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Eq,
    Ne,
    In,
    Gte,
    Lte,
    Gt,
    Lt,
    Contains,
    /// Value `true`: no value; `false`: any value.
    Empty,
}

impl Op {
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("eq", Self::Eq),
        ("ne", Self::Ne),
        ("in", Self::In),
        ("gte", Self::Gte),
        ("lte", Self::Lte),
        ("gt", Self::Gt),
        ("lt", Self::Lt),
        ("contains", Self::Contains),
        ("empty", Self::Empty),
    ];

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(n, _)| *n == name).map(|(_, op)| *op)
    }

    /// Whether the operator makes sense for the field.
    pub fn fits(self, field: &Field) -> bool {
        match self {
            Self::Gte | Self::Lte | Self::Gt | Self::Lt => field.kind.is_ordered(),
            Self::Contains => field.kind.is_text(),
            _ => true,
        }
    }
}

/// A tree of conditions over declared fields, values canonical.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Is { field: &'static Field, op: Op, values: Vec<Json> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    pub field: &'static Field,
    pub descending: bool,
}

/// A checked list request.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    pub q: Option<String>,
    pub filter: Filter,
    pub sort: Vec<Sort>,
    pub after: Option<Cursor>,
    pub limit: u64,
    pub count: bool,
}

impl ListQuery {
    /// The sort as it was written, e.g. `-created_at,name`.
    pub fn sort_text(&self) -> String {
        let keys = self.sort.iter().map(|s| format!("{}{}", if s.descending { "-" } else { "" }, s.field.name));
        keys.collect::<Vec<_>>().join(",")
    }
}
