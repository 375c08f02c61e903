//! Long and later work. A job is a row that exists if and only if the
//! transaction that asked for it was committed; it is executed at least once
//! and counts once, whatever dies in between.

mod background;
mod breath;
mod bulk;
mod center;
mod context;
mod enqueue;
mod kind;
mod lease;
mod queue;
mod registry;
mod relay;
mod runner;
mod take;

pub use background::{Background, Options, Stop, migrate, start};
pub use bulk::{BulkRequest, bulk, undo};
pub use center::{Backlog, JobPage, RowPage, backlog, get, list, load, rows};
pub use context::{JobCtx, JobWrite, Progress};
pub use enqueue::{NewJob, accept, cancel, enqueue, retry};
pub use kind::{JobError, JobKind};
pub use registry::Registry;

pub(crate) use enqueue::enqueue_in;
pub(crate) use queue::{NewTask, Work};
pub(crate) use runner::Runner;

/// Where a job stands; kept in rows and told to clients by these names.
pub mod state {
    pub const QUEUED: &str = "queued";
    pub const RUNNING: &str = "running";
    pub const DONE: &str = "done";
    /// Ended by a mistake that another try would repeat.
    pub const FAILED: &str = "failed";
    pub const CANCELLED: &str = "cancelled";
    /// Tried too often; waits for somebody to look.
    pub const DEAD: &str = "dead";
}
