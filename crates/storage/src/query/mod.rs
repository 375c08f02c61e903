//! The one list compiler: a checked query becomes a statement whose cost does
//! not grow with the page, on both databases.

mod filter;
mod group;
mod page;
mod pattern;
mod removed;

pub use filter::condition;
pub use group::{Group, Grouping, group};
pub use page::{Page, count, explain, ids, page};
pub use removed::{Removed, removed};
