//! System tables: everything that is not a declared resource.

pub mod attachment;
pub mod audit;
pub mod audit_head;
pub mod comment;
pub mod credential;
pub mod idempotency;
pub mod import;
pub mod import_batch;
pub mod import_row;
pub mod job;
pub mod job_row;
pub mod notification;
pub mod outbox;
pub mod secret;
pub mod sequence;
pub mod session;
pub mod signing_key;
pub mod tenant;
pub mod token_usage;
