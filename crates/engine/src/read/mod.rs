//! The one read path.

mod get;
mod groups;
mod list;
mod lookup;
mod present;
mod related;
mod timeline;

pub use get::{Reading, get, steps};
pub use groups::groups;
pub use list::{Listing, list};
pub use lookup::{Hint, duplicates, lookup};
pub use present::{present, titles};
pub use related::related;
pub use timeline::{Place, TimelinePage, timeline};

pub(crate) use get::{complete, load};
