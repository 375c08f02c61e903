//! How long the system keeps its own data: logs, sessions, answers. The sweep
//! reads it from here, and so does the record of processing.

use chrono::TimeDelta;

/// Something that goes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub table: &'static str,
    /// Hours after `from`.
    pub hours: i64,
    /// What the hours count from, in words.
    pub from: &'static str,
    /// What it is, in words.
    pub what: &'static str,
}

impl Kept {
    pub const fn age(&self) -> TimeDelta {
        TimeDelta::hours(self.hours)
    }
}

const DAY: i64 = 24;

const fn kept(table: &'static str, hours: i64, from: &'static str, what: &'static str) -> Kept {
    Kept { table, hours, from, what }
}

pub static ANSWERS: Kept = kept("idempotency", 2 * DAY, "the request", "Answers to requests that may be repeated");
pub static EVENTS: Kept = kept("outbox", 7 * DAY, "the event", "Events that were followed");
pub static JOBS: Kept = kept("job", 90 * DAY, "their end", "Jobs, with their rows");
pub static JOB_ROWS: Kept = kept("job_row", 90 * DAY, "the end of the job", "What became of each row of a job");
pub static NOTICES_DELETED: Kept = kept("notification", 30 * DAY, "their deletion", "Notifications that were deleted");
pub static NOTICES: Kept = kept("notification", 365 * DAY, "their beginning", "Notifications");
pub static DELIVERIES: Kept =
    kept("webhook_delivery", 30 * DAY, "their beginning", "Deliveries to webhooks, with request and answer");
pub static MESSAGES: Kept = kept("message", 365 * DAY, "their end", "Messages that were sent");
pub static CONTENTS: Kept =
    kept("message_content", 7 * DAY, "the end of the message", "What fills messages that were not sent, encrypted");
pub static LINKS: Kept = kept("account_link", 30 * DAY, "their expiry", "Links for invitations and recoveries");
pub static CHALLENGES: Kept = kept("login_challenge", DAY, "their expiry", "Log-ins that wait for their second step");
pub static DEVICES: Kept = kept("trusted_device", DAY, "their expiry", "Devices that were trusted");
/// Marco Civil da Internet, art. 15: access records of six months.
pub static SESSIONS: Kept =
    kept("session", 183 * DAY, "their expiry or end", "Log-ins: address, device, moments (Lei 12.965, art. 15)");

/// All of them.
pub static ALL: &[&Kept] = &[
    &ANSWERS,
    &EVENTS,
    &JOBS,
    &JOB_ROWS,
    &NOTICES_DELETED,
    &NOTICES,
    &DELIVERIES,
    &MESSAGES,
    &CONTENTS,
    &LINKS,
    &CHALLENGES,
    &DEVICES,
    &SESSIONS,
];
