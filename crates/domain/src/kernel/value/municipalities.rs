//! The names of all municipalities, compiled in (feature `municipalities`).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Municipality, Uf, fold};

/// A municipality and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The IBGE code.
    pub code: Municipality,
    /// The official name.
    pub name: &'static str,
    /// Whether it is the capital of its state.
    pub capital: bool,
    folded: String,
}

impl Record {
    /// The state it belongs to.
    #[must_use]
    pub fn uf(&self) -> Uf {
        self.code.uf()
    }

    /// The keys it is found by: its name and, for one that the table has as `New (Old)`, either part.
    fn keys(&self) -> impl Iterator<Item = String> {
        let parts = self.folded.split(['(', ')']).map(key_of);
        parts.chain([key_of(&self.folded)]).filter(|key| !key.is_empty())
    }

    /// How well a folded search text fits: the whole name, its beginning, a word's beginning, anywhere.
    fn rank(&self, text: &str) -> Option<u8> {
        let at = self.folded.find(text)?;
        let before = self.folded.get(..at).unwrap_or_default();
        Some(match at {
            0 if self.folded.len() == text.len() => 0,
            0 => 1,
            _ if before.ends_with(|c: char| !c.is_alphanumeric()) => 2,
            _ => 3,
        })
    }
}

/// Sorted by code, as the file is.
static TABLE: LazyLock<Vec<Record>> = LazyLock::new(|| read(include_str!("../../../data/municipalities.txt")));

/// Where in the table each name of a state stands; imports look up one for every row.
static NAMES: LazyLock<HashMap<(Uf, String), usize>> = LazyLock::new(|| {
    let keys = |(at, record): (usize, &'static Record)| {
        let uf = record.uf();
        record.keys().map(move |key| ((uf, key), at))
    };
    TABLE.iter().enumerate().flat_map(keys).collect()
});

/// The longest text worth comparing with names, in bytes.
const LONGEST_NAME: usize = 200;

fn read(text: &'static str) -> Vec<Record> {
    let mut state = "";
    let mut records = Vec::with_capacity(5600);
    for line in text.lines() {
        if let Some(code) = line.strip_prefix('#') {
            state = code;
        } else if let Some((code, name)) = line.split_at_checked(5) {
            records.extend(record(&format!("{state}{code}"), name));
        }
    }
    records
}

fn record(code: &str, marked: &'static str) -> Option<Record> {
    let name = marked.trim_end_matches('*');
    let code = Municipality::parse(code).ok()?;
    Some(Record { code, name, capital: name.len() < marked.len(), folded: fold(name) })
}

/// A folded name without what people write in different ways: spaces, hyphens, apostrophes.
fn key_of(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// All municipalities, sorted by code.
#[must_use]
pub fn all() -> &'static [Record] {
    &TABLE
}

/// The municipality of a code, if the table has it.
#[must_use]
pub fn by_code(code: Municipality) -> Option<&'static Record> {
    let at = TABLE.binary_search_by_key(&code, |record| record.code).ok()?;
    TABLE.get(at)
}

/// The municipality of a name within a state; accents, case, hyphens and apostrophes do not matter.
#[must_use]
pub fn by_name(name: &str, uf: Uf) -> Option<&'static Record> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    TABLE.get(*NAMES.get(&(uf, key_of(&fold(name))))?)
}

/// At most `limit` municipalities whose names contain the text, the best fits first, capitals before
/// others; within one state when given.
#[must_use]
pub fn search(text: &str, uf: Option<Uf>, limit: usize) -> Vec<&'static Record> {
    if text.len() > LONGEST_NAME {
        return Vec::new();
    }
    let text = fold(text);
    let of_state = TABLE.iter().filter(|record| uf.is_none_or(|uf| record.uf() == uf));
    let mut found: Vec<_> =
        of_state.filter_map(|record| Some((record.rank(&text)?, !record.capital, record))).collect();
    found.sort_by(|a, b| (a.0, a.1, &a.2.folded, a.2.code).cmp(&(b.0, b.1, &b.2.folded, b.2.code)));
    found.into_iter().take(limit).map(|(_, _, record)| record).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert_eq!(all().len(), 5571);
        assert!(all().is_sorted_by_key(|record| record.code));
        let capitals: BTreeSet<Uf> = all().iter().filter(|r| r.capital).map(Record::uf).collect();
        assert_eq!((capitals.len(), all().iter().filter(|r| r.capital).count()), (27, 27));
        let keys: BTreeSet<_> = all().iter().map(|record| (record.uf(), key_of(&record.folded))).collect();
        assert_eq!(keys.len(), all().len(), "two of one name in a state");
    }

    #[test]
    fn each_is_found_by_code_and_by_name() {
        for record in all() {
            assert_eq!(by_code(record.code), Some(record));
            assert_eq!(by_name(&record.name.to_uppercase(), record.uf()), Some(record));
        }
        assert_eq!(by_code(Municipality::parse("3599999").unwrap()), None);
    }

    #[test]
    fn names_as_people_write_them() {
        let code = |name, uf| by_name(name, uf).map(|record| record.code.as_str());
        assert_eq!(code("santa barbara d oeste", Uf::SP), Some("3545803"));
        assert_eq!(code(" Ji  Parana", Uf::RO), Some("1100122"));
        assert_eq!(code("Campo Grande", Uf::RN), Some("2401305"));
        assert_eq!(code("Campo Grande", Uf::MS), Some("5002704"));
        assert_eq!(code("Boa Esperança do Norte", Uf::MT), Some("5101837"));
        assert_eq!(code("São Paulo", Uf::RJ), None);
        assert_eq!(code("", Uf::RJ), None);
        assert_eq!(code(&" ".repeat(1000), Uf::RJ), None);
    }

    #[test]
    fn the_best_fits_come_first() {
        let names = |text, uf, limit| search(text, uf, limit).into_iter().map(|r| r.name).collect::<Vec<_>>();
        assert_eq!(names("SAO PAULO", None, 2), ["São Paulo", "São Paulo das Missões"]);
        assert_eq!(names("campo grande", Some(Uf::MS), 9), ["Campo Grande"]);
        assert_eq!(names("rio b", None, 3), ["Rio Branco", "Rio Bananal", "Rio Bom"]);
        assert!(names("palm", Some(Uf::TO), 5).starts_with(&["Palmas"]));
        assert!(names("xyzzy", None, 5).is_empty());
        assert_eq!(names("a", None, 0).len(), 0);
    }
}
