//! Where a message is on its way.

use std::str::FromStr;

/// Where a message is on its way; news may come late, twice or in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SmsStatus {
    /// Taken by a messaging service, which picks the sender.
    Accepted,
    /// Waits for its moment.
    Scheduled,
    /// Waits to be sent.
    Queued,
    /// On its way to the carrier.
    Sending,
    /// With the carrier; the last news where carriers give no receipt.
    Sent,
    /// Some parts arrived.
    PartiallyDelivered,
    /// Arrived.
    Delivered,
    /// Was read.
    Read,
    /// The carrier could not deliver it.
    Undelivered,
    /// Could not be sent.
    Failed,
    /// Taken back before its moment.
    Canceled,
    /// Comes in.
    Receiving,
    /// Came in.
    Received,
}

impl SmsStatus {
    /// The name Twilio gives it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::PartiallyDelivered => "partially_delivered",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Receiving => "receiving",
            Self::Received => "received",
        }
    }

    const fn rank(self) -> u8 {
        match self {
            Self::Receiving => 0,
            Self::Accepted | Self::Scheduled => 1,
            Self::Queued => 2,
            Self::Sending => 3,
            Self::Sent => 4,
            Self::PartiallyDelivered => 5,
            Self::Undelivered | Self::Failed | Self::Canceled => 6,
            // A receipt of the handset outweighs an error on the way.
            Self::Delivered | Self::Received => 7,
            Self::Read => 8,
        }
    }

    /// Whether this news is later on the way than what was known.
    pub const fn follows(self, known: Self) -> bool {
        self.rank() > known.rank()
    }

    /// Whether nothing is expected to come after it.
    pub const fn is_final(self) -> bool {
        self.rank() >= 6
    }

    /// Whether it did not reach anybody.
    pub const fn is_failure(self) -> bool {
        self.rank() == 6
    }
}

const ALL: [SmsStatus; 13] = [
    SmsStatus::Accepted,
    SmsStatus::Scheduled,
    SmsStatus::Queued,
    SmsStatus::Sending,
    SmsStatus::Sent,
    SmsStatus::PartiallyDelivered,
    SmsStatus::Delivered,
    SmsStatus::Read,
    SmsStatus::Undelivered,
    SmsStatus::Failed,
    SmsStatus::Canceled,
    SmsStatus::Receiving,
    SmsStatus::Received,
];

impl FromStr for SmsStatus {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        ALL.into_iter().find(|status| status.as_str() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_order_of_news_ends_the_same() {
        let news = [SmsStatus::Delivered, SmsStatus::Queued, SmsStatus::Sent, SmsStatus::Delivered, SmsStatus::Sending];
        let last = |order: &mut dyn Iterator<Item = SmsStatus>| {
            order.fold(SmsStatus::Accepted, |known, new| if new.follows(known) { new } else { known })
        };
        assert_eq!(last(&mut news.into_iter()), SmsStatus::Delivered);
        assert_eq!(last(&mut news.into_iter().rev()), SmsStatus::Delivered);
        assert!(!SmsStatus::Sent.follows(SmsStatus::Undelivered));
        assert!(SmsStatus::Undelivered.is_failure() && !SmsStatus::Sent.is_final());
    }

    #[test]
    fn names_are_read_back() {
        for status in ALL {
            assert_eq!(status.as_str().parse(), Ok(status));
        }
        assert_eq!("lost".parse::<SmsStatus>(), Err(()));
    }
}
