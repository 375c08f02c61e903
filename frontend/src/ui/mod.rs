//! Pieces of the screens, with the classes of the style sheet. They are plain
//! functions that give an erased view: one copy each in the delivered code.

pub mod avatar;
pub mod chip;
pub mod empty;
pub mod icon;
pub mod load;
pub mod fresh;
pub mod title;
pub mod toast;
