//! The one write path, from outside.

mod concurrency;
mod flow;
mod idempotency;
mod journal;
mod lines;
mod records;
mod references;
mod titles;
mod undo;
