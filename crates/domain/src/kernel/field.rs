//! Mechanism 1: a field is declared once, as data, and everything reads it.

/// What a field holds. JSON form and column type follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line of text, at most `max` characters.
    Text {
        max: usize,
    },
    /// Several lines of text, at most `max` characters.
    LongText {
        max: usize,
    },
    /// A whole number within the bounds.
    Integer {
        min: i64,
        max: i64,
    },
    /// Integer cents, BRL.
    Money,
    /// Basis points (1 % = 100).
    Rate,
    /// Integer thousandths (1 unit = 1000).
    Quantity,
    Boolean,
    /// A calendar day of the tenant's time zone, `YYYY-MM-DD`.
    Date,
    /// A moment in UTC, RFC 3339 with milliseconds.
    Instant,
    CpfCnpj,
    Phone,
    Cep,
    Email,
    Uf,
    /// Seven-digit IBGE code.
    Municipality,
    /// One of the listed words.
    Choice(&'static [&'static str]),
    /// Id of a record of the named resource.
    Reference(&'static str),
    /// Id of a user of the tenant.
    User,
    /// Free labels shared by all resources.
    Tags,
    /// Rows that belong to the record and are replaced with it.
    Lines(&'static Lines),
    /// Where the record stands in its flow; only a step changes it.
    State,
}

impl Kind {
    /// Whether values of this kind live in a column of the record's own table.
    pub const fn is_column(&self) -> bool {
        !matches!(self, Self::Lines(_) | Self::Tags)
    }

    /// Whether the value is ordered, so that ranges make sense.
    pub const fn is_ordered(&self) -> bool {
        matches!(self, Self::Integer { .. } | Self::Money | Self::Rate | Self::Quantity | Self::Date | Self::Instant)
    }

    /// Whether the value is text a person may search in part.
    pub const fn is_text(&self) -> bool {
        matches!(
            self,
            Self::Text { .. } | Self::LongText { .. } | Self::CpfCnpj | Self::Phone | Self::Cep | Self::Email
        )
    }

    /// What a record holds where nothing was said.
    pub fn empty(&self) -> serde_json::Value {
        match self {
            Self::Lines(_) | Self::Tags => serde_json::Value::Array(Vec::new()),
            _ => serde_json::Value::Null,
        }
    }

    /// The word used for this kind in metadata and import mapping.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::LongText { .. } => "long_text",
            Self::Integer { .. } => "integer",
            Self::Money => "money",
            Self::Rate => "rate",
            Self::Quantity => "quantity",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Instant => "instant",
            Self::CpfCnpj => "cpf_cnpj",
            Self::Phone => "phone",
            Self::Cep => "cep",
            Self::Email => "email",
            Self::Uf => "uf",
            Self::Municipality => "municipality",
            Self::Choice(_) => "choice",
            Self::Reference(_) => "reference",
            Self::User => "user",
            Self::Tags => "tags",
            Self::Lines(_) => "lines",
            Self::State => "state",
        }
    }
}

/// Who writes a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// People and programs, in any state.
    Anyone,
    /// People and programs while the record is in one of these states.
    While(&'static [&'static str]),
    /// Derivations, counters and flow steps only.
    System,
}

/// One declared field of a resource or of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent place the field takes part in")]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
    /// Column priority in lists: 1 always shows, 3 only on wide screens, 0 never.
    pub list: u8,
    pub sort: bool,
    pub filter: bool,
    pub search: bool,
    /// Form and detail section; `None` keeps the field out of forms.
    pub section: Option<&'static str>,
    /// May identify an existing record in an import.
    pub key: bool,
    /// No two live records of a tenant share the value.
    pub unique: bool,
    /// Personal data under LGPD: masked unless revealed.
    pub personal: bool,
    /// Tells of a person although it is shown, e.g. a name: the privacy desk
    /// finds it, and empties it like personal data.
    pub identifying: bool,
    pub writer: Writer,
    /// Canonical text form of the value a new record starts with.
    pub default: Option<&'static str>,
}

impl Field {
    /// A field that anyone may write and that takes part in nothing else yet.
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            required: false,
            list: 0,
            sort: false,
            filter: false,
            search: false,
            section: None,
            key: false,
            unique: false,
            personal: false,
            identifying: false,
            writer: Writer::Anyone,
            default: None,
        }
    }
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
    pub const fn list(mut self, priority: u8) -> Self {
        self.list = priority;
        self
    }
    pub const fn sort(mut self) -> Self {
        self.sort = true;
        self
    }
    pub const fn filter(mut self) -> Self {
        self.filter = true;
        self
    }
    pub const fn search(mut self) -> Self {
        self.search = true;
        self
    }
    pub const fn section(mut self, name: &'static str) -> Self {
        self.section = Some(name);
        self
    }
    pub const fn key(mut self) -> Self {
        self.key = true;
        self
    }
    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }
    pub const fn personal(mut self) -> Self {
        self.personal = true;
        self
    }
    pub const fn identifying(mut self) -> Self {
        self.identifying = true;
        self
    }
    pub const fn system(mut self) -> Self {
        self.writer = Writer::System;
        self
    }
    pub const fn editable_while(mut self, states: &'static [&'static str]) -> Self {
        self.writer = Writer::While(states);
        self
    }
    pub const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }
}

/// Rows that belong to one record, in a table of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// Table of the rows, e.g. `customer_contact`.
    pub table: &'static str,
    /// Column that holds the owner's id, e.g. `customer_id`.
    pub parent: &'static str,
    pub fields: &'static [Field],
    pub min: usize,
    pub max: usize,
}
