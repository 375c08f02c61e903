//! What whoever sends does after a failure; the same for every channel.

use std::time::Duration;

/// What to do after a message was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Send the same once more: no sooner than the other side asked, or when
    /// the channel's schedule says so.
    Retry {
        /// The shortest wait the other side asked for.
        after: Option<Duration>,
    },
    /// It may have arrived: ask the other side, or send again with the same
    /// identity only.
    Unknown,
    /// This recipient cannot be reached here: write no more to this address.
    Suppress,
    /// The recipient does not want these messages: write down the opt-out.
    OptOut,
    /// The subscription or hook is gone: stop using it and say so.
    Disable,
    /// Something of ours is set up wrongly; the recipient is not to blame.
    Alert,
    /// This message can never be sent as it is.
    Drop,
}

impl Next {
    /// A retry whenever the channel's schedule says so.
    pub const RETRY: Self = Self::Retry { after: None };

    /// A retry after at least this long.
    pub const fn retry_after(wait: Option<Duration>) -> Self {
        Self::Retry { after: wait }
    }

    /// Whether sending again may help.
    pub const fn is_retry(self) -> bool {
        matches!(self, Self::Retry { .. })
    }
}
