//! Everything that works in the background, on SQLite files and, when
//! `CONEXAO_TEST_POSTGRES` names a throw-away server, on PostgreSQL too.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[macro_use]
mod both;

mod absences;
mod accounts;
mod bounces;
mod bulk;
mod channels;
mod consents;
mod consumers;
mod crash;
mod credentials;
mod home;
mod import;
mod jobs;
mod ladders;
mod live;
mod messages;
mod notices;
mod notify;
mod outwards;
mod privacy;
mod programs;
mod react;
mod receiver;
mod schedule;
mod telephones;
mod webhooks;
