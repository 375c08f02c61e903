//! What a list opens when somebody asks for it; fetched then.

mod cell;
mod columns;
mod groups;
mod many;
mod preview;
mod value;

pub use cell::editor as cell_editor;
pub use columns::content as column_choice;
pub use groups::builder as groups;
pub use many::{Many, dialog as change_many};
pub use preview::drawer as preview;
