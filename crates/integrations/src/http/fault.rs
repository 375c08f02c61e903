//! Why a call got no answer.

use crate::outcome::Next;

/// Why a call got no answer; holds neither address nor secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HttpFault {
    /// The address is no usable one of the web, or names a user.
    #[error("the address is not usable")]
    Address,
    /// The address leads into a network that is closed to it.
    #[error("the address leads into a closed network")]
    Forbidden,
    /// The name of the host has no address.
    #[error("the host was not found")]
    Resolve,
    /// No connection, or no trusted one; nothing was sent.
    #[error("no connection")]
    Connect,
    /// No answer in time; it may have been received.
    #[error("no answer in time")]
    Timeout,
    /// The connection broke; it may have been received.
    #[error("the connection broke")]
    Broken,
}

impl HttpFault {
    /// The stable code of this fault, for logs of deliveries and translation.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Address => "http.address",
            Self::Forbidden => "http.forbidden",
            Self::Resolve => "http.resolve",
            Self::Connect => "http.connect",
            Self::Timeout => "http.timeout",
            Self::Broken => "http.broken",
        }
    }

    /// Whether the other side may have received and obeyed the call.
    pub const fn maybe_received(self) -> bool {
        matches!(self, Self::Timeout | Self::Broken)
    }

    /// What to do when repeating does no harm.
    pub const fn next_if_repeatable(self) -> Next {
        match self {
            Self::Address | Self::Forbidden => Next::Disable,
            Self::Resolve | Self::Connect | Self::Timeout | Self::Broken => Next::RETRY,
        }
    }

    /// What to do when a second arrival would be a second message.
    pub const fn next_if_single(self) -> Next {
        match self {
            Self::Timeout | Self::Broken => Next::Unknown,
            _ => self.next_if_repeatable(),
        }
    }

    pub(super) fn of(error: &reqwest::Error) -> Self {
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            if let Some(fault) = cause.downcast_ref::<Self>() {
                return *fault;
            }
            source = cause.source();
        }
        if error.is_builder() {
            Self::Address
        } else if error.is_connect() {
            Self::Connect
        } else if error.is_timeout() {
            Self::Timeout
        } else {
            Self::Broken
        }
    }
}
