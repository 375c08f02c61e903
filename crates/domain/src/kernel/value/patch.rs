//! What a partial update says about one field.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Leave a field, empty it, or give it a value: in JSON absent, `null`, or the value.
///
/// A struct needs `#[serde(default, skip_serializing_if = "Patch::is_keep")]` on the field, since an
/// absent field never reaches this type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Patch<T> {
    /// The field stays as it is.
    #[default]
    Keep,
    /// The field loses its value.
    Clear,
    /// The field gets this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the field stays as it is.
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// What the field holds after the patch.
    pub fn apply(self, current: Option<T>) -> Option<T> {
        match self {
            Self::Keep => current,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The same patch of a value made from this one.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(make(value)),
        }
    }

    /// The same patch by reference.
    pub const fn as_ref(&self) -> Patch<&T> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(value),
        }
    }
}

impl<T> From<Option<T>> for Patch<T> {
    /// A value sets, its absence clears.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            // Writing anything here would turn "leave it" into "empty it" at the other end.
            Self::Keep => Err(serde::ser::Error::custom("a kept field must be skipped")),
            Self::Clear => serializer.serialize_none(),
            Self::Set(value) => serializer.serialize_some(value),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Form {
        #[serde(default, skip_serializing_if = "Patch::is_keep")]
        note: Patch<String>,
    }

    #[test]
    fn absent_null_and_value() {
        let read = |value| serde_json::from_value::<Form>(value).unwrap().note;
        assert_eq!(read(json!({})), Patch::Keep);
        assert_eq!(read(json!({ "note": null })), Patch::Clear);
        assert_eq!(read(json!({ "note": "x" })), Patch::Set("x".into()));
        assert!(serde_json::from_value::<Form>(json!({ "note": 1 })).is_err());
    }

    #[test]
    fn a_kept_field_is_never_written() {
        assert_eq!(serde_json::to_value(Form { note: Patch::Keep }).unwrap(), json!({}));
        assert!(serde_json::to_value(Patch::<u8>::Keep).is_err());
    }

    fn patches() -> impl Strategy<Value = Patch<i32>> {
        prop_oneof![Just(Patch::Keep), Just(Patch::Clear), any::<i32>().prop_map(Patch::Set)]
    }

    proptest! {
        #[test]
        fn reads_back(note in prop_oneof![Just(Patch::Keep), Just(Patch::Clear), any::<String>().prop_map(Patch::Set)]) {
            let form = Form { note };
            let text = serde_json::to_string(&form).unwrap();
            prop_assert_eq!(serde_json::from_str::<Form>(&text).unwrap(), form);
        }

        #[test]
        fn applying_twice_is_applying_once(patch in patches(), current in any::<Option<i32>>()) {
            prop_assert_eq!(patch.apply(patch.apply(current)), patch.apply(current));
            prop_assert_eq!(patch.as_ref().map(|value| *value), patch);
        }

        #[test]
        fn an_option_replaces(value in any::<Option<i32>>(), current in any::<Option<i32>>()) {
            prop_assert_eq!(Patch::from(value).apply(current), value);
        }
    }
}
