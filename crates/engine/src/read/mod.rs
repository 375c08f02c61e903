//! The one read path.

mod bin;
mod get;
mod groups;
mod list;
mod lookup;
mod present;
mod related;
mod reveal;
mod timeline;

pub use bin::{Before, BinPage, Discarded, bin};
pub use get::{get, steps};
pub use groups::{Wanted, groups};
pub use list::{Listing, list};
pub use lookup::{Hint, duplicates, lookup};
pub use present::{present, titles};
pub use related::related;
pub use reveal::{A_MINUTE, ALARM, Look, reveal};
pub use timeline::{Place, TimelinePage, timeline};

pub(crate) use get::{complete, load};
pub(crate) use groups::{groupable, summable};
