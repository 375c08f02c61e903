//! Query strings: pairs in order, encoded as the server reads them, and the
//! list grammar on top of them.

use std::fmt::Write;

use conexao_domain::kernel::{
    problem::Problem,
    query::{self, Filter, ListQuery, Op, Sort},
    resource::Resource,
};
use serde_json::{Value as Json, json};

/// What a list is asked for; also any other query string.
///
/// ```
/// use conexao_client::Query;
/// use conexao_domain::kernel::query::Op;
///
/// let query = Query::new().search("ana").filter("status", Op::Eq, "active").sort("-created_at").limit(100);
/// assert_eq!(query.text(), "q=ana&filter[status]=active&sort=-created_at&limit=100");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(pub Vec<(String, String)>);

impl Query {
    /// Everything, in the resource's own order.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Reads a query string, with or without the leading `?`.
    pub fn parse(query: &str) -> Self {
        let pairs = query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
        Self(pairs.map(pair).collect())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Replaces the value in its place; an empty one takes the pair out.
    pub fn set(&mut self, name: &str, value: &str) {
        let found = self.0.iter().position(|(n, _)| n == name);
        match found {
            Some(at) if value.is_empty() => drop(self.0.remove(at)),
            Some(at) => {
                if let Some(pair) = self.0.get_mut(at) {
                    value.clone_into(&mut pair.1);
                }
            }
            None if value.is_empty() => {}
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
    }

    /// The same with one pair more or changed.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Text search: every word occurs.
    pub fn search(self, text: &str) -> Self {
        self.with("q", text)
    }

    /// Records whose field compares so; `in` takes comma-separated values.
    pub fn filter(self, field: &str, op: Op, value: &str) -> Self {
        let name = Op::ALL.iter().find(|(_, o)| *o == op).map_or("eq", |(name, _)| *name);
        if op == Op::Eq {
            self.with(&format!("filter[{field}]"), value)
        } else {
            self.with(&format!("filter[{field}][{name}]"), value)
        }
    }

    /// Sortable fields, `-` for descending, e.g. `-created_at,name`.
    pub fn sort(self, keys: &str) -> Self {
        self.with("sort", keys)
    }

    /// Rows of a page, 1 to 200.
    pub fn limit(self, rows: u64) -> Self {
        self.with("limit", &rows.to_string())
    }

    /// Starts after the page that ended here.
    pub fn after(self, cursor: &str) -> Self {
        self.with("after", cursor)
    }

    /// Asks for the number of matching records too, which costs a scan.
    pub fn counted(self) -> Self {
        self.with("count", "exact")
    }

    /// Whether the server will understand it, by the resource's declaration.
    pub fn check(&self, resource: &Resource) -> Result<ListQuery, Problem> {
        let pairs = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        query::parse(resource, pairs, &[])
    }

    /// The query string, without `?`.
    pub fn text(&self) -> String {
        let pairs = self.0.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// The query string with `?`, or nothing when it is empty.
    pub fn suffix(&self) -> String {
        if self.0.is_empty() { String::new() } else { format!("?{}", self.text()) }
    }
}

impl From<&ListQuery> for Query {
    /// The checked form written out again; conditions travel as one tree.
    fn from(query: &ListQuery) -> Self {
        let mut it = Self::new().search(query.q.as_deref().unwrap_or_default()).limit(query.limit);
        if !matches!(&query.filter, Filter::And(all) if all.is_empty()) {
            it.set("where", &tree(&query.filter).to_string());
        }
        let keys = query.sort.iter().map(|Sort { field, descending }| {
            let sign = if *descending { "-" } else { "" };
            format!("{sign}{}", field.name)
        });
        it.set("sort", &keys.collect::<Vec<_>>().join(","));
        if let Some(cursor) = &query.after {
            it.set("after", &cursor.encode());
        }
        if query.count { it.counted() } else { it }
    }
}

fn tree(filter: &Filter) -> Json {
    match filter {
        // Written flat, so that it does not grow deeper with every trip.
        Filter::And(all) => match all.as_slice() {
            [one] => tree(one),
            many => json!({ "and": many.iter().map(tree).collect::<Vec<_>>() }),
        },
        Filter::Or(any) => json!({ "or": any.iter().map(tree).collect::<Vec<_>>() }),
        Filter::Is { field, op, values } => {
            let op_name = Op::ALL.iter().find(|(_, o)| o == op).map_or("eq", |(name, _)| *name);
            let value = match values.as_slice() {
                [one] if *op != Op::In => one.clone(),
                many => many.to_vec().into(),
            };
            json!({ "field": field.name, "op": op_name, "value": value })
        }
    }
}

fn pair(text: &str) -> (String, String) {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    (decode(name), decode(value))
}

/// Percent-encodes one name or value. Brackets, commas, `@`, `:` and the like
/// stay readable: they mean nothing inside a query.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            _ if byte.is_ascii_alphanumeric() || b"-_.~[],@:/".contains(&byte) => out.push(char::from(byte)),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// One segment of a path: nothing in it can lead elsewhere.
pub(crate) fn segment(text: &str) -> String {
    let text = encode(text);
    text.replace('/', "%2F").replace('+', "%20").replace('.', "%2E")
}

/// The other way; what is not an escape stays as it is.
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = if first == b'%' { tail.get(..2).and_then(hex) } else { None };
        if let Some(byte) = escaped {
            bytes.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(if first == b'+' { b' ' } else { first });
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::customers::customer::CUSTOMER;

    use super::*;

    #[test]
    fn survives_the_trip() {
        let query = Query(vec![
            ("q".into(), "são josé & cia + 50%".into()),
            ("filter[deadline][lte]".into(), "@today+7".into()),
        ]);
        assert_eq!(Query::parse(&query.suffix()), query);
        assert!(query.text().contains("filter[deadline][lte]=@today%2B7"));
    }

    #[test]
    fn sets_in_place_and_takes_out() {
        let mut query = Query::parse("a=1&b=2");
        query.set("a", "9");
        query.set("b", "");
        query.set("c", "3");
        query.set("d", "");
        assert_eq!(query.text(), "a=9&c=3");
    }

    #[test]
    fn broken_escapes_stay() {
        assert_eq!(decode("%"), "%");
        assert_eq!(decode("%zz%41"), "%zzA");
    }

    #[test]
    fn a_checked_query_says_the_same_written_out() {
        let query = Query::new()
            .search("ana")
            .filter("status", Op::In, "active,blocked")
            .filter("created_at", Op::Gte, "2026-01-01")
            .sort("-name")
            .limit(10)
            .counted();
        let checked = query.check(&CUSTOMER).unwrap();
        let again = Query::from(&checked).check(&CUSTOMER).unwrap();
        assert_eq!(Query::from(&again), Query::from(&checked));
        assert_eq!((again.sort, again.q, again.limit, again.count), (checked.sort, checked.q, 10, true));
        assert!(Query::new().filter("colour", Op::Eq, "red").check(&CUSTOMER).is_err());
    }
}
