//! What every text value has besides its own rules.

/// Implements `FromStr`, `TryFrom<String>` and serde (as the canonical string) on top of
/// `parse` and `as_str`. There is no `AsRef<str>`: beside a `Display` with another form it would be
/// a trap. A failed deserialisation carries the code of [`super::Invalid`] as its message.
macro_rules! text_value {
    ($type:ty) => {
        impl std::str::FromStr for $type {
            type Err = $crate::kernel::value::Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $type {
            type Error = $crate::kernel::value::Invalid;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

/// Implements `Debug` with the masked form, so that a logged structure tells nobody who it is about.
macro_rules! masked_debug {
    ($type:ident) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($type), "({})"), self.masked())
            }
        }
    };
}

pub(super) use {masked_debug, text_value};
