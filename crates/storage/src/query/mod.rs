//! The one list compiler: a checked query becomes a statement whose cost does
//! not grow with the page, on both databases.

mod filter;
mod page;

pub use filter::condition;
pub use page::{Page, count, group, ids, page};
