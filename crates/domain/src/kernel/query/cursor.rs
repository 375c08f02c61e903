//! Where a page ended: the sort values and id of its last row.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Opaque to callers; hex of its JSON form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// The sort it belongs to; another sort refuses it.
    #[serde(rename = "s")]
    pub sort: String,
    #[serde(rename = "v")]
    pub values: Vec<Json>,
    #[serde(rename = "i")]
    pub id: String,
}

impl Cursor {
    pub fn encode(&self) -> String {
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// `None` when the text is not a cursor.
    pub fn decode(text: &str) -> Option<Self> {
        if text.len() > 4000 || text.len() % 2 == 1 || !text.is_ascii() {
            return None;
        }
        let digits = text.as_bytes().chunks_exact(2);
        let bytes: Option<Vec<u8>> =
            digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
        let cursor: Self = serde_json::from_slice(&bytes?).ok()?;
        uuid::Uuid::parse_str(&cursor.id).ok()?;
        Some(cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_the_trip() {
        let cursor =
            Cursor {
                sort: "-name".into(), values: vec!["ação".into(), Json::Null], id: uuid::Uuid::nil().to_string()
            };
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
    }

    proptest::proptest! {
        #[test]
        fn decoding_never_panics(text in ".{0,200}") {
            let _ = Cursor::decode(&text);
        }
    }
}
