//! What every request passes through.

mod limit;
mod measure;
mod secure;
mod span;
mod speak;

pub use limit::{Limits, limit};
pub use measure::{measure, metrics};
pub use secure::secure;
pub use span::RootSpan;
pub use speak::speak;
