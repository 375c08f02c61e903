//! What a refusal means, of a server at once or of a report later.

use std::time::Duration;

use crate::outcome::Next;

/// Servers that greylist want the first repetition after some minutes.
const GREYLIST: Duration = Duration::from_mins(5);

/// An enhanced status code (RFC 3463): class, subject, detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enhanced(pub u8, pub u16, pub u16);

impl Enhanced {
    /// The code a text begins with.
    pub fn parse(text: &str) -> Option<Self> {
        let word = text.split_ascii_whitespace().next()?;
        let mut numbers = word.splitn(3, '.');
        let class: u8 = numbers.next()?.parse().ok().filter(|class| matches!(class, 2 | 4 | 5))?;
        Some(Self(class, numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
    }
}

impl std::fmt::Display for Enhanced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// How far a conversation with a server had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Connecting, greeting, TLS.
    Connect,
    /// Logging in.
    Login,
    /// `MAIL FROM`.
    Sender,
    /// `RCPT TO`.
    Recipient,
    /// `DATA`, before the text.
    Data,
    /// The text and the final dot.
    Content,
}

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It may work later.
    Transient,
    /// There is no such address: a hard bounce.
    NoSuchAddress,
    /// The mailbox is full: a soft bounce, whatever the code says.
    MailboxFull,
    /// Authentication or policy: our set-up or standing, not the recipient.
    Policy,
    /// Refused for good for another reason, such as its size: a soft bounce.
    Permanent,
}

impl Class {
    /// The name by which it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transient => "transient",
            Self::NoSuchAddress => "no_such_address",
            Self::MailboxFull => "mailbox_full",
            Self::Policy => "policy",
            Self::Permanent => "permanent",
        }
    }

    /// Whether it counts towards giving the address up after several in a row.
    pub const fn is_soft_bounce(self) -> bool {
        matches!(self, Self::MailboxFull | Self::Permanent)
    }
}

/// What a reply means; the enhanced code counts more than the plain one.
pub fn class_of(stage: Stage, code: u16, enhanced: Option<Enhanced>) -> Class {
    match (code, enhanced) {
        (400..=499, _) | (_, Some(Enhanced(4, ..))) => Class::Transient,
        (_, Some(Enhanced(_, 2, 2))) | (552, None) => Class::MailboxFull,
        // 5.1.7 and 5.1.8 blame the address of the sender.
        (530..=538, _) | (_, Some(Enhanced(_, 7, _) | Enhanced(_, 1, 7 | 8))) => Class::Policy,
        (_, Some(Enhanced(_, 1, _))) if matches!(stage, Stage::Recipient | Stage::Content) => Class::NoSuchAddress,
        _ if matches!(stage, Stage::Connect | Stage::Login | Stage::Sender) => Class::Policy,
        _ => Class::Permanent,
    }
}

/// What to do about a refusal.
pub const fn next_of(class: Class, stage: Stage) -> Next {
    match (class, stage) {
        (Class::Transient, Stage::Recipient | Stage::Data | Stage::Content) => Next::Retry { after: Some(GREYLIST) },
        (Class::Transient, _) => Next::RETRY,
        (Class::NoSuchAddress, _) => Next::Suppress,
        (Class::Policy, _) => Next::Alert,
        (Class::MailboxFull | Class::Permanent, _) => Next::Drop,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_mean_what_the_table_says() {
        let at_recipient = |code, text: &str| class_of(Stage::Recipient, code, Enhanced::parse(text));
        assert_eq!(at_recipient(451, "4.7.1 greylisted"), Class::Transient);
        assert_eq!(at_recipient(421, ""), Class::Transient);
        assert_eq!(at_recipient(452, "4.2.2 full"), Class::Transient);
        assert_eq!(at_recipient(550, "5.1.1 no such user"), Class::NoSuchAddress);
        assert_eq!(at_recipient(553, "5.1.3 bad syntax"), Class::NoSuchAddress);
        assert_eq!(at_recipient(550, "5.7.26 unauthenticated"), Class::Policy);
        assert_eq!(at_recipient(550, "5.1.8 bad sender"), Class::Policy);
        assert_eq!(at_recipient(552, "5.2.2 over quota"), Class::MailboxFull);
        assert_eq!(at_recipient(552, "quota"), Class::MailboxFull);
        assert_eq!(at_recipient(552, "5.3.4 too big"), Class::Permanent);
        // Without an enhanced code nobody is suppressed.
        assert_eq!(at_recipient(550, "blocked"), Class::Permanent);
        assert_eq!(class_of(Stage::Login, 535, None), Class::Policy);
        assert_eq!(class_of(Stage::Sender, 550, None), Class::Policy);
    }

    #[test]
    fn only_a_bad_address_is_suppressed() {
        for class in [Class::Transient, Class::MailboxFull, Class::Policy, Class::Permanent] {
            assert_ne!(next_of(class, Stage::Recipient), Next::Suppress);
        }
        assert_eq!(next_of(Class::NoSuchAddress, Stage::Recipient), Next::Suppress);
        assert_eq!(next_of(Class::Transient, Stage::Recipient), Next::Retry { after: Some(GREYLIST) });
    }

    #[test]
    fn reads_enhanced_codes() {
        assert_eq!(Enhanced::parse("5.1.10 x"), Some(Enhanced(5, 1, 10)));
        for wrong in ["", "5.1", "3.1.1", "mailbox", "5.x.1", "1.2.3.4"] {
            assert_eq!(Enhanced::parse(wrong), None, "{wrong}");
        }
    }
}
