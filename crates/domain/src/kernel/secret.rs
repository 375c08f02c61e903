//! Secrets that belong to a record: made by the server, shown once, kept in a
//! table of their own. A declaration says for which resource and how.

/// How a secret is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Only its hash: whoever holds it presents it to us.
    Hashed,
    /// Encrypted: we sign with it.
    Sealed,
}

/// A secret that every record of a resource has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Secret {
    /// Resource whose creation makes it.
    pub resource: &'static str,
    /// What it begins with, so that people and scanners recognise it.
    pub prefix: &'static str,
    pub keep: Keep,
    /// System field that receives what may be shown of it.
    pub hint: Option<&'static str>,
    /// Step of the flow that replaces it.
    pub renewed_by: Option<&'static str>,
    /// Hours for which the one before stays good after a renewal.
    pub overlap: u16,
}
