//! Query strings: pairs in order, encoded as the server reads them.

use std::fmt::Write;

/// Pairs of a query string, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(pub Vec<(String, String)>);

impl Params {
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
    use super::*;

    #[test]
    fn survives_the_trip() {
        let params = Params(vec![
            ("q".into(), "são josé & cia + 50%".into()),
            ("filter[deadline][lte]".into(), "@today+7".into()),
        ]);
        assert_eq!(Params::parse(&params.suffix()), params);
        assert!(params.text().contains("filter[deadline][lte]=@today%2B7"));
    }

    #[test]
    fn sets_in_place_and_takes_out() {
        let mut params = Params::parse("a=1&b=2");
        params.set("a", "9");
        params.set("b", "");
        params.set("c", "3");
        params.set("d", "");
        assert_eq!(params.text(), "a=9&c=3");
    }

    #[test]
    fn broken_escapes_stay() {
        assert_eq!(decode("%"), "%");
        assert_eq!(decode("%zz%41"), "%zzA");
    }
}
