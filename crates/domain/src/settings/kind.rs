//! What a tenant is there for.

/// What a tenant is there for, and with it what may be done in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TenantKind {
    /// A company's real work: its clock is the world's.
    #[default]
    Production,
    /// For trying things out beside a company's real work.
    Sandbox,
    /// With made-up data, to be shown.
    Demo,
    /// Of whoever runs the installation; has no business records.
    Operator,
}

impl TenantKind {
    pub const ALL: &'static [Self] = &[Self::Production, Self::Sandbox, Self::Demo, Self::Operator];

    /// The word in the database, the API and the locales (`tenant.kind.<name>`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Sandbox => "sandbox",
            Self::Demo => "demo",
            Self::Operator => "operator",
        }
    }

    /// Reads the word; an unknown one is the most careful kind.
    pub fn parse(name: &str) -> Self {
        Self::ALL.iter().copied().find(|kind| kind.name() == name).unwrap_or_default()
    }

    /// Whether what it says to people is meant: the installation's own accounts
    /// send for no other.
    pub const fn is_real(self) -> bool {
        !matches!(self, Self::Sandbox | Self::Demo)
    }

    /// Whether the clock may be moved.
    pub const fn may_move_clock(self) -> bool {
        matches!(self, Self::Sandbox | Self::Demo)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back_and_unknown_ones_move_no_clock() {
        for kind in TenantKind::ALL {
            assert_eq!(TenantKind::parse(kind.name()), *kind);
            assert_ne!(kind.is_real(), kind.may_move_clock(), "{}", kind.name());
        }
        assert!(!TenantKind::parse("what").may_move_clock());
    }
}
