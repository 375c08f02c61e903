//! The second step of a log-in: codes of an authenticator application, and
//! recovery codes for when it is lost.

mod challenge;
mod codes;
mod enrol;
mod required;
mod totp;
mod trust;

pub use challenge::second_step;
pub(super) use challenge::{demanded, open};
pub use enrol::{Begun, begin, confirm, disable, renew_codes, reset};
pub(super) use required::missing;
pub use required::{Standing, standing};
pub(crate) use totp::RESOURCE;
pub(super) use trust::{forget_devices, trust};
