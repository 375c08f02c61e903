//! The names under which files are kept.

use std::fmt;
use std::str::FromStr;

use object_store::path::Path;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::FileError;

/// The name of a stored file: its tenant and a random identifier.
///
/// Written `tenants/7/3f/3f0c…`; the two digits spread a tenant's files over
/// folders. Anything else is not a key, so a key from outside cannot point
/// anywhere but at a file of this store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct FileKey {
    tenant_id: i32,
    id: Uuid,
}

impl FileKey {
    /// A new name, which nobody can guess.
    pub fn new(tenant_id: i32) -> Self {
        Self { tenant_id, id: Uuid::new_v4() }
    }

    /// The tenant whose file it is.
    pub const fn tenant_id(self) -> i32 {
        self.tenant_id
    }

    /// The place in the store, for this tenant only.
    pub(super) fn path(self, tenant_id: i32) -> Result<Path, FileError> {
        if self.tenant_id == tenant_id { Ok(Path::from(self.to_string())) } else { Err(FileError::NotFound) }
    }
}

impl fmt::Display for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.id.simple().to_string();
        let folder = id.get(..2).unwrap_or_default();
        write!(f, "tenants/{}/{folder}/{id}", self.tenant_id)
    }
}

impl FromStr for FileKey {
    type Err = FileError;

    fn from_str(text: &str) -> Result<Self, FileError> {
        let read = || {
            let (tenant, rest) = text.strip_prefix("tenants/")?.split_once('/')?;
            let (_, id) = rest.split_once('/')?;
            Some(Self { tenant_id: tenant.parse().ok()?, id: Uuid::try_parse(id).ok()? })
        };
        // Only the one way of writing a key is a key.
        read().filter(|key| key.to_string() == text).ok_or(FileError::NotFound)
    }
}

impl From<FileKey> for String {
    fn from(key: FileKey) -> Self {
        key.to_string()
    }
}

impl TryFrom<String> for FileKey {
    type Error = FileError;

    fn try_from(text: String) -> Result<Self, FileError> {
        text.parse()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn only_keys_are_keys() {
        let key = FileKey::new(7);
        assert_eq!(key.to_string().parse::<FileKey>().unwrap(), key);
        assert!(key.path(7).is_ok() && key.path(8).is_err());
        let id = key.id.simple();
        for text in [
            String::new(),
            "tenants/7/../../etc/passwd".to_owned(),
            format!("tenants/7/zz/{id}"),
            format!("tenants/+7/{}/{id}", &id.to_string()[..2]),
            key.to_string().to_uppercase(),
            format!("{key}/x"),
        ] {
            assert!(text.parse::<FileKey>().is_err(), "{text}");
        }
    }
}
