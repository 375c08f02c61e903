//! Identities of records.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

use super::Invalid;

/// The identity of a record: a `UUIDv7`, so that newer records sort after older ones. As text it has
/// hyphens and lower case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Uuid);

impl Id {
    /// A new identity. The caller brings the instant and the chance, because the domain has neither;
    /// instants before 1970 count as 1970.
    #[must_use]
    pub fn new(now: DateTime<Utc>, random: [u8; 10]) -> Self {
        Self::from_parts(u64::try_from(now.timestamp_millis()).unwrap_or(0), random)
    }

    /// An identity from milliseconds since 1970 (the lower 48 bits count) and randomness.
    #[must_use]
    pub fn from_parts(millis: u64, random: [u8; 10]) -> Self {
        Self(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// Reads a UUID of any version, since other systems' identities arrive as references too.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        // The longest of the forms is `urn:uuid:` and 36 characters.
        if text.len() > 64 {
            return Err(Invalid::ID_FORMAT);
        }
        Uuid::try_parse(text.trim()).map(Self).map_err(|_| Invalid::ID_FORMAT)
    }

    /// When it was made, to the millisecond; nothing unless it is a `UUIDv7`.
    #[must_use]
    pub fn created_at(self) -> Option<DateTime<Utc>> {
        if self.0.get_version_num() != 7 {
            return None;
        }
        // The first six bytes are the milliseconds.
        let millis = i64::try_from(self.0.as_u128() >> 80).ok()?;
        DateTime::from_timestamp_millis(millis)
    }

    /// The UUID.
    #[must_use]
    pub const fn as_uuid(self) -> Uuid {
        self.0
    }
}

impl From<Uuid> for Id {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl From<Id> for Uuid {
    fn from(id: Id) -> Self {
        id.0
    }
}

impl FromStr for Id {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({self})")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_forms() {
        let id = Id::parse("018f4e9a-7c1d-7b3a-9f00-0123456789ab").unwrap();
        assert_eq!(Id::parse(" 018F4E9A7C1D7B3A9F000123456789AB "), Ok(id));
        assert_eq!(format!("{id:?}"), "Id(018f4e9a-7c1d-7b3a-9f00-0123456789ab)");
        assert_eq!(Uuid::from(id), id.as_uuid());
        for text in ["", "1", "018f4e9a-7c1d-7b3a-9f00-0123456789ag", &"0".repeat(500)] {
            assert_eq!(Id::parse(text), Err(Invalid::ID_FORMAT));
        }
    }

    #[test]
    fn before_1970_counts_as_1970() {
        let id = Id::new(DateTime::<Utc>::MIN_UTC, [7; 10]);
        assert_eq!(id, Id::from_parts(0, [7; 10]));
        assert_eq!(id.created_at(), Some(DateTime::UNIX_EPOCH));
        assert_eq!(Id::from(Uuid::nil()).created_at(), None);
    }

    proptest! {
        #[test]
        fn reads_back(millis in 0_u64..1 << 48, random in any::<[u8; 10]>()) {
            let id = Id::from_parts(millis, random);
            prop_assert_eq!(Id::parse(&id.to_string()), Ok(id));
            prop_assert_eq!(id.as_uuid().get_version_num(), 7);
            let json = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(&json, &format!("\"{id}\""));
            prop_assert_eq!(serde_json::from_str::<Id>(&json).unwrap(), id);
        }

        #[test]
        fn later_sorts_after(a in 0_i64..1 << 43, b in 0_i64..1 << 43, x in any::<[u8; 10]>(), y in any::<[u8; 10]>()) {
            let at = |millis| DateTime::from_timestamp_millis(millis).unwrap();
            let (one, other) = (Id::new(at(a), x), Id::new(at(b), y));
            prop_assert_eq!(one.created_at(), Some(at(a)));
            if a != b {
                prop_assert_eq!(one < other, a < b);
                prop_assert_eq!(one.to_string() < other.to_string(), a < b);
            }
        }
    }
}
