//! Everything that works in the background, on SQLite files and, when
//! `CONEXAO_TEST_POSTGRES` names a throw-away server, on PostgreSQL too.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[macro_use]
mod both;

mod bulk;
mod consumers;
mod crash;
mod home;
mod import;
mod jobs;
mod live;
mod messages;
mod notify;
mod react;
mod receiver;
mod schedule;
mod webhooks;
