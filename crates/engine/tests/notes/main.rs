//! Comments, files, tags and the merge of two records, on SQLite files and,
//! when `CONEXAO_TEST_POSTGRES` names a throw-away server, on PostgreSQL too.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

#[macro_use]
#[path = "../background/both.rs"]
mod both;

mod attachments;
mod comments;
#[path = "../background/home.rs"]
#[expect(dead_code, clippy::panic, reason = "shared with the tests of background work")]
mod home;
mod merge;
mod tags;
