//! The one list compiler: a checked query becomes a statement whose cost does
//! not grow with the page, on both databases.

mod filter;
mod page;
mod pattern;

pub use filter::condition;
pub use page::{Page, count, explain, group, ids, page};
