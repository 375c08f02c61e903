//! Pieces of the screens, with the classes of the style sheet. They are plain
//! functions that give an erased view: one copy each in the delivered code.

pub mod avatar;
pub mod chart;
pub mod chip;
pub mod control;
pub mod empty;
pub mod fetched;
pub mod focus;
pub mod fresh;
pub mod icon;
pub mod load;
pub mod mail;
pub mod media;
pub mod more;
pub mod otp;
pub mod overlay;
pub mod photos;
pub mod popover;
pub mod progress;
pub mod skeleton;
pub mod tabs;
pub mod title;
pub mod toast;
