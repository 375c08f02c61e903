//! The privacy desk: everything about a person found, handed over, corrected or
//! anonymised; what the law keeps is kept apart and only as long as it says.

mod consent;
mod decide;
mod due;
mod empty;
mod erase;
mod export;
mod find;
mod kept;
mod preview;
mod report;
mod request;
mod retention;
mod subject;
mod texts;

pub use due::{Proposed, proposals, propose, remind};
pub use erase::start as anonymise;
pub use export::start as export;
pub use find::{Identity, find, find_for};
pub use kept::{dispose, kept, rewrap, show as show_kept};
pub use preview::preview;
pub use request::correct;
pub use retention::{choices, choose};
pub use subject::Chosen;

pub(crate) use consent::ConsentReaches;
pub(crate) use erase::Erase;
pub(crate) use export::PrivacyExport;
pub(crate) use request::fetched;
