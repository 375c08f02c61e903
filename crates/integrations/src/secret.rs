//! Secrets in memory: shown by no `Debug`, wiped when dropped.

pub use secrecy::{ExposeSecret, SecretString};

/// Random bytes of the operating system's generator.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    rand::random()
}
