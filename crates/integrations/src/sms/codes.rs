//! What Twilio's error codes ask for.

use std::time::Duration;

use crate::outcome::Next;

/// A handset that is off is asked again after a while.
const HANDSET: Duration = Duration::from_mins(30);

/// What to do about an error code, of an answer or of a status callback;
/// nothing when the code is not known.
pub const fn next_of_code(code: u32) -> Option<Next> {
    Some(match code {
        // Credentials; sender not capable; trial account; texts the carrier filters.
        20003 | 21606 | 21608 | 30007 => Next::Alert,
        20429 => Next::RETRY,
        // Not a number, not capable, landline, unknown, unreachable for good.
        21211 | 21614 | 21635 | 30005 | 30006 => Next::Suppress,
        21610 => Next::OptOut,
        21612 => Next::Drop,
        30003 => Next::Retry { after: Some(HANDSET) },
        _ => return None,
    })
}

/// What to do about a status without a known code.
pub(super) const fn next_of_status(status: u16, after: Option<Duration>) -> Next {
    match status {
        401 | 403 | 404 => Next::Alert,
        429 | 500..=599 => Next::retry_after(after),
        _ => Next::Drop,
    }
}
