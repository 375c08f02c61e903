//! Where a column of a file can go. Exports name their columns in the same way,
//! so that what was exported can be imported again.
//!
//! `name` is a field; `addresses.cep` a field of lines; `contacts.whatsapp` the
//! value of a line with that key, and `external_ids.erp` likewise.

use conexao_domain::{
    kernel::{
        field::{Field, Kind, Lines, Writer},
        resource::Resource,
    },
    locale::{self, Locale},
};

/// Longest word that may be a key, in characters.
const WORD: usize = 40;

/// Lines that are a list of keys and values: the first two fields are required
/// and have no default, and nothing else is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Keyed {
    pub key: &'static Field,
    pub value: &'static Field,
}

impl Keyed {
    pub(crate) fn of(lines: &'static Lines) -> Option<Self> {
        let needed = |field: &&Field| field.required && field.default.is_none();
        match lines.fields {
            [key, value, rest @ ..] if needed(&key) && needed(&value) && !rest.iter().any(|f| needed(&f)) => {
                Some(Self { key, value })
            }
            _ => None,
        }
    }

    /// The keys there are; none when any word is one.
    pub(crate) fn words(self) -> &'static [&'static str] {
        match self.key.kind {
            Kind::Choice(words) => words,
            _ => &[],
        }
    }
}

/// A place for the values of a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Target {
    Field(&'static Field),
    /// A field of lines.
    Line {
        owner: &'static Field,
        lines: &'static Lines,
        field: &'static Field,
    },
    /// The value of a line with a key.
    Value {
        owner: &'static Field,
        lines: &'static Lines,
        keyed: Keyed,
        word: String,
    },
}

impl Target {
    /// The place of that name, if a file may fill it.
    pub(crate) fn parse(resource: &Resource, name: &str) -> Option<Self> {
        let Some((owner, rest)) = name.split_once('.') else {
            let field = resource.fields.iter().find(|f| f.name == name)?;
            return Self::fits(field).then_some(Self::Field(field));
        };
        let (owner, lines) = resource.lines().find(|(f, _)| f.name == owner)?;
        if let Some(field) = lines.fields.iter().find(|f| f.name == rest && f.writer != Writer::System) {
            return Some(Self::Line { owner, lines, field });
        }
        let keyed = Keyed::of(lines)?;
        let known = keyed.words();
        let fits = if known.is_empty() { is_word(rest) } else { known.contains(&rest) };
        fits.then(|| Self::Value { owner, lines, keyed, word: rest.to_owned() })
    }

    /// Whether a plain field takes values from files: what people may write, and
    /// what finds an existing record.
    fn fits(field: &Field) -> bool {
        let plain = !matches!(field.kind, Kind::Lines(_) | Kind::State);
        plain && (field.key || field.writer != Writer::System)
    }

    /// Every place with a name of its own; keys that may be any word are not among them.
    pub(crate) fn all(resource: &'static Resource) -> Vec<Self> {
        let mut all: Vec<Self> = resource.fields.iter().filter(|f| Self::fits(f)).map(Self::Field).collect();
        for (owner, lines) in resource.lines() {
            if let Some(keyed) = Keyed::of(lines) {
                let words = keyed.words().iter();
                all.extend(words.map(|word| Self::Value { owner, lines, keyed, word: (*word).to_owned() }));
            }
            let fields = lines.fields.iter().filter(|f| f.writer != Writer::System);
            all.extend(fields.map(|field| Self::Line { owner, lines, field }));
        }
        all
    }

    pub(crate) fn name(&self) -> String {
        match self {
            Self::Field(field) => field.name.to_owned(),
            Self::Line { owner, field, .. } => format!("{}.{}", owner.name, field.name),
            Self::Value { owner, word, .. } => format!("{}.{word}", owner.name),
        }
    }

