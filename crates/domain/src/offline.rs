//! Which writes may wait on a device without a network until they can be sent.
//!
//! Only what is right whenever it arrives: it stands by itself, or carries the
//! version it was made from and is refused when that is not the present one.

/// A write that may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capable {
    /// The resource; all of them where there is none.
    pub resource: Option<&'static str>,
    /// `comment`, `create`, `update` or a step of the flow.
    pub write: &'static str,
}

/// All of them.
pub const CAPABLE: &[Capable] = &[Capable { resource: None, write: "comment" }];

/// Whether a write on a resource may wait.
pub fn may_wait(resource: &str, write: &str) -> bool {
    CAPABLE.iter().any(|one| one.write == write && one.resource.is_none_or(|name| name == resource))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry;

    #[test]
    fn only_what_exists_may_wait() {
        for one in CAPABLE {
            let named = one.resource.map(registry::by_name);
            assert!(named.is_none_or(|found| found.is_some()), "{one:?}");
            let usual = matches!(one.write, "comment" | "create" | "update");
            let step =
                named.flatten().and_then(|resource| resource.flow).is_some_and(|flow| flow.step(one.write).is_some());
            assert!(usual || step, "{one:?}");
        }
        assert!(may_wait("customer", "comment"));
        assert!(!may_wait("customer", "delete"));
    }
}
