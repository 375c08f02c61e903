//! What a company decides for itself: its settings, the clock of an
//! environment for trying things out, the credentials of what it is connected to.

pub mod clock;
pub mod company;
pub mod contrast;
pub mod integration;
pub mod kind;
pub mod ladder;
pub mod numbering;

pub use clock::TenantClock;
pub use company::{COMPANY, Company};
pub use kind::TenantKind;
