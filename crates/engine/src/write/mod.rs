//! The one write path: create, patch, remove, restore, step, undo. All of them check
//! a plan, write the row with compare-and-swap and leave the journal behind.

mod change;
mod check;
mod create;
mod many;
mod mentions;
mod remove;
mod undo;
mod usage;

pub use change::{apply_patch, apply_step, patch, step};
pub use create::{Drafted, create, draft, insert};
pub use remove::{apply_remove, remove, restore};
pub use undo::undo;

pub(crate) use change::apply_tags;
pub(crate) use check::Known;
pub(crate) use many::{
    Checked, Next, check as check_many, id_of, referenced, remove as remove_many, save as save_many,
};
pub(crate) use mentions::{FollowTitles, follow};
pub(crate) use remove::apply_restore;
pub(crate) use undo::{UNDOES, apply_undo, last, undoable};