    /// The lines field it belongs to.
    pub(crate) fn owner(&self) -> Option<&'static Field> {
        match self {
            Self::Field(_) => None,
            Self::Line { owner, .. } | Self::Value { owner, .. } => Some(owner),
        }
    }

    /// What its values are.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Field(field) | Self::Line { field, .. } => field.kind,
            Self::Value { keyed, word, .. } => match word.as_str() {
                "phone" | "whatsapp" => Kind::Phone,
                "email" => Kind::Email,
                _ => keyed.value.kind,
            },
        }
    }

    /// Whether values are personal data.
    pub(crate) fn is_personal(&self) -> bool {
        match self {
            Self::Field(field) | Self::Line { field, .. } => field.personal,
            Self::Value { keyed, .. } => keyed.value.personal,
        }
    }

    /// Whether a new record cannot do without it.
    pub(crate) fn is_required(&self) -> bool {
        let needed = |field: &Field| field.required && field.default.is_none();
        match self {
            Self::Field(field) => needed(field),
            Self::Line { owner, field, .. } => owner.required && needed(field),
            Self::Value { .. } => false,
        }
    }

    /// Whether people may write it; the others only find existing records.
    pub(crate) fn is_written(&self) -> bool {
        !matches!(self, Self::Field(field) if field.writer == Writer::System)
    }

    /// What people call it, without the lines it belongs to.
    pub(crate) fn own_label(&self, resource: &Resource, locale: Locale) -> String {
        match self {
            Self::Field(field) => locale::field(locale, resource.name, field.name),
            Self::Line { lines, field, .. } => locale::field(locale, lines.table, field.name),
            Self::Value { lines, keyed, word, .. } if !keyed.words().is_empty() => {
                locale::choice(locale, lines.table, keyed.key.name, word)
            }
            Self::Value { word, .. } => word.clone(),
        }
    }

    /// What people call it: `Endereços: CEP`.
    pub(crate) fn label(&self, resource: &Resource, locale: Locale) -> String {
        let own = self.own_label(resource, locale);
        match self.owner() {
            Some(owner) => format!("{}: {own}", locale::field(locale, resource.name, owner.name)),
            None => own,
        }
    }
}

/// Words that may name another system: letters, digits, `_` and `-`.
fn is_word(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    !text.is_empty() && text.chars().count() <= WORD && text.chars().all(fits)
}

/// A header as a word.
pub(crate) fn word_of(header: &str) -> String {
    let low = header.trim().to_lowercase();
    low.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).take(WORD).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use conexao_domain::{after_sales::warranty::WARRANTY, customers::customer::CUSTOMER, registry::RESOURCES};

    use super::*;

    #[test]
    fn every_place_is_found_by_its_name() {
        for resource in RESOURCES {
            for target in Target::all(resource) {
                assert_eq!(Target::parse(resource, &target.name()), Some(target));
            }
        }
    }

    #[test]
    fn contacts_go_by_channel_and_codes_by_system() {
        let kind = |name: &str| Target::parse(&CUSTOMER, name).map(|t| t.kind().name());
        assert_eq!(kind("contacts.whatsapp"), Some("phone"));
        assert_eq!(kind("contacts.email"), Some("email"));
        assert_eq!(kind("external_ids.erp"), Some("text"));
        assert_eq!(kind("addresses.cep"), Some("cep"));
        for name in ["contacts.fax", "status", "phone", "contacts", "external_ids.", "external_ids.a b", "addresses.x"]
        {
            assert_eq!(kind(name), None, "{name}");
        }
    }

    #[test]
    fn items_are_no_keys_and_numbers_only_find() {
        let sku = Target::parse(&WARRANTY, "items.sku").unwrap();
        assert!(sku.is_required() && matches!(sku, Target::Line { .. }));
        let number = Target::parse(&WARRANTY, "number").unwrap();
        assert!(!number.is_written() && !number.is_required());
    }

    #[test]
    fn labels_tell_lines_apart() {
        let label = |name: &str| Target::parse(&CUSTOMER, name).unwrap().label(&CUSTOMER, Locale::PtBr);
        assert_eq!(label("name"), "Nome ou razão social");
        assert_eq!(label("contacts.whatsapp"), "Contatos: WhatsApp");
        assert_eq!(label("addresses.cep"), "Endereços: CEP");
        assert_eq!(word_of(" COD EXT"), "cod_ext");
    }
}
